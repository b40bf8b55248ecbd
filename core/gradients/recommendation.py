"""The smallest threshold of three digits that keeps clipping within what a reader allows."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, assert_never

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from core.curves import threshold_for_angle
from core.geometry import effect
from core.gradients.gradients import Gradients
from core.gradients.over_steps import Usable, effects_at, usable
from core.gradients.reading import threshold_for_share
from core.gradients.target import Quantity, Reach, Target
from core.gradients.three_digits import place, place_for, smallest_place, threshold_at
from core.notation import write_degrees, write_number, write_share
from core.strategies import Strategy

Measured: TypeAlias = tuple[float, float, float]  # the share of the steps, the angle, the loss


@dataclass(frozen=True)
class Recommendation:
    """A threshold of three digits, and what clipping at it does.

    Where the target holds at any threshold, there is none, and the most that one does is told.
    """

    strategy: Strategy
    threshold: float | None
    share: float  # of the finite steps on which it acts
    angle: float  # radians, at most, on the target's part of the steps that are not zero
    magnitude_loss: float  # at most, on the same part
    sentence: str


def recommend(gradients: Gradients, target: Target) -> dict[Strategy, Recommendation]:
    """Return for every strategy the smallest threshold of three digits at which the target holds.

    It holds for the numbers as they are clipped, with the threshold rounded to their type. Steps
    are left out, and ValueError is raised, as by `core.gradients.over_steps.usable`.
    """
    steps = usable(gradients)
    return {strategy: _recommend(steps, strategy, target) for strategy in Strategy}


def recommend_for_norms(norms: ArrayLike, target: Target) -> Recommendation:
    """Return what `recommend` does by global norm, from the norms of gradients ``(n,)`` alone.

    Norms that are NaN or infinite are left out. Raises ValueError with a sentence for the reader
    where no norm is finite, or none is positive.

    >>> target = Target(Quantity.LOSS, 0.5, Reach.HALF)
    >>> print(recommend_for_norms([1.0, 3.0, 4.0, 9.0], target).sentence)
    At 1.5 clipping by global norm acts on 75.0% of the steps; on half of the steps it turns no
    gradient and takes at most 50.0% of the length.
    """
    given = np.asarray(norms, np.float64).ravel()
    finite = given[np.isfinite(given)]
    positive = np.sort(finite[finite > 0])
    if not len(positive):
        raise ValueError(
            "No norm is finite and not zero: there is nothing to clip. "
            "Accepted: at least one positive norm."
        )
    if len(finite) > 1 and finite.min() == finite.max():
        raise ValueError(
            "All norms are the same, as those after clipping are: nothing can be recommended from "
            "them. Accepted: norms before clipping."
        )
    # A longer one loses more, so this one tells how much is lost at most.
    last = positive[_needed(len(positive), target.reach) - 1]

    def measured(threshold: float) -> Measured:
        angle, loss = effect([last], threshold)
        return float(np.mean(finite > threshold)), float(angle), float(loss)

    match target.quantity:
        case Quantity.SHARE:
            first = _place_for_share(finite, target.limit, np.float64)
        case Quantity.ANGLE:  # by global norm no gradient turns
            first = smallest_place(np.float64)
        case Quantity.LOSS:
            # The next smaller one, should the product have rounded up.
            least = (1 - target.limit) * float(last)
            first = smallest_place(np.float64)
            if least > 0:
                first = max(first, place(least, np.float64) - 1)
        case other:
            assert_never(other)
    return _told(Strategy.GLOBAL, target, first, np.float64, measured)


def _recommend(steps: Usable, strategy: Strategy, target: Target) -> Recommendation:
    dtype, needed = steps.norms.dtype, _needed(len(steps.rows), target.reach)

    def measured(threshold: float) -> Measured:
        angles, losses, fractions = effects_at(steps, strategy, [threshold])[..., 0]
        share = np.count_nonzero(fractions) / steps.finite
        angle, loss = np.partition([angles, losses], needed - 1, axis=1)[:, needed - 1]
        return share, float(angle), float(loss)

    match target.quantity:
        case Quantity.SHARE:
            acts_below = np.zeros(steps.finite)
            for i, row in enumerate(steps.rows):
                acts_below[i] = threshold_for_angle(row, steps.layers, strategy, 0)
            first = _place_for_share(acts_below, target.limit, dtype)
        case Quantity.ANGLE:
            first = place_for(steps, strategy, 0, target.limit, needed)
        case Quantity.LOSS:
            first = place_for(steps, strategy, 1, target.limit, needed)
        case other:
            assert_never(other)
    return _told(strategy, target, first, dtype, measured)


def _place_for_share(acts_below: ArrayLike, share: float, dtype: DTypeLike) -> int:
    """Return the first place where clipping acts on at most so many steps.

    ``acts_below`` ``(S,)`` are the thresholds below which it does.
    """
    least = threshold_for_share(acts_below, share) if share < 1 else 0.0
    return place(least, dtype) if least > 0 else smallest_place(dtype)


def _needed(count: int, reach: Reach) -> int:
    """Return how many of the steps are at least the share that is wanted."""
    guess = math.floor(reach.share * count)
    return next(k for k in range(max(guess - 1, 1), count + 1) if k / count >= reach.share)


def _told(
    strategy: Strategy,
    target: Target,
    first: int,
    dtype: DTypeLike,
    measured: Callable[[float], Measured],
) -> Recommendation:
    """Measure what is done at the first place that may do, or else at the next, and say it."""
    while True:  # to the next place where a rounding error decides
        threshold = threshold_at(first, dtype)
        found = measured(threshold)
        share, angle, loss = found
        if dict(zip(Quantity, found, strict=True))[target.quantity] <= target.limit:
            break
        first += 1
    turns = f"turns a gradient by at most {write_degrees(angle)}" if angle else "turns no gradient"
    takes = f"takes {_at_most(loss)} of the length"
    if first == smallest_place(dtype):
        does = {
            Quantity.SHARE: f"acts on {_at_most(share)} of the steps",
            Quantity.ANGLE: f"{turns} on {target.reach}",
            Quantity.LOSS: f"{takes} on {target.reach}",
        }[target.quantity]
        sentence = f"Any threshold will do: clipping {strategy.label} {does}."
        return Recommendation(strategy, None, share, angle, loss, sentence)
    sentence = (
        f"At {write_number(threshold)} clipping {strategy.label} acts on {write_share(share)} of "
        f"the steps; on {target.reach} it {turns} and {takes}."
    )
    return Recommendation(strategy, threshold, share, angle, loss, sentence)


def _at_most(share: float) -> str:
    written = write_share(share)
    return written if written[0].isalpha() else f"at most {written}"
