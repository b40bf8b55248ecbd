"""Components that run in the browser, made from the files in assets."""

import re
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from core.assets import ASSETS
from core.looks import LOOKS

IMPORT = re.compile(
    r'^import (\{.*?\}) from "\.[./]*/(?:\w+/)?(\w+)\.js";$', re.MULTILINE | re.DOTALL
)
EXPORT = re.compile(r"^export (?:async )?(?:function|const) (\w+)", re.MULTILINE)


def component(
    name: str, modules: list[str], styles: list[str], *, isolate_styles: bool = True
) -> ComponentRenderer:
    """Register a component: ``name/name.html``, styles, and modules, those they need first.

    Without isolated styles it lies in the page itself, so its styles must be those of its class,
    which is its name.
    """
    css = "".join((ASSETS / f"{style}.css").read_text() for style in styles)
    return st.components.v2.component(
        name,
        html=(ASSETS / name / f"{name}.html").read_text(),
        css=palette(":host" if isolate_styles else f".{name}") + css,
        js="\n".join(as_scope(ASSETS / f"{module}.js") for module in modules),
        isolate_styles=isolate_styles,
    )


def as_scope(file: Path) -> str:
    """Turn an ES module into a constant that holds its exports: a component is a single script."""
    source = file.read_text()
    body = IMPORT.sub(r"const \1 = \2Module;", source)
    if "export default" in source:
        return body
    exports = ", ".join(EXPORT.findall(source))
    body = body.replace("\nexport ", "\n")
    return f"const {file.stem}Module = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();"


def palette(scope: str) -> str:
    """Return the strategies' colors and dashes as CSS variables that follow light and dark."""
    looks = (
        f"--{strategy}: light-dark({look['light']}, {look['dark']}); "
        f"--{strategy}-dash: {look['dash']};"
        for strategy, look in LOOKS.items()
    )
    return f"{scope} {{ {' '.join(looks)} }}\n"
