"""The inputs of one gradient."""

from enum import StrEnum

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.notation import read_gradient, write_gradient
from core.vector.comparison import Comparison
from pages.widgets import inputs
from pages.widgets.controls import DEFAULTS, matching, rule, threshold


class Picture(StrEnum):
    """How the gradient is drawn."""

    ARROWS = "arrows"
    BARS = "bars"


def comparison(choices: DeltaGenerator) -> Comparison:
    """Ask for a gradient, its layers and a threshold; in ``choices`` for a rule and a matching."""
    wide, small, least = st.columns([3, 1, 1])
    gradient, layers = _gradient(wide, small)
    with least:
        clip_value = threshold()
    with choices:
        return Comparison(gradient, layers, clip_value, rule(), matching())


def picture(layers: tuple[int, ...]) -> Picture:
    """Ask how the gradient is drawn; arrows need one plane, or one plane for each of two layers."""
    chosen = inputs.choice("picture", "Drawn as", Picture, Picture.ARROWS)
    if sum(layers) == 2 or layers == (2, 2):
        return chosen
    if chosen is Picture.ARROWS:
        st.caption("Arrows need two numbers, or two layers of two. Others are drawn as bars.")
    return Picture.BARS


Layered = tuple[tuple[float, ...], tuple[int, ...]]


def _gradient(wide: DeltaGenerator, small: DeltaGenerator) -> Layered:
    default, no_sizes = str(DEFAULTS["gradient"]), str(DEFAULTS["layers"])
    with wide:
        hint = "Numbers with commas or spaces; a bar | between layers."
        text = inputs.text("gradient", "Gradient", default, hint)
    with small:
        hint = "Such as 2, 2. Leave it empty if bars tell them."
        sizes = inputs.text("layers", "Layer sizes", no_sizes, hint)
    with wide:
        return inputs.accepted(
            "gradient",
            _layered(default, no_sizes),
            lambda: _layered(text, sizes),
            lambda it: write_gradient(*it),
        )


def _layered(text: str, sizes: str) -> Layered:
    gradient, layers = read_gradient(text, sizes)
    return tuple(map(float, gradient)), layers
