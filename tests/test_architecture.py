"""Arrows only point down, no slice knows another, and everything lies where its name says.

A slice is what belongs to one page: its mathematics, its widgets, its assets, its tests, all in
folders of its name. Above it stand the pages, below it what slices share. One slice stands above
the others, because it is made of what they show.
"""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import PurePosixPath

import pytest

from pages.widgets.browser import IMPORT
from tests.conftest import ROOT

STANDARD = {
    "array",
    "ast",
    "base64",
    "codecs",
    "collections",
    "concurrent",
    "contextlib",
    "contextvars",
    "csv",
    "dataclasses",
    "decimal",
    "enum",
    "functools",
    "gzip",
    "hashlib",
    "heapq",
    "html",
    "importlib",
    "io",
    "itertools",
    "json",
    "logging",
    "math",
    "operator",
    "pathlib",
    "pickletools",
    "re",
    "string",
    "sys",
    "textwrap",
    "threading",
    "time",
    "typing",
    "urllib",
    "zipfile",
    "zlib",
}
LIBRARIES = {  # the longest path that a file lies under decides
    "core": {"numpy"},
    "core/surfaces/contours.py": {"contourpy", "numpy"},
    "core/surfaces/surface.py": {"numpy", "sympy"},
    "core/training/networks.py": {"torch"},
    "core/training/recording.py": {"numpy", "safetensors"},
    "core/training/train.py": {"numpy", "threadpoolctl", "torch"},
    "pages": {"streamlit"},
    "serving": {"streamlit", "starlette", "socket"},
    "app.py": {"streamlit", "starlette"},
}
FIGURES = {"numpy", "plotly"}  # in folders of that name, and only there
SHARED = {"figures", "surfaces"}  # folders of core that are no slices
ABOVE = "answers"  # the slice that quotes all others, and that none of them knows
TOP = {
    "app.py",
    "requirements.txt",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "serving",
    "pages",
    "core",
    "assets",
    "tests",
}
SOURCES = {
    str(file.relative_to(ROOT)): file.read_text()
    for place in ("core/**/*.py", "pages/**/*.py", "serving/*.py", "app.py")
    for file in sorted(ROOT.glob(place))
}
SCRIPTS = {
    str(file.relative_to(ROOT)): file.read_text() for file in sorted(ROOT.glob("assets/**/*.js"))
}
TESTS = [str(file.relative_to(ROOT)) for file in sorted(ROOT.glob("tests/*/**/test_*.py"))]
SLICES = (
    {folder.name for folder in (ROOT / "core").iterdir() if folder.is_dir()}
    - SHARED
    - {"__pycache__"}
)


def imported(source: str) -> set[str]:
    """Return the full dotted names of the modules that a file imports, wherever it does.

    Of a package, what is taken from it is imported, not the package. What is imported by a text
    that is made as the program runs is "a computed import".
    """
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            package = (ROOT / (node.module or "").replace(".", "/")).is_dir()
            names |= {part.removesuffix(".*") for part in parts} if package else {str(node.module)}
        elif isinstance(node, ast.Name | ast.Attribute):
            called = node.id if isinstance(node, ast.Name) else node.attr
            if called in ("__import__", "import_module"):
                names.add("a computed import")
    return names


def own(name: str) -> str:
    """Return the file that a dotted name stands for, or the last one of a package of ours."""
    path = name.replace(".", "/")
    inside = [file for file in SOURCES if file.startswith(f"{path}/")]
    return f"{path}.py" if f"{path}.py" in SOURCES else max(inside, key=floor, default="")


def slice_of(path: str) -> str:
    """Return the slice that a file belongs to; "" if slices share it."""
    parts = PurePosixPath(path).with_suffix("").parts
    return next((part for part in parts[1:] if part in SLICES), "")


def floor(path: str) -> int:
    """Return on which floor a file stands; what it imports stands on the same or below."""
    parts = PurePosixPath(path).parts
    if path == "app.py":
        return 9
    if parts[0] == "serving":
        return 8
    if len(parts) <= 2 and parts[0] != "core":
        return 7
    if parts[0] == "pages":
        return 6 if slice_of(path) else 5
    if "figures" in parts:
        return 4 if slice_of(path) else 3
    if "surfaces" in parts:
        return 1
    return 2 if slice_of(path) else 0


def forbidden(path: str, source: str) -> set[str]:
    """Return what a file imports and must not."""
    place = max((p for p in LIBRARIES if path == p or path.startswith(f"{p}/")), key=len)
    libraries = FIGURES if "figures" in PurePosixPath(path).parts else LIBRARIES[place]
    wrong = set()
    for name in imported(source):
        if name.split(".")[0] not in ("core", "pages", "serving"):
            if name.split(".")[0] not in libraries | STANDARD:
                wrong.add(name)
        elif file := own(name):
            up = floor(file) > floor(path) or floor(file) == floor(path) == 7
            foreign = slice_of(file) not in ("", slice_of(path)) and slice_of(path) != ABOVE
            if place == "serving" and not file.startswith(place):  # it knows of cards alone
                up, foreign = not file.endswith("/card.py"), False
            if place == "app.py":
                up, foreign = not file.startswith("serving/"), False
            if up or foreign:
                wrong.add(name)
    return wrong


def circle(sources: dict[str, str]) -> list[str]:
    """Return files that import each other in a circle, if there are any."""
    graph = {
        path: {file for name in imported(source) if (file := own(name))} - {path}
        for path, source in sources.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def foreign_scripts(path: str, source: str) -> Iterator[str]:
    """Yield what a script takes from neither its own folder nor from what all stages share.

    The one way to import is what `pages.widgets.browser.IMPORT` reads: any other is foreign, too.
    """
    for _, where in IMPORT.findall(source):
        file = ((ROOT / path).parent / where).resolve()
        place = file.relative_to(ROOT / "assets").parts[0]
        if place not in ("live", PurePosixPath(path).parts[1]) or not file.exists():
            yield where
    rest = re.sub(r"//.*", "", IMPORT.sub("", source))
    yield from re.findall(
        r"^\s*import\b.*|\bimport\s*\(.*|^\s*export\b.*\bfrom\b.*", rest, re.MULTILINE
    )


def subjects(test: str) -> list[str]:
    """Return the files that a file of tests, by its place and name, is about."""
    path = PurePosixPath(test)
    about = path.with_name(path.name.removeprefix("test_"))
    files = [
        about,
        *(about.relative_to("tests").with_suffix(kind) for kind in (".py", ".js", ".css")),
    ]
    return [str(file) for file in files if (ROOT / file).exists()]


def test_the_slices_are_the_pages() -> None:
    pages = {file.stem for file in (ROOT / "pages").glob("*.py")} - {"shell"}
    assert pages == SLICES == {path.name for path in (ROOT / "pages/widgets").iterdir()} & pages


@pytest.mark.parametrize("path", SOURCES)
def test_every_file_imports_only_what_lies_below_it_and_no_other_slice(path: str) -> None:
    assert not forbidden(path, SOURCES[path])


@pytest.mark.parametrize("path", SCRIPTS)
def test_a_script_imports_its_own_slice_and_what_all_stages_share(path: str) -> None:
    assert not list(foreign_scripts(path, SCRIPTS[path]))


def test_nothing_imports_itself_in_a_circle() -> None:
    assert not circle(SOURCES)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        # a library where it is not known
        ("core/clipping.py", "import streamlit"),
        ("core/clipping.py", "def late():\n    import torch"),
        ("core/training/training.py", "import torch"),
        ("core/training/recording.py", "import torch"),
        ("core/training/report.py", "import plotly.graph_objects as go"),
        ("core/figures/theme.py", "import torch"),
        ("core/descent/maps.py", "import plotly"),
        ("core/surfaces/planes.py", "import sympy"),
        ("core/descent/figures/maps.py", "import streamlit"),
        ("core/clipping.py", "import pickle"),
        ("pages/vector.py", "import numpy as np"),
        ("pages/widgets/plot.py", "import plotly"),
        # up
        ("core/clipping.py", "from core.matching import matching\nfrom core.surfaces import table"),
        ("core/matching.py", "from core.descent.descend import descend"),
        ("core/matching.py", "from core.descent import descend"),
        ("core/surfaces/surface.py", "import core.descent.descend"),
        ("core/figures/theme.py", "from core.descent.outcomes import Outcome"),
        ("core/descent/maps.py", "from core.figures import theme"),
        ("core/descent/maps.py", "from core.descent.figures.maps import starts_map"),
        ("core/clipping.py", "from pages.widgets import controls"),
        ("pages/widgets/controls.py", "from core.vector.comparison import Comparison"),
        ("pages/widgets/controls.py", "from pages.widgets.vector import settings"),
        ("pages/widgets/vector/stage.py", "from pages import vector"),
        ("pages/vector.py", "from pages import descent"),
        ("app.py", "import pages.shell"),
        ("serving/shell.py", "import pages.shell"),
        ("serving/cards.py", "from pages.widgets.descent import stage"),
        ("pages/widgets/share.py", "from serving.files import compressed"),
        ("core/clipping.py", "from core import descent"),
        ("core/clipping.py", "import core.descent"),
        ("core/clipping.py", "import tests.cases"),
        ("core/clipping.py", "import pages"),
        ("core/clipping.py", '__import__("core.descent.maps")'),
        ("core/clipping.py", 'import importlib\nimportlib.import_module("core.descent.maps")'),
        ("pages/widgets/controls.py", "from pages.widgets import descent"),
        ("core/training/report.py", "from core import figures"),
        ("core/training/report.py", "from core.training import figures"),
        ("app.py", "from core import descent"),
        # aside
        ("core/training/report.py", "import core.descent"),
        ("core/training/report.py", "from core import descent"),
        ("core/training/report.py", "from core.descent import *"),
        ("core/vector/examples.py", "from core.dimensions.distributions import Distribution"),
        ("core/training/report.py", "from core.descent import report"),
        ("core/training/figures/steps.py", "from core.descent.figures import maps"),
        ("pages/widgets/training/report.py", "from pages.widgets.descent import report"),
        ("core/descent/exhibits.py", "from core.answers import turning"),
        ("pages/widgets/descent/stage.py", "from pages.widgets.answers import aid"),
        ("pages/widgets/training/report.py", "from core.descent.report import csv"),
        ("pages/training.py", "from pages.widgets.descent import settings"),
    ],
)
def test_an_import_that_points_up_or_aside_is_noticed(path: str, source: str) -> None:
    assert path in SOURCES
    if "core.matching import matching" in source:  # only the second line is wrong
        assert forbidden(path, source) == {"core.surfaces.table"}
    assert forbidden(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("assets/live/clip.js", 'import { arrow } from "../vector/plane.js";'),
        ("assets/vector/stage.js", 'import { descend } from "../descent/descend.js";'),
        ("assets/descent/stage.js", 'import { bars } from "../vector/bars.js";'),
        ("assets/vector/stage.js", 'import { gone } from "./gone.js";'),
        ("assets/live/clip.js", 'export { arrow } from "../vector/plane.js";'),
        ("assets/live/clip.js", 'export * from "../vector/plane.js";'),
        ("assets/live/clip.js", 'import "../vector/plane.js";'),
        ("assets/live/clip.js", "import { arrow } from '../vector/plane.js';"),
        ("assets/live/clip.js", 'import { arrow } from "../vector/plane.js"'),
        ("assets/live/clip.js", 'const late = await import("../vector/plane.js");'),
    ],
)
def test_a_script_that_imports_another_slice_is_noticed(path: str, source: str) -> None:
    assert path in SCRIPTS
    assert list(foreign_scripts(path, source))


def test_a_circle_is_noticed() -> None:
    late = "def late():\n    from core.descent.maps import cells\n"
    assert circle(SOURCES | {"core/runs.py": SOURCES["core/runs.py"] + late})


@pytest.mark.parametrize("path", TESTS)
def test_tests_lie_where_what_they_test_lies(path: str) -> None:
    assert subjects(path)


def test_the_top_level_holds_only_what_belongs_there() -> None:
    assert {entry.name for entry in ROOT.iterdir() if not entry.name.startswith(".")} <= TOP
