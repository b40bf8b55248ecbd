"""Clipping a gradient: split its coordinates into blocks, shorten each block to the threshold."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.strategies import Array, Blocks, Layers, Singletons, Strategy

SHRINK = 2.0**20  # enough for the norm of 1e12 of the largest numbers, and exact
FEW = 8  # coordinates: for so few, one operation over all vectors beats one per vector
CHUNK = 1024  # squares added at a time: few enough for float32, many enough to be fast


class Rule(StrEnum):
    """What becomes of the blocks."""

    CLIP = "clip"  # each block alone is shortened to at most the threshold
    RADIAL = "radial"  # one factor shortens all blocks, until the longest fits
    NORMALIZE = "normalize"  # each block is brought to the threshold, be it longer or shorter


@dataclass(frozen=True)
class Clipper:
    """A way to clip, as one value."""

    strategy: Strategy
    threshold: float
    rule: Rule = Rule.CLIP

    def __call__(self, gradient: ArrayLike, layers: Layers) -> Array:
        """Clip a gradient ``(..., n)`` whose layers have the given sizes."""
        limits = self.strategy.limits(self.threshold, layers)
        return clip(gradient, self.strategy.blocks(layers), limits, self.rule)


def clip(
    gradient: ArrayLike, blocks: Blocks, threshold: ArrayLike, rule: Rule = Rule.CLIP
) -> Array:
    """Shorten every block of the gradient to at most the threshold.

    ``gradient`` is ``(..., n)`` in float32 or float64, and so is the result. ``threshold``
    broadcasts against `block_norms`: one number, ``(len(blocks),)`` for one per block, or
    ``(T, 1)`` for a sweep, which gives ``(T, n)``. Short blocks pass bit for bit; a zero block
    stays zero. Infinity and NaN are not hidden: a norm carries them to its whole block, while
    clipping by value keeps NaN to itself and brings infinity to the threshold.

    Raises ValueError for thresholds that are not positive and finite or do not broadcast, and
    as `block_norms` does.

    >>> clip([3.0, 4.0, 0.3, 0.4], (2, 2), 1.0)
    array([0.6, 0.8, 0.3, 0.4])
    """
    vectors = as_gradient(gradient)
    limits = as_thresholds(threshold, len(blocks), vectors.dtype)
    if rule is Rule.CLIP and isinstance(blocks, Singletons):
        _check(blocks, vectors)
        return np.clip(vectors, -limits, limits)  # as below, but faster and right at infinity
    norms = block_norms(vectors, blocks)
    beyond = np.isinf(norms) & np.isfinite(limits) & bool(np.isfinite(vectors).all())
    if beyond.any():  # the norm alone is out of range: shorten a smaller copy, and enlarge that
        return clip(vectors / SHRINK, blocks, limits / SHRINK, rule) * vectors.dtype.type(SHRINK)
    with np.errstate(invalid="ignore", under="ignore"):  # infinity times zero is meant to show
        match rule:
            case Rule.CLIP:
                return _shorten(vectors, limits, np.maximum(norms, limits), blocks)
            case Rule.RADIAL:
                longest = np.maximum(norms, limits)
                worst = np.argmin(limits / longest, axis=-1, keepdims=True)
                limit, length = (
                    np.take_along_axis(np.broadcast_to(each, longest.shape), worst, axis=-1)
                    for each in (limits, longest)
                )
                return _shorten(vectors, limit, length, (vectors.shape[-1],))
            case Rule.NORMALIZE:  # limits / norms in one factor would overflow for tiny norms
                units = vectors / _spread(np.where(norms == 0, 1, norms), blocks)
                return units * _spread(limits + np.zeros_like(norms), blocks)


def block_norms(gradient: ArrayLike, blocks: Blocks) -> Array:
    """Return the Euclidean norm of every block, ``(..., n) -> (..., len(blocks))``.

    Safe from overflow and underflow: a norm is wrong only where it is itself out of range.
    Raises ValueError for a gradient that is not float32 or float64, for sizes below 1 and for
    sizes that do not add up to n.

    >>> block_norms([3.0, 4.0, 0.3, 0.4], (2, 2))
    array([5. , 0.5])
    """
    vectors = as_gradient(gradient)
    _check(blocks, vectors)
    if isinstance(blocks, Singletons):
        return np.abs(vectors)
    if len(set(blocks)) == 1:
        return _norms([vectors.reshape(*vectors.shape[:-1], len(blocks), blocks[0])])[..., 0]
    ends = accumulate(blocks)
    return _norms([vectors[..., end - size : end] for size, end in zip(blocks, ends, strict=True)])


def length_of(vectors: ArrayLike) -> Array:
    """Return the Euclidean norm of vectors, ``(..., n) -> (...)``, as `block_norms` does of blocks.

    >>> float(length_of([3.0, 4.0]))
    5.0
    """
    whole = as_gradient(vectors)
    return block_norms(whole, (whole.shape[-1],))[..., 0]


def as_gradient(gradient: ArrayLike) -> Array:
    """Return the gradient as an array ``(..., n)``; ValueError unless float32 or float64."""
    vectors = np.asarray(gradient)
    if vectors.dtype not in (np.float32, np.float64):
        raise ValueError(f"gradient must be float32 or float64, got {vectors.dtype}")
    if vectors.ndim == 0 or vectors.shape[-1] == 0:
        raise ValueError(f"gradient must have shape (..., n) with n >= 1, got {vectors.shape}")
    return vectors


def as_thresholds(threshold: ArrayLike, blocks: int, dtype: np.dtype[Any]) -> Array:
    """Return what `clip` compares so many blocks with; ValueError for what it refuses."""
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, and refused
        limits = np.asarray(threshold, dtype)
    if not (np.isfinite(limits) & (limits > 0)).all():
        raise ValueError(f"threshold must be positive and finite in {dtype}, got {threshold!r}")
    if limits.ndim and limits.shape[-1] not in (1, blocks):
        raise ValueError(
            f"threshold must be one number, {blocks} numbers (one per block) or a sweep (T, 1), "
            f"got shape {limits.shape}"
        )
    return limits


def _check(blocks: Blocks, vectors: Array) -> None:
    n, total = vectors.shape[-1], blocks.n if isinstance(blocks, Singletons) else sum(blocks)
    if total != n:
        raise ValueError(f"blocks must add up to {n}, the length of the gradient, got {total}")
    if not isinstance(blocks, Singletons) and min(blocks) < 1:
        raise ValueError(f"every block must have at least one coordinate, got {min(blocks)}")


def _shorten(vectors: Array, limits: Array, longest: Array, blocks: Blocks) -> Array:
    """Multiply every block by ``limits / longest``, which is exactly 1 where the block is short."""
    scales = limits / longest
    tiny = scales < np.finfo(vectors.dtype).tiny
    if not tiny.any():
        return vectors * _spread(scales, blocks)
    # There the quotient underflows, and the products would be zero: divide first.
    divided = vectors / _spread(np.where(tiny, longest, 1), blocks)
    return divided * _spread(np.where(tiny, limits, scales), blocks)


def _spread(per_block: Array, blocks: Blocks) -> Array:
    """Give every coordinate the number of its block; one block is left to broadcasting."""
    if isinstance(blocks, Singletons) or len(blocks) == 1:
        return per_block
    return np.repeat(per_block, blocks, axis=-1)


def _norms(parts: Sequence[Array]) -> Array:
    """Norms of parts ``(..., size)``, side by side: the fast way, and again where unsafe."""
    info = np.finfo(parts[0].dtype)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        squares = np.stack([_sums_of_squares(part) for part in parts], axis=-1)
        # Below this, squares that underflowed may be missing from the sum.
        safe = (squares > info.tiny / info.eps) & np.isfinite(squares)
        norms = np.asarray(np.sqrt(squares))
        if not safe.all():
            for i, part in enumerate(parts):
                unsafe = ~safe[..., i]
                if unsafe.any():
                    norms[..., i][unsafe] = _scaled_norms(part[unsafe])
    return norms


def _sums_of_squares(vectors: Array) -> Array:
    if vectors.shape[-1] <= FEW:
        squares = vectors[..., 0] * vectors[..., 0]
        for i in range(1, vectors.shape[-1]):
            squares = squares + vectors[..., i] * vectors[..., i]
        return np.asarray(squares)
    if vectors.shape[-1] < CHUNK:
        return np.asarray(np.vecdot(vectors, vectors))
    # In chunks, so that float32 loses no digits to a sum of millions.
    chunks = vectors.shape[-1] // CHUNK
    head = vectors[..., : chunks * CHUNK].reshape(*vectors.shape[:-1], chunks, CHUNK)
    tail = vectors[..., chunks * CHUNK :]
    return np.asarray(np.vecdot(head, head).sum(axis=-1) + np.vecdot(tail, tail))


def _scaled_norms(vectors: Array) -> Array:
    longest: Array = np.abs(vectors).max(axis=-1)
    scalable = np.isfinite(longest) & (longest > 0)
    scales = np.where(scalable, longest, 1)[..., np.newaxis]
    return longest * np.sqrt(_sums_of_squares(vectors / scales))
