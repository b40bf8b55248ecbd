"""Norms over a training as a picture needs them: as many as a screen can tell apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.strategies import Array

COLUMNS = 480  # of a picture
BARS = 48  # of a distribution


@dataclass(frozen=True, eq=False)
class Outline:
    """The smallest and the largest norm in each column that holds some; ``(k,)`` each."""

    at: Array  # the step of the largest
    low: Array
    high: Array
    not_finite: Array  # (m,): the steps of those that are NaN or infinite, at most one a column
    span: tuple[float, float]  # the first and the last step


def outline(norms: ArrayLike, steps: ArrayLike | None = None) -> Outline:
    """Part norms ``(n,)`` at rising steps ``(n,)`` into columns of equal width.

    Without steps, or where these do not rise, they are counted from 1 on.

    >>> outline([1.0, 2.0, np.nan]).high, outline([1.0, 2.0, np.nan]).not_finite
    (array([1., 2.]), array([3.]))
    """
    values = np.asarray(norms, np.float64)
    x = rising(steps, len(values))
    width = (x[-1] - x[0]) or 1.0
    columns = np.minimum((x - x[0]) / width * COLUMNS, COLUMNS - 1).astype(np.intp)
    finite = np.isfinite(values)
    others = np.unique(columns[~finite], return_index=True)[1]
    held, inside, at = columns[finite], values[finite], x[finite]
    starts = np.unique(held, return_index=True)[1]
    if not len(starts):
        return Outline(at, inside, inside, x[~finite][others], (float(x[0]), float(x[-1])))
    by_size = np.lexsort((inside, held))  # in each column the largest is the last
    last = by_size[np.append(starts[1:], len(held)) - 1]
    low = np.minimum.reduceat(inside, starts)
    return Outline(at[last], low, inside[last], x[~finite][others], (float(x[0]), float(x[-1])))


def rising(steps: ArrayLike | None, count: int) -> Array:
    """Return steps that are finite and never fall, or else the numbers from 1 to count."""
    return np.asarray(steps, np.float64) if rise(steps) else np.arange(1.0, count + 1)


def rise(steps: ArrayLike | None) -> bool:
    """Return whether steps are finite and never fall, so that they can be an axis."""
    if steps is None:
        return False
    given = np.asarray(steps, np.float64)
    return bool(np.isfinite(given).all() and (np.diff(given) >= 0).all() and given[-1] > given[0])


def shares(norms: ArrayLike, decades: tuple[int, int]) -> Array:
    """Return the share of the finite norms ``(n,)`` in each bar ``(BARS,)`` between powers of ten.

    The bars are equally wide on a logarithmic axis; what lies beyond is counted in the outer ones.
    """
    values = np.asarray(norms, np.float64)
    finite = values[np.isfinite(values)]
    with np.errstate(divide="ignore"):
        logs = np.clip(np.log10(finite), *decades)
    counts = np.histogram(logs, BARS, decades)[0]
    return np.asarray(counts / max(len(finite), 1))
