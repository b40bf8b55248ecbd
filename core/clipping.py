"""Clipping a gradient: split its coordinates into blocks, shorten each block to the threshold.

All of it holds from the smallest to the largest numbers of both types: that makes this file long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.strategies import Array, Blocks, Layers, Singletons, Strategy

Powers: TypeAlias = NDArray[np.intc]  # of two

FEW = 8  # coordinates: for so few, one operation over all vectors beats one per vector
ORDINARY: Powers = np.zeros(1, np.intc)  # where all that they belong to is in range
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
    a block of one number keeps NaN to itself and is brought from infinity to the threshold.
    Right over the whole range of the type, also where a norm or a factor is out of it.

    Raises ValueError for thresholds that are not positive and finite or do not broadcast, and
    as `block_norms` does.

    >>> clip([3.0, 4.0, 0.3, 0.4], (2, 2), 1.0)
    array([0.6, 0.8, 0.3, 0.4])
    """
    vectors = as_gradient(gradient)
    limits = as_thresholds(threshold, len(blocks), vectors.dtype)
    _check(blocks, vectors)
    if rule is not Rule.RADIAL and len(blocks) == vectors.shape[-1]:
        return _each(vectors, limits, rule)
    norms, powers = wide_norms(vectors, blocks)
    passing = norms == 0 if rule is Rule.NORMALIZE else rounded(norms, powers) <= limits
    # There the limit stands for the norm, so that the factor is exactly 1.
    lengths = np.where(passing, limits, norms)
    if powers is not ORDINARY:
        powers = np.where(passing, 0, powers).astype(np.intc)
    with np.errstate(invalid="ignore", over="ignore", under="ignore"):  # infinity times zero shows
        factors, powers = _quotients(limits, lengths, powers)
        if rule is Rule.RADIAL:
            if powers is not ORDINARY:
                least = powers.min(axis=-1, keepdims=True)
                factors, powers = np.ldexp(factors, powers - least), least
            return _scale(vectors, factors.min(axis=-1, keepdims=True), powers, blocks)
        clipped = _scale(vectors, factors, powers, blocks)
        if rule is Rule.NORMALIZE:  # the largest numbers may have rounded out of range
            most = _spread(limits, blocks)
            np.clip(clipped, -most, most, out=clipped)
    if 1 in blocks:
        alone = np.flatnonzero(np.array(blocks) == 1)
        at = np.cumsum((0, *blocks[:-1]))[alone]
        own = limits[..., alone] if limits.shape[-1:] == (len(blocks),) else limits
        clipped[..., at] = _each(vectors[..., at], own, rule)
    return clipped


def block_norms(gradient: ArrayLike, blocks: Blocks) -> Array:
    """Return the Euclidean norm of every block, ``(..., n) -> (..., len(blocks))``.

    Safe from overflow and underflow: a norm is wrong only where it is itself out of range.
    Raises ValueError for a gradient that is not float32 or float64, for sizes below 1 and for
    sizes that do not add up to n.

    >>> block_norms([3.0, 4.0, 0.3, 0.4], (2, 2))
    array([5. , 0.5])
    """
    return rounded(*wide_norms(gradient, blocks))


def wide_norms(gradient: ArrayLike, blocks: Blocks) -> tuple[Array, Powers]:
    """Return the norms of `block_norms` as numbers and powers of two that are multiplied.

    The powers are not 0 where the norm may be out of range, or short of digits; ``(1,)`` if alike.
    """
    vectors = as_gradient(gradient)
    _check(blocks, vectors)
    if len(blocks) == vectors.shape[-1]:
        return np.abs(vectors), ORDINARY
    if len(set(blocks)) == 1:
        parts = [vectors.reshape(*vectors.shape[:-1], len(blocks), blocks[0])]
        norms, powers = _norms(parts)
        return norms[..., 0], powers if powers is ORDINARY else powers[..., 0]
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
    limits = np.asarray(threshold)
    if limits.dtype != dtype:
        with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, and refused
            limits = limits.astype(dtype)
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


def _each(vectors: Array, limits: Array, rule: Rule) -> Array:
    """Clip or normalize blocks of one number each: without rounding, and right at infinity."""
    if rule is Rule.CLIP:
        return np.clip(vectors, -limits, limits)
    with np.errstate(invalid="ignore"):
        return np.asarray(vectors / np.where(vectors == 0, 1, np.abs(vectors)) * limits)


def rounded(numbers: Array, powers: Powers) -> Array:
    if powers is ORDINARY:
        return numbers
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.ldexp(numbers, powers))


def _or_ordinary(powers: Powers) -> Powers:
    return powers if powers.any() else ORDINARY


def _quotients(limits: Array, lengths: Array, powers: Powers) -> tuple[Array, Powers]:
    """Return ``limits / (lengths 2**powers)`` as factors and powers of two, as `wide_norms` does.

    The powers are 0 but where a factor alone would be out of range, or short of digits.
    """
    info = np.finfo(limits.dtype)
    if powers is ORDINARY:
        factors = limits / lengths
        if ((factors >= info.tiny) & (factors <= info.max)).all():
            return factors, ORDINARY
    (above, up), (below, down) = np.frexp(limits), np.frexp(lengths)
    factors, exponents = np.frexp(above / below)
    exponents = exponents + (up - down - powers)
    near = np.clip(exponents, info.minexp + 1, info.maxexp)
    return np.ldexp(factors, near), _or_ordinary(exponents - near)


def _scale(vectors: Array, factors: Array, powers: Powers, blocks: Blocks) -> Array:
    """Multiply every block by its factor and power of two, in the order that loses no digits."""
    if powers is ORDINARY:
        return np.asarray(vectors * _spread(factors, blocks))  # in the room of the factors
    each, twos = _spread(factors, blocks), _spread(powers, blocks)
    return np.asarray(np.ldexp(np.ldexp(vectors, np.maximum(twos, 0)) * each, np.minimum(twos, 0)))


def _spread(per_block: NDArray[Any], blocks: Blocks) -> NDArray[Any]:
    """Give every coordinate the number of its block; one number is left to broadcasting."""
    if per_block.shape[-1:] in ((), (1,)) or isinstance(blocks, Singletons):
        return per_block
    return np.repeat(per_block, blocks, axis=-1)


def _norms(parts: Sequence[Array]) -> tuple[Array, Powers]:
    """Norms of parts ``(..., size)``, side by side: the fast way, and again where unsafe."""
    info = np.finfo(parts[0].dtype)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        sums = [_sums_of_squares(part) for part in parts]
        squares = np.stack(sums, axis=-1) if len(sums) > 1 else sums[0][..., np.newaxis]
        # Below this, squares that underflowed may be missing from the sum.
        safe = (squares > info.tiny / info.eps) & np.isfinite(squares)
        norms, powers = np.asarray(np.sqrt(squares)), ORDINARY
        if not safe.all():
            powers = np.zeros(norms.shape, np.intc)
            for i, part in enumerate(parts):
                unsafe = ~safe[..., i]
                if unsafe.any():
                    norms[..., i][unsafe], powers[..., i][unsafe] = _scaled_norms(part[unsafe])
    return norms, _or_ordinary(powers)


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


def _scaled_norms(vectors: Array) -> tuple[Array, Powers]:
    longest: Array = np.abs(vectors).max(axis=-1)
    powers = np.where(np.isfinite(longest), np.frexp(longest)[1], 0)
    return np.sqrt(_sums_of_squares(np.ldexp(vectors, -powers[..., np.newaxis]))), powers
