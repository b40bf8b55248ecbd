"""One gradient against every threshold: its whole curves, from one sort.

Tiny angles beside huge numbers keep their digits: that makes this file long.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.clipping import ORDINARY, Powers, as_gradient, as_thresholds, rounded, wide_norms
from core.strategies import Array, Layers, Singletons, Strategy

CHUNK = 2**17  # norms summed at a time: few enough for the cache
TRIED = 64  # thresholds at a time in the search for an angle


@dataclass(frozen=True)
class Curve:
    """What clip does to a gradient at every threshold, each of shape (T,)."""

    angle: Array  # in radians; NaN for a zero gradient
    magnitude_loss: Array  # NaN for a zero gradient
    clipped_fraction: Array  # the share of the coordinates that clipping changed


def curve(gradient: ArrayLike, layers: Layers, strategy: Strategy, thresholds: ArrayLike) -> Curve:
    """Return what `core.clipping.clip` does to a gradient ``(n,)`` at thresholds ``(T,)``.

    The results are float64, and as accurate where they are tiny. The whole turns and shrinks as the
    vector of the blocks' norms does when each is cut to its limit. Thresholds are rounded to the
    gradient's type, as clip does it. Takes O(n log n + T log n) time.

    Raises ValueError for gradients that are not finite or not of shape (n,), and as clip does.
    """
    vectors = as_gradient(gradient)
    limits = as_thresholds(np.asarray(thresholds)[..., np.newaxis], 1, vectors.dtype)
    if limits.ndim != 2:
        raise ValueError(f"thresholds must have shape (T,), got {np.shape(thresholds)}")
    blocks = _blocks(vectors, layers, strategy)
    reached = limits[:, 0].astype(np.float64)
    angle, loss = _turn(blocks, reached)
    passed = _passed(blocks.ratios, reached)
    if blocks.present is None:
        clipped = len(blocks.ratios) - passed
    else:
        clipped = np.append(np.cumsum(blocks.present[::-1])[::-1], 0)[passed]
    return Curve(angle, loss, clipped / len(vectors))


def threshold_for_angle(
    gradient: ArrayLike, layers: Layers, strategy: Strategy, angle: float
) -> float:
    """Return the largest threshold at which a gradient ``(n,)`` turns by at least so many radians.

    The angle never grows with the threshold. For 0 it is the smallest that leaves the gradient
    alone, as for `core.matching.threshold_for_length`, which finds the threshold for a length.

    Raises ValueError for an angle that is out of reach, for a zero gradient, and as `curve` does.
    """
    blocks = _blocks(as_gradient(gradient), layers, strategy)
    low, high = _range(blocks.ratios)
    if angle <= 0:
        return high
    most, least = _turn(blocks, np.array([low, high]))[0]
    if not angle <= most:
        raise ValueError(f"angle must be at most {most}, that at tiny thresholds, got {angle}")
    if angle <= least:  # the longest norm is out of range
        return high
    while np.nextafter(low, high) < high:  # the angle is reached at low and not at high
        with np.errstate(over="ignore"):
            between = np.clip(np.geomspace(low, high, TRIED), low, high)
        tried = np.unique([*between, low, low + (high - low) / 2, high])
        last = np.flatnonzero(_turn(blocks, tried[:-1])[0] >= angle).max(initial=0)
        low, high = tried[last], tried[last + 1]
    return float(low)


def threshold_for_clipped_fraction(
    gradient: ArrayLike, layers: Layers, strategy: Strategy, fraction: float
) -> float:
    """Return the largest threshold that clips at least this share of a gradient ``(n,)``.

    It lies just below a norm. For 0 it is the smallest that leaves the gradient alone. Raises
    ValueError for a share above that of the nonzero coordinates, as in a zero gradient any is,
    and as `curve` does.
    """
    vectors = as_gradient(gradient)
    blocks = _blocks(vectors, layers, strategy)
    ratios, present = blocks.ratios, blocks.present
    if fraction <= 0:
        return _range(ratios)[1]
    n, most = len(vectors), np.count_nonzero(vectors)
    if not fraction <= most / n:
        raise ValueError(f"fraction must be at most {most / n}, that of nonzero, got {fraction}")
    # The quotient is compared as it will be measured, for the product may have rounded.
    guess = math.floor(fraction * n)
    needed = next(k for k in range(max(guess - 1, 1), n + 1) if k / n >= fraction)
    last = needed - 1 if present is None else np.searchsorted(np.cumsum(present[::-1]), needed)
    return float(np.nextafter(ratios[len(ratios) - 1 - last], ratios.dtype.type(0)))


@dataclass(frozen=True)
class _Sorted:
    """The blocks of a gradient, of which a rising threshold lets the first ones pass first."""

    ratios: Array  # (m,): the thresholds below which each begins to be clipped
    weights: Array | None  # (m,): the squared length of each at a ratio of 1; None if alike
    present: NDArray[np.intp] | None  # (m,): nonzero coordinates; None stands for one number each
    power: int  # of two, by which ratios are divided so that squares of what matters are in range
    divided: Array | None = None  # (m,): these, where a ratio may be out of range; None if none is

    def lengths(self, at: slice | NDArray[np.intp]) -> Array:
        """Return some of the ratios in float64, divided."""
        if self.divided is not None:
            return self.divided[at]
        return np.asarray(self.ratios[at].astype(np.float64) * 2.0**-self.power)


def _blocks(vectors: Array, layers: Layers, strategy: Strategy) -> _Sorted:
    if vectors.ndim != 1 or not np.isfinite(vectors).all():
        raise ValueError(f"gradient must be finite and of shape (n,), got shape {vectors.shape}")
    blocks = strategy.blocks(layers)
    norms, powers = wide_norms(vectors, blocks)
    if isinstance(blocks, Singletons):
        norms.sort()
        return _Sorted(norms, None, None, _power(norms[-1:], powers))
    units = strategy.units(layers)
    numbers = norms / units.astype(norms.dtype)
    ratios = rounded(numbers, powers)
    order = np.argsort(ratios)
    weights = None if units.size == 1 else units[order] ** 2
    starts = np.cumsum((0, *blocks[:-1]))
    present = np.add.reduceat(vectors != 0, starts, dtype=np.intp)[order]
    power, divided = _power(numbers, powers), None
    if powers is not ORDINARY:
        divided = np.ldexp(numbers[order].astype(np.float64), powers[order] - power)
    return _Sorted(ratios[order], weights, present, power, divided)


def _power(numbers: Array, powers: Powers) -> int:
    """Return a power of two, as large as the largest of numbers, whose inverse is in range."""
    exponents = np.frexp(numbers)[1] + powers
    return int(exponents[numbers > 0].max(initial=-1000))


def _range(norms: Array) -> tuple[float, float]:
    """Return the smallest norm that is not zero, and the largest, or else the largest number."""
    if norms[-1] == 0:
        raise ValueError("a zero gradient has no angle, and nothing to clip")
    last = min(norms[-1], np.finfo(norms.dtype).max)
    return float(norms[_passed(norms, np.zeros(1))[0]]), float(last)


def _passed(norms: Array, limits: Array) -> NDArray[np.intp]:
    """Return how many of the sorted norms ``(m,)`` are at most the limits (T,)."""
    below = limits.astype(norms.dtype)  # for else all norms would be copied as float64
    below = np.where(below > limits, np.nextafter(below, norms.dtype.type(0)), below)
    return np.searchsorted(norms, below, side="right")


def _turn(blocks: _Sorted, limits: Array) -> tuple[Array, Array]:
    """Return angles and magnitude losses ``(T,)`` of sorted blocks, cut to the limits ``(T,)``.

    With g = u + r: |g x u|^2 = |u|^2 |r|^2 - <u, r>^2 is sum(x^2 | x <= v) |r|^2 + v^2 p w,
    with p the weight of those that are cut (their number, if all weigh 1) and w the weighted sum of
    their squared distances from their mean. All are sums of positive terms, built up from the
    largest down, so that a tiny angle is not what is left of a difference.
    """
    largest = float(blocks.ratios[-1])
    if largest == 0:
        return np.full(limits.shape, np.nan), np.full(limits.shape, np.nan)
    edges, places = np.unique(np.minimum(limits, largest), return_inverse=True)
    heavy, middles, first, second, squares = _segments(blocks, edges)
    low = edges * 2.0**-blocks.power
    high = np.append(low[1:], blocks.lengths(np.s_[-1:]))
    own = _or_one(heavy[1:])
    cut = _from_above(heavy[1:])
    beyond = np.append(cut[1:], 0)
    excess = _from_above(heavy[1:] * (middles[1:] - low) + first[1:] + beyond * (high - low))
    # Squared distances from the mean add up over segments, but for the distance of their means.
    apart = np.append(excess[1:], 0) / _or_one(beyond) + (high - middles[1:] - first[1:] / own)
    spread = np.maximum(second[1:] - first[1:] ** 2 / own, 0)
    spread = _from_above(spread + heavy[1:] * (beyond / _or_one(cut)) * apart**2)
    lost = spread + excess**2 / _or_one(cut)
    # In units of the threshold: beside the largest norm this may underflow.
    kept = squares[:-1].copy()
    for i in range(1, len(edges)):
        kept[i] += kept[i - 1] * (edges[i - 1] / edges[i]) ** 2
    angle = np.arctan2(np.sqrt(kept * lost + cut * spread), kept * low + excess + cut * low)
    after = low**2 * (kept + cut)
    taken = lost + 2 * low * excess
    loss = taken / (after + taken + np.sqrt(after + taken) * np.sqrt(after))
    return angle[places], loss[places]


def _segments(blocks: _Sorted, edges: Array) -> tuple[Array, ...]:
    """Sum over the sorted blocks between edges ``(E,)``, giving five arrays ``(E + 1,)``.

    Of each segment: the weight, the middle ratio, the weighted sums of distances and squared
    distances to that, all of them divided; and of squares in units of the segment's upper edge. The
    middle one is at most a standard deviation from the mean, so shifting to the mean is safe.
    """
    ratios, weights = blocks.ratios, blocks.weights
    cuts = np.concatenate([[0], _passed(ratios, edges), [len(ratios)]])
    middles = blocks.lengths(np.minimum((cuts[:-1] + cuts[1:]) // 2, len(ratios) - 1))
    tops = np.append(edges, np.inf)  # squares above the last edge are of no use
    heavy = np.diff(cuts).astype(np.float64)
    if weights is not None:
        heavy = np.diff(np.append(0.0, np.cumsum(weights))[cuts])
    sums = np.zeros((3, len(heavy)))
    for start in range(0, len(ratios), CHUNK):
        some = np.s_[start : start + CHUNK]
        part = ratios[some].astype(np.float64)
        inside = np.clip(cuts, start, start + len(part)) - start
        at = np.flatnonzero(np.diff(inside))
        sizes, starts = np.diff(inside)[at], inside[at]
        away = blocks.lengths(some) - np.repeat(middles[at], sizes)
        with np.errstate(invalid="ignore"):  # of an infinite ratio
            part /= np.repeat(tops[at], sizes)
        for total, terms in zip(sums, (away, away * away, part * part), strict=True):
            weighted = terms if weights is None else terms * weights[some]
            total[at] += np.add.reduceat(weighted, starts)
    return heavy, middles, *sums


def _from_above(terms: Array) -> Array:
    return np.cumsum(terms[::-1])[::-1]


def _or_one(numbers: Array) -> Array:
    """Return numbers to divide by; what is divided by 1 is 0."""
    return np.where(numbers > 0, numbers, 1)
