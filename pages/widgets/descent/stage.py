"""The live stage of a descent: every run, drawn and dragged in the browser."""

from typing import Any

import streamlit as st

from core.descent.experiment import Experiment, Landscape
from core.looks import NAMES
from core.notation import write_gradient, write_number
from core.surfaces.contours import holes, isolines
from pages.widgets import inputs, slots
from pages.widgets.browser import component
from pages.widgets.live import strategies

KEY = "descent"
_stage = component("descent", "descent/stage", ["live/stage", "descent/stage"])


def stage(it: Experiment, step: int) -> None:
    """Show the stage; what is dragged on it goes back into the bound inputs on release."""
    noise = it.disturbance()
    data: dict[str, Any] = {
        **_ground(it.landscape),
        "start": it.start,
        "learning_rate": it.learning_rate,
        "threshold": it.thresholds.by_value,
        "rule": it.thresholds.rule,
        "matching": it.thresholds.matching,
        "runs": it.runs,
        "steps": it.steps,
        "step": step,
        "noise": None if noise is None else noise.tolist(),
        "names": NAMES,
        "strategies": strategies(it.surface.layers),
        "ack": st.session_state.get("descent ack", 0),
        "awaited": not slots.drawn(),
    }

    def take() -> None:
        edit = st.session_state[KEY]["edit"]
        st.session_state["descent ack"] = edit["n"]
        if "start" in edit:
            inputs.set_inputs(start=write_gradient(edit["start"], edit["layers"]))
        for key in ("threshold", "learning_rate"):
            if key in edit:
                inputs.set_inputs(**{key: write_number(edit[key])})
        if "step" in edit:
            inputs.set_inputs(step=edit["step"])

    _stage(key=KEY, data=data, on_edit_change=take, on_drawn_change=slots.on_drawn)


@st.cache_data(max_entries=64, show_spinner=False)
def _ground(where: Landscape) -> dict[str, Any]:
    """Return what the stage draws under the paths, in plain numbers."""
    surface = where.built
    return {
        "javascript": surface.javascript,
        "layers": surface.layers,
        "window": surface.window,
        "minima": surface.minima,
        "lowest": surface.lowest,
        "contours": [
            [{"label": f"{line.height:.3g}", "lines": line.lines} for line in isolines(plane)]
            for plane in where.planes
        ],
        "holes": [holes(plane) for plane in where.planes],
    }
