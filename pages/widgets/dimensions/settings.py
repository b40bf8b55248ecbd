"""The inputs of many random gradients.

Many of them bound each other, and each bound is said: that makes this file long.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite
from re import fullmatch

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.dimensions.distributions import Distribution
from core.dimensions.growth import equal_layers
from core.dimensions.population import LEAST_NU, MOST_DRAWS, MOST_IN_ALL, Basis, Population
from core.matching import Thresholds
from core.notation import MOST_COORDINATES, read_positive, read_sizes, write_number
from core.strategies import Layers
from pages.widgets import controls, inputs
from pages.widgets.inputs import Choice, OneOfMany, Scale, Text, WholeNumber

SIZES = [
    n for decade in range(6) for n in (10**decade, 2 * 10**decade, 3 * 10**decade, 5 * 10**decade)
] + [MOST_COORDINATES]
MOST_LAYERS = 1000
SOON = 2 * 10**7  # numbers drawn in a few seconds


class Unit(StrEnum):
    """What a threshold of 1 means."""

    DEVIATIONS = "standard deviations"
    ABSOLUTE = "absolute"


class View(StrEnum):
    """What of the draws is looked at."""

    HISTOGRAMS = "histograms"
    COORDINATES = "number of coordinates"
    THRESHOLDS = "thresholds"
    DIRECTIONS = "all directions"
    WORST = "worst case"


VIEW = Choice("view", "Look at", View, View.HISTOGRAMS)
DISTRIBUTION = OneOfMany(
    "distribution", "Numbers are drawn from", list(Distribution), Distribution.GAUSSIAN
)
NU = Text(
    "nu", "Degrees of freedom (nu)", "3", f"The fewer, the heavier the tails. At least {LEAST_NU}."
)
COORDINATES = Scale("coordinates", "Numbers in the gradient", SIZES, 100)
UNIT = OneOfMany("unit", "Counted in", list(Unit), Unit.DEVIATIONS)
SIZES_OF_LAYERS = Text(
    "sizes",
    "Layer sizes",
    "",
    f"Such as 100, 900. Empty: equal layers, as many as set below. At most {MOST_LAYERS}.",
)
LAYER_COUNT = WholeNumber(
    "layer_count", "Equal layers", 1, MOST_LAYERS, 4, "At most one layer for each number."
)
DRAWS = Text("draws", "Gradients drawn")
SEED = WholeNumber("draw_seed", "Seed of the draws", 0, 9999, 0)
BASIS = Choice("basis", "Clipped along", Basis, Basis.OWN)


@dataclass(frozen=True)
class Drawn:
    """Random gradients, and how they are clipped."""

    population: Population
    draws: int
    thresholds: Thresholds  # in units of the distribution's scale
    unit: float  # what the reader's thresholds count in; 1 is the scale
    unit_name: str


def draws(view: View, main: DeltaGenerator, others: DeltaGenerator) -> Drawn:
    """Ask for the distribution, the layers, the threshold and how many gradients are drawn.

    What one changes all the time goes to ``main``; what the view does not need is not asked for.
    """
    sized = view is not View.COORDINATES  # there the gradients have all sizes
    first, second, third, fourth = main.columns([2, 2, 1, 1])
    left, middle, right = others.columns(3, gap="large")
    with first:
        distribution = Distribution(DISTRIBUTION.ask())
    with second:
        n = COORDINATES.ask() if sized else COORDINATES.default
    with third:
        threshold = controls.THRESHOLD.ask()
    with fourth:
        counted = UNIT.ask()
    main.caption(distribution.says)
    nu = _read_nu(NU.default)
    with left:
        if distribution is Distribution.STUDENT_T:
            nu = _degrees_of_freedom()
        layers = _layers(n if sized else MOST_LAYERS)  # else only their number counts
    if sized and sum(layers) != n:
        main.caption(f"The layer sizes below decide: {_write_layers(layers)}.")
    with middle:
        count = _count(sum(layers) if sized else 1)
        seed = SEED.ask()
    with right:
        basis = BASIS.ask()
        st.caption(
            "Rotated: all gradients are turned by one random rotation first. How far clip by value "
            "and per layer turn them may depend on that (for Gaussian numbers it does not, but by "
            "chance); by global norm nothing ever turns."
        )
    with others:
        matching = controls.MATCHING.ask()
        st.caption(controls.MATCHINGS[matching])
    thresholds = Thresholds(threshold, matching=matching)
    population = Population(distribution, layers, nu, seed, basis)
    deviation = population.standard_deviation
    if counted == Unit.ABSOLUTE:
        return Drawn(population, count, thresholds, 1.0, "the scale of one number")
    if isfinite(deviation):
        scaled = replace(thresholds, by_value=threshold * deviation)
        return Drawn(population, count, scaled, deviation, counted)
    main.caption(
        "With nu up to 2 there is no finite standard deviation: the threshold is absolute."
    )
    return Drawn(population, count, thresholds, 1.0, "the scale of one number")


def _layers(n: int) -> Layers:
    text, count, most = SIZES_OF_LAYERS.ask(), LAYER_COUNT.ask(), min(n, MOST_LAYERS)

    def read() -> Layers:
        if not text.strip():
            return equal_layers(n, min(count, most))
        layers = read_sizes(text)
        if len(layers) > MOST_LAYERS:
            raise ValueError(f"That is {len(layers):,} layers. Accepted: at most {MOST_LAYERS:,}.")
        return layers

    default = equal_layers(n, min(LAYER_COUNT.default, most))
    return inputs.accepted(SIZES_OF_LAYERS.key, default, read, _write_layers, SIZES_OF_LAYERS.label)


def _write_layers(layers: Layers) -> str:
    numbers, count = sum(layers), len(layers)
    return f"{numbers:,} number{'s'[: numbers > 1]} in {count:,} layer{'s'[: count > 1]}"


def _count(n: int) -> int:
    soon, most = min(1000, SOON // n), min(MOST_DRAWS, MOST_IN_ALL // n)
    hint = f"A whole number up to {most:,}, or nothing: then {soon:,}, which takes a moment."
    text = DRAWS.ask(hint)
    accepted = f"Accepted: a whole number from 1 to {most:,}, or nothing."

    def read() -> int:
        if not text.strip():
            return soon
        if not fullmatch(r"[0-9]{1,9}", text.strip()) or int(text) < 1:
            raise ValueError(f"The gradients drawn are not a whole number. {accepted}")
        if int(text) > most:
            raise ValueError(
                f"{int(text):,} gradients of {n:,} numbers are too many: {MOST_IN_ALL:,} numbers "
                f"in all, and {MOST_DRAWS:,} gradients, are the bound. {accepted}"
            )
        return int(text)

    memory = f"draws of {n}"  # with more numbers, fewer fit
    return inputs.accepted(memory, soon, read, lambda count: f"{count:,} gradients", DRAWS.label)


def _degrees_of_freedom() -> float:
    text = NU.ask()
    return inputs.accepted(
        NU.key, _read_nu(NU.default), lambda: _read_nu(text), write_number, NU.label
    )


def _read_nu(text: str) -> float:
    nu = read_positive(text, "number of degrees of freedom")
    if nu < LEAST_NU:
        raise ValueError(
            f"With nu below {LEAST_NU} the draws are larger than the numbers of a computer. "
            f"Accepted: nu from {LEAST_NU} on."
        )
    return nu
