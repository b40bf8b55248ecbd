"""The inputs of what to type."""

from dataclasses import dataclass

import streamlit as st

from core.clipping import Clipper
from core.frameworks.lab import cases
from core.frameworks.precisions import Precision
from core.strategies import Layers
from pages.widgets import gradient
from pages.widgets.controls import RULE, STRATEGY, THRESHOLD
from pages.widgets.inputs import Choice, OneOfMany, Text

PRECISION = Choice(
    "precision",
    "Type of the numbers",
    Precision,
    Precision.FLOAT32,
    "How the framework holds them. All results are rounded to it.",
)
CASES = {case.name: case for case in cases()}
CASE = OneOfMany("case", "Edge case", [*CASES], "one infinity")
ROW = Text(
    "row",
    "Or your own row",
    "",
    "Numbers, nan, inf or -inf; a bar | between tensors; None for a tensor without a gradient, [] "
    "for one without numbers. Such as 3, nan | None | -inf.",
)
ROW_THRESHOLD = Text("row_threshold", "Its threshold", "1", "Any number, also 0, -1, nan or inf.")
GROUPS = Text(
    "group_thresholds",
    "A threshold for each layer",
    "",
    "As many positive numbers as there are layers, such as 0.5, 2.",
)


@dataclass(frozen=True)
class Chosen:
    """A gradient, and how it is clipped."""

    gradient: tuple[float, ...]
    layers: Layers
    clipper: Clipper
    precision: Precision


def chosen() -> Chosen:
    """Ask for a gradient, its layers, a threshold, a strategy, a rule and a type."""
    wide, small, least = st.columns([3, 1, 1])
    numbers, layers = gradient.ask(wide, small)
    with least:
        threshold = THRESHOLD.ask()
    with st.container(horizontal=True, gap="medium"):
        strategy, rule, precision = STRATEGY.ask(), RULE.ask(), PRECISION.ask()
    return Chosen(numbers, layers, Clipper(strategy, threshold, rule), precision)
