"""Clipscope as an ASGI application: ``streamlit run app.py``.

``python app.py FOLDER`` writes its cards into a folder instead, for any static host.
"""

import logging
import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from serving.cards import CARDS, card, write_cards
from serving.files import Scripts, plotly
from serving.shell import ADDRESSES, lead_on, shell
from serving.sockets import at_once
from serving.uploads import keep_off_disk


def apologize(error: Exception) -> bool:
    """Show a sentence and a way back; Streamlit has logged the traceback already."""
    st.error(
        f"Something went wrong here ({type(error).__name__}); it has been logged. "
        "Nothing you set is lost: it is in the address of this page.",
        title="Sorry, that did not work",
    )
    st.html('<a href="./">Start over</a>')
    return True


keep_off_disk()

# The main script stands beside the pages, because a folder `pages` beside it would be taken for
# Streamlit's older way of finding pages, and the first link to a cold server would go wrong.
app = st.App(
    "pages/shell.py",
    lifespan=at_once,
    routes=[
        Route("/lib/plotly.min.js", plotly),
        *(Route(f"/card/{name}", card) for name in CARDS),
        *(Route(f"/{page}", shell) for page in ADDRESSES),
    ],
    middleware=[
        Middleware(Scripts),
        Middleware(GZipMiddleware, minimum_size=1000),
        Middleware(BaseHTTPMiddleware, dispatch=lead_on),
    ],
    on_script_error=apologize,
)

if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit("usage: python app.py FOLDER [ADDRESS of the app]")
    logging.disable(logging.WARNING)  # Streamlit warns that nothing is served
    write_cards(Path(sys.argv[1]), *(f"{address.rstrip('/')}/" for address in sys.argv[2:]))
