"""A gradient that the reader types or pastes, and its layers."""

from typing import TypeAlias

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.clipping import length_of
from core.excerpt import largest
from core.notation import (
    MOST_NUMBERS,
    TooManyNumbersError,
    read_gradient,
    write_gradient,
    write_share,
)
from pages.widgets import inputs, notices
from pages.widgets.inputs import Text

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

Layered: TypeAlias = tuple[tuple[float, ...], tuple[int, ...]]


def ask(wide: DeltaGenerator, small: DeltaGenerator) -> Layered:
    """Ask for the numbers in a wide place, and in a small one for the sizes of the layers."""
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
