"""What becomes of many runs: over learning rates and thresholds, and over starts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.clipping import length_of
from core.descent.descend import HOLD, descend
from core.descent.experiment import Experiment
from core.descent.outcomes import Outcome, outcome
from core.runs import NONE, Run, Shorten
from core.strategies import Array, Layers
from core.work import Work

UNKNOWN = -1  # no minimum

Outcomes: TypeAlias = NDArray[np.str_]
Numbers: TypeAlias = tuple[float, ...]  # hashable, so that a cache can be asked
Found: TypeAlias = tuple[Array, Outcomes]  # heights and outcomes of runs
Cells: TypeAlias = Callable[[Experiment, Run, Numbers, Numbers, Work], Found]
Ends: TypeAlias = Callable[[Experiment, Run, Numbers, Numbers, Work], tuple[Array, Array, Outcomes]]


@dataclass(frozen=True)
class RateThresholdMap:
    """The end of every run of an experiment, at every learning rate and threshold."""

    runs: tuple[Run, ...]
    rates: Numbers
    thresholds: Numbers
    height: Array  # (runs, thresholds, rates)
    outcome: Outcomes  # the same
    lowest: float  # the height of the minima; of the lowest end where nobody knows them

    @property
    def above(self) -> Array:
        """How far above the minima the runs ended, ``(runs, thresholds, rates)``."""
        return np.asarray(np.maximum(self.height - self.lowest, 0))

    def best(self, run: Run) -> tuple[float, float] | None:
        """Return the learning rate and threshold of the lowest end that counts, if there is one.

        A run that diverged does not count, however low it was.
        """
        at = self.runs.index(run)
        heights = np.where(self.outcome[at] == Outcome.DIVERGED, np.inf, self.height[at])
        if not np.isfinite(heights).any():
            return None
        row, column = np.unravel_index(np.nanargmin(heights), heights.shape)
        return self.rates[column], self.thresholds[row]

    def csv(self) -> str:
        """Write a line for every cell."""
        lines = ["run,learning_rate,threshold,final_loss,outcome"]
        for run, heights, outcomes in zip(self.runs, self.height, self.outcome, strict=True):
            for threshold, *row in zip(self.thresholds, heights, outcomes, strict=True):
                for rate, height, became in zip(self.rates, *row, strict=True):
                    lines.append(f"{run},{rate!r},{threshold!r},{float(height)!r},{became}")
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class StartsMap:
    """The end of a run from every start of a grid over the window of the first plane."""

    run: Run
    x: Numbers
    y: Numbers
    height: Array  # (y, x)
    outcome: Outcomes  # (y, x)
    minimum: NDArray[np.intp]  # (y, x): which of the surface's it converged to, or UNKNOWN


def axis(low: float, high: float, count: int, present: float) -> Numbers:
    """Return numbers of three digits in equal ratios, from low to high, or further to ``present``.

    >>> axis(0.01, 1.0, 5, present=30.0)
    (0.01, 0.1, 1.0, 10.0, 100.0)
    """
    first, last = np.floor(np.log10(min(low, present))), np.ceil(np.log10(max(high, present)))
    return tuple(float(f"{x:.3g}") for x in np.logspace(first, last, count))


def cells(
    experiment: Experiment, run: Run, rates: Numbers, thresholds: Numbers, work: Work
) -> Found:
    """Return heights and outcomes ``(thresholds, rates)`` of one of an experiment's runs."""
    shape = len(thresholds), len(rates)
    # Without clipping, the threshold changes nothing, so one run serves a whole column.
    limits = 1.0 if run is NONE else np.array(thresholds)[:, np.newaxis]
    found = descend(
        experiment.surface,
        experiment.start,
        _watched(experiment.shorten(run, limits), work),
        np.array(rates) if run is NONE else np.broadcast_to(rates, shape),
        experiment.steps,
        noise=experiment.disturbance(),
        keep=HOLD + 1,
        optimizer=experiment.optimizer,
    )
    return np.broadcast_to(found.height[-1], shape), np.broadcast_to(outcome(found), shape)


def rate_threshold(
    experiment: Experiment, rates: Numbers, thresholds: Numbers, work: Work, compute: Cells = cells
) -> RateThresholdMap:
    """Return the map of all runs of an experiment. ``compute`` can be `cells` behind a cache."""
    # Without what the map goes over, so that a cache knows it again.
    bare = replace(
        experiment,
        learning_rate=1.0,
        thresholds=replace(experiment.thresholds, by_value=1.0),
        runs=(),
    )
    found = [compute(bare, run, rates, thresholds, work) for run in experiment.runs]
    height, became = (np.stack(each) for each in zip(*found, strict=True))
    known = experiment.surface.lowest
    lowest = known if known is not None else _least(height)
    return RateThresholdMap(experiment.runs, rates, thresholds, height, became, lowest)


def ends(
    experiment: Experiment, run: Run, x: Numbers, y: Numbers, work: Work
) -> tuple[Array, Array, Outcomes]:
    """Return the last points ``(y, x, n)``, heights and outcomes ``(y, x)`` of runs from a grid.

    Over several planes, the start moves in the first.
    """
    first = np.stack(np.meshgrid(x, y), axis=-1)
    others = np.broadcast_to(experiment.start[2:], (*first.shape[:-1], len(experiment.start) - 2))
    found = descend(
        experiment.surface,
        np.concatenate([first, others], axis=-1),
        _watched(experiment.shorten(run), work),
        experiment.learning_rate,
        experiment.steps,
        noise=experiment.disturbance(),
        keep=HOLD + 1,
        optimizer=experiment.optimizer,
    )
    return found.path[-1], found.height[-1], outcome(found)


def starts(
    experiment: Experiment, run: Run, count: int, work: Work, compute: Ends = ends
) -> StartsMap:
    """Return the map of ``count * count`` starts. ``compute`` can be `ends` behind a cache."""
    surface = experiment.surface
    x, y = (
        tuple(map(float, low + (high - low) * (np.arange(count) + 0.5) / count))
        for low, high in surface.window[:2]
    )
    last, height, became = compute(experiment, run, x, y, work)
    minimum = np.full((count, count), UNKNOWN)
    if surface.minima:
        away = length_of(last[..., np.newaxis, :] - np.array(surface.minima))
        minimum = np.where(became == Outcome.CONVERGED, away.argmin(axis=-1), UNKNOWN)
    return StartsMap(run, x, y, height, became, minimum)


def _watched(shorten: Shorten, work: Work) -> Shorten:
    """Count every step, as descending clips once in each."""

    def step(gradient: Array, layers: Layers) -> Array:
        work.advance()
        return shorten(gradient, layers)

    return step


def _least(height: Array) -> float:
    finite = height[np.isfinite(height)]
    return float(finite.min()) if finite.size else 0.0
