"""ZClip: norms are clipped that lie far above their running mean, in standard deviations."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from core.gradients.replays.replay import Replay, acts, as_whole, locked_in, replay
from core.strategies import Array

LEAST_SPREAD = 1e-6  # what the public code adds to the deviation; of the mean, so without a unit


@dataclass(frozen=True)
class ZScore:
    """Clipping by global norm, of norms more than ``z`` deviations above the running mean.

    Such a norm becomes mean + z**2 / its own z-score deviations: the farther out, the shorter. The
    mean and the variance are exponential moving averages of the norms after clipping; the first
    ``warmup`` norms, which pass, start them. The paper's other ways to clip an outlier, and the
    ``max_grad_norm`` that its code clips at besides, are left out.

    Source: Kumar, Owen, Roy Chowdhury and Güra, "ZClip: Adaptive Spike Mitigation for LLM
    Pre-Training", 2025, algorithm 1, and its public code (``clip_option="adaptive_scaling"``).
    """

    alpha: float = 0.97
    z: float = 2.5
    warmup: int = 25

    name: ClassVar[str] = "z-score"

    def __post_init__(self) -> None:
        """Refuse what the rule is not made for."""
        if not 0 <= self.alpha < 1:
            raise ValueError("alpha is not a number from 0 to below 1. Accepted: such as 0.97.")
        if not 0 < self.z < math.inf:
            raise ValueError("z is not a positive number. Accepted: such as 2.5.")
        if self.warmup < 1:
            raise ValueError("The warm-up has no step. Accepted: 1 step or more, such as 25.")

    def replay(self, norms: ArrayLike) -> Replay:
        """Clip norms (S,), or the norms of layers (S, L) as whole gradients.

        Where a norm passes, the threshold is the one above which it would not have; in the warm-up
        it is infinite.
        """
        whole, finite = as_whole(norms)
        values = whole[finite]
        thresholds = np.full(len(values), np.inf)
        if len(values) < self.warmup:
            some = f"{len(values):,} of {self.warmup:,} steps"
            notes: tuple[str, ...] = (f"The warm-up did not end, after {some}: nothing acts yet.",)
        else:
            thresholds[self.warmup :] = self._thresholds(values)
            notes = locked_in(acts(values, thresholds), finite, self.warmup)
        return replay(self.name, whole, finite, thresholds, notes)

    def _thresholds(self, values: Array) -> list[float]:
        first = values[: self.warmup]
        largest = float(first.max()) or 1.0  # so that no sum or square leaves the range
        mean, spread = float(np.mean(first / largest)), float(np.std(first / largest))
        mean, spread = mean * largest, spread * largest
        old, new = math.sqrt(self.alpha), math.sqrt(1 - self.alpha)
        thresholds = []
        for norm in values[self.warmup :].tolist():
            reach = self.z * (spread + LEAST_SPREAD * mean)
            above = norm - mean
            if above > reach:
                norm = threshold = mean + reach * (self.z * spread / above)
            else:
                threshold = max(mean + reach, norm)
            thresholds.append(threshold)
            mean = self.alpha * mean + (1 - self.alpha) * norm
            spread = math.hypot(old * spread, new * (norm - mean))
        return thresholds
