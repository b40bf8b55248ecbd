"""Sharing what is seen, and starting over."""

import streamlit as st

from pages.widgets.browser import component
from pages.widgets.card import Card
from pages.widgets.inputs import reset

_share = component("share", "share/share")


def share(card: Card | None = None) -> None:
    """Show the buttons that share the page and set its inputs back; a page's card can be shared."""
    st.button("Reset", on_click=reset, help="Sets the inputs of this page back.")
    if card is None:
        _share(key="share", width="content")
        return
    with st.popover("Share"):
        told = {"title": f"Clipscope: {card.heading}", "embeds": card.is_general}
        _share(key="share", data={"card": card.name, **told})
        if not card.is_general:
            st.caption(
                "To embed a rotated loss, a second layer, noise or a formula, save the web page."
            )
        address = st.context.url or ""
        st.download_button(
            "Save as a web page",
            lambda: card.save(address),
            f"clipscope-{card.name}.html",
            "text/html",
            on_click="ignore",
            width="stretch",
        )
