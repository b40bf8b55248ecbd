"""The inputs of one gradient."""

from enum import StrEnum

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.matching import Thresholds
from core.notation import write_gradient, write_number
from core.strategies import Strategy
from core.vector.comparison import Comparison
from pages.widgets import gradient
from pages.widgets.controls import MATCHING, RULE, SHOWN, THRESHOLD
from pages.widgets.gradient import GRADIENT
from pages.widgets.inputs import Choice


class Picture(StrEnum):
    """How the gradient is drawn."""

    ARROWS = "arrows"
    BARS = "bars"


PICTURE = Choice("picture", "Drawn as", Picture, Picture.ARROWS)


def comparison(choices: DeltaGenerator) -> Comparison:
    """Ask for a gradient, its layers and a threshold; in ``choices`` for a rule and a matching."""
    wide, small, least = st.columns([3, 1, 1])
    numbers, layers = gradient.ask(wide, small)
    with least:
        threshold = THRESHOLD.ask()
    with choices:
        return Comparison(numbers, layers, Thresholds(threshold, RULE.ask(), MATCHING.ask()))


def inputs_of(
    it: Comparison, shown: tuple[Strategy, ...], picture: Picture = Picture.ARROWS
) -> dict[str, object]:
    """Return the values of the inputs that make this comparison."""
    return {
        GRADIENT.key: write_gradient(it.gradient, it.layers),
        THRESHOLD.key: write_number(it.thresholds.by_value),
        RULE.key: it.thresholds.rule,
        MATCHING.key: it.thresholds.matching,
        SHOWN.key: shown,
        PICTURE.key: picture,
    }


def picture(layers: tuple[int, ...]) -> Picture:
    """Ask how the gradient is drawn; what can be drawn is the stage's to say."""
    chosen = PICTURE.ask()
    if chosen is not drawable(chosen, layers):
        st.caption("Arrows need two numbers, or two layers of two. Others are drawn as bars.")
    return chosen


def drawable(chosen: Picture, layers: tuple[int, ...]) -> Picture:
    """Return how such layers are drawn: arrows need one plane, or one for each of two layers."""
    return chosen if sum(layers) == 2 or layers == (2, 2) else Picture.BARS
