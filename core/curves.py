"""One gradient against every threshold: its whole curves, from one sort."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.clipping import SHRINK, as_gradient, as_thresholds, block_norms
from core.strategies import Array, Layers, Singletons, Strategy

CHUNK = 2**17  # norms summed at a time: few enough for the cache
TINY = 5e-324  # the smallest threshold
TRIED = 64  # thresholds at a time in the search for an angle


@dataclass(frozen=True)
class Curve:
    """What clip does to a gradient at every threshold, each of shape (T,)."""

    angle: Array  # in radians; NaN for a zero gradient
    magnitude_loss: Array  # NaN for a zero gradient
    clipped_fraction: Array  # the share of the coordinates that clipping changed


def curve(gradient: ArrayLike, layers: Layers, strategy: Strategy, thresholds: ArrayLike) -> Curve:
    """Return what `core.clipping.clip` does to a gradient ``(n,)`` at thresholds ``(T,)``.

    The results are float64, and as accurate where they are tiny. By layer and by global norm the
    whole turns and shrinks as the vector of the norms does when it is clipped by value. Thresholds
    are rounded to the gradient's type, as clip does it. Takes O(n log n + T log n) time.

    Raises ValueError for gradients that are not finite or not of shape (n,), and as clip does.
    """
    vectors = as_gradient(gradient)
    limits = as_thresholds(np.asarray(thresholds)[..., np.newaxis], 1, vectors.dtype)
    if limits.ndim != 2:
        raise ValueError(f"thresholds must have shape (T,), got {np.shape(thresholds)}")
    norms, present, unit = _blocks(vectors, layers, strategy)
    reached = np.maximum(limits[:, 0].astype(np.float64) / unit, TINY)
    angle, loss = _turn(norms, reached)
    passed = _passed(norms, reached)
    if present is None:
        clipped = len(norms) - passed
    else:
        clipped = np.append(np.cumsum(present[::-1])[::-1], 0)[passed]
    return Curve(angle, loss, clipped / len(vectors))


def threshold_for_angle(
    gradient: ArrayLike, layers: Layers, strategy: Strategy, angle: float
) -> float:
    """Return the largest threshold at which a gradient ``(n,)`` turns by at least so many radians.

    The angle never grows with the threshold. For 0 it is the smallest that leaves the gradient
    alone, as for `core.matching.threshold_for_length`, which finds the threshold for a length.

    Raises ValueError for an angle that is out of reach, for a zero gradient, and as `curve` does.
    """
    norms, _, unit = _blocks(as_gradient(gradient), layers, strategy)
    low, high = _range(norms)
    if angle <= 0:
        return high * unit
    most = _turn(norms, np.array([low]))[0][0]
    if not angle <= most:
        raise ValueError(f"angle must be at most {most}, that at tiny thresholds, got {angle}")
    while np.nextafter(low, high) < high:  # the angle is reached at low and not at high
        between = np.clip(np.geomspace(low, high, TRIED), low, high)
        tried = np.unique([*between, low, low + (high - low) / 2, high])
        last = np.flatnonzero(_turn(norms, tried[:-1])[0] >= angle).max(initial=0)
        low, high = tried[last], tried[last + 1]
    return float(low * unit)


def threshold_for_clipped_fraction(
    gradient: ArrayLike, layers: Layers, strategy: Strategy, fraction: float
) -> float:
    """Return the largest threshold that clips at least this share of a gradient ``(n,)``.

    It lies just below a norm. For 0 it is the smallest that leaves the gradient alone. Raises
    ValueError for a share above that of the nonzero coordinates, as in a zero gradient any is,
    and as `curve` does.
    """
    vectors = as_gradient(gradient)
    norms, present, unit = _blocks(vectors, layers, strategy)
    if fraction <= 0:
        return _range(norms)[1] * unit
    n, most = len(vectors), np.count_nonzero(vectors)
    if not fraction <= most / n:
        raise ValueError(f"fraction must be at most {most / n}, that of nonzero, got {fraction}")
    # The quotient is compared as it will be measured, for the product may have rounded.
    guess = math.floor(fraction * n)
    needed = next(k for k in range(max(guess - 1, 1), n + 1) if k / n >= fraction)
    last = needed - 1 if present is None else np.searchsorted(np.cumsum(present[::-1]), needed)
    return float(np.nextafter(norms[len(norms) - 1 - last], norms.dtype.type(0))) * unit


def _blocks(
    vectors: Array, layers: Layers, strategy: Strategy
) -> tuple[Array, NDArray[np.intp] | None, float]:
    """Return the blocks' norms, sorted, their nonzero coordinates, and the unit of the norms.

    By value, None stands for one coordinate each.
    """
    if vectors.ndim != 1 or not np.isfinite(vectors).all():
        raise ValueError(f"gradient must be finite and of shape (n,), got shape {vectors.shape}")
    blocks, unit = strategy.blocks(layers), 1.0
    norms = block_norms(vectors, blocks)
    if isinstance(blocks, Singletons):
        norms.sort()
        return norms, None, unit
    if np.isinf(norms).any():  # the norm alone is out of range
        norms, unit = block_norms(vectors / SHRINK, blocks), SHRINK
    order = np.argsort(norms)
    starts = np.cumsum((0, *blocks[:-1]))
    return norms[order], np.add.reduceat(vectors != 0, starts, dtype=np.intp)[order], unit


def _range(norms: Array) -> tuple[float, float]:
    """Return the smallest norm that is not zero, and the largest."""
    if norms[-1] == 0:
        raise ValueError("a zero gradient has no angle, and nothing to clip")
    return float(norms[_passed(norms, np.zeros(1))[0]]), float(norms[-1])


def _passed(norms: Array, limits: Array) -> NDArray[np.intp]:
    """Return how many of the sorted norms ``(m,)`` are at most the limits (T,)."""
    rounded = limits.astype(norms.dtype)  # for else all norms would be copied as float64
    below = np.where(rounded > limits, np.nextafter(rounded, norms.dtype.type(0)), rounded)
    return np.searchsorted(norms, below, side="right")


def _turn(norms: Array, limits: Array) -> tuple[Array, Array]:
    """Return angles and magnitude losses ``(T,)`` of sorted norms, cut to the limits ``(T,)``.

    With g = u + r: |g x u|^2 = |u|^2 |r|^2 - <u, r>^2 is sum(x^2 | x <= v) |r|^2 + v^2 p w,
    with p the number of those that are cut and w the sum of their squared distances from their
    mean. All are sums of positive terms, built up from the largest norm down, so that a tiny
    angle is not what is left of a difference.
    """
    largest = float(norms[-1])
    if largest == 0:
        return np.full(limits.shape, np.nan), np.full(limits.shape, np.nan)
    edges, places = np.unique(np.minimum(limits, largest), return_inverse=True)
    scale = 2.0 ** -max(math.frexp(largest)[1], -1000)  # squares of what matters are in range
    counts, middles, first, second, squares = _segments(norms, edges, scale)
    low, high = edges * scale, np.append(edges[1:], largest) * scale
    own = np.maximum(counts[1:], 1)
    cut = _from_above(counts[1:])
    beyond = np.append(cut[1:], 0)
    excess = _from_above(counts[1:] * (middles[1:] - low) + first[1:] + beyond * (high - low))
    # Squared distances from the mean add up over segments, but for the distance of their means.
    apart = np.append(excess[1:], 0) / np.maximum(beyond, 1) + (
        high - middles[1:] - first[1:] / own
    )
    spread = np.maximum(second[1:] - first[1:] ** 2 / own, 0)
    spread = _from_above(spread + counts[1:] * (beyond / np.maximum(cut, 1)) * apart**2)
    lost = spread + excess**2 / np.maximum(cut, 1)
    # In units of the threshold: beside the largest norm this may underflow.
    kept = squares[:-1].copy()
    for i in range(1, len(edges)):
        kept[i] += kept[i - 1] * (edges[i - 1] / edges[i]) ** 2
    angle = np.arctan2(np.sqrt(kept * lost + cut * spread), kept * low + excess + cut * low)
    after = low**2 * (kept + cut)
    taken = lost + 2 * low * excess
    loss = taken / (after + taken + np.sqrt(after + taken) * np.sqrt(after))
    return angle[places], loss[places]


def _segments(norms: Array, edges: Array, scale: float) -> tuple[Array, ...]:
    """Sum over the sorted norms between edges ``(E,)``, giving five arrays ``(E + 1,)``.

    Of each segment: how many norms, the middle one, the sums of distances and squared distances
    to that, all of them scaled; and the sum of squares in units of the segment's upper edge. The
    middle one is at most a standard deviation from the mean, so shifting to the mean is safe.
    """
    cuts = np.concatenate([[0], _passed(norms, edges), [len(norms)]])
    counts = np.diff(cuts)
    middles = norms[np.minimum((cuts[:-1] + cuts[1:]) // 2, len(norms) - 1)] * scale
    tops = np.append(edges, norms[-1])
    sums = np.zeros((3, len(counts)))
    for start in range(0, len(norms), CHUNK):
        part = norms[start : start + CHUNK].astype(np.float64)
        inside = np.clip(cuts, start, start + len(part)) - start
        at = np.flatnonzero(np.diff(inside))
        sizes, starts = np.diff(inside)[at], inside[at]
        away = part * scale - np.repeat(middles[at], sizes)
        part /= np.repeat(tops[at], sizes)
        for total, terms in zip(sums, (away, away * away, part * part), strict=True):
            total[at] += np.add.reduceat(terms, starts)
    return counts, middles, *sums


def _from_above(terms: Array) -> Array:
    return np.cumsum(terms[::-1])[::-1]
