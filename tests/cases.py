"""What the tests draw their cases from, and how far rounding may carry them."""

import math

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import DTypeLike

from core.clipping import Clipper, Rule
from core.strategies import Array, Layers, Partition, Strategy

# Slow machines are no fault of the code; all else stays as Hypothesis or CI has it.
settings.register_profile(
    "patient",
    settings(),
    deadline=None,
    max_examples=50,  # of each of a hundred laws: half a minute together
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("patient")


def unregistered() -> Strategy:
    """Make a strategy that is not in the registry: per layer, by root mean square.

    What holds of all strategies must not hang on those that there are, nor on their units.
    """
    rms = str.__new__(Strategy, "rms")
    rms._name_, rms._value_, rms.label = "RMS", "rms", "per layer by root mean square"
    rms.partition_by, rms.look, rms.exponent = Partition.LAYERS, Strategy.LAYER.look, 0.5
    return rms


RMS = unregistered()
ALL_STRATEGIES = (*Strategy, RMS)
# Where a length meets the threshold itself: a quotient may round across it.
IN_LENGTHS = [strategy for strategy in ALL_STRATEGIES if not strategy.exponent]


def rounding(n: int, dtype: DTypeLike = np.float64) -> float:
    """Bound the relative error of a gradient of n numbers after clipping by a norm.

    With u = eps / 2, n products and their sum err by n u, which the root halves; the root, the
    scaling against overflow (twice), the quotient and the product add 5 u: (n + 10) eps / 4.
    Doubled, because what it is compared with rounds too.
    """
    return float((n + 10) * np.finfo(dtype).eps / 2)


def parts(gradient: Array, sizes: tuple[int, ...]) -> list[Array]:
    """Split a gradient ``(..., n)`` into its blocks."""
    return np.split(gradient, np.cumsum(sizes)[:-1], axis=-1)


def limits(strategy: Strategy, threshold: float, layers: Layers) -> Array:
    """Return how long every block may be, one number each."""
    count = len(strategy.blocks(layers))
    return np.broadcast_to(strategy.limits(threshold, layers), count)


DTYPES = (np.float32, np.float64)
ORDINARY, EXTREME = 10, 99  # sizes from 2**-10 to 2**10, and from 1.6e-30 to 6.3e29


def stretch(spread: Array | float, power: int) -> Array:
    """Map [-1, 1] to zero and the numbers of either sign from ``2**-power`` to ``2**power``."""
    return np.sign(spread) * 2.0 ** (power * (2 * np.abs(spread) - 1))


ordinary = st.floats(-1, 1).map(lambda spread: float(stretch(spread, ORDINARY)))
extreme = st.floats(-1, 1).map(lambda spread: float(stretch(spread, EXTREME)))
ordinary_sizes = st.floats(2.0**-ORDINARY, 2.0**ORDINARY)
extreme_sizes = st.builds(
    lambda power, digits: digits * 2.0**power, st.integers(-EXTREME, EXTREME - 1), st.floats(1, 2)
)
thresholds = ordinary_sizes | extreme_sizes
strategies = st.sampled_from(ALL_STRATEGIES)
rules = st.sampled_from(Rule)
signs = st.sampled_from([-1.0, 1.0])
clippers = st.builds(Clipper, strategies, thresholds, rules)
layer_sizes = st.lists(st.integers(1, 8), min_size=1, max_size=8).map(tuple)


@st.composite
def layered_gradients(
    draw: st.DrawFn, *batch: int, powers: tuple[int, ...] = (ORDINARY, EXTREME)
) -> tuple[Array, Layers]:
    """Draw gradients ``(*batch, n)``, n = 1..64, and the sizes of their 1..8 layers.

    Their entries are as `stretch` makes them, with one of the powers.
    """
    layers = draw(layer_sizes)
    power = draw(st.sampled_from(powers))
    shape = (*batch, sum(layers))
    spread = draw(arrays(np.float64, shape, elements=st.floats(-1, 1), fill=st.nothing()))
    return stretch(spread, power), layers


def ordinary_gradients(*batch: int) -> st.SearchStrategy[tuple[Array, Layers]]:
    """Draw gradients whose entries are of the size that people meet."""
    return layered_gradients(*batch, powers=(ORDINARY,))


def whole_range(dtype: DTypeLike) -> st.SearchStrategy[float]:
    """Draw positive numbers of a type: all powers of two alike, subnormal to the largest."""
    info = np.finfo(dtype)
    lowest = info.minexp - info.nmant
    drawn = st.builds(math.ldexp, st.floats(1, 2, width=32), st.integers(lowest, info.maxexp - 2))
    edges = info.max, info.tiny, info.smallest_subnormal
    return (drawn | st.sampled_from(edges)).map(lambda x: float(np.asarray(x, dtype)))


@st.composite
def gradients_of_whole_range(draw: st.DrawFn, dtype: DTypeLike) -> tuple[Array, Layers]:
    """Draw a gradient ``(n,)`` that mixes few or many sizes, and the sizes of its layers."""
    layers = draw(layer_sizes)
    size = whole_range(dtype) | st.just(0.0)
    few = st.sampled_from(draw(st.lists(size, min_size=1, max_size=3)))
    element = st.builds(lambda x, sign: sign * x, draw(st.sampled_from([few, few | size])), signs)
    return draw(arrays(dtype, sum(layers), elements=element, fill=st.nothing())), layers


class Clock:
    """A time that passes when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now
