"""A claim: what is measured, what it should come to, and how it is measured."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from core.strategies import Array
from core.work import Work

Measure: TypeAlias = Callable[[Work], ArrayLike]  # returns a number per claim, (claims,)


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
SOME = Expected("some, but not all", math.nextafter(0, 1), math.nextafter(100, 0))  # of 100%


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
    measure: Callable[[Work], float]
    seconds: int = 0  # how long that takes, about, where it is long


def claims(measure: Measure, *sayings: tuple[str, Expected], seconds: int = 0) -> tuple[Claim, ...]:
    """Claim something about every number of one measurement, which is taken once, when asked."""
    taken: list[Array] = []

    def number(index: int, work: Work) -> float:
        if not taken:
            taken.append(np.asarray(measure(work), np.float64))
        return float(taken[0][index])

    def claim(index: int, words: str, expected: Expected) -> Claim:
        return Claim(words, expected, lambda work: number(index, work), seconds)

    return tuple(claim(i, *saying) for i, saying in enumerate(sayings))
