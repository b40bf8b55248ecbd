"""Ready-made views, and the step from one layer to two."""

import streamlit as st

from core.examples import FIXED, OF_N, Example
from core.notation import MOST_NUMBERS, write_gradient, write_number
from pages.widgets.controls import Picture
from pages.widgets.inputs import set_inputs

SECOND_LAYER = (0.55, 1.35)


def examples() -> None:
    """Offer gradients to look at; choosing one sets the gradient, its layers and the threshold."""
    with st.popover("Ready-made gradients"):
        for label, example in FIXED.items():
            _button(label, example())
        n = st.number_input("How many numbers", 1, MOST_NUMBERS, 16, key="n")
        seed = st.number_input("Seed of the random draws", 0, 9999, 1, key="seed")
        for label, of_n in OF_N.items():
            _button(f"{label}, {n} numbers", of_n(n, seed))


def second_layer(gradient: tuple[float, ...], layers: tuple[int, ...]) -> None:
    """Offer to add a second layer to one plane, or to take it away again."""
    if sum(layers) == 2:
        _button("Add a second layer", Example(gradient + SECOND_LAYER, (2, 2)), threshold=False)
    elif layers == (2, 2):
        _button("Back to one layer", Example(gradient[:2], (2,)), threshold=False)


def _button(label: str, example: Example, threshold: bool = True) -> None:
    inputs = {"gradient": write_gradient(example.gradient, example.layers), "layers": ""}
    if threshold:
        inputs |= {"threshold": write_number(example.threshold), "picture": Picture.ARROWS}
    st.button(label, on_click=set_inputs, kwargs=inputs)
