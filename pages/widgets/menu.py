"""The menu of exhibits, which closes after a choice."""

from collections.abc import Mapping

import streamlit as st

from pages.widgets.inputs import set_inputs

MENU = "exhibits"  # whether it is open


def offer(exhibits: Mapping[str, tuple[str, Mapping[str, object]]]) -> None:
    """Offer exhibits, with what each shows and the inputs that choosing it sets."""
    with (
        st.popover("Exhibits", key=MENU, on_change="rerun"),
        st.container(horizontal=True, gap="small"),
    ):
        for label, (shows, values) in exhibits.items():
            st.button(
                label,
                key=f"exhibit {label}",
                help=shows,
                on_click=set_inputs,
                kwargs={**values, MENU: False},
            )
