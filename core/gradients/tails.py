"""How the entries of one layer are spread: how heavy their tail is, how large most of them are."""

import math

import numpy as np
from numpy.typing import ArrayLike

from core.strategies import Array

FEWEST = 10  # largest entries below which a tail index would be mostly chance
HALF, MOST = 0.67449, 1.95996  # |x| of a standard normal x is below these in 50% and in 95%
FEW = 20  # entries of which one is 5%


def tail_index(entries: ArrayLike) -> float:
    """Return Hill's estimate of the tail index of entries ``(m,)``, from their absolute values.

    The share of the entries larger than x falls like ``x**-index``: below 2, the variance is
    infinite; Gaussian entries give about 10 and more, the more of them the more. It is taken from
    the k largest beside the next one, with k the root of the number of entries that are not zero,
    rounded down; NaN where k is below 10. Infinite where these are all alike.

    Raises ValueError for entries that are not finite or not of shape (m,).
    Source: Hill, "A simple general approach to inference about the tail of a distribution", Annals
    of Statistics 3, 1975; the root is a rule of thumb.

    >>> round(tail_index(1 / np.arange(1, 10_001)), 2)  # the share above x is 1 / x
    1.02
    """
    sizes = np.abs(np.asarray(entries))
    if sizes.ndim != 1 or (len(sizes) and not math.isfinite(sizes.max())):
        raise ValueError("The entries of a layer must be finite and in one row.")
    k = math.isqrt(np.count_nonzero(sizes))
    if k < FEWEST:
        return math.nan
    sizes.partition(len(sizes) - k - 1)
    top = sizes[-k - 1 :].astype(np.float64)
    excess = float(np.log(top[1:] / top[0]).mean())
    return 1 / excess if excess > 0 else math.inf


def usual_sizes(sizes: Array) -> Array:
    """Return how large most entries are, from their absolute values ``(S, m)``, row by row.

    It is the standard deviation of Gaussian entries, whatever up to 5% of the others are. Zeros do
    not count: no strategy changes them. Of entries that are few, the median alone decides. 0 where
    all are zero.
    """
    m = sizes.shape[-1]
    zeros = m - np.count_nonzero(sizes, axis=-1)
    if m >= 1000:  # few enough rows to take one after the other
        return np.array([_usual(row, int(none)) for row, none in zip(sizes, zeros, strict=True)])
    middle, high = _ranks(zeros, m)
    ordered = np.sort(sizes, axis=-1)
    rows = np.arange(len(sizes))
    found = np.maximum(ordered[rows, middle] / HALF, ordered[rows, high] / MOST)
    return np.asarray(found, np.float64)


def _usual(sizes: Array, zeros: int) -> float:
    (middle,), (high,) = _ranks(np.array([zeros]), len(sizes))
    ordered = np.partition(sizes, (middle, high))
    return max(float(ordered[middle]) / HALF, float(ordered[high]) / MOST)


def _ranks(zeros: Array, m: int) -> tuple[Array, Array]:
    """Return at which rank the median of the others stands, and what 5% of them are above."""
    others = m - zeros
    middle = np.minimum(zeros + others // 2, m - 1)
    high = np.where(others >= FEW, m - 1 - others // FEW, middle)
    return middle, high
