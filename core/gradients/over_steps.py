"""What clipping does to the gradients of a training at every threshold, over all its steps."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.curves import curve, threshold_for_clipped_fraction
from core.geometry import effect
from core.gradients.gradients import Gradients
from core.strategies import Array, Layers, Strategy
from core.work import Work

COUNT = 200  # thresholds
BAND = (0.1, 0.5, 0.9)  # quantiles over the steps: the lower edge, the median, the upper edge
EXTREME = 0.9  # share of the nonzero numbers that is clipped at the smallest threshold
JUDGED = 16  # steps that tell where that is
DECADES = (1, 8)  # that the thresholds span at least, and at most
ABOVE = 1.05  # how far they go beyond the longest gradient


@dataclass(frozen=True, eq=False)
class Usable:
    """The steps whose gradients can be clipped and turned, and how many cannot."""

    rows: tuple[Array, ...]  # (n,) each: finite, with a length that its type can hold, not zero
    norms: Array  # (len(rows),): their lengths
    layers: Layers
    zeros: int  # steps whose gradient is zero: clipping never acts on them
    not_finite: int  # steps with a number, or a length, that is NaN or infinite: they are left out

    @property
    def finite(self) -> int:
        """The number of steps of which shares are taken."""
        return len(self.rows) + self.zeros

    def only(self, wanted: NDArray[np.bool_]) -> "Usable":
        """Return some of the rows ``(len(rows),)``."""
        rows = tuple(self.rows[i] for i in np.flatnonzero(wanted))
        return replace(self, rows=rows, norms=self.norms[wanted])


@dataclass(frozen=True, eq=False)
class Band:
    """Quantiles over the steps at every threshold, ``(T,)`` each; every one is that of a step."""

    low: Array
    median: Array
    high: Array


@dataclass(frozen=True, eq=False)
class Effect:
    """What one strategy does at every threshold; the bands are over steps that are not zero."""

    acts: Array  # (T,): the share of the finite steps on which at least one number is changed
    angle: Band  # radians
    magnitude_loss: Band
    clipped_fraction: Band  # of the coordinates


@dataclass(frozen=True, eq=False)
class OverSteps:
    """The curves of every strategy, over the same thresholds."""

    thresholds: Array  # (T,) float64, rising
    effects: dict[Strategy, Effect]
    steps: int  # that are finite, the zero ones among them
    zeros: int
    not_finite: int


def curves_over_steps(
    gradients: Gradients, count: int = COUNT, work: Work | None = None
) -> OverSteps:
    """Return exact curves at ``count`` thresholds, the same for all strategies.

    These go from where 90% of the numbers are clipped, whatever the strategy, to where nothing is,
    but through eight decades at most. Quantiles are the smallest value with at least that share
    of the steps at or below it. Raises ValueError as `usable` does; ``work`` may call it off.
    """
    steps = usable(gradients)
    thresholds = _thresholds(steps, count)
    effects = {}
    work = work or Work(1)
    for done, strategy in enumerate(Strategy, 1):
        found = effects_at(steps, strategy, thresholds, work, done / len(Strategy))
        acts = np.count_nonzero(found[2], axis=0) / steps.finite
        effects[strategy] = Effect(acts, *(_band(each) for each in found))
    return OverSteps(thresholds, effects, steps.finite, steps.zeros, steps.not_finite)


def usable(gradients: Gradients) -> Usable:
    """Sort out the steps; tensors without numbers are no layers.

    Raises ValueError with a sentence for the reader where no step is finite, or none is not zero.
    """
    norms = gradients.lengths.astype(gradients.values.dtype)
    finite = np.isfinite(norms)
    if not finite.any():
        raise ValueError(
            "In every step the gradient holds NaN or infinite numbers, or its length is infinite: "
            "there is nothing to clip. Accepted: at least one step with a finite gradient."
        )
    kept = np.flatnonzero(finite & (norms > 0))
    if not len(kept):
        raise ValueError(
            "In every step the gradient is zero: there is nothing to clip. "
            "Accepted: at least one step with a gradient that is not zero."
        )
    rows = tuple(gradients.values[i] for i in kept)
    layers = tuple(size for size in gradients.layers if size)
    zeros = int(finite.sum()) - len(kept)
    return Usable(rows, norms[kept], layers, zeros, int(np.sum(~finite)))


def effects_at(
    steps: Usable,
    strategy: Strategy,
    thresholds: ArrayLike,
    work: Work | None = None,
    until: float = 1.0,
) -> Array:
    """Return angle, magnitude loss and clipped fraction ``(3, len(rows), T)`` of every row.

    ``work`` is brought from where it is to the share ``until``.
    """
    work = work or Work(1)
    found = np.empty((3, len(steps.rows), np.size(thresholds)))
    if len(strategy.blocks(steps.layers)) == 1:  # all steps at once, for there may be thousands
        limits = strategy.limits(thresholds, steps.layers)
        found[:2] = effect(steps.norms[:, np.newaxis, np.newaxis], limits)
        present = [np.count_nonzero(row) / len(row) for row in steps.rows]
        found[2] = (found[1] > 0) * np.array(present)[:, np.newaxis]
    else:
        begun = work.done
        for i, row in enumerate(steps.rows):
            each = curve(row, steps.layers, strategy, thresholds)
            found[:, i] = each.angle, each.magnitude_loss, each.clipped_fraction
            work.reach(begun + (until - begun) * (i + 1) / len(steps.rows))
    work.reach(until)
    return found


def _thresholds(steps: Usable, count: int) -> Array:
    info = np.finfo(steps.norms.dtype)
    judged = np.unique(np.linspace(0, len(steps.rows) - 1, JUDGED).astype(np.intp))
    low = np.inf
    for row in (steps.rows[i] for i in judged):
        share = EXTREME * (np.count_nonzero(row) / len(row))
        for strategy in Strategy:
            low = min(low, threshold_for_clipped_fraction(row, steps.layers, strategy, share))
    high = min(float(steps.norms.max()), float(info.max) / ABOVE) * ABOVE
    least, most = (high * 10.0**-decades for decades in DECADES)
    low = max(most, min(low, least), float(info.smallest_subnormal))
    return np.geomspace(low, max(low, high), count)


def _band(found: Array) -> Band:
    return Band(*np.quantile(found, BAND, axis=0, method="inverted_cdf"))


@dataclass(frozen=True)
class Result:
    """What one strategy does at one threshold: medians over the steps that are not zero."""

    acts: float  # share of the finite steps on which at least one number is changed
    angle: float  # radians
    magnitude_loss: float
    clipped_fraction: float


def results_at(gradients: Gradients, threshold: float) -> dict[Strategy, Result]:
    """Return what `curves_over_steps` has at one threshold, exactly; raises ValueError likewise."""
    steps = usable(gradients)

    def result(strategy: Strategy) -> Result:
        found = effects_at(steps, strategy, [threshold])[..., 0]
        acts = np.count_nonzero(found[2]) / steps.finite
        return Result(acts, *np.quantile(found, BAND[1], axis=1, method="inverted_cdf").tolist())

    return {strategy: result(strategy) for strategy in Strategy}
