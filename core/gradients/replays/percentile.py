"""AutoClip: the threshold is a percentile of all norms so far."""

from dataclasses import dataclass
from heapq import heappop, heappush, heappushpop
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from core.gradients.replays.replay import Replay, acts, as_whole, replay
from core.notation import write_number, write_share
from core.strategies import Array


@dataclass(frozen=True)
class Percentile:
    """Clipping by global norm at a percentile of all norms so far, unclipped, with the current one.

    Source: Seetharaman, Wichern, Pardo and Le Roux, "AutoClip: Adaptive Gradient Clipping for
    Source Separation Networks", 2020, of which 10 is the percentile; its public code takes
    `numpy.percentile`, which is linear between two norms.
    """

    p: float = 10.0

    name: ClassVar[str] = "percentile"

    def __post_init__(self) -> None:
        """Refuse what is no percentile."""
        if not 0 <= self.p <= 100:
            raise ValueError("The percentile is not a number from 0 to 100. Accepted: such as 10.")

    def replay(self, norms: ArrayLike) -> Replay:
        """Clip norms (S,), or the norms of layers (S, L) as whole gradients.

        >>> Percentile(50).replay([1.0, 3.0, 2.0]).thresholds
        array([1., 2., 2.])
        """
        whole, finite = as_whole(norms)
        thresholds = running_percentile(whole[finite], self.p)
        share = float(acts(whole[finite], thresholds).mean())
        notes: tuple[str, ...] = ()
        if share > 0.5:
            notes = (
                f"It acts on {write_share(share)} of the steps: percentile {write_number(self.p)} "
                f"clips about {write_number(100 - self.p)} of 100 where norms neither rise nor "
                "fall.",
            )
        return replay(self.name, whole, finite, thresholds, notes)


def running_percentile(values: Array, p: float) -> Array:
    """Return ``numpy.percentile(values[: i + 1], p)`` for all i, ``(n,)``, in O(n log n).

    >>> running_percentile(np.array([4.0, 0.0, 1.0]), 25)
    array([4. , 1. , 0.5])
    """
    low: list[float] = []  # the smallest values, of which the root is the largest: negated
    high: list[float] = []  # the others, of which the root is the smallest
    found = []
    share = p / 100
    for count, value in enumerate(values.tolist()):
        place = count * share  # among the sorted values, from 0
        below = int(place)
        if low and value < -low[0]:
            value = -heappushpop(low, -value)
        heappush(high, value)
        while len(low) <= below:
            heappush(low, -heappop(high))
        first = -low[0]
        part = place - below
        if part:
            step = high[0] - first
            # As NumPy does, so that both ends are met exactly.
            first = high[0] - step * (1 - part) if part >= 0.5 else first + step * part
        found.append(first)
    return np.array(found)
