"""The place for what is wrong with a link: beside the picture, where the reader looks first."""

from contextvars import ContextVar
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

T = TypeVar("T")
KEPT = "notices"  # by the key of an input: what is wrong, and the value that is shown instead

# Streamlit runs each script in a thread of its own, so no reader sees what another is told.
_place: ContextVar[DeltaGenerator | None] = ContextVar("notices", default=None)


def place() -> None:
    """Open the place here, for this run of the page."""
    _place.set(st.container())


def opened() -> DeltaGenerator:
    """Return the place, or one right here where none was opened."""
    found = _place.get()
    return st.container() if found is None else found


def say(words: str) -> None:
    """Say what is wrong, in the place."""
    opened().warning(words)


def keep(key: str, words: str) -> None:
    """Keep what is wrong with the link for an input, to be said in every run by `repeat`."""
    st.session_state.setdefault(KEPT, {})[key] = [words]


def repeat(key: str, value: T) -> T:
    """Say what was kept for an input, until it holds another value than at first; return that."""
    kept = st.session_state.get(KEPT, {})
    if key in kept:
        words, *shown = kept[key]
        if shown in ([], [value]):
            kept[key] = [words, value]
            say(words)
        else:
            forget(key)
    return value


def forget(*keys: str) -> None:
    """Forget what was kept for these inputs: somebody has set them."""
    for key in keys:
        st.session_state.get(KEPT, {}).pop(key, None)
