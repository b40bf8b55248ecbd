"""Components that run in the browser, made from the files in assets."""

import re
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from core.assets import ASSETS
from core.strategies import Strategy

SLOT = "<slot></slot>"
DEFAULT = "by_default"  # the name in a script of what a module exports by default
IMPORT = re.compile(r'^import (\{.*?\}) from "(.+?)";$', re.MULTILINE | re.DOTALL)
EXPORT = re.compile(r"^export (?:async )?(?:function|const) (\w+)", re.MULTILINE)


def component(
    name: str, place: str, *, frame: str = "", isolate_styles: bool = True
) -> ComponentRenderer:
    """Register a component: the module, page and style ``place``, without their endings.

    Its page stands in the slot of that of the ``frame``, and its style comes after that one's.
    Without isolated styles it lies in the page itself, so its styles must be those of its class,
    which is its name.
    """
    html, css = ((ASSETS / f"{place}.{ending}").read_text() for ending in ("html", "css"))
    if frame:
        html = (ASSETS / f"{frame}.html").read_text().replace(SLOT, html)
        css = (ASSETS / f"{frame}.css").read_text() + css
    return st.components.v2.component(
        name,
        html=html,
        css=palette(":host" if isolate_styles else f".{name}") + css,
        js=script(ASSETS / f"{place}.js"),
        isolate_styles=isolate_styles,
    )


def script(entry: Path) -> str:
    """Return an ES module and all that it imports as one script, which is what a component is.

    What the module itself exports by default stays an export. Raises ValueError for modules that
    import each other in a circle.
    """
    scopes: dict[Path, str] = {}

    def load(file: Path, above: tuple[Path, ...]) -> None:
        if file in above:
            raise ValueError(f"{file.name} imports itself by way of {above[-1].name}")
        if file in scopes:
            return
        for _, where in IMPORT.findall(file.read_text()):
            load((file.parent / where).resolve(), (*above, file))
        scopes[file] = as_scope(file)

    load(entry.resolve(), ())
    if "export default" in (source := entry.read_text()):
        scopes[entry.resolve()] = _with_imports(entry, source)
    return "\n".join(scopes.values())


def as_scope(file: Path) -> str:
    """Turn an ES module into a constant that holds its exports."""
    source = file.read_text()
    names = EXPORT.findall(source)
    if "export default" in source:
        names.append(f"default: {DEFAULT}")
    exports = ", ".join(names)
    body = _with_imports(file, source).replace("\nexport default ", f"\nconst {DEFAULT} = ")
    body = body.replace("\nexport ", "\n")
    return f"const {module(file)} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();"


def _with_imports(file: Path, source: str) -> str:
    def constant(match: re.Match[str]) -> str:
        names = match[1].replace(" as ", ": ")
        return f"const {names} = {module(file.parent / match[2])};"

    return IMPORT.sub(constant, source)


def module(file: Path) -> str:
    """Return the name of the constant that holds the exports of a module.

    >>> module(ASSETS / "vector" / ".." / "live" / "clip.js")
    'live_clip'
    """
    return "_".join(file.resolve().relative_to(ASSETS).with_suffix("").parts)


def palette(scope: str) -> str:
    """Return the looks of the strategies as CSS, for what lies within a scope.

    The color that is named after a strategy follows light and dark; what has a strategy for its
    class has its looks in ``--ink``, ``--dash`` and ``--fill``.
    """
    colors = "".join(f"--{s}: light-dark({s.look.light}, {s.look.dark}); " for s in Strategy)
    classes = (
        f"{scope} .{s} {{ --ink: var(--{s}); --dash: {s.look.dash}; --fill: {s.look.fill}%; }}\n"
        for s in Strategy
    )
    return f"{scope} {{ {colors}}}\n{''.join(classes)}"
