"""One experiment of the descent page: a surface, a start, and the ways to go down from there."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Clipper
from core.descent.descend import Descent, descend
from core.matching import Thresholds, alike
from core.noise import disturb
from core.optimizers import Optimizer
from core.runs import NONE, RUNS, Run, Shorten, unclipped
from core.strategies import Array
from core.surfaces.planes import rotated, stack
from core.surfaces.surface import Surface, from_formula
from core.surfaces.table import SURFACES

OWN = "your own"  # instead of the name of a surface: the formula counts
NO_NOISE = "none"


@dataclass(frozen=True)
class Landscape:
    """A surface, by names, so that it can be the key of a cache."""

    surface: str  # one of SURFACES, or OWN
    formula: str = ""
    degrees: float = 0.0  # by which it is rotated
    second: str = ""  # one of SURFACES, over a second plane

    @cached_property
    def built(self) -> Surface:
        """The surface itself; ValueError with a sentence for the reader for a wrong formula."""
        first, *others = self.planes
        return stack(first, others[0]) if others else first

    @cached_property
    def planes(self) -> tuple[Surface, ...]:
        """The surface of every plane."""
        own = self.surface == OWN
        first = from_formula(self.formula) if own else SURFACES[self.surface]
        turned = rotated(first, float(np.radians(self.degrees)))
        return (turned, SURFACES[self.second]) if self.second else (turned,)

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return self.formula or self.surface


@dataclass(frozen=True)
class Experiment:
    """Several runs from one start, under the same noise."""

    landscape: Landscape
    start: tuple[float, ...]
    learning_rate: float
    thresholds: Thresholds
    runs: tuple[Run, ...] = RUNS
    steps: int = 500
    noise: str = NO_NOISE  # one of DISTURBANCES
    noise_scale: float = 1.0
    seed: int = 0
    optimizer: Optimizer = Optimizer.PLAIN

    @property
    def surface(self) -> Surface:
        """The surface that the runs go down."""
        return self.landscape.built

    def disturbance(self) -> Array | None:
        """Draw the noise ``(steps, n)`` that every run feels; None without noise."""
        if self.noise == NO_NOISE:
            return None
        return disturb(self.noise, self.seed, (self.steps, len(self.start)), self.noise_scale)

    def shorten(self, run: Run, by_value: ArrayLike | None = None) -> Shorten:
        """Return what a run makes of its gradients ``(..., n)``.

        Thresholds ``by_value`` ``(...)`` serve instead of the experiment's own, for a sweep.
        """
        if run is NONE:
            return unclipped
        fixed = self.thresholds.fixed(run, self.surface.layers) if by_value is None else None
        if fixed is not None:
            return Clipper(run, fixed, self.thresholds.rule)
        return lambda gradient, layers: self.thresholds.clip(run, gradient, layers, by_value)

    def descend(self, starts: ArrayLike | None = None) -> Descent:
        """Go down by every run at once; the first axis of the result is the runs.

        ``starts`` ``(..., n)`` serve instead of the experiment's own start, all under one noise.
        """
        twins = [
            next(k for k, one in enumerate(self.runs) if self._alike(one, run)) for run in self.runs
        ]
        distinct = sorted(set(twins))
        found = descend(
            self.surface,
            self.start if starts is None else starts,
            [self.shorten(self.runs[k]) for k in distinct],
            self.learning_rate,
            self.steps,
            noise=self.disturbance(),
            optimizer=self.optimizer,
        )
        if len(distinct) == len(twins):
            return found
        return found.of_runs([distinct.index(k) for k in twins])

    def _alike(self, one: Run, other: Run) -> bool:
        """Say whether two runs are the same, as per layer and by global norm are with one layer."""
        if one is NONE or other is NONE:
            return one is other
        return alike(one, other, self.surface.layers)
