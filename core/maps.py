"""What becomes of many runs: over learning rates and thresholds, and over starts.

Maps are computed in blocks. After each, the map so far is handed out, so that whoever asked can
show how far it is, or go away.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.clipping import Array
from core.descent import HOLD, Descent, Outcome, Shorten, descend, outcome, unclipped
from core.experiment import Experiment, Run

AT_ONCE = 3200  # runs: enough that NumPy is busy, few enough for the cache and a quick way out
THREADS = 2
UNKNOWN = -1  # no minimum

Outcomes: TypeAlias = NDArray[np.str_]
Numbers: TypeAlias = tuple[float, ...]  # hashable, so that a cache can be asked
Found: TypeAlias = tuple[Array, Outcomes]  # heights and outcomes of runs
Cells: TypeAlias = Callable[[Experiment, Numbers, Numbers], Found]
Ends: TypeAlias = Callable[[Experiment, Run, Numbers, Numbers], tuple[Array, Array, Outcomes]]


@dataclass(frozen=True)
class RateThresholdMap:
    """The end of every run of an experiment, at every learning rate and threshold."""

    runs: tuple[Run, ...]
    rates: Numbers
    thresholds: Numbers
    height: Array  # (runs, thresholds, rates); NaN where not yet computed
    outcome: Outcomes  # the same; empty where not yet computed
    lowest: float  # the height of the minima; of the lowest end where nobody knows them
    done: float  # the share that is computed

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
    height: Array  # (y, x); NaN where not yet computed
    outcome: Outcomes  # (y, x); empty where not yet computed
    minimum: NDArray[np.intp]  # (y, x): which of the surface's it converged to, or UNKNOWN
    done: float  # the share that is computed


def axis(low: float, high: float, count: int, present: float) -> Numbers:
    """Return numbers of three digits in equal ratios, from low to high, or further to ``present``.

    >>> axis(0.01, 1.0, 5, present=30.0)
    (0.01, 0.1, 1.0, 10.0, 100.0)
    """
    first, last = np.floor(np.log10(min(low, present))), np.ceil(np.log10(max(high, present)))
    return tuple(float(f"{x:.3g}") for x in np.logspace(first, last, count))


def cells(experiment: Experiment, rates: Numbers, thresholds: Numbers) -> Found:
    """Return heights and outcomes ``(runs, thresholds, rates)`` of an experiment's runs."""
    shape = len(thresholds), len(rates)
    limits = np.array(thresholds)[:, np.newaxis]
    noise = experiment.disturbance()

    def ends(run: Run) -> Found:
        # Without clipping, the threshold changes nothing, so one run serves a whole column.
        alone = run is Run.NONE
        clipper: Shorten = unclipped if alone else experiment.shorten(run, limits)
        found = descend(
            experiment.surface,
            experiment.start,
            clipper,
            np.array(rates) if alone else np.broadcast_to(rates, shape),
            experiment.steps,
            noise=noise,
            keep=HOLD + 1,
        )
        heights, became = found.height[-1], outcome(found)
        return np.broadcast_to(heights, shape), np.broadcast_to(became, shape)

    with ThreadPoolExecutor(THREADS) as pool:
        heights, outcomes = zip(*pool.map(ends, experiment.runs), strict=True)
    return np.stack(heights), np.stack(outcomes)


def rate_threshold(
    experiment: Experiment, rates: Numbers, thresholds: Numbers, compute: Cells = cells
) -> Iterator[RateThresholdMap]:
    """Yield the map as far as it is computed, again after every block; the last is whole.

    ``compute`` can be `cells` behind a cache: it is asked for a few learning rates at a time.
    """
    shape = len(experiment.runs), len(thresholds), len(rates)
    height, became = np.full(shape, np.nan), np.full(shape, "", dtype="<U11")
    known = experiment.surface.lowest
    for columns in _blocks(len(rates), len(thresholds)):
        height[..., columns], became[..., columns] = compute(experiment, rates[columns], thresholds)
        yield RateThresholdMap(
            experiment.runs,
            rates,
            thresholds,
            height.copy(),
            became.copy(),
            known if known is not None else _least(height),
            columns.stop / len(rates),
        )


def ends(experiment: Experiment, run: Run, x: Numbers, y: Numbers) -> tuple[Array, Array, Outcomes]:
    """Return the last points ``(y, x, n)``, heights and outcomes ``(y, x)`` of runs from a grid.

    Over several planes, the start moves in the first.
    """
    first = np.stack(np.meshgrid(x, y), axis=-1)
    others = np.broadcast_to(experiment.start[2:], (*first.shape[:-1], len(experiment.start) - 2))
    starts = np.concatenate([first, others], axis=-1)
    noise = experiment.disturbance()

    def descents(part: Array) -> Descent:
        return descend(
            experiment.surface,
            part,
            experiment.shorten(run, experiment.threshold),
            experiment.learning_rate,
            experiment.steps,
            noise=noise,
            keep=HOLD + 1,
        )

    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(descents, np.array_split(starts, min(THREADS, len(y)))))
    return (
        np.concatenate([part.path[-1] for part in parts]),
        np.concatenate([part.height[-1] for part in parts]),
        np.concatenate([outcome(part) for part in parts]),
    )


def starts(
    experiment: Experiment, run: Run, count: int, compute: Ends = ends
) -> Iterator[StartsMap]:
    """Yield the map of ``count * count`` starts as far as it is computed; the last is whole.

    ``compute`` can be `ends` behind a cache: it is asked for a few rows at a time.
    """
    surface = experiment.surface
    x, y = (
        tuple(map(float, low + (high - low) * (np.arange(count) + 0.5) / count))
        for low, high in surface.window[:2]
    )
    shape = len(y), len(x)
    height, became = np.full(shape, np.nan), np.full(shape, "", dtype="<U11")
    minimum = np.full(shape, UNKNOWN)
    for rows in _blocks(len(y), len(x)):
        last, height[rows], became[rows] = compute(experiment, run, x, y[rows])
        if surface.minima:
            away = np.linalg.norm(last[..., np.newaxis, :] - np.array(surface.minima), axis=-1)
            arrived = became[rows] == Outcome.CONVERGED
            minimum[rows] = np.where(arrived, away.argmin(axis=-1), UNKNOWN)
        yield StartsMap(run, x, y, height.copy(), became.copy(), minimum.copy(), rows.stop / len(y))


def any_threshold(experiment: Experiment) -> Experiment:
    """Return the experiment without what a map goes over, as the key of a cache."""
    return replace(experiment, learning_rate=1.0, threshold=1.0)


def _blocks(rows: int, cells_in_a_row: int) -> Iterator[slice]:
    size = max(1, AT_ONCE // max(1, cells_in_a_row))
    for first in range(0, rows, size):
        yield slice(first, min(first + size, rows))


def _least(height: Array) -> float:
    finite = height[np.isfinite(height)]
    return float(finite.min()) if finite.size else 0.0
