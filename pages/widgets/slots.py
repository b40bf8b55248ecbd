"""Places of a page that are filled late and take their room at once, so that nothing jumps.

A page asks for its inputs first and draws above them what they decide. How much room a place
takes until then is said in the ``page.css`` of its page in assets, by its name.

What a browser takes long to load, such as formulas, would keep it from drawing the picture. So on
the first page of a session it follows when the picture is there.
"""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

DRAWN = "drawn"


def heading(page: str, title: str) -> DeltaGenerator:
    """Write the title of a page; return the place for buttons beside it."""
    with st.container(key=f"{page}_heading", horizontal=True, vertical_alignment="center"):
        st.title(title, anchor=False)
        return st.container(key="toolbar", horizontal=True, width="content")


def slot(name: str) -> DeltaGenerator:
    """Return a place."""
    # Streamlit leaves out a container that is empty, but no column.
    (column,) = st.container(key=name).columns(1)
    return column


def drawn() -> bool:
    """Say whether the browser has drawn a picture, so that what takes long to load may follow."""
    return DRAWN in st.session_state


def on_drawn() -> None:
    """Remember it; a stage calls this back."""
    st.session_state[DRAWN] = True
