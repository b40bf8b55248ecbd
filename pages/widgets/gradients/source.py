"""The reader's log or gradients: brought, read, and never kept, in no link and on no disk."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from core.gradients.files import looks_like_gradients, read_gradients
from core.gradients.gradients import Gradients
from core.gradients.norm_log import NormLog, read_norm_log
from core.gradients.samples import SAMPLES
from pages.widgets.gradients import memory
from pages.widgets.inputs import OneOfMany

MOST_PASTED = 2_000_000  # characters
SAMPLE = OneOfMany(
    "sample",
    "Or try it with a sample",
    [*SAMPLES],
    "spiking",
    "It is shown while there is no file and no text. Logs are synthetic, gradients are recorded.",
)


@dataclass(frozen=True)
class _Brought:
    identity: object  # by which it is told from what was brought before
    name: str
    data: Callable[[], bytes]


@dataclass(frozen=True)
class Source:
    """What was read, and what the file is called."""

    read: NormLog | Gradients
    name: str
    sample: str  # what a sample shows; "" for the reader's own


def ask() -> Source | None:
    """Ask for a file, a text or a sample; return what was read, None where it is refused."""
    own, samples, text = st.columns([4, 3, 2], vertical_alignment="bottom")
    with own:
        file = st.file_uploader(
            "A log with norms, or a file with gradients",
            key="upload",
            help="A log: CSV, TSV, JSON, JSON lines, a trainer state, or what a training printed. "
            "Gradients: safetensors, npz, npy, or a dictionary of tensors saved by PyTorch.",
        )
    with text.popover("Or paste a log", width="stretch"):
        pasted = st.text_area(
            "A log", key="pasted", max_chars=MOST_PASTED, placeholder="grad_norm: 0.53"
        )
    with samples:
        sample = SAMPLE.ask()
    if file is not None:
        brought = _Brought(("file", file.file_id), file.name, file.getvalue)
    elif (pasted or "").strip():
        data = pasted.encode()
        brought = _Brought(("pasted", hashlib.sha256(data).digest()), "", lambda: data)
    else:
        brought = _Brought(("sample", sample), SAMPLES[sample].file, SAMPLES[sample].data)
    memory.of(brought.identity)
    found = memory.remembered("read", lambda: _read(brought))
    if isinstance(found, NormLog) and len(found.candidates) > 1:
        with samples:
            field = st.selectbox("Norms are in", found.candidates, key="log_field")
        if field != found.field:
            found = memory.remembered("field", lambda: _read(brought, field), field)
    if isinstance(found, ValueError):
        st.warning(str(found))
        return None
    label = SAMPLES[sample].label if brought.identity == ("sample", sample) else ""
    return Source(found, brought.name, label)


def _read(brought: _Brought, field: str = "") -> NormLog | Gradients | ValueError:
    """Read it; a refusal is remembered, too, since reading takes long."""
    data = brought.data()
    try:
        if looks_like_gradients(data):
            return read_gradients(data, brought.name)
        return read_norm_log(data, brought.name, field)
    except ValueError as error:
        return error
