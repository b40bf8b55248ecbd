"""The live stage: the gradient under all strategies, drawn and dragged in the browser."""

from typing import Any

import streamlit as st

from core.bounds import worst_angle_of
from core.looks import NAMES
from core.notation import LARGEST_NUMBER, SMALLEST_NUMBER, write_gradient, write_number
from core.strategies import Strategy
from core.vector.comparison import Comparison
from pages.widgets import slots
from pages.widgets.browser import component
from pages.widgets.inputs import set_inputs
from pages.widgets.live import strategies
from pages.widgets.vector.settings import Picture

KEY = "stage"
_stage = component("stage", "vector/stage", ["live/stage"])


def stage(comparison: Comparison, shown: tuple[Strategy, ...], picture: Picture) -> None:
    """Show the stage; what is dragged on it goes back into the bound inputs on release."""
    each = strategies(comparison.layers)
    data: dict[str, Any] = {
        "gradient": comparison.gradient,
        "layers": comparison.layers,
        "threshold": comparison.thresholds.by_value,
        "rule": comparison.thresholds.rule,
        "matching": comparison.thresholds.matching,
        "shown": shown,
        "picture": picture,
        "names": {s: NAMES[s] for s in Strategy},
        "strategies": each,
        "worst": {s: worst_angle_of(s, comparison.layers) for s in Strategy},
        "limits": [SMALLEST_NUMBER, LARGEST_NUMBER],
        "ack": st.session_state.get("ack", 0),
        "awaited": not slots.drawn(),
    }

    def take() -> None:
        edit = st.session_state[KEY]["edit"]
        st.session_state["ack"] = edit["n"]
        if "gradient" in edit:
            set_inputs(gradient=write_gradient(edit["gradient"], edit["layers"]), layers="")
        if "threshold" in edit:
            set_inputs(threshold=write_number(edit["threshold"]))

    _stage(key=KEY, data=data, on_edit_change=take, on_drawn_change=slots.on_drawn)
