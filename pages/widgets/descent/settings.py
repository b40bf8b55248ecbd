"""The inputs of a descent."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.descent.experiment import NO_NOISE, OWN, Experiment, Landscape
from core.matching import Thresholds
from core.noise import DISTURBANCES
from core.notation import read_gradient, write_gradient, write_number
from core.runs import RELEASED_RUNS, RUNS, Run
from core.strategies import Layers
from core.surfaces.table import SURFACES
from pages.widgets import controls, inputs
from pages.widgets.descent.optimizer import OPTIMIZER
from pages.widgets.inputs import OneOfMany, Positive, Several, Slider, Text, Toggle, WholeNumber

MOST_STEPS = 2000
ONE_PLANE = "none"

SURFACE = OneOfMany(
    "surface",
    "Loss",
    [*SURFACES, OWN],
    "Rosenbrock",
    "What training makes small; here it is the height over a plane of two weights.",
)
FORMULA = Text(
    "formula",
    "Formula",
    "(1 - x)^2 + 100*(y - x^2)^2",
    "In x and y, with + - * / ^, parentheses, sqrt, exp, log, abs, sin, cos, tanh …",
)
PHI = Slider("phi", "Rotated by (degrees)", -180, 180, 0)
SECOND = OneOfMany("second", "Loss of a second layer", [ONE_PLANE, *SURFACES], ONE_PLANE)
START = Text("start", "Start")
LEARNING_RATE = Positive(
    "learning_rate", "Learning rate", "0.01", "How far a step goes where the gradient has length 1."
)
STEPS = WholeNumber("steps", "Steps", 1, MOST_STEPS, 500)
STEP = WholeNumber(
    "step", "Step shown", 0, MOST_STEPS, MOST_STEPS, "If it is the last step, it follows Steps."
)
RUNS_SHOWN: Several[Run] = Several("runs", "Runs", RUNS, RELEASED_RUNS)
NOISE = OneOfMany("noise", "Noise", [NO_NOISE, *DISTURBANCES], NO_NOISE)
NOISE_SCALE = Positive("noise_scale", "Noise scale", "1")
NOISE_SEED = WholeNumber("noise_seed", "Noise seed", 0, 9999, 0)
PLAY = Toggle("play", "Play at once")


def landscape() -> Landscape:
    """Ask for the loss: a surface, perhaps the reader's own, rotated, perhaps one more layer."""
    left, middle, right = st.columns([2, 2, 2])
    with left:
        surface = SURFACE.ask()
        formula = FORMULA.ask() if surface == OWN else ""
    with middle:
        degrees = PHI.ask()
    with right:
        second = SECOND.ask()
    other = "" if second == ONE_PLANE else second

    def read() -> Landscape:
        wanted = Landscape(surface, formula, degrees, other)
        _ = wanted.built  # raises for a formula that cannot be read
        return wanted

    default = Landscape(surface, FORMULA.default if surface == OWN else "", degrees, other)
    with left:
        return inputs.accepted("landscape", default, read, lambda it: it.name, FORMULA.label)


def experiment(choices: DeltaGenerator, where: Landscape) -> tuple[Experiment, int]:
    """Ask for all that decides the runs, in ``choices`` for what is chosen most; and for a step."""
    first, second, third, fourth = st.columns(4)
    with first:
        start = _start(where)
    with second:
        rate = LEARNING_RATE.ask()
    with third:
        threshold = controls.THRESHOLD.ask()
    with fourth:
        steps = STEPS.ask()
    with choices:
        rule, matching = controls.RULE.ask(), controls.MATCHING.ask()
        runs = RUNS_SHOWN.ask()
        optimizer = OPTIMIZER.ask()
    shown, noises, scales, seeds = st.columns(4)
    with noises:
        noise = NOISE.ask()
    scale, seed = NOISE_SCALE.usual, NOISE_SEED.default
    if noise != NO_NOISE:
        with scales:
            scale = NOISE_SCALE.ask()
        with seeds:
            seed = NOISE_SEED.ask()
    with shown:
        step = STEP.ask(steps)
    everything = Experiment(
        landscape=where,
        start=start,
        learning_rate=rate,
        thresholds=Thresholds(threshold, rule, matching),
        runs=runs,
        steps=steps,
        noise=noise,
        noise_scale=scale,
        seed=seed,
        optimizer=optimizer,
    )
    return everything, step


def choose(learning_rate: float, threshold: float) -> None:
    """Set the learning rate and the threshold, from a callback."""
    inputs.set_inputs(learning_rate=write_number(learning_rate), threshold=write_number(threshold))


def _start(where: Landscape) -> tuple[float, ...]:
    own = where.built.start
    layers: Layers = where.built.layers
    example = write_gradient(own, layers)
    text = START.ask(f"Such as {example}. Empty: where this loss begins.")

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
    start = inputs.accepted(memory, own, read, lambda it: write_gradient(it, layers), START.label)
    sides = zip(start, where.built.window, strict=True)
    if not all(low <= x <= high for x, (low, high) in sides):
        st.caption("It lies outside of the picture.")
    return start
