"""The main script: the frame around every page."""

import streamlit as st

from core.assets import ASSETS
from pages.widgets import inputs, link

st.set_page_config(page_title="Clipscope", page_icon=str(ASSETS / "icon.svg"), layout="wide")

pages = [
    st.Page("vector.py", title="One gradient", default=True),
    st.Page("dimensions.py", title="Many dimensions"),
    st.Page("descent.py", title="The path"),
    st.Page("training.py", title="A network"),
    st.Page("answers.py", title="Answers"),
    st.Page("gradients.py", title="Your gradients"),
    st.Page("frameworks.py", title="What to type"),
]
page = st.navigation(pages, position="top")
# Where there is little room, Streamlit hides them behind a sign; shell.css shows these instead.
with st.container(key="pages", horizontal=True, gap="small"):
    for each in pages:
        st.page_link(each)
link.read_again()
inputs.enter(page.url_path)
page.run()
