"""Streamlit's page with what must be there before its scripts, at the addresses of our pages."""

import re
from functools import cache
from pathlib import Path

import streamlit as st
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from serving.cards import CARDS
from serving.files import ROOT, SCRIPTS, SCRIPTS_ADDRESS

ASSETS = ROOT / "assets"
# What a first picture is made of: Streamlit would ask for it only when it is to be shown.
PARTS = ("BidiComponent", "Button", "ButtonGroup", "Checkbox", "PageLink", "TextInput")
SAVED = "media/"  # below it Streamlit serves what readers save


@cache
def dressed() -> str:
    """Return Streamlit's page with what must be there before its scripts."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text()
    files = [ASSETS / "shell" / "shell.css", *sorted(ASSETS.glob("*/page.css"))]
    style = "".join(file.read_text() for file in files)
    script = "".join(file.read_text() for file in sorted((ASSETS / "shell").glob("*.js")))
    early = "".join(
        f'<link rel="modulepreload" crossorigin href=".{SCRIPTS_ADDRESS}/{name}">'
        for name in sorted(needed(PARTS))
        if name not in page
    )
    page = page.replace("<head>", f"<head><script>{script}</script>")
    return page.replace("</head>", f"{early}<style>{style}</style></head>")


def needed(parts: tuple[str, ...]) -> set[str]:
    """Return the names of the scripts of some of Streamlit's parts, and of all that they import."""
    found: set[str] = set()
    ahead = [file.name for part in parts for file in SCRIPTS.glob(f"{part}.*.js")]
    while ahead:
        name = ahead.pop()
        if name not in found and (SCRIPTS / name).exists():
            found.add(name)
            ahead += re.findall(r'from"\./([\w.-]+\.js)"', (SCRIPTS / name).read_text())
    return found


def shell(request: Request) -> Response:
    """Serve the page that is the same at every address."""
    return HTMLResponse(dressed(), headers={"Cache-Control": "no-cache"})


def pages() -> dict[str, str]:
    """Return the titles of the pages by their addresses, in their order."""
    entries = re.findall(
        r'st\.Page\("(\w+)\.py", title="(.+?)"(, default)?', (ROOT / "pages/shell.py").read_text()
    )
    return {"" if default else page: title for page, title, default in entries}


async def lead_on(request: Request, ask: RequestResponseEndpoint) -> Response:
    """Say it where an address leads nowhere; Streamlit serves its own page at whatever address."""
    answer = await ask(request)
    path = request.url.path.strip("/")
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    if path in SERVED or path.startswith(SAVED) or not is_page:
        return answer
    root = "../" * path.count("/") or "./"
    links = "".join(f'<li><a href="{root}{page}">{title}</a></li>' for page, title in PAGES.items())
    said = (ASSETS / "shell" / "nowhere.html").read_text().replace("<slot></slot>", links)
    return HTMLResponse(said, 404)


PAGES = pages()
ADDRESSES = {"", *(script.stem for script in (ROOT / "pages").glob("*.py"))} - {"shell"}
SERVED = ADDRESSES | {f"card/{name}" for name in CARDS}
