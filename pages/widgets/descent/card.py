"""The path as a card: with all surfaces, or with what was set on the page when it was saved."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from core.descent.descend import HOLD
from core.descent.exhibits import EXHIBITS
from core.descent.experiment import OWN, Experiment, Landscape
from core.looks import NAMES
from core.surfaces.contours import holes, isolines
from core.surfaces.surface import Window
from core.surfaces.table import SURFACES
from pages.widgets import card
from pages.widgets.controls import ASK, MATCHING, RULE, THRESHOLD
from pages.widgets.descent import settings
from pages.widgets.descent.exhibits import inputs_of
from pages.widgets.descent.optimizer import OPTIMIZER
from pages.widgets.inputs import defaults

NAME = "descent"
HEADING = "Does the turn matter for the path?"
GRID = 4000  # steps across a window, in which lines are packed
INPUTS = (
    settings.SURFACE,
    settings.START,
    settings.LEARNING_RATE,
    THRESHOLD,
    RULE,
    MATCHING,
    OPTIMIZER,
    settings.RUNS_SHOWN,
    settings.STEPS,
    settings.STEP,
    ASK,
    settings.PLAY,
)
# What only Python can compute, and what goes with it.
BEYOND = defaults([settings.PHI, settings.SECOND, settings.NOISE])
BESIDE = (*BEYOND, settings.FORMULA.key, settings.NOISE_SCALE.key, settings.NOISE_SEED.key)


def of(it: Experiment, step: int, *, ask: bool = False, play: bool = False) -> card.Card:
    """Return the card that opens as the page is."""
    at = {settings.STEP.key: step, ASK.key: ask, settings.PLAY.key: play}
    return card.Card(NAME, HEADING, lambda home: page(home, it, at), is_general(it))


def page(
    home: str = "", saved: Experiment | None = None, at: Mapping[str, object] | None = None
) -> str:
    """Return the card's page; ``home`` is the address of the full page, if there is one.

    One that is ``saved`` opens as this experiment, ``at`` these values of inputs that do not decide
    the runs; if a card cannot compute that, it has nothing else.
    """
    at = at or {}
    if saved and not is_general(saved):
        return _saved(home, saved, at)
    landscapes = {name: Landscape(name) for name in SURFACES}
    examples = {
        label: _opens(exhibit.experiment)
        for label, exhibit in EXHIBITS.items()
        if is_general(exhibit.experiment)
    }
    controls = card.examples("Exhibits", examples) + card.select(settings.SURFACE, landscapes)
    return _page(home, landscapes, controls, opens=_opens(saved) | dict(at), examples=examples)


def exhibits(home: str = "") -> dict[str, str]:
    """Return a page for every exhibit, by its label."""
    return {label: page(home, exhibit.experiment) for label, exhibit in EXHIBITS.items()}


def is_general(it: Experiment) -> bool:
    """Say whether every card can show an experiment."""
    values = inputs_of(it)
    return values["surface"] != OWN and all(values[key] == BEYOND[key] for key in BEYOND)


def _saved(home: str, it: Experiment, at: Mapping[str, object]) -> str:
    values, name, noise = inputs_of(it), it.landscape.name, it.disturbance()
    return _page(
        home,
        {name: it.landscape},
        "",
        opens=_opens(it) | {"surface": name} | dict(at),
        kept={key: str(values[key]) for key in ("surface", *BESIDE) if key in values},
        noise=None if noise is None else noise.tolist(),
    )


def _page(
    home: str, landscapes: Mapping[str, Landscape], first: str, *, opens: Any, **more: Any
) -> str:
    inputs = card.told(INPUTS)
    if more.get("noise"):
        inputs["steps"] |= dict.fromkeys(["low", "high"], len(more["noise"]))
    baked = {
        "inputs": inputs,
        "opens": opens,
        "names": NAMES,
        "strategies": card.registry(),
        "grounds": {name: _ground(where) for name, where in landscapes.items()},
        "grid": GRID,
        "hold": HOLD,
        "beyond": {key: str(usual) for key, usual in BEYOND.items()},
        "beside": BESIDE,
        **more,
    }
    heights = ",\n".join(f"{json.dumps(k)}: {it.built.javascript}" for k, it in landscapes.items())
    controls = [
        card.select(RULE),
        card.select(MATCHING),
        card.select(OPTIMIZER),
        card.boxes(settings.RUNS_SHOWN, NAMES),
    ]
    return card.card(
        NAME,
        HEADING,
        baked,
        first + "".join(controls),
        home,
        f"const HEIGHTS = {{\n{heights}\n}};\n",
    )


def _opens(it: Experiment | None) -> dict[str, object]:
    values = inputs_of(it) if it else {}
    return {key: values[key] for key in defaults(INPUTS) if key in values}


def _ground(where: Landscape) -> dict[str, Any]:
    """Return what the stage draws under the paths; lines are packed."""
    surface = where.built
    return {
        "layers": surface.layers,
        "window": surface.window,
        "start": surface.start,
        "minima": surface.minima,
        "lowest": surface.lowest,
        "slow": surface.slow or None,
        "contours": [
            [
                {
                    "label": f"{line.height:.3g}",
                    "lines": [_pack(each, plane.window) for each in line.lines],
                }
                for line in isolines(plane)
            ]
            for plane in where.planes
        ],
        "holes": [holes(plane) for plane in where.planes],
    }


def _pack(line: Sequence[Sequence[float]], window: Window) -> list[int]:
    """Write a line as whole numbers: its first point on the grid, then the ways from it on."""
    packed: list[int] = []
    last = [0, 0]
    for point in line:
        sides = zip(point, window, strict=True)
        at = [round(GRID * (x - low) / (high - low)) for x, (low, high) in sides]
        if at != last or not packed:
            packed += [at[0] - last[0], at[1] - last[1]]
            last = at
    return packed
