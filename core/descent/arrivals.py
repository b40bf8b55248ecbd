"""When runs of gradient descent arrive at a goal, be it after very many steps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.descent.descend import HOLD, Goal, descend
from core.runs import Shorten
from core.strategies import Array, Layers
from core.surfaces.surface import Surface
from core.work import Work

LEG = 4000  # most steps between two looks at whether a trip is over; each look costs HOLD steps


@dataclass(frozen=True)
class Trip:
    """Runs of gradient descent from one start, or many, to a goal; see `descend`."""

    surface: Surface
    start: ArrayLike
    clippers: Sequence[Shorten]
    learning_rate: float
    goal: Goal


def first_steps(trip: Trip, most: int, work: Work) -> Array:
    """Return for every run ``(clippers, ...)`` the first step of HOLD steps within the goal.

    It is infinite for a run that is not there within ``most`` steps, or never will be because it
    goes round the same points bit for bit. Stops as soon as that is known of every run;
    raises `CalledOff` if nobody waits for ``work`` any more.
    """

    def shorten_all(gradients: Array, layers: Layers) -> Array:
        pairs = zip(trip.clippers, gradients, strict=True)
        return np.stack([shorten(gradient, layers) for shorten, gradient in pairs])

    start = np.asarray(trip.start, np.float64)
    points = np.broadcast_to(start, (len(trip.clippers), *start.shape))
    found, done = np.full(points.shape[:-1], math.inf), 0
    while done < most:
        work.reach(done / most)
        leg = min(max(done, HOLD), LEG, most - done)
        run = descend(
            trip.surface,
            points,
            shorten_all,
            trip.learning_rate,
            leg + HOLD,  # the last HOLD only tell whether the goal holds
            keep=HOLD + 1,
            goal=trip.goal,
        )
        arrived = np.where(run.reached < 0, math.inf, done + run.reached)
        found = np.minimum(found, np.where(arrived <= most, arrived, math.inf))
        goes_round = (run.path[:-1] == run.path[-1]).all(axis=-1).any(axis=0)
        if (np.isfinite(found) | (goes_round & (run.inside < 0))).all():
            break
        points, done = run.path[0], done + leg
    work.reach(1.0)
    return found
