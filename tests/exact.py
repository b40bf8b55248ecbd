"""What clipping is in numbers of 60 digits, whose powers know no end: right at the edges, too."""

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np
from mpmath import MPContext
from numpy.typing import ArrayLike

from core.clipping import Rule
from core.strategies import Array

EXACT = MPContext()
EXACT.dps = 60
mpf = EXACT.mpf


def exactly(numbers: ArrayLike) -> list[mpf]:
    """Return the numbers that floats stand for."""
    return [mpf(float(x)) for x in np.ravel(numbers)]


def length(numbers: Iterable[mpf]) -> mpf:
    """Return the Euclidean norm."""
    return EXACT.sqrt(EXACT.fsum(x * x for x in numbers))


def norms(gradient: Array, blocks: Sequence[int]) -> list[mpf]:
    """Return the Euclidean norm of every block of a gradient ``(n,)``."""
    numbers, ends = exactly(gradient), accumulate(blocks)
    return [length(numbers[end - size : end]) for size, end in zip(blocks, ends, strict=True)]


def turn(before: Sequence[mpf], after: Sequence[mpf]) -> mpf:
    """Return the angle, in radians, by Kahan's formula."""
    a, b = length(before), length(after)
    pairs = [(x / a, y / b) for x, y in zip(before, after, strict=True)]
    return 2 * EXACT.atan2(length(x - y for x, y in pairs), length(x + y for x, y in pairs))


def clipped(gradient: Array, blocks: Sequence[int], limits: Sequence[mpf], rule: Rule) -> list[mpf]:
    """Return what clip makes of a gradient ``(n,)``, with a limit for every block."""
    pairs = list(zip(limits, norms(gradient, blocks), strict=True))
    factors = [limit / norm if norm else mpf(1) for limit, norm in pairs]
    if rule is not Rule.NORMALIZE:
        factors = [min(factor, mpf(1)) for factor in factors]
    if rule is Rule.RADIAL:
        factors = [min(factors)] * len(factors)
    each = np.repeat(np.array(factors, object), blocks)
    return [x * factor for x, factor in zip(exactly(gradient), each, strict=True)]


def assert_near(found: ArrayLike, expected: Iterable[mpf], rtol: float) -> None:
    """Allow an error relative to what is expected, and two of the smallest steps of its type."""
    step = mpf(float(np.finfo(np.asarray(found).dtype).smallest_subnormal))
    for x, y in zip(exactly(found), expected, strict=True):
        assert abs(x - y) <= rtol * abs(y) + 2 * step, f"{x} is not {y}"
