"""The inputs of many random gradients."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.clipping import Layers
from core.distributions import Distribution
from core.growth import equal_layers
from core.matching import Matching
from core.notation import MOST_COORDINATES, read_sizes
from core.population import LARGEST, MOST, Basis, Population
from pages.widgets import controls, inputs

SIZES = [
    n for decade in range(6) for n in (10**decade, 2 * 10**decade, 3 * 10**decade, 5 * 10**decade)
] + [MOST_COORDINATES]
MOST_LAYERS = 1000
DISTRIBUTIONS = {
    Distribution.GAUSSIAN: "Every number is drawn from the normal distribution.",
    Distribution.LAPLACE: "Two exponentials back to back: tails somewhat heavier than normal.",
    Distribution.UNIFORM: "Every number between −1 and 1 is equally likely.",
    Distribution.STUDENT_T: "Heavy tails: the smaller nu, the heavier. Up to nu = 2 the variance "
    "is infinite.",
    Distribution.SPARSE_SPIKES: "Normal, but one number in a hundred is a thousand times larger.",
    Distribution.DOMINANT: "Normal, but the first number is a thousand times larger.",
    Distribution.POWER_LAW: "Normal, the i-th number with standard deviation 1/i.",
    Distribution.LAYER_SCALES: "Normal, with standard deviation 1 in the first layer, 0.001 in the "
    "last, and equal ratios between.",
}


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


@dataclass(frozen=True)
class Drawn:
    """Random gradients, and how they are clipped."""

    population: Population
    draws: int
    threshold: float  # of clip by value, in units of the distribution's scale
    matching: Matching
    unit: float  # what the reader's thresholds count in; 1 is the scale
    unit_name: str


def draws(notices: DeltaGenerator, main: DeltaGenerator, others: DeltaGenerator) -> Drawn:
    """Ask for the distribution, the layers, the threshold and how many gradients are drawn.

    What one changes all the time goes to ``main``.
    """
    first, second, third, fourth = main.columns([2, 2, 1, 1])
    left, middle, right = others.columns(3, gap="large")
    with first:
        label, normal = "Numbers are drawn from", Distribution.GAUSSIAN
        name = inputs.one_of_many(notices, "distribution", label, list(Distribution), normal)
        distribution = Distribution(name)
    with second:
        n = inputs.scale(notices, "coordinates", "Numbers in the gradient", SIZES, 100)
    with third:
        threshold = controls.threshold(notices)
    with fourth:
        counted = inputs.one_of_many(notices, "unit", "in", list(Unit), Unit.DEVIATIONS)
    main.caption(DISTRIBUTIONS[distribution])
    nu = 3.0
    with left:
        if distribution is Distribution.STUDENT_T:
            nu = controls.positive(notices, "nu", "Degrees of freedom (nu)")
        layers = _layers(notices, n)
    with middle:
        count = _count(notices, sum(layers))
        seed = inputs.whole_number(notices, "draw_seed", "Seed of the draws", 0, 9999, 0)
    with right:
        basis = inputs.choice(notices, "basis", "Clipped along", Basis, Basis.OWN)
        st.caption(
            "Rotated: all gradients are turned by one random rotation first. That changes what "
            "clip by value and per layer do, and not what clip by global norm does."
        )
    with others:
        matching = controls.matching(notices)
        st.caption(controls.MATCHINGS[matching])
    population = Population(distribution, layers, nu, seed, basis)
    deviation = population.standard_deviation
    if counted == Unit.ABSOLUTE:
        return Drawn(population, count, threshold, matching, 1.0, "the scale of one number")
    if isfinite(deviation):
        return Drawn(
            population, count, threshold * deviation, matching, deviation, "standard deviations"
        )
    main.caption(
        "With nu up to 2 there is no finite standard deviation: the threshold is absolute, and "
        "about half of the numbers are larger than 1."
    )
    return Drawn(population, count, threshold, matching, 1.0, "the scale of one number")


def _layers(notices: DeltaGenerator, n: int) -> Layers:
    hint = f"Such as 100, 900. Empty: equal layers, as many as set below. At most {MOST_LAYERS}."
    text = inputs.text("sizes", "Layer sizes", "", hint)
    most = min(n, MOST_LAYERS)
    count = inputs.whole_number(notices, "layer_count", "Equal layers", 1, MOST_LAYERS, 4)

    def read() -> Layers:
        if not text.strip():
            return equal_layers(n, min(count, most))
        layers = read_sizes(text)
        if len(layers) > MOST_LAYERS:
            raise ValueError(f"That is {len(layers):,} layers. Accepted: at most {MOST_LAYERS:,}.")
        return layers

    default = equal_layers(n, min(4, most))
    return inputs.accepted(notices, "sizes", default, read, _write_layers)


def _write_layers(layers: Layers) -> str:
    return f"{sum(layers):,} numbers in {len(layers):,} layers"


def _count(notices: DeltaGenerator, n: int) -> int:
    wanted = inputs.whole_number(notices, "draws", "Gradients drawn", 1, MOST, 1000)
    fits = min(MOST, LARGEST // n)

    def read() -> int:
        if wanted > fits:
            raise ValueError(
                f"{wanted:,} gradients of {n:,} numbers are more than {LARGEST:,} numbers in all. "
                f"Accepted: at most {fits:,} gradients."
            )
        return wanted

    default = min(1000, fits)
    return min(inputs.accepted(notices, "draws", default, read, str), fits)
