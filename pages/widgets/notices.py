"""The place for what is wrong with a link: beside the picture, where the reader looks first."""

from contextvars import ContextVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# Streamlit runs each script in a thread of its own, so no reader sees what another is told.
_place: ContextVar[DeltaGenerator | None] = ContextVar("notices", default=None)


def place() -> None:
    """Open the place here, for this run of the page."""
    _place.set(st.container())


def say(words: str) -> None:
    """Say what is wrong, in the place; right here where none was opened."""
    found = _place.get()
    (st if found is None else found).warning(words)
