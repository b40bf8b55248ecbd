"""What clipping did to a gradient: how far it turned, how much it lost."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.clipping import Rule, as_gradient, clip, length_of
from core.strategies import Array, Layers, Singletons


def angle(before: ArrayLike, after: ArrayLike) -> Array:
    """Return the angle between vectors, ``(..., n), (..., n) -> (...)``, in radians.

    NaN where one of them is zero. Accurate also for nearly parallel and nearly opposite vectors.
    Source: Kahan, "How Futile are Mindless Assessments of Roundoff", 2006, section 12.

    >>> float(np.degrees(angle([1.0, 0.0], [1.0, 1.0])).round(6))
    45.0
    """
    (u, *_), (v, *_) = _units(before), _units(after)
    return _between(u, v)


def magnitude_loss(before: ArrayLike, after: ArrayLike) -> Array:
    """Return the share of the length that is lost, ``1 - |after| / |before|``, of shape (...).

    In [0, 1] for clip and radial; negative where normalizing made the vector longer; NaN for a
    zero gradient.
    """
    vectors = as_gradient(before)
    with np.errstate(divide="ignore", invalid="ignore", under="ignore"):
        # In units of the largest entry: the norm of (1.5e308, 1.5e308) itself is out of range.
        unit = np.abs(vectors).max(axis=-1, keepdims=True)
        return 1 - length_of(as_gradient(after) / unit) / length_of(vectors / unit)


def effect(norms: ArrayLike, threshold: ArrayLike, rule: Rule = Rule.CLIP) -> tuple[Array, Array]:
    """Return the angle and the magnitude loss that clipping causes, from block norms (..., blocks).

    The threshold is that of `clip`, the results are (...). Within a block the direction stays, so
    the vectors of the block norms before and after have the angle and the lengths of the
    gradients themselves, and a zero block more or less changes nothing.
    """
    before = as_gradient(norms)
    after = clip(before, Singletons(before.shape[-1]), threshold, rule)
    (u, longest, length), (v, longest_after, length_after) = _units(before), _units(after)
    with np.errstate(invalid="ignore", divide="ignore", under="ignore"):
        kept = longest_after / longest * (length_after / length)
    return _between(u, v), 1 - np.asarray(kept)


def clipped_fraction(before: ArrayLike, after: ArrayLike) -> Array:
    """Return the share of the coordinates that clipping changed, of shape (...)."""
    changed = as_gradient(before) != as_gradient(after)
    return np.asarray(np.count_nonzero(changed, axis=-1) / changed.shape[-1])


def clipped_by_layer(before: ArrayLike, after: ArrayLike, layers: Layers) -> Array:
    """Return the share of every layer's coordinates that clipping changed, (..., layers).

    >>> clipped_by_layer([3.0, 0.1, 2.0], [1.0, 0.1, 1.0], (2, 1))
    array([0.5, 1. ])
    """
    changed = as_gradient(before) != as_gradient(after)
    starts = np.cumsum((0, *layers[:-1]))
    counts = np.add.reduceat(changed, starts, axis=-1, dtype=np.intp)
    return np.asarray(counts / np.array(layers))


def signs_kept(before: ArrayLike, after: ArrayLike) -> NDArray[np.bool_]:
    """Say whether every coordinate kept its sign, of shape (...)."""
    return np.asarray(np.all(np.sign(before) == np.sign(after), axis=-1))


def directional_descent(gradient: ArrayLike, step: ArrayLike) -> Array:
    """Return ``<gradient, step>``: how fast the loss falls along minus the step, of shape (...)."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(np.vecdot(as_gradient(gradient), as_gradient(step)))


def _units(vectors: ArrayLike) -> tuple[Array, Array, Array]:
    """Return vectors of length 1, the largest entries (...), and the lengths in units of these."""
    # The norm of (1.5e308, 1.5e308) itself is out of range.
    units = as_gradient(vectors).astype(np.float64)  # a copy; new memory is what takes time
    with np.errstate(invalid="ignore", divide="ignore", under="ignore"):
        largest = np.maximum(units.max(axis=-1), -units.min(axis=-1))
        units /= largest[..., np.newaxis]
        lengths = np.sqrt(np.vecdot(units, units))  # at least 1, so nothing is lost to underflow
        units /= lengths[..., np.newaxis]
        return units, largest, lengths


def _between(u: Array, v: Array) -> Array:
    """Return the angle between unit vectors."""
    both = u - v
    apart = length_of(both)
    np.add(u, v, out=both)  # beside the difference, what its squares lose to underflow is nothing
    return np.asarray(2 * np.arctan2(apart, np.sqrt(np.vecdot(both, both))))
