"""The search for the smallest threshold of three digits at which enough steps keep a limit."""

from decimal import ROUND_CEILING, Context

import numpy as np
from numpy.typing import DTypeLike

from core.gradients.over_steps import Usable, effects_at
from core.strategies import Strategy

UPWARD = Context(prec=3, rounding=ROUND_CEILING)
IN_A_DECADE = 900  # thresholds of three digits, from 1.00 to 9.99
TRIED = 32  # at a time: few, for the first round alone measures all the steps
FIRST = 8  # decades below the longest gradient, where a threshold is looked for first


def place(number: float, dtype: DTypeLike) -> int:
    """Return which threshold of three digits is the first that is not below a positive number.

    Both are compared as numbers of the type.

    >>> place(1.0, "float64"), place(1.001, "float64"), threshold_at(-1, "float64")
    (0, 1, 0.999)
    """
    rounded = UPWARD.create_decimal(number)
    power = rounded.adjusted()
    found = IN_A_DECADE * power + int(rounded.scaleb(2 - power)) - 100
    # The number 0.4 itself is a little more than 0.400 and is rounded up to 0.401.
    before = np.asarray(threshold_at(found - 1, dtype), dtype)
    return found - 1 if before >= number else found


def threshold_at(place: int, dtype: DTypeLike) -> float:
    """Return the threshold at a place, or the largest number of the type if that is smaller."""
    power, digits = divmod(place, IN_A_DECADE)
    return min(float(f"{100 + digits}e{power - 2}"), float(np.finfo(dtype).max))


def smallest_place(dtype: DTypeLike) -> int:
    """Return the place of the smallest threshold that is not 0 in a type."""
    return place(float(np.finfo(dtype).smallest_subnormal), dtype)


def place_for(steps: Usable, strategy: Strategy, quantity: int, limit: float, needed: int) -> int:
    """Return the first place where at least so many steps keep the limit.

    ``quantity`` is the place in `effects_at` of what is limited: it never grows with the threshold,
    and is 0 where a step is left alone.
    """
    dtype, kept = steps.norms.dtype, 0  # how many keep it at low
    first, high = smallest_place(dtype), place(float(steps.norms.max()), dtype)
    low = first - 1  # it is kept at high, and not at low, which is out of the range
    begin = max(first, high - FIRST * IN_A_DECADE)
    tried = np.unique([first, *np.linspace(begin, high, TRIED).astype(int)])
    while high - low > 1:
        tried = tried[(tried > low) & (tried < high)]
        thresholds = [threshold_at(int(each), dtype) for each in tried]
        keeps = effects_at(steps, strategy, thresholds)[quantity] <= limit
        keeps = np.logical_or.accumulate(keeps, axis=1)  # whatever rounding says further on
        at = int(np.count_nonzero(kept + np.count_nonzero(keeps, axis=0) < needed))
        below = keeps[:, at - 1] if at else np.zeros(len(keeps), np.bool_)
        above = keeps[:, at] if at < len(tried) else np.ones(len(keeps), np.bool_)
        steps, kept = steps.only(above & ~below), kept + int(np.count_nonzero(below))
        edges = [low, *tried.tolist(), high]
        low, high = edges[at], edges[at + 1]
        tried = np.unique(np.linspace(low, high, TRIED).astype(int))
    return high
