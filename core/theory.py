"""Bounds: how far a clipped gradient can turn at the most."""

import numpy as np

from core.clipping import Array


def worst_angle(n: int) -> float:
    """Return the least upper bound of the angle when n blocks are clipped alike, in radians.

    ``arccos(1 / sqrt(n))``: n coordinates clipped by value, or n layers clipped by norm. It is
    not attained; `worst_gradient` comes close as its ratio grows.

    Source: cos >= |after| / |before| restricted to the face of the cube; Cauchy and Schwarz.
    """
    return float(np.arccos(1 / np.sqrt(n)))


def worst_angle_at(n: int, ratio: float) -> float:
    """Return the largest angle of clip by value when max|g_i| is ``ratio`` thresholds, in radians.

    ``arcsin((r - 1) / (r + 1))`` for ``1 <= r <= n - 1``, whatever n; beyond, the angle of
    ``(r, 1, ..., 1)``. Attained by `worst_gradient`.
    """
    if ratio <= 1 or n == 1:
        return 0.0
    if ratio <= n - 1:
        return float(np.arcsin((ratio - 1) / (ratio + 1)))
    return float(np.arccos((n - 1 + ratio) / np.sqrt(n * (n - 1 + ratio**2))))


def worst_gradient(n: int, ratio: float) -> Array:
    """Return the gradient ``(n,)`` that clip by value at threshold 1 turns the most.

    Its largest entry is ``ratio``; multiply it by another threshold as needed.
    """
    rest = np.sqrt(ratio / (n - 1)) if 1 <= ratio <= n - 1 else 1.0
    return np.array([ratio] + [rest] * (n - 1))
