"""Clipscope as an ASGI application: ``streamlit run app.py``."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware


def apologize(error: Exception) -> bool:
    """Show a sentence and a way back; Streamlit has logged the traceback already."""
    st.error(
        f"Something went wrong here ({type(error).__name__}); it has been logged. "
        "Nothing you set is lost: it is in the address of this page.",
        title="Sorry, that did not work",
    )
    st.html('<a href="./">Start over</a>')
    return True


# The main script stands beside the pages, because a folder `pages` beside it would be taken for
# Streamlit's older way of finding pages, and the first link to a cold server would go wrong.
app = st.App(
    "pages/shell.py",
    middleware=[Middleware(GZipMiddleware, minimum_size=1000)],
    on_script_error=apologize,
)
