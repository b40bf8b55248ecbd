"""The code that records what the page reads."""

import streamlit as st

from core.gradients.recorder import RECORDERS, SHARED


def show() -> None:
    """Show it, by framework."""
    st.header("Record your own", anchor=False)
    st.markdown(
        "This writes the norms of all steps into norms.csv, and the whole gradients of a few into "
        "gradients.safetensors. Bring either here."
    )
    st.code(SHARED, language=None)
    st.markdown("It is called once a step, after unscaling and before clipping:")
    for tab, it in zip(
        st.tabs([it.label for it in RECORDERS.values()]), RECORDERS.values(), strict=True
    ):
        tab.code(it.call, language=None)
        tab.caption(it.note)
