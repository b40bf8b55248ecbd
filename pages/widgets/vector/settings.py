"""The inputs of one gradient."""

from enum import StrEnum

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.clipping import length_of
from core.excerpt import largest
from core.matching import Thresholds
from core.notation import (
    MOST_NUMBERS,
    TooManyNumbersError,
    read_gradient,
    write_gradient,
    write_number,
    write_share,
)
from core.strategies import Strategy
from core.vector.comparison import Comparison
from pages.widgets import inputs, notices
from pages.widgets.controls import MATCHING, RULE, SHOWN, THRESHOLD
from pages.widgets.inputs import Choice, Text


class Picture(StrEnum):
    """How the gradient is drawn."""

    ARROWS = "arrows"
    BARS = "bars"


GRADIENT = Text(
    "gradient",
    "Gradient",
    "3.2, 1.1",
    "Numbers with commas or spaces; a bar | between layers. Printed tensors, lists in a list and "
    "pasted lines are layers, too.",
)
LAYERS = Text(
    "layers", "Layer sizes", "", "Such as 2, 2. Leave it empty if the gradient itself tells them."
)
PICTURE = Choice("picture", "Drawn as", Picture, Picture.ARROWS)


def comparison(choices: DeltaGenerator) -> Comparison:
    """Ask for a gradient, its layers and a threshold; in ``choices`` for a rule and a matching."""
    wide, small, least = st.columns([3, 1, 1])
    gradient, layers = _gradient(wide, small)
    with least:
        threshold = THRESHOLD.ask()
    with choices:
        return Comparison(gradient, layers, Thresholds(threshold, RULE.ask(), MATCHING.ask()))


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


Layered = tuple[tuple[float, ...], tuple[int, ...]]


def _gradient(wide: DeltaGenerator, small: DeltaGenerator) -> Layered:
    with wide:
        text = notices.repeat(GRADIENT.key, GRADIENT.ask())
    with small:
        sizes = LAYERS.ask()
    with wide:
        return inputs.accepted(
            GRADIENT.key,
            _layered(GRADIENT.default, LAYERS.default),
            lambda: _layered(text, sizes),
            lambda it: write_gradient(*it),
            GRADIENT.label,
            _offer_largest,
        )


def _offer_largest(error: ValueError) -> None:
    if isinstance(error, TooManyNumbersError):
        st.button(f"Take the {MOST_NUMBERS} largest", on_click=_take_largest, args=[error])


def _take_largest(error: TooManyNumbersError) -> None:
    kept, layers = largest(error.gradient, error.layers, MOST_NUMBERS)
    inputs.set_inputs(gradient=write_gradient(kept, layers), layers="")
    long, whole = float(length_of(kept)), float(length_of(error.gradient))
    share = f" They have {write_share(long / whole)} of the length of all." if whole else ""
    count = f"{len(error.gradient):,}"
    notices.keep(GRADIENT.key, f"These are the {MOST_NUMBERS} largest of {count} numbers.{share}")


def _layered(text: str, sizes: str) -> Layered:
    gradient, layers = read_gradient(text, sizes)
    return tuple(map(float, gradient)), layers
