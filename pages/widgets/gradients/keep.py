"""The report to keep: one web page that can still be dragged, JSON, and CSV."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.gradients.sections import Section, as_html, as_json
from core.notation import write_number
from pages.widgets import card
from pages.widgets.controls import THRESHOLD

HEADING = "What a threshold does to this training"
UNSAFE = re.compile(r"[^\w.-]+")


def keep(
    name: str,
    told: Mapping[str, Any],
    facts: Mapping[str, object],
    sections: Sequence[Section],
    csvs: Mapping[str, Callable[[], str]],
) -> None:
    """Offer a report on the file of this name as files; they are made when asked for.

    ``told`` is what the stage is told; ``csvs`` write CSV, by what they are called.
    """
    stem = UNSAFE.sub("-", name.rpartition(".")[0] or "log").strip("-.")[:60] or "log"
    st.header("Keep it", anchor=False)
    st.caption(
        "The report is one file that needs no server and no other file: pictures to drag, and all "
        "the numbers above. It holds what was computed of your file, names included, and is made "
        "for you alone."
    )
    kinds: dict[str, tuple[str, str, Callable[[], str]]] = {
        "Report as a web page": ("html", "text/html", lambda: page(name, told, sections)),
        "Numbers as JSON": ("json", "application/json", lambda: as_json(facts, sections)),
        **{label: ("csv", "text/csv", make) for label, make in csvs.items()},
    }
    with st.container(horizontal=True):
        for label, (ending, mime, make) in kinds.items():
            file = f"clipscope-{stem}-{label.partition(' ')[0].lower()}.{ending}"
            st.download_button(label, make, file, mime, on_click="ignore")


def page(name: str, told: Mapping[str, Any], sections: Sequence[Section]) -> str:
    """Return the report as one page: the stage, live, and the sections below it."""
    baked = {
        "inputs": card.told([THRESHOLD]),
        "opens": {THRESHOLD.key: write_number(told["threshold"])},
        "told": {**told, "full": False},
    }
    heading = f"{HEADING}: {name}" if name else HEADING
    return card.card("gradients", heading, baked, "", after=as_html(sections))
