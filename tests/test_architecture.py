"""Arrows only point down: what each folder may import, and what may stand at the top."""

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

STANDARD = {
    "ast",
    "collections",
    "concurrent",
    "contextvars",
    "csv",
    "dataclasses",
    "enum",
    "functools",
    "gzip",
    "importlib",
    "io",
    "itertools",
    "json",
    "math",
    "operator",
    "pathlib",
    "re",
    "threading",
    "time",
    "typing",
    "urllib",
}
# The longest path that a file lies under decides. `core.` stands for the modules of core itself.
MAY_IMPORT = {
    "core": {"core", "numpy"},
    "core/contours.py": {"contourpy", "core", "numpy"},
    "core/figures": {"core", "numpy", "plotly"},
    "core/network.py": {"core", "numpy", "threadpoolctl", "torch"},
    "core/recording.py": {"core", "numpy", "safetensors"},
    "core/surfaces.py": {"core", "numpy", "sympy"},
    "pages/widgets": {"core", "streamlit", "pages.widgets"},
    "pages": {"core", "streamlit", "pages.widgets"},
    "pages/shell.py": {"core.assets", "streamlit"},
    "app.py": {"streamlit", "starlette"},
}
TOP = {
    "app.py",
    "requirements.txt",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "pages",
    "core",
    "assets",
    "tests",
}
FILES = [ROOT / "app.py", *sorted(ROOT.glob("core/**/*.py")), *sorted(ROOT.glob("pages/**/*.py"))]


def imported(source: str) -> set[str]:
    """Return the full dotted names of the modules that a file imports, wherever it does."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def forbidden(path: str, source: str) -> set[str]:
    (place,) = sorted((p for p in MAY_IMPORT if path == p or path.startswith(f"{p}/")), key=len)[
        -1:
    ]
    allowed = MAY_IMPORT[place] | STANDARD
    below_figures = place.startswith("core") and place != "core/figures"
    names = imported(source)
    return {name for name in names if below_figures and name.startswith("core.figures")} | {
        name
        for name in names
        if not any(name == a or name.startswith(f"{a}.") for a in allowed)
        and not any(a.startswith(f"{name}.") for a in allowed)
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_file_imports_only_what_lies_below_it(file: Path) -> None:
    assert not forbidden(str(file.relative_to(ROOT)), file.read_text())


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/clipping.py", "import streamlit"),
        ("core/clipping.py", "from pages.widgets import controls"),
        ("core/clipping.py", "def late():\n    import torch"),
        ("core/maps.py", "from core.figures import theme"),
        ("core/maps.py", "import plotly"),
        ("core/training.py", "import torch"),
        ("core/recording.py", "import torch"),
        ("core/figures/descent.py", "import streamlit"),
        ("pages/vector.py", "import numpy as np"),
        ("pages/widgets/stage.py", "from pages import vector"),
        ("pages/shell.py", "from core.clipping import clip"),
        ("app.py", "import pages.shell"),
    ],
)
def test_an_import_that_points_up_is_noticed(path: str, source: str) -> None:
    assert forbidden(path, source)


def test_the_top_level_holds_only_what_belongs_there() -> None:
    assert {entry.name for entry in ROOT.iterdir() if not entry.name.startswith(".")} <= TOP
