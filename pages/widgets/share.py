"""Sharing what is seen, and starting over."""

import streamlit as st

from pages.widgets.browser import component
from pages.widgets.inputs import reset

_copy_link = component("share", "share/share")


def share() -> None:
    """Show the buttons that copy the link and set the page's inputs back."""
    st.button("Reset", on_click=reset, help="Sets the inputs of this page back.")
    _copy_link(key="copy_link", width="content")
