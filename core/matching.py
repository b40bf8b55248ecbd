"""The same number means different things to the strategies: what makes a comparison fair."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Clipper, Rule, as_gradient, block_norms, clip, length_of
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
        return self.matching is Matching.OUTPUT_LENGTH and not _alike(pair, layers)

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
    the length of a zero gradient, so there the threshold stays as it is.

    >>> pair = Strategy.VALUE, Strategy.GLOBAL
    >>> float(matched_threshold(Matching.WORST_LENGTH, [3.0, 4.0, 0.0, 0.0], (2, 2), 1.0, pair))
    2.0
    """
    source, target = pair
    vectors, limits = as_gradient(gradient), np.asarray(threshold)
    shape = np.broadcast_shapes(vectors.shape[:-1], limits.shape)
    if matching is Matching.NUMBER or _alike(pair, layers):
        return np.broadcast_to(limits, shape)
    if matching is Matching.WORST_LENGTH:
        ratio = _worst_square(source, layers) / _worst_square(target, layers)
        return np.broadcast_to(limits * np.sqrt(ratio), shape)
    vectors = np.broadcast_to(vectors, (*shape, vectors.shape[-1]))
    shortened = clip(vectors, source.blocks(layers), source.limits(limits, layers), rule)
    lengths = length_of(shortened)
    if rule is not Rule.NORMALIZE:  # what is not clipped must not be for a rounding error
        lengths = np.where(np.all(shortened == vectors, axis=-1), np.inf, lengths)
    found = threshold_for_length(vectors, layers, target, lengths, rule)
    return np.broadcast_to(np.where(found > 0, found, limits), shape)


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
    norms, units = block_norms(gradient, strategy.blocks(layers)), strategy.units(layers)
    whole = length_of(norms)
    if rule is Rule.NORMALIZE:
        reached = np.sqrt(np.sum((norms > 0) * units**2, axis=-1))
        return np.where(reached > 0, length / np.where(reached > 0, reached, 1), 0)
    ratios = norms / units.astype(norms.dtype)
    longest: Array = ratios.max(axis=-1)
    short = np.asarray(length) < whole
    kept = np.where(short, length, whole) / np.where(whole > 0, whole, 1)
    found = kept * longest if rule is Rule.RADIAL else _fit(ratios, kept, units**2)
    return np.where(short, found, longest)


def _alike(pair: tuple[Strategy, Strategy], layers: Layers) -> bool:
    """Say whether two strategies do the same to gradients of such layers."""
    one, other = pair
    return one is other or (
        one.blocks(layers) == other.blocks(layers)
        and np.array_equal(one.units(layers), other.units(layers))
    )


def _worst_square(strategy: Strategy, layers: Layers) -> float:
    return float(len(strategy.blocks(layers)) * np.mean(strategy.units(layers) ** 2))


def _fit(ratios: Array, kept: Array, weights: Array) -> Array:
    """Return the threshold ``(...)`` that keeps this share of the length.

    ``ratios`` ``(..., m)`` are the thresholds at which the blocks begin to be clipped, and a block
    that is clipped has the length of the threshold times the root of its weight, of ``(m,)``.
    """
    # In units of the longest: sorted, the first k pass and the others are cut to the same ratio.
    longest = ratios.max(axis=-1, keepdims=True)
    parts = ratios / np.where(longest > 0, longest, 1)
    if weights.size == 1:  # there may be millions, and sorting is all that takes time
        squares, each = np.sort(parts, axis=-1) ** 2, np.broadcast_to(weights, parts.shape)
    else:
        order = np.argsort(parts, axis=-1)
        squares, each = np.take_along_axis(parts, order, axis=-1) ** 2, weights[order]
    others = np.cumsum(each[..., ::-1], axis=-1)[..., ::-1]
    # Summed, not subtracted from a longer sum: tiny blocks beside a huge one must not get lost.
    sums = np.cumsum((each * squares)[..., :-1], axis=-1)
    passed = np.concatenate([np.zeros_like(squares[..., :1]), sums], axis=-1)
    knots = passed + others * squares  # the squared length when the threshold is the k-th ratio
    wanted = kept[..., np.newaxis] ** 2 * knots[..., -1:]
    first = np.argmax(knots >= wanted, axis=-1)[..., np.newaxis]
    left = wanted - np.take_along_axis(passed, first, axis=-1)
    cut = left / np.take_along_axis(others, first, axis=-1)
    return np.asarray(np.sqrt(cut) * longest)[..., 0]
