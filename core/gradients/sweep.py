"""What clipping by global norm does to norms, at every threshold of three digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.strategies import Array

MOST_DECADES = 12
LEAST, MOST = -30, 30  # powers of ten, of `core.notation.SMALLEST_NUMBER` and the largest
BELOW_MIDDLE = 4  # decades, where there are more than these
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
    with np.errstate(divide="ignore", over="ignore", invalid="ignore", under="ignore"):
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
    """Return powers of ten between which norms (n,) lie, or most of them.

    Raises ValueError where none is finite and not zero.
    """
    given = np.asarray(norms, np.float64)
    positive = given[np.isfinite(given) & (given > 0)]
    if not len(positive):
        raise ValueError("No norm is finite and not zero: there is nothing to clip.")
    least, middle = np.quantile(positive, [SELDOM_SMALLER, 0.5], method="inverted_cdf")
    first, last = int(np.ceil(np.log10(least))) - 1, int(np.floor(np.log10(positive.max()))) + 1
    if last - first > MOST_DECADES:  # most norms are to be seen
        first = max(first, int(np.floor(np.log10(middle))) - BELOW_MIDDLE)
        last = min(last, first + MOST_DECADES)
    return within(first, last)


def within(first: int, last: int) -> tuple[int, int]:
    """Return powers of ten that can be typed as thresholds, and at least one decade of them."""
    first = min(max(first, LEAST), MOST - 1)
    return first, min(max(last, first + 1), MOST)


def _with(decades: tuple[int, int], threshold: float) -> tuple[int, int]:
    first, last = decades
    wanted = int(np.floor(np.log10(threshold)))
    if last - MOST_DECADES <= wanted < first:
        return within(wanted, last)
    return within(first, max(last, wanted + 1) if wanted < first + MOST_DECADES else last)
