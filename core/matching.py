"""The same number means different things to the strategies: what makes a comparison fair."""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Rule, as_gradient, block_norms, clip
from core.strategies import Array, Blocks


class Matching(StrEnum):
    """What two strategies have in common when their thresholds are matched."""

    NUMBER = "same number"
    OUTPUT_LENGTH = "same output length"  # of this very gradient
    WORST_LENGTH = "same worst length"  # of any gradient: threshold * sqrt(number of blocks)


def matched_threshold(
    matching: Matching,
    gradient: ArrayLike,
    threshold: ArrayLike,
    source: Blocks,
    target: Blocks,
    rule: Rule = Rule.CLIP,
) -> Array:
    """Return the threshold on ``target`` blocks that matches ``threshold`` on ``source`` blocks.

    ``gradient`` is ``(..., n)``, ``threshold`` and the result ``(...)``. Nothing can be matched to
    the length of a zero gradient, so there the threshold stays as it is.

    >>> float(matched_threshold(Matching.WORST_LENGTH, [3.0, 4.0, 0.0, 0.0], 1.0, (1,) * 4, (4,)))
    2.0
    """
    vectors, limits = as_gradient(gradient), np.asarray(threshold)
    shape = np.broadcast_shapes(vectors.shape[:-1], limits.shape)
    vectors = np.broadcast_to(vectors, (*shape, vectors.shape[-1]))
    match matching:
        case Matching.NUMBER:
            matched = limits
        case Matching.WORST_LENGTH:
            matched = limits * np.sqrt(len(source) / len(target))
        case Matching.OUTPUT_LENGTH if source == target:
            matched = limits
        case Matching.OUTPUT_LENGTH:
            shortened = clip(vectors, source, limits[..., np.newaxis], rule)
            lengths = block_norms(shortened, (vectors.shape[-1],))[..., 0]
            if rule is not Rule.NORMALIZE:  # what is not clipped must not be for a rounding error
                lengths = np.where(np.all(shortened == vectors, axis=-1), np.inf, lengths)
            found = threshold_for_length(vectors, target, lengths, rule)
            matched = np.where(found > 0, found, limits)
    return np.broadcast_to(matched, shape)


def threshold_for_length(
    gradient: ArrayLike, blocks: Blocks, length: ArrayLike, rule: Rule = Rule.CLIP
) -> Array:
    """Return the threshold at which the clipped gradient has the given length, of shape (...).

    Where the gradient is no longer than that, it is the smallest threshold that leaves it alone
    (for normalize, which knows no such threshold, the one that lengthens it). 0 for a zero
    gradient.
    """
    norms = block_norms(gradient, blocks)
    longest: Array = norms.max(axis=-1)
    whole = block_norms(norms, (norms.shape[-1],))[..., 0]
    if rule is Rule.NORMALIZE:
        present = np.count_nonzero(norms, axis=-1)
        return np.where(present > 0, length / np.sqrt(np.maximum(present, 1)), 0)
    short = np.asarray(length) < whole
    kept = np.where(short, length, whole) / np.where(whole > 0, whole, 1)
    found = kept * longest if rule is Rule.RADIAL else _fit(norms, kept)
    return np.where(short, found, longest)


def _fit(norms: Array, kept: Array) -> Array:
    """Return the threshold ``(...)`` that keeps this share of the length of norms ``(..., m)``."""
    # In units of the longest: sorted, the first k pass and the others are cut to the same length.
    longest = norms.max(axis=-1, keepdims=True)
    squares = np.sort(norms / np.where(longest > 0, longest, 1), axis=-1) ** 2
    # Summed, not subtracted from a longer sum: tiny blocks beside a huge one must not get lost.
    sums = np.cumsum(squares[..., :-1], axis=-1)
    passed = np.concatenate([np.zeros_like(squares[..., :1]), sums], axis=-1)
    others = np.arange(norms.shape[-1], 0, -1)
    knots = passed + others * squares  # the squared length when the threshold is the k-th norm
    wanted = kept[..., np.newaxis] ** 2 * knots[..., -1:]
    first = np.argmax(knots >= wanted, axis=-1)[..., np.newaxis]
    cut = (wanted - np.take_along_axis(passed, first, axis=-1)) / np.take(others, first)
    return np.asarray(np.sqrt(cut) * longest)[..., 0]
