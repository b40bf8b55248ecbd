"""How much of a layer lies along one dense direction, as far as a single step can tell."""

import math
from dataclasses import dataclass

import numpy as np

from core.strategies import Array

ROUNDS = 8  # of the power method: enough for a part that stands out
DENSE = 30  # entries that a direction must spread over to be none of single coordinates
SEED = 0  # of the vector that the power method starts from


@dataclass(frozen=True, eq=False)
class RankOne:
    """The part of a matrix that its largest singular value belongs to: ``outer(left, right)``."""

    left: Array  # (rows,), of length 1 times the singular value
    right: Array  # (columns,), of length 1
    share: float  # of the squared norm, beyond what noise of independent entries has


def rank_one(matrix: Array) -> RankOne | None:
    """Return the dense part of rank one of a matrix ``(rows, columns)``, None where there is none.

    By the power method. Noise of independent entries has a largest singular value of about
    ``sqrt(rows) + sqrt(columns)`` deviations (Davidson and Szarek, "Local operator theory, random
    matrices and Banach spaces", 2001), rows and columns counted by how many hold the squared norm.
    """
    squares = matrix * matrix
    rows, columns = spread(squares.sum(axis=1)), spread(squares.sum(axis=0))
    if rows < 2 or columns < 2:
        return None
    start = np.random.default_rng(SEED).standard_normal((matrix.shape[1],))
    right: Array = start.astype(matrix.dtype)
    for _ in range(ROUNDS):
        left = matrix @ (right / math.sqrt(float(right @ right)))
        right = left @ matrix
        if not right.any():
            return None
    right /= math.sqrt(float(right @ right))
    left = matrix @ right
    share = float(left @ left) / float(squares.sum())
    noise = min((math.sqrt(rows) + math.sqrt(columns)) ** 2 / (rows * columns), 0.99)
    entries = spread(left * left) * spread(right * right)
    if share <= noise or entries < min(DENSE, matrix.size / 20):
        return None
    return RankOne(left, right, (share - noise) / (1 - noise))


def along_ones(entries: Array) -> float:
    """Return the share of the squared norm of entries ``(m,)`` along (1, ..., 1), beyond chance."""
    m, square = len(entries), float(entries @ entries)
    share = float(entries.sum(dtype=np.float64)) ** 2 / (m * square) if square else 0.0
    return max(0.0, (share - 1 / m) / (1 - 1 / m)) if m > 1 else 0.0


def spread(weights: Array) -> float:
    """Return over how many of the weights ``(m,)`` their sum is spread: m where all are alike."""
    total, squares = float(weights.sum()), float(weights @ weights)
    return total * total / squares if squares else 0.0
