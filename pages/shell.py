"""The main script: the frame around every page."""

import streamlit as st

from core.assets import ASSETS
from pages.widgets import inputs, link

st.set_page_config(page_title="Clipscope", page_icon=str(ASSETS / "icon.svg"), layout="wide")

page = st.navigation(
    [
        st.Page("vector.py", title="One gradient", default=True),
        st.Page("dimensions.py", title="Many dimensions"),
        st.Page("descent.py", title="The path"),
        st.Page("training.py", title="A network"),
    ],
    position="top",
)
link.read_again()
inputs.enter(page.url_path)
page.run()
