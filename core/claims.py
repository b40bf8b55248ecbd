"""A claim: what is measured, what it should come to, and how it is measured."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Array, Layers
from core.descent import HOLD, Goal, descend
from core.runs import Shorten
from core.surfaces.surface import Surface

Progress: TypeAlias = Callable[[float], object]  # is told which share is done
Measure: TypeAlias = Callable[[Progress], ArrayLike]  # returns a number per claim, (claims,)

LEG = 4000  # most steps between two looks at whether a trip is over; each look costs HOLD steps


@dataclass(frozen=True)
class Expected:
    """What a source says, in its words, and the range that it allows."""

    words: str
    low: float
    high: float

    def allows(self, measured: float) -> bool:
        """Whether a number agrees with the source."""
        return self.low <= measured <= self.high


NEVER = Expected("never", math.inf, math.inf)


def exactly(value: float) -> Expected:
    """Expect this number."""
    return Expected(write(value), value, value)


def rounded(words: str) -> Expected:
    """Expect what rounds to a number as it is written.

    >>> expected = rounded("1.96e7")
    >>> expected.allows(19_640_000), expected.allows(19_660_000)
    (True, False)
    """
    mantissa, _, exponent = words.partition("e")
    half = 0.5 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
    slack = 1e-9 * half  # so that the ends survive binary fractions
    return Expected(words, float(words) - half - slack, float(words) + half + slack)


def about(value: float, by: float) -> Expected:
    """Expect a number, give or take ``by``."""
    return Expected(f"about {write(value)}, ± {by:.2g}", value - by, value + by)


def between(low: float, high: float) -> Expected:
    """Expect a number of a range."""
    return Expected(f"{write(low)} to {write(high)}", low, high)


def at_most(value: float) -> Expected:
    """Expect a number, or less."""
    return Expected(f"{write(value)} or less", -math.inf, value)


def at_least(value: float) -> Expected:
    """Expect a number, or more."""
    return Expected(f"{write(value)} or more", value, math.inf)


def write(number: float) -> str:
    """Write a number for a reader; a step that never comes is infinite.

    >>> write(69075), write(0.01125), write(math.inf)
    ('69075', '0.01125', 'never')
    """
    return "never" if number == math.inf else f"{number:.6g}"


@dataclass(frozen=True)
class Claim:
    """Something to measure, and what it should come to."""

    words: str
    expected: Expected
    measure: Callable[[Progress], float]
    seconds: int = 0  # how long that takes, about, where it is long


def claims(measure: Measure, *sayings: tuple[str, Expected], seconds: int = 0) -> tuple[Claim, ...]:
    """Claim something about every number of one measurement, which is taken once, when asked."""
    taken: list[Array] = []

    def number(index: int, progress: Progress) -> float:
        if not taken:
            taken.append(np.asarray(measure(progress), np.float64))
        return float(taken[0][index])

    def claim(index: int, words: str, expected: Expected) -> Claim:
        return Claim(words, expected, lambda progress: number(index, progress), seconds)

    return tuple(claim(i, *saying) for i, saying in enumerate(sayings))


@dataclass(frozen=True)
class Trip:
    """Runs of gradient descent from one start, or many, to a goal; see `descend`."""

    surface: Surface
    start: ArrayLike
    clippers: Sequence[Shorten]
    learning_rate: float
    goal: Goal


def first_steps(trip: Trip, most: int, progress: Progress) -> Array:
    """Return for every run ``(clippers, ...)`` the first step of HOLD steps within the goal.

    It is infinite for a run that is not there within ``most`` steps, or never will be because it
    goes round the same points bit for bit. Stops as soon as that is known of every run.
    """

    def shorten_all(gradients: Array, layers: Layers) -> Array:
        pairs = zip(trip.clippers, gradients, strict=True)
        return np.stack([shorten(gradient, layers) for shorten, gradient in pairs])

    start = np.asarray(trip.start, np.float64)
    points = np.broadcast_to(start, (len(trip.clippers), *start.shape))
    found, done = np.full(points.shape[:-1], math.inf), 0
    while done < most:
        progress(done / most)
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
    progress(1.0)
    return found
