"""Clipscope as an ASGI application: ``streamlit run app.py``.

``python app.py FOLDER`` writes its cards into a folder instead, for any static host.
"""

import gzip
import html
import logging
import re
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

HERE = Path(__file__).parent
HOUR = 60 * 60  # seconds
YEAR = 365 * 24 * HOUR


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
    return compressed(request, plotly(), "text/javascript", f"max-age={YEAR}, immutable")


def compressed(request: Request, content: bytes, kind: str, kept: str) -> Response:
    """Serve what is compressed already; ``kept`` says how long browsers may keep it."""
    headers = {"Cache-Control": f"public, {kept}", "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(gzip.decompress(content), 200, headers, kind)
    return Response(content, 200, headers | {"Content-Encoding": "gzip"}, kind)


def card_page(name: str, root: str = "") -> str:
    """Return the page of a card; below ``root`` lies the app, if anywhere."""
    # Here: a server without readers of cards need not have what they are made of.
    if name == "vector":
        from pages.widgets.vector import card as vector

        return vector.page(root)
    from pages.widgets.descent import card as descent

    return descent.page(root and f"{root}descent")


@cache
def compressed_card(name: str) -> bytes:
    """Return a card that is served, compressed once."""
    return gzip.compress(card_page(name, "../").encode())


def card(request: Request) -> Response:
    """Serve a card: a live picture that asks for nothing more."""
    with CARDS_MADE:  # of two who ask first, one makes it
        content = compressed_card(request.url.path.rpartition("/")[2])
    return compressed(request, content, "text/html", f"max-age={HOUR}")


def write_cards(folder: Path, root: str = "") -> None:
    """Write the cards into a folder, one page for each exhibit, and an index; see the README."""
    from pages.widgets.descent import card as descent

    folder.mkdir(parents=True, exist_ok=True)
    for name in CARDS:
        (folder / f"{name}.html").write_text(card_page(name, root))
    links = {"One gradient": "vector.html", "The path": "descent.html"}
    for label, page in descent.exhibits(root and f"{root}descent").items():
        links[f"The path: {label}"] = file = f"{re.sub('[^a-z]+', '-', label.lower())}.html"
        (folder / file).write_text(page)
    items = "".join(
        f'<li><a href="{file}">{html.escape(it)}</a></li>' for it, file in links.items()
    )
    index = (HERE / "assets" / "live" / "index.html").read_text()
    (folder / "index.html").write_text(index.replace("<slot></slot>", items))


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
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    if path in SERVED or path.startswith(FILES) or not is_page:
        return answer
    root = "../" * path.count("/") or "./"
    links = "".join(f'<li><a href="{root}{page}">{title}</a></li>' for page, title in PAGES.items())
    said = (HERE / "assets" / "shell" / "nowhere.html").read_text().replace("<slot></slot>", links)
    return HTMLResponse(said, 404)


PAGES = pages()
CARDS = ("vector", "descent")
CARDS_MADE = Lock()
FILES = "media/"  # below it Streamlit serves what readers save
ADDRESSES = {"", *(script.stem for script in (HERE / "pages").glob("*.py"))} - {"shell"}
SERVED = ADDRESSES | {f"card/{name}" for name in CARDS}

# The main script stands beside the pages, because a folder `pages` beside it would be taken for
# Streamlit's older way of finding pages, and the first link to a cold server would go wrong.
app = st.App(
    "pages/shell.py",
    routes=[
        Route("/lib/plotly.min.js", library),
        *(Route(f"/card/{name}", card) for name in CARDS),
        *(Route(f"/{page}", shell) for page in ADDRESSES),
    ],
    middleware=[
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
