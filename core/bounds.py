"""Bounds: how far a clipped gradient can turn at the most."""

import math

import numpy as np
from numpy.typing import ArrayLike

from core.strategies import Array, Layers, Strategy


def worst_angle(n: int) -> float:
    """Return the least upper bound of the angle when n blocks are clipped alike, in radians.

    ``arccos(1 / sqrt(n))``: n coordinates clipped by value, or n layers clipped by norm. It is
    not attained; `worst_gradient` comes close as its ratio grows.

    Because the cosine is larger than threshold / |after|, and |after| at most threshold * sqrt(n).
    """
    return float(np.arctan(np.sqrt(n - 1)))  # the same angle, and accurate when it is small


def worst_angle_of(strategy: Strategy, layers: Layers) -> float:
    """Return the least upper bound of the angle when a strategy clips such layers, in radians."""
    units = strategy.units(layers)
    if units.size > 1:
        return worst_layer_angle(units)
    return worst_angle(len(strategy.blocks(layers)))


def worst_angle_at(n: int, ratio: float) -> float:
    """Return the largest angle of clip by value when max|g_i| is ``ratio`` thresholds, in radians.

    ``arcsin((r - 1) / (r + 1))`` for ``1 <= r <= n - 1``, whatever n; beyond, the angle of
    ``(r, 1, ..., 1)``. Attained by `worst_gradient`.
    """
    if ratio <= 1 or n == 1:
        return 0.0
    if ratio <= n - 1:
        return float(np.arcsin((ratio - 1) / (ratio + 1)))
    return float(np.arctan(np.sqrt(n - 1) * (ratio - 1) / (n - 1 + ratio)))


def worst_gradient(n: int, ratio: float) -> Array:
    """Return the gradient ``(n,)`` that clip by value at threshold 1 turns the most.

    Its largest entry is ``ratio``; multiply it by another threshold as needed. Raises ValueError
    below ratio 1, where nothing is clipped.
    """
    if ratio < 1:
        raise ValueError(f"ratio must be at least 1, got {ratio}")
    rest = np.sqrt(ratio / (n - 1)) if ratio <= n - 1 else 1.0
    return np.array([ratio] + [rest] * (n - 1))


def worst_layer_angle(thresholds: ArrayLike) -> float:
    """Return the least upper bound of the angle when block i is clipped at ``thresholds[i]``.

    ``arccos(c_min / |c|)`` for thresholds c, ``(L,)``, in radians; `worst_angle` where they are
    equal. Not attained; norms at the thresholds come close, but for one at the lowest, as it grows.
    Raises ValueError for thresholds that are not positive and finite.

    Because the angle is that of clipping the vector x of the blocks' norms to u, where
    <x, u> is larger than c_min |x| if anything is clipped, and |u| at most |c|.
    """
    limits = _positive(thresholds)
    shares = np.sort(limits / limits.max())
    return math.atan2(math.hypot(*shares[1:]), shares[0])


def worst_plane_angle(length: float) -> float:
    """Return the largest angle of clip by value in the plane for |g| = ``length`` thresholds.

    In radians. ``pi / 4 - arcsin(1 / R)`` for R >= sqrt(5), ``arctan(s^3 / (1 + 2 s^2))`` with
    ``s^2 = (sqrt(5 + 4 R^2) - 3) / 2`` for 1 <= R <= sqrt(5), and 0 below: `worst_plane_gradient`
    attains it.
    """
    if length <= 1:
        return 0.0
    larger, smaller = worst_plane_gradient(length)
    # Both as arctan((b - a) / (1 + a b)), the difference of the angles to the axis.
    if smaller == 1:
        return math.atan((larger - 1) / (larger + 1))
    return math.atan(smaller**3 / (1 + 2 * smaller**2))


def worst_plane_gradient(length: float) -> Array:
    """Return the gradient ``(2,)`` of this length that clip by value at 1 turns the most.

    Its direction is the angle ``arctan2(g[1], g[0])`` to the nearer axis; signs and order do not
    matter. Raises ValueError below length 1, where nothing is clipped.

    Once both entries pass 1 the result is (1, 1), and the gradient turns less the nearer it is
    to that: so the smaller entry s is at most 1. Up to there the angle arctan(s) - direction is
    stationary where R cos(direction) = 1 + s^2; that is g = (1 + s^2, s), and s passes 1 at
    R = sqrt(5).
    """
    if length < 1:
        raise ValueError(f"length must be at least 1, got {length}")
    if length * length >= 5:
        return np.array([math.sqrt(length - 1) * math.sqrt(length + 1), 1.0])
    square = 2 * (length - 1) * (length + 1) / (math.sqrt(5 + 4 * length * length) + 3)
    return np.array([1 + square, math.sqrt(square)])


def worst_plane_direction(length: float) -> float:
    """Return the angle of `worst_plane_gradient` to the nearer axis, in radians."""
    larger, smaller = worst_plane_gradient(length)
    return math.atan2(smaller, larger)


def _positive(thresholds: ArrayLike) -> Array:
    limits = np.asarray(thresholds, np.float64)
    if limits.ndim != 1 or not limits.size or not (np.isfinite(limits) & (limits > 0)).all():
        raise ValueError(f"thresholds must be positive and finite, (L,), got {thresholds!r}")
    return limits
