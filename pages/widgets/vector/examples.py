"""Ready-made views, and the step from one layer to two."""

import streamlit as st

from core.notation import MOST_NUMBERS, write_gradient, write_number
from core.vector.examples import FIXED, OF_N, Example
from pages.widgets.controls import MATCHING, RULE, SHOWN
from pages.widgets.inputs import defaults, set_inputs
from pages.widgets.menu import choose, menu
from pages.widgets.vector.settings import PICTURE

SECOND_LAYER = (0.55, 1.35)


def examples() -> None:
    """Offer gradients to look at; choosing one sets the gradient, its layers and the threshold."""
    with menu("Ready-made gradients"):
        with st.container(horizontal=True, gap="small"):
            for label, example in FIXED.items():
                _button(label, example())
        n = st.number_input("How many numbers", 1, MOST_NUMBERS, 16, key="n")
        seed = st.number_input("Seed of the random draws", 0, 9999, 1, key="seed")
        with st.container(horizontal=True, gap="small"):
            for label, of_n in OF_N.items():
                _button(f"{label.capitalize()}, n = {n}", of_n(n, seed))


def second_layer(gradient: tuple[float, ...], layers: tuple[int, ...]) -> None:
    """Offer to add a second layer to one plane, or to take it away again."""
    offers = {
        (2,): ("Add a second layer", Example(gradient + SECOND_LAYER, (2, 2))),
        (1, 1): ("Two layers of two numbers", Example(gradient + SECOND_LAYER, (2, 2))),
        (2, 2): ("Back to one layer", Example(gradient[:2], (2,))),
    }
    if layers in offers:
        label, example = offers[layers]
        st.button(label, on_click=set_inputs, kwargs=_gradient(example))


def _button(label: str, example: Example) -> None:
    usual = defaults([RULE, MATCHING, SHOWN, PICTURE])
    values = usual | {"threshold": write_number(example.threshold)}
    st.button(label, on_click=choose, kwargs=_gradient(example) | values)


def _gradient(example: Example) -> dict[str, object]:
    return {"gradient": write_gradient(example.gradient, example.layers), "layers": ""}
