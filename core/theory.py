"""Bounds: how far a clipped gradient can turn at the most."""

import numpy as np

from core.clipping import Array


def worst_angle(n: int) -> float:
    """Return the least upper bound of the angle when n blocks are clipped alike, in radians.

    ``arccos(1 / sqrt(n))``: n coordinates clipped by value, or n layers clipped by norm. It is
    not attained; `worst_gradient` comes close as its ratio grows.

    Because the cosine is larger than threshold / |after|, and |after| at most threshold * sqrt(n).
    """
    return float(np.arctan(np.sqrt(n - 1)))  # the same angle, and accurate when it is small


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
