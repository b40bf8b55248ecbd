"""Files that never change, compressed once and served from memory."""

import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

ROOT = Path(__file__).parent.parent
SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"  # of Streamlit
SCRIPTS_ADDRESS = "/static/js"
FOR_EVER = f"max-age={365 * 24 * 60 * 60}, immutable"  # with the content, the address changes


def compressed(request: Request, content: bytes, kind: str, kept: str) -> Response:
    """Serve what is compressed already; ``kept`` says how long browsers may keep it."""
    headers = {"Cache-Control": f"public, {kept}", "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(gzip.decompress(content), 200, headers, kind)
    return Response(content, 200, headers | {"Content-Encoding": "gzip"}, kind)


@cache
def _packed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes())


def plotly(request: Request) -> Response:
    """Serve Plotly's library for the browser, from the installed package."""
    places = getattr(find_spec("plotly"), "submodule_search_locations", None) or []
    file = Path(places[0]) / "package_data" / "plotly.min.js"
    return compressed(request, _packed(file), "text/javascript", FOR_EVER)


class Scripts:
    """Serves Streamlit's scripts, and leaves all else to the rest of the application.

    A first visit asks for a hundred of them. Sent by Streamlit, and compressed on the way like all
    that the application answers, each would be compressed anew for everyone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files = {f"{SCRIPTS_ADDRESS}/{file.name}": file for file in SCRIPTS.glob("*.js")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        answer = self.app
        if file := self._asked_for(scope):
            content = await run_in_threadpool(_packed, file)
            answer = compressed(Request(scope), content, "text/javascript", FOR_EVER)
        await answer(scope, receive, send)

    def _asked_for(self, scope: Scope) -> Path | None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return None
        packs = "gzip" in Request(scope).headers.get("Accept-Encoding", "")
        return self.files.get(scope["path"]) if packs else None
