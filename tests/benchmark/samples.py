"""Random gradients of many numbers."""

from functools import partial

from core.dimensions.distributions import Distribution
from core.dimensions.population import Population, measure
from core.matching import Matching, Thresholds
from core.work import Work
from tests.benchmark.measuring import SIZE, elapsed, line, peak

THRESHOLDS = Thresholds(1.0, matching=Matching.WORST_LENGTH)


def samples() -> None:
    """Time and weigh random gradients."""
    for draws, n, aim in ((10_000, 1000, "<= 2 s"), (100, 10**6, "")):
        for distribution in (Distribution.GAUSSIAN, Distribution.STUDENT_T):
            population = Population(distribution, (n // 4,) * 4)
            spent = elapsed(partial(measure, population, draws, THRESHOLDS, Work(draws)))
            line(f"{draws} draws of {n}, {distribution}", f"{spent:.2f} s", aim)
        few = min(draws, SIZE // n)
        weight = peak(partial(measure, population, few, THRESHOLDS, Work(few)))
        line("  memory at its peak", f"{weight / 2**20:.0f} MB", "<= 1024 MB")
