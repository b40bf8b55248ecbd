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


def draws(notices: DeltaGenerator) -> Drawn:
    """Ask for the distribution, the layers, the threshold and how many gradients are drawn."""
    first, second, third, fourth = st.columns([2, 2, 1, 1])
    with first:
        label = "Numbers are drawn from"
        name = inputs.one_of_many(
            notices, "distribution", label, list(Distribution), Distribution.GAUSSIAN
        )
        distribution = Distribution(name)
    nu = 3.0
    with second:
        n = inputs.scale(notices, "coordinates", "Numbers in the gradient", SIZES, 100)
    with third:
        threshold = controls.threshold(notices)
    with fourth:
        counted = inputs.one_of_many(notices, "unit", "in", list(Unit), Unit.DEVIATIONS)
    st.caption(DISTRIBUTIONS[distribution])
    with st.expander("Layers, draws, basis, matching"):
        left, middle, right = st.columns(3)
        with left:
            if distribution is Distribution.STUDENT_T:
                nu = controls.positive(notices, "nu", "Degrees of freedom (nu)")
            layers = _layers(notices, n)
        with middle:
            seed = inputs.whole_number(notices, "draw_seed", "Seed", 0, 9999, 0)
            basis = inputs.choice(notices, "basis", "Clipped along", Basis, Basis.OWN)
            st.caption(
                "Rotated: all gradients are turned by one random rotation first. That changes what "
                "clip by value does, and per layer; not by global norm."
            )
            population = Population(distribution, layers, nu, seed, basis)
        with right:
            count = _count(notices, population.n)
            matching = controls.matching(notices)
    deviation = population.standard_deviation
    unit = deviation if counted == Unit.DEVIATIONS and isfinite(deviation) else 1.0
    if not isfinite(deviation) and counted == Unit.DEVIATIONS:
        st.caption(
            "Student's t with nu up to 2 has no finite standard deviation: the threshold counts in "
            "its scale, which half of the numbers roughly exceed."
        )
    name = "standard deviations" if unit == deviation and counted == Unit.DEVIATIONS else "scales"
    return Drawn(population, count, threshold * unit, matching, unit, name)


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
