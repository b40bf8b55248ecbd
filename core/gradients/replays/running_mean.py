"""AdaGC: each layer is clipped at a multiple of the running mean of its own norms."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.clipping import length_of
from core.gradients.replays.replay import Replay, acts, as_norms, locked_in, replay
from core.notation import write_number, write_share
from core.strategies import Array

ONE_LAYER = "The rule has a threshold for each layer; here it is one, of the norm of all layers."


@dataclass(frozen=True)
class RunningMean:
    """Clipping per layer, at ``relative`` times the running mean of the layer's clipped norms.

    Before step number ``warmup``, counted from 1, the whole gradient is clipped by its global norm
    at ``absolute``, in the unit of the norms, and the smallest clipped norm of each layer is what
    its mean starts from.

    Source: Wang, Li, Chen, Zeng, Yang, Yu, Ma and Shen, "AdaGC: Enhancing LLM Pretraining Stability
    via Adaptive Gradient Clipping", 2025, algorithm 1. The defaults are those of the public code in
    `pytorch_optimizer.AdaGC`, whose first steps are followed, too.
    """

    beta: float = 0.98
    relative: float = 1.05
    absolute: float = 1.0
    warmup: int = 100

    name: ClassVar[str] = "running mean"

    def __post_init__(self) -> None:
        """Refuse what the rule is not made for."""
        if not 0 <= self.beta < 1:
            raise ValueError("beta is not a number from 0 to below 1. Accepted: such as 0.98.")
        if not 0 < self.relative < np.inf or not 0 < self.absolute < np.inf:
            raise ValueError(
                "A threshold is not a positive number. Accepted: such as 1.05 times the running "
                "mean, and 1 in the warm-up."
            )
        if self.warmup < 2:
            raise ValueError("The warm-up has no step. Accepted: to step 2 or later, such as 100.")

    def replay(self, norms: ArrayLike) -> Replay:
        """Clip the norms of layers (S, L), or norms (S,) of gradients as of one layer."""
        given, finite = as_norms(norms)
        rows = given[finite].reshape(int(finite.sum()), -1)
        first = self.warmup - 1
        start = self._first_thresholds(rows[:first])
        means = np.minimum(rows[:first], start).min(axis=0)
        later = [
            self._thresholds(layer, mean)
            for layer, mean in zip(rows[first:].T.tolist(), means.tolist(), strict=True)
        ]
        thresholds = np.concatenate([start, np.array(later).T]).reshape(given[finite].shape)
        notes: tuple[str, ...] = () if given.ndim == 2 else (ONE_LAYER,)
        if len(rows) <= first:
            some = f"{len(rows):,} of {first:,} steps"
            at = write_number(self.absolute)
            notes += (f"The warm-up did not end, after {some}: all are clipped at {at}.",)
        else:
            acting = acts(given[finite], thresholds)
            notes += (*self._often(acting[first:]), *locked_in(acting, finite, first))
        return replay(self.name, given, finite, thresholds, notes)

    def _often(self, acting: NDArray[np.bool_]) -> tuple[str, ...]:
        share = float(acting.mean())
        if share <= 0.5:
            return ()
        which = "steps" if acting.ndim == 1 else "norms of layers"
        return (
            f"After the warm-up it acts on {write_share(share)} of the {which}: on all above "
            f"{write_number(self.relative)} times a running mean of what it clipped.",
        )

    def _first_thresholds(self, rows: Array) -> Array:
        """Return what clipping by global norm leaves each layer of, ``(F, L) -> (F, L)``."""
        whole = length_of(rows)[:, np.newaxis]
        parts = np.divide(rows, whole, out=np.ones(rows.shape), where=whole > 0)
        return np.where(
            whole > self.absolute, parts * self.absolute, np.maximum(rows, self.absolute)
        )

    def _thresholds(self, layer: list[float], mean: float) -> list[float]:
        thresholds = []
        for norm in layer:
            threshold = self.relative * mean
            thresholds.append(threshold)
            mean = self.beta * mean + (1 - self.beta) * min(norm, threshold)
        return thresholds
