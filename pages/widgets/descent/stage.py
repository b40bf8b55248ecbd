"""The live stage of a descent: every run, drawn and dragged in the browser."""

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

from core.descent.descend import HOLD
from core.descent.experiment import Experiment, Landscape
from core.looks import NAMES
from core.notation import write_gradient, write_number
from core.surfaces.contours import holes, isolines
from pages.widgets import inputs, live

_stage = live.register("descent", "descent/stage")


def into_inputs(edit: live.Edit) -> None:
    """Set the page's inputs to what was dragged."""
    if "start" in edit:
        inputs.set_inputs(start=write_gradient(edit["start"], edit["layers"]))
    for key in ("threshold", "learning_rate"):
        if key in edit:
            inputs.set_inputs(**{key: write_number(edit[key])})
    for key in ("step", "full"):
        if key in edit:
            inputs.set_inputs(**{key: edit[key]})


def stage(
    it: Experiment,
    step: int,
    *,
    full: bool = False,
    small: bool = False,
    ask: bool = False,
    play: int = 0,
    key: str = "descent",
    label: str = "",
    take: Callable[[live.Edit], None] = into_inputs,
) -> None:
    """Show the stage, filling the screen or small; what is dragged on it is taken on release.

    It may ``ask`` for a guess before it shows the runs. With a number other than the last, and
    than 0, it begins to ``play``; several stages that get it at once begin together.
    Several on one page need a ``key``, a ``label`` and a way to ``take`` an edit for each.
    """
    noise = it.disturbance()
    data: dict[str, Any] = {
        "ground": _ground(it.landscape),
        "start": it.start,
        "learning_rate": it.learning_rate,
        "threshold": it.thresholds.by_value,
        "rule": it.thresholds.rule,
        "matching": it.thresholds.matching,
        "optimizer": it.optimizer,
        "runs": it.runs,
        "steps": it.steps,
        "step": step,
        "full": full,
        "small": small,
        "ask": ask,
        "play": play,
        "hold": HOLD,
        "noise": None if noise is None else noise.tolist(),
        "names": NAMES,
        "strategies": live.strategies(it.surface.layers),
    }
    _stage(key, data, take, label)


@st.cache_data(max_entries=64, show_spinner=False)
def _ground(where: Landscape) -> str:
    """Return what the stage draws under the paths, as JSON: long, and mostly as it was before."""
    surface = where.built
    ground = {
        "javascript": surface.javascript,
        "layers": surface.layers,
        "window": surface.window,
        "minima": surface.minima,
        "lowest": surface.lowest,
        "slow": surface.slow or None,
        "contours": [
            [{"label": f"{line.height:.3g}", "lines": line.lines} for line in isolines(plane)]
            for plane in where.planes
        ],
        "holes": [holes(plane) for plane in where.planes],
    }
    return json.dumps(ground)
