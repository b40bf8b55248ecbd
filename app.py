"""Clipscope as an ASGI application: ``streamlit run app.py``."""

import gzip
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

HERE = Path(__file__).parent
YEAR = 365 * 24 * 60 * 60  # seconds


def apologize(error: Exception) -> bool:
    """Show a sentence and a way back; Streamlit has logged the traceback already."""
    st.error(
        f"Something went wrong here ({type(error).__name__}); it has been logged. "
        "Nothing you set is lost: it is in the address of this page.",
        title="Sorry, that did not work",
    )
    st.html('<a href="./">Start over</a>')
    return True


@cache
def plotly() -> bytes:
    """Return Plotly's library for the browser, from the installed package, compressed once."""
    places = getattr(find_spec("plotly"), "submodule_search_locations", None) or []
    return gzip.compress((Path(places[0]) / "package_data" / "plotly.min.js").read_bytes())


def library(request: Request) -> Response:
    """Serve Plotly's library; pages ask for it by its version, so browsers may keep it."""
    headers = {
        "Cache-Control": f"public, max-age={YEAR}, immutable",
        "Vary": "Accept-Encoding",
    }
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(gzip.decompress(plotly()), 200, headers, "text/javascript")
    headers["Content-Encoding"] = "gzip"
    return Response(plotly(), 200, headers, "text/javascript")


@cache
def dressed() -> str:
    """Return Streamlit's page with what must be there before its scripts."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text()
    assets = HERE / "assets"
    files = [assets / "shell" / "shell.css", *sorted(assets.glob("*/page.css"))]
    style = "".join(file.read_text() for file in files)
    script = "".join(file.read_text() for file in sorted((assets / "shell").glob("*.js")))
    page = page.replace("<head>", f"<head><script>{script}</script>")
    return page.replace("</head>", f"<style>{style}</style></head>")


def shell(request: Request) -> Response:
    """Serve the page that is the same at every address."""
    return HTMLResponse(dressed(), headers={"Cache-Control": "no-cache"})


def pages() -> dict[str, str]:
    """Return the titles of the pages by their addresses, in their order."""
    entries = re.findall(
        r'st\.Page\("(\w+)\.py", title="(.+?)"(, default)?', (HERE / "pages/shell.py").read_text()
    )
    return {"" if default else page: title for page, title, default in entries}


async def lead_on(request: Request, ask: RequestResponseEndpoint) -> Response:
    """Say it where an address leads nowhere; Streamlit serves its own page at whatever address."""
    answer = await ask(request)
    path = request.url.path.strip("/")
    if path in SERVED or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return answer
    root = "../" * path.count("/") or "./"
    links = "".join(f'<li><a href="{root}{page}">{title}</a></li>' for page, title in PAGES.items())
    said = (HERE / "assets" / "shell" / "nowhere.html").read_text().replace("<slot></slot>", links)
    return HTMLResponse(said, 404)


PAGES = pages()
SERVED = {"", *(script.stem for script in (HERE / "pages").glob("*.py"))} - {"shell"}

# The main script stands beside the pages, because a folder `pages` beside it would be taken for
# Streamlit's older way of finding pages, and the first link to a cold server would go wrong.
app = st.App(
    "pages/shell.py",
    routes=[
        Route("/lib/plotly.min.js", library),
        *(Route(f"/{page}", shell) for page in SERVED),
    ],
    middleware=[
        Middleware(GZipMiddleware, minimum_size=1000),
        Middleware(BaseHTTPMiddleware, dispatch=lead_on),
    ],
    on_script_error=apologize,
)
