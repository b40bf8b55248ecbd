"""The same number means different things to the strategies: what makes a comparison fair.

Lengths out of the range of both types are matched, too: that makes this file long.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import (
    Clipper,
    Powers,
    Rule,
    as_gradient,
    as_thresholds,
    clip,
    length_of,
    rounded,
    wide_norms,
)
from core.strategies import Array, Layers, Strategy


class Matching(StrEnum):
    """What two strategies have in common when their thresholds are matched."""

    NUMBER = "same number"
    OUTPUT_LENGTH = "same output length"  # of this very gradient
    WORST_LENGTH = "same worst length"  # of any gradient: see `worst_length`


@dataclass(frozen=True)
class Thresholds:
    """The threshold of clip by value, the rule, and how the other strategies are matched to it."""

    by_value: float
    rule: Rule = Rule.CLIP
    matching: Matching = Matching.NUMBER

    def __post_init__(self) -> None:
        """Refuse what is no threshold."""
        if not 0 < self.by_value < math.inf:
            raise ValueError(f"threshold must be positive and finite, got {self.by_value}")

    def of(
        self,
        strategy: Strategy,
        gradient: ArrayLike,
        layers: Layers,
        by_value: ArrayLike | None = None,
    ) -> Array:
        """Return a strategy's thresholds ``(...)`` for gradients ``(..., n)``.

        ``by_value`` ``(...)`` serve instead of the one threshold, for a sweep.
        """
        reference = self.by_value if by_value is None else by_value
        pair = Strategy.VALUE, strategy
        return matched_threshold(self.matching, gradient, layers, reference, pair, self.rule)

    def clip(
        self,
        strategy: Strategy,
        gradient: ArrayLike,
        layers: Layers,
        by_value: ArrayLike | None = None,
    ) -> Array:
        """Clip gradients ``(..., n)`` by a strategy, each at its own matched threshold."""
        limits = strategy.limits(self.of(strategy, gradient, layers, by_value), layers)
        return clip(gradient, strategy.blocks(layers), limits, self.rule)

    def clipper(self, strategy: Strategy, gradient: ArrayLike, layers: Layers) -> Clipper:
        """Return the way to clip one gradient ``(n,)`` by a strategy."""
        return Clipper(strategy, float(self.of(strategy, gradient, layers)), self.rule)

    def vary(self, strategy: Strategy, layers: Layers) -> bool:
        """Say whether a strategy's threshold is another one for every gradient."""
        pair = Strategy.VALUE, strategy
        return self.matching is Matching.OUTPUT_LENGTH and not alike(*pair, layers)

    def fixed(self, strategy: Strategy, layers: Layers) -> float | None:
        """Return a strategy's threshold, the same for every gradient; None where it varies."""
        if self.vary(strategy, layers):
            return None
        return float(self.of(strategy, np.zeros(sum(layers)), layers))


def matched_threshold(
    matching: Matching,
    gradient: ArrayLike,
    layers: Layers,
    threshold: ArrayLike,
    pair: tuple[Strategy, Strategy],
    rule: Rule = Rule.CLIP,
) -> Array:
    """Return the threshold of the second strategy of a pair that matches one of the first.

    ``gradient`` is ``(..., n)``, ``threshold`` and the result ``(...)``. Nothing can be matched to
    the length of a zero gradient, so there the threshold stays as it is. What is out of the range
    of the gradient's type becomes the smallest or the largest number that it has.

    >>> pair = Strategy.VALUE, Strategy.GLOBAL
    >>> float(matched_threshold(Matching.WORST_LENGTH, [3.0, 4.0, 0.0, 0.0], (2, 2), 1.0, pair))
    2.0
    """
    source, target = pair
    vectors, limits = as_gradient(gradient), np.asarray(threshold)
    shape = np.broadcast_shapes(vectors.shape[:-1], limits.shape)
    if matching is Matching.NUMBER or alike(*pair, layers):
        return np.broadcast_to(limits, shape)
    if matching is Matching.WORST_LENGTH:
        ratio = _worst_square(source, layers) / _worst_square(target, layers)
        with np.errstate(over="ignore"):
            found = limits * np.sqrt(ratio)
    else:
        kept, powers = _kept(vectors, layers, source, limits, rule)
        found = _threshold(vectors, layers, target, kept, powers, rule)
        found = np.where(found > 0, found, limits)
    info = np.finfo(vectors.dtype)
    return np.broadcast_to(np.clip(found, float(info.smallest_subnormal), float(info.max)), shape)


def alike(one: Strategy, other: Strategy, layers: Layers) -> bool:
    """Say whether two strategies do the same to gradients of such layers."""
    return one is other or (
        one.blocks(layers) == other.blocks(layers)
        and np.array_equal(one.units(layers), other.units(layers))
    )


def worst_length(strategy: Strategy, layers: Layers) -> float:
    """Return how long a clipped gradient is at the most, in thresholds.

    The square root of the number of blocks; in other units, the length of the vector of these.
    """
    return math.sqrt(_worst_square(strategy, layers))


def threshold_for_length(
    gradient: ArrayLike,
    layers: Layers,
    strategy: Strategy,
    length: ArrayLike,
    rule: Rule = Rule.CLIP,
) -> Array:
    """Return the threshold at which the clipped gradient has the given length, of shape (...).

    Where the gradient is no longer than that, it is the smallest threshold that leaves it alone
    (for normalize, which knows no such threshold, the one that lengthens it). 0 for a zero
    gradient.
    """
    wanted, powers = np.frexp(np.asarray(length, np.float64))
    return _threshold(as_gradient(gradient), layers, strategy, wanted, powers, rule)


def _kept(
    vectors: Array, layers: Layers, strategy: Strategy, threshold: Array, rule: Rule
) -> tuple[Array, Powers]:
    """Return the lengths after clipping as numbers and powers of two; infinite if nothing is."""
    blocks, units = strategy.blocks(layers), strategy.units(layers)
    limits = as_thresholds(strategy.limits(threshold, layers), len(blocks), vectors.dtype)
    norms, powers = wide_norms(vectors, blocks)
    numbers, unit = np.frexp(np.asarray(threshold, np.float64))  # lengths are near a threshold
    if rule is Rule.NORMALIZE:
        return numbers * _normalized(norms, units), unit
    if rule is Rule.RADIAL:
        lengths: Array = np.asarray(numbers / _longest(norms, powers, units))
    else:
        cut = np.minimum(_in(unit, norms, powers), numbers[..., np.newaxis] * units)
        lengths = length_of(cut)
    # What is not clipped must not be for a rounding error.
    untouched = np.all(rounded(norms, powers) <= limits, axis=-1)
    return np.where(untouched, np.inf, lengths), unit


def _normalized(norms: Array, units: Array) -> Array:
    """Return the length of blocks of a unit each, but for zero blocks."""
    return np.asarray(np.sqrt(np.sum((norms > 0) * units**2, axis=-1)))


def _threshold(
    vectors: Array, layers: Layers, strategy: Strategy, wanted: Array, unit: Powers, rule: Rule
) -> Array:
    """Return what `threshold_for_length` does for lengths of ``wanted 2**unit``."""
    norms, powers = wide_norms(vectors, strategy.blocks(layers))
    units = strategy.units(layers)
    with np.errstate(over="ignore", under="ignore"):
        if rule is Rule.NORMALIZE:
            reached = _normalized(norms, units)
            found = np.ldexp(wanted / np.where(reached > 0, reached, 1), unit)
            return np.where(reached > 0, found, 0)
        own = _in(unit, norms, powers)
        short = wanted < length_of(own)
        part = np.where(short, wanted, 0)
        if rule is Rule.RADIAL:
            found = part * _longest(norms, powers, units)
        else:
            # Of a block that is cut no more than this length is left, so twice as much is enough.
            found = _fit(np.minimum(own, 2 * part[..., np.newaxis]) / units, part, units**2)
        most = rounded(norms / units.astype(norms.dtype), powers).max(axis=-1)
        most = np.minimum(most, np.finfo(most.dtype).max).astype(np.float64)
        return np.where(short, np.ldexp(found, unit), most)


def _in(unit: Powers, norms: Array, powers: Powers) -> Array:
    """Return norms in units of powers of two ``(...)``, infinite where they are far longer."""
    with np.errstate(over="ignore", under="ignore"):
        exponents = powers - np.asarray(unit)[..., np.newaxis]
        return np.asarray(np.ldexp(norms.astype(np.float64), exponents))


def _longest(norms: Array, powers: Powers, units: Array) -> Array:
    """Return the longest ratio as a share of the length of the gradient; 1 if that is zero."""
    lengths = _in((np.frexp(norms)[1] + powers).max(axis=-1), norms, powers)
    whole = length_of(lengths)
    longest = np.where(whole > 0, (lengths / units).max(axis=-1), 1)
    return np.asarray(longest / np.where(whole > 0, whole, 1))


def _worst_square(strategy: Strategy, layers: Layers) -> float:
    return float(len(strategy.blocks(layers)) * np.mean(strategy.units(layers) ** 2))


def _fit(ratios: Array, wanted: Array, weights: Array) -> Array:
    """Return the threshold ``(...)`` that leaves the wanted length.

    ``ratios`` ``(..., m)`` are the thresholds at which the blocks begin to be clipped, and a block
    that is clipped has the length of the threshold times the root of its weight, of ``(m,)``.
    """
    # Sorted, the first k pass and the others are cut to the same ratio.
    if weights.size == 1:  # there may be millions, and sorting is all that takes time
        squares, each = np.sort(ratios, axis=-1) ** 2, np.broadcast_to(weights, ratios.shape)
    else:
        order = np.argsort(ratios, axis=-1)
        squares, each = np.take_along_axis(ratios, order, axis=-1) ** 2, weights[order]
    others = np.cumsum(each[..., ::-1], axis=-1)[..., ::-1]
    # Summed, not subtracted from a longer sum: tiny blocks beside a huge one must not get lost.
    sums = np.cumsum((each * squares)[..., :-1], axis=-1)
    passed = np.concatenate([np.zeros_like(squares[..., :1]), sums], axis=-1)
    knots = passed + others * squares  # the squared length when the threshold is the k-th ratio
    square = np.minimum(wanted[..., np.newaxis] ** 2, knots[..., -1:])
    first = np.argmax(knots >= square, axis=-1)[..., np.newaxis]
    left = square - np.take_along_axis(passed, first, axis=-1)
    return np.asarray(np.sqrt(left / np.take_along_axis(others, first, axis=-1)))[..., 0]
