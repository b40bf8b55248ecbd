"""What a threshold does to the norms of a training, in words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.notation import write_number, write_share
from core.strategies import Array

PERCENTILES = (50, 75, 90, 95, 99, 99.9, 100)
SELDOM, NEARLY_ALWAYS = 0.1, 0.95  # shares of steps that part the three kinds


@dataclass(frozen=True)
class Reading:
    """What clipping by global norm at a threshold does; shares and losses from 0 to 1."""

    share: float  # of the steps with a finite norm on which it acts
    kind: str
    sentence: str
    mean_loss: float  # of length, over all steps with a finite norm
    worst_loss: float
    percentiles: tuple[tuple[float, float], ...]  # percent, and the smallest norm not below it


def first_reading(norms: ArrayLike, threshold: float) -> Reading:
    """Read norms (n,) at a threshold in their unit; NaN and infinite ones are left out.

    A norm equal to the threshold is not clipped. Raises ValueError with a sentence for the reader
    where no norm is finite or the threshold is not positive.

    >>> first_reading([0.5, 0.5, 2.0, 0.5], 1.0).sentence
    'At the threshold 1 clipping is a step-size limiter: it acts on 25.0% of the steps.'
    """
    finite = _finite(norms)
    if not 0 < threshold < np.inf:
        raise ValueError("The threshold is not a positive number. Accepted: such as 1 or 0.25.")
    share = float(np.mean(finite > threshold))
    kept = np.divide(threshold, finite, out=np.ones(len(finite)), where=finite > threshold)
    kind = (
        "a normalizer"
        if share >= NEARLY_ALWAYS
        else "a step-size limiter"
        if share > SELDOM
        else "a safety net"
    )
    acts = f"it acts on {write_share(share)} of the steps" if share else "it acts on no step"
    return Reading(
        share,
        kind,
        f"At the threshold {write_number(threshold)} clipping is {kind}: {acts}.",
        float(np.mean(1 - kept)),
        float(np.max(1 - kept)),
        percentiles(finite),
    )


def percentiles(norms: ArrayLike) -> tuple[tuple[float, float], ...]:
    """Return percents, and the smallest norm of (n,) with at least so many at or below it.

    NaN and infinite norms are left out. Raises ValueError where none is finite.
    """
    finite = _finite(norms)
    # Counted in whole tenths of a percent: a product of floats would round to the next norm.
    places = [-(-round(10 * percent) * len(finite) // 1000) - 1 for percent in PERCENTILES]
    found = np.partition(finite, places)[places]
    return tuple(zip(PERCENTILES, found.tolist(), strict=True))


def threshold_for_share(norms: ArrayLike, share: float) -> float:
    """Return the smallest of the norms (n,) that, as a threshold, acts on at most this share.

    Equal norms are clipped together or not at all, so where norms tie it may act on fewer; NaN and
    infinite ones are left out. Raises ValueError for a share outside of 0 to 1, and where no norm
    is finite. With the share 1 it is the smallest norm, which does not clip itself.

    >>> threshold_for_share([1, 2, 2, 4], 0.25), threshold_for_share([1, 2, 2, 4], 0.5)
    (2.0, 2.0)
    """
    finite = np.sort(_finite(norms))
    if not 0 <= share <= 1:
        raise ValueError("The share is not from 0 to 1.")
    count = len(finite)
    most = int(share * count)  # how many may be clipped: the largest m with m / count <= share
    most += (most + 1) / count <= share
    most -= most / count > share
    return float(finite[max(count - most - 1, 0)])


def _finite(norms: ArrayLike) -> Array:
    given = np.asarray(norms, np.float64).ravel()
    finite = given[np.isfinite(given)]
    if not len(finite):
        raise ValueError("No norm is a finite number: there is nothing to clip.")
    return finite
