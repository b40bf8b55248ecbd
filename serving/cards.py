"""The cards: served, and written into a folder for any static host."""

import gzip
import html
import re
from functools import cache
from pathlib import Path
from threading import Lock

from starlette.requests import Request
from starlette.responses import Response

from serving.files import ROOT, compressed

KEPT = "max-age=3600"  # seconds: with the app, cards change at the same address
CARDS = ("vector", "descent")
MADE = Lock()


def card_page(name: str, root: str = "") -> str:
    """Return the page of a card; below ``root`` lies the app, if anywhere."""
    # Here: a server without readers of cards need not have what they are made of.
    if name == "vector":
        from pages.widgets.vector import card as vector

        return vector.page(root)
    from pages.widgets.descent import card as descent

    return descent.page(root and f"{root}descent")


@cache
def _compressed_card(name: str) -> bytes:
    return gzip.compress(card_page(name, "../").encode())


def card(request: Request) -> Response:
    """Serve a card: a live picture that asks for nothing more."""
    with MADE:  # of two who ask first, one makes it
        content = _compressed_card(request.url.path.rpartition("/")[2])
    return compressed(request, content, "text/html", KEPT)


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
    index = (ROOT / "assets" / "live" / "index.html").read_text()
    (folder / "index.html").write_text(index.replace("<slot></slot>", items))
