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
MOST_NAME = 40  # characters of a file's name that are shown
OF_A_FILE = ("log_field", "layers_of")  # inputs that mean nothing for another one
UPLOAD, KEPT = "upload", "kept file"
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


def _changed() -> None:
    """Forget the file that the reader takes away; one that goes with its page stays."""
    if st.session_state[UPLOAD] is None:
        st.session_state.pop(KEPT, None)


def _forget() -> None:
    st.session_state.pop(KEPT, None)


def ask() -> Source | None:
    """Ask for a file, a text or a sample; return what was read, None where it is refused.

    A file stays while the reader looks at other pages.
    """
    own, samples, text = st.columns([4, 3, 2], vertical_alignment="bottom")
    with own:
        file = st.file_uploader(
            "A log with norms, or a file with gradients",
            key=UPLOAD,
            on_change=_changed,
            help="A log: CSV, TSV, JSON, JSON lines, a trainer state, or what a training printed. "
            "Gradients: safetensors, npz, npy, or a dictionary of tensors saved by PyTorch.",
        )
    with text.popover("Or paste a log", width="stretch"):
        pasted = st.text_area(
            "A log", key="pasted", max_chars=MOST_PASTED, placeholder="grad_norm: 0.53"
        )
    if file is not None:
        st.session_state[KEPT] = _Brought(("file", file.file_id), file.name, file.getvalue)
    kept: _Brought | None = st.session_state.get(KEPT)
    label = ""
    with samples:
        if kept is not None:
            brought = kept
            if file is None:
                st.button(f"Take away {kept.name[:MOST_NAME]}", on_click=_forget)
        elif (pasted or "").strip():
            data = pasted.encode()
            brought = _Brought(("pasted", hashlib.sha256(data).digest()), "", lambda: data)
        else:
            sample = SAMPLE.ask()
            it = SAMPLES[sample]
            label, brought = it.label, _Brought(("sample", sample), it.file, it.data)
    if memory.of(brought.identity):
        for key in OF_A_FILE:
            st.session_state.pop(key, None)
    found = memory.remembered("read", lambda: _read(brought))
    if isinstance(found, NormLog) and len(found.candidates) > 1:
        with samples:
            field = st.selectbox("Norms are in", found.candidates, key="log_field")
        if field != found.field:
            found = memory.remembered("field", lambda: _read(brought, field), field)
    if isinstance(found, ValueError):
        st.warning(str(found))
        return None
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
