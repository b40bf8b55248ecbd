"""Places of a page that are filled late and take their room at once, so that nothing jumps.

A page asks for its inputs first and draws above them what they decide. How much room a place
takes until then is said in ``assets/shell/shell.css``, by its name.
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def heading(page: str, title: str) -> DeltaGenerator:
    """Write the title of a page; return the place for buttons beside it."""
    with st.container(key=f"{page}_heading", horizontal=True, vertical_alignment="center"):
        st.title(title, anchor=False)
        return st.container(horizontal=True, width="content")


def slot(name: str) -> DeltaGenerator:
    """Return a place."""
    # Streamlit leaves out a container that is empty, but no column.
    (column,) = st.container(key=name).columns(1)
    return column
