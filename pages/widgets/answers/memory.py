"""What a reader moves on the pictures of the answers: it stays in the session, in no link."""

from collections.abc import Callable

import streamlit as st

from pages.widgets.live import Edit

OF_THE_EDIT = ("n", "layers")  # what an edit has beside what was moved


def moved(key: str) -> Edit:
    """Return what was moved on a picture, by its name in the picture's data."""
    found: Edit = st.session_state.get(_name(key), {})
    return found


def taker(key: str) -> Callable[[Edit], None]:
    """Return what takes an edit of a picture."""

    def take(edit: Edit) -> None:
        new = {name: value for name, value in edit.items() if name not in OF_THE_EDIT}
        st.session_state[_name(key)] = {**moved(key), **new}

    return take


def offer_the_way_back(key: str) -> None:
    """Offer to set a picture back to the case of the text, if anything was moved on it."""
    if moved(key):
        st.button("Back to the case of the text", key=f"back {key}", on_click=_forget, args=[key])


def _forget(key: str) -> None:
    st.session_state.pop(_name(key), None)


def _name(key: str) -> str:
    return f"moved {key}"
