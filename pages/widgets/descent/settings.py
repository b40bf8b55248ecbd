"""The inputs of a descent."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.descent.experiment import NO_NOISE, OWN, Experiment, Landscape
from core.noise import DISTURBANCES
from core.notation import read_gradient, write_gradient, write_number
from core.runs import RUNS
from core.strategies import Layers
from core.surfaces.table import SURFACES
from pages.widgets import controls, inputs

MOST_STEPS = 2000
BEYOND = "Beyond the last step, the last is shown."
ONE_PLANE = "none"


def landscape() -> Landscape:
    """Ask for the loss: a surface, perhaps the reader's own, rotated, perhaps one more layer."""
    left, middle, right = st.columns([2, 2, 2])
    with left:
        surface = _one("surface", "Loss", [*SURFACES, OWN])
        formula = str(controls.DEFAULTS["formula"])
        if surface == OWN:
            hint = "In x and y, with + - * / ^, parentheses, sqrt, exp, log, abs, sin, cos, tanh …"
            formula = inputs.text("formula", "Formula", formula, hint)
    with middle:
        degrees = inputs.slider("phi", "Rotated by (degrees)", -180, 180, 0)
    with right:
        second = _one("second", "Loss of a second layer", [ONE_PLANE, *SURFACES])
    other = "" if second == ONE_PLANE else second

    def read() -> Landscape:
        wanted = Landscape(surface, formula if surface == OWN else "", degrees, other)
        _ = wanted.built  # raises for a formula that cannot be read
        return wanted

    default = Landscape()
    with left:
        return inputs.accepted("landscape", default, read, lambda it: it.name)


def experiment(choices: DeltaGenerator, where: Landscape) -> tuple[Experiment, int]:
    """Ask for all that decides the runs, in ``choices`` for what is chosen most; and for a step."""
    first, second, third, fourth = st.columns(4)
    with first:
        start = _start(where)
    with second:
        rate = controls.positive("learning_rate", "Learning rate")
    with third:
        threshold = controls.threshold()
    with fourth:
        steps = inputs.whole_number("steps", "Steps", 1, MOST_STEPS, 500)
    with choices:
        rule, matching = controls.rule(), controls.matching()
        runs = inputs.several("runs", "Runs", RUNS)
    shown, noises, scales, seeds = st.columns(4)
    with noises:
        noise = _one("noise", "Noise", [NO_NOISE, *DISTURBANCES])
    scale, seed = 1.0, 0
    if noise != NO_NOISE:
        with scales:
            scale = controls.positive("noise_scale", "Noise scale")
        with seeds:
            seed = inputs.whole_number("noise_seed", "Noise seed", 0, 9999, 0)
    with shown:
        step = inputs.whole_number("step", "Step shown", 0, MOST_STEPS, MOST_STEPS, BEYOND)
    everything = Experiment(
        where, start, rate, threshold, rule, matching, runs, steps, noise, scale, seed
    )
    return everything, min(step, steps)


def choose(learning_rate: float, threshold: float) -> None:
    """Set the learning rate and the threshold, from a callback."""
    inputs.set_inputs(learning_rate=write_number(learning_rate), threshold=write_number(threshold))


def _start(where: Landscape) -> tuple[float, ...]:
    own = where.built.start
    layers: Layers = where.built.layers
    example = write_gradient(own, layers)
    text = inputs.text("start", "Start", "", f"Such as {example}. Empty: where this loss begins.")

    def read() -> tuple[float, ...]:
        if not text.strip():
            return own
        numbers, groups = read_gradient(text)
        if {len(numbers), len(own)} == {2, 4}:  # a layer came or went: the other keeps its start
            return (*map(float, numbers), *own[2:])[: len(own)]
        if len(numbers) != len(own) or (len(groups) > 1 and groups != layers):
            raise ValueError(
                f"The start needs {len(own)} numbers. Accepted: such as {example}, or nothing."
            )
        return tuple(map(float, numbers))

    memory = f"start of {len(own)}"  # another number of planes has another memory
    start = inputs.accepted(memory, own, read, lambda it: write_gradient(it, layers))
    sides = zip(start, where.built.window, strict=True)
    if not all(low <= x <= high for x, (low, high) in sides):
        st.caption("It lies outside of the picture.")
    return start


def _one(key: str, label: str, options: list[str]) -> str:
    return inputs.one_of_many(key, label, options, str(controls.DEFAULTS[key]))
