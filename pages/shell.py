"""The main script: the frame around every page."""

import streamlit as st

from pages.widgets.browser import ASSETS

st.set_page_config(page_title="Clipscope", page_icon=str(ASSETS / "icon.svg"), layout="wide")

st.html(ASSETS / "shell" / "shell.css")
st.navigation(
    [st.Page("vector.py", title="Clipscope: what does clipping do?", default=True)],
    position="top",
).run()
