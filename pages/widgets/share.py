"""Sharing what is seen, and starting over."""

import streamlit as st

from pages.widgets.browser import component
from pages.widgets.controls import reset

_copy_link = component("share", ["share/share"], ["share/share"])


def share() -> None:
    """Show the buttons that copy the link and reset every input."""
    st.button("Reset", on_click=reset, help="Sets every input back; the Back button undoes it.")
    _copy_link(key="copy_link", width="content")
