"""Menus that close after a choice."""

from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.widgets.inputs import set_inputs

CHOICES = "choices"  # how many were made in a session


def menu(label: str) -> DeltaGenerator:
    """Return a menu, which is closed again by `choose`."""
    # With another key it is another menu, and closed. Streamlit would also take its state, but not
    # from a reader who chooses before the server knows that the menu is open.
    return st.popover(label, key=f"menu {st.session_state.get(CHOICES, 0)}")


def choose(**values: object) -> None:
    """Set inputs from a callback, and close the menu."""
    set_inputs(**values)
    st.session_state[CHOICES] = st.session_state.get(CHOICES, 0) + 1


def offer(exhibits: Mapping[str, tuple[str, Mapping[str, object]]]) -> None:
    """Offer exhibits, with what each shows and the inputs that choosing it sets."""
    with menu("Exhibits"), st.container(horizontal=True, gap="small"):
        for label, (shows, values) in exhibits.items():
            key = f"exhibit {label}"
            st.button(label, key=key, help=shows, on_click=choose, kwargs=dict(values))
