"""What clipping by global norm does to norms, at every threshold of three digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.strategies import Array

MOST_DECADES = 12  # below the largest norm
SELDOM_SMALLER = 0.001  # share of the norms that may lie below the thresholds


@dataclass(frozen=True, eq=False)
class Sweep:
    """Thresholds (T,) from 1.00 to 9.99 times a power of ten, and so on through some decades."""

    decades: tuple[int, int]  # the powers of ten from which on, and up to which
    thresholds: Array
    counts: NDArray[np.intp]  # (T,): on how many norms each acts
    losses: Array  # (T,): which share of the length it takes on average over all norms
    total: int  # norms that are finite


def sweep(norms: ArrayLike, threshold: float) -> Sweep:
    """Return what thresholds do to norms (n,), over the decades of those and of ``threshold``.

    Norms that are NaN or infinite are left out. Raises ValueError where none is left that is not 0.
    """
    given = np.asarray(norms, np.float64).ravel()
    finite = np.sort(given[np.isfinite(given)])
    first, last = _with(decades_of(finite), threshold)
    thresholds = np.array([*_three_digits(first, last), float(f"1e{last}")])
    below = np.searchsorted(finite, thresholds, side="right")
    counts = len(finite) - below
    with np.errstate(divide="ignore"):
        inverses = np.append(np.cumsum(1 / finite[::-1])[::-1], 0)
    kept = np.where(counts > 0, thresholds * inverses[below], 0)
    losses = np.clip((counts - kept) / len(finite), 0, 1)
    return Sweep((first, last), thresholds, counts, losses, len(finite))


def _three_digits(first: int, last: int) -> list[float]:
    # Read as the browser reads them: a product may be the number beside it.
    return [
        float(f"{digits}e{power - 2}")
        for power in range(first, last)
        for digits in range(100, 1000)
    ]


def decades_of(norms: ArrayLike) -> tuple[int, int]:
    """Return powers of ten between which norms (n,) lie, but for few that are smaller.

    Raises ValueError where none is finite and not zero.
    """
    given = np.asarray(norms, np.float64)
    positive = given[np.isfinite(given) & (given > 0)]
    if not len(positive):
        raise ValueError("No norm is finite and not zero: there is nothing to clip.")
    least = np.quantile(positive, SELDOM_SMALLER, method="inverted_cdf")
    last = int(np.floor(np.log10(positive.max()))) + 1
    return max(int(np.floor(np.log10(least))), last - MOST_DECADES), last


def _with(decades: tuple[int, int], threshold: float) -> tuple[int, int]:
    first, last = decades
    wanted = int(np.floor(np.log10(threshold)))
    if last - MOST_DECADES <= wanted < first:
        return wanted, last
    return first, max(last, wanted + 1) if wanted < first + MOST_DECADES else last
