"""Many random gradients, and what clipping does to them.

They are drawn and measured in blocks. After each, the results so far are handed out, so that
whoever asked can show how far it is, or go away.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.clipping import Array, Clipper, Layers, Rule, Strategy
from core.distributions import Distribution
from core.geometry import angle, magnitude_loss
from core.rotations import rotation

AT_ONCE = 2**16  # numbers in a block, or one draw: for the cache. Another number, other draws
LARGEST = 2 * 10**8  # coordinates times draws: half a minute
MOST = 10**5  # draws: more would make the results large


class Basis(StrEnum):
    """The axes along which the coordinates are clipped."""

    OWN = "own axes"  # those of the distribution
    ROTATED = "rotated"  # the same gradients, all turned by the same random rotation


@dataclass(frozen=True)
class Population:
    """Random gradients, the same whenever they are drawn."""

    distribution: Distribution
    layers: Layers
    nu: float = 3.0  # degrees of freedom of Student's t
    seed: int = 0
    basis: Basis = Basis.OWN

    def __post_init__(self) -> None:
        if not self.layers or min(self.layers) < 1:
            raise ValueError(f"layers must have at least one coordinate each, got {self.layers}")
        if not 0 < self.nu < np.inf:
            raise ValueError(f"nu must be positive and finite, got {self.nu}")

    @property
    def n(self) -> int:
        """How many coordinates a gradient has."""
        return sum(self.layers)

    @property
    def standard_deviation(self) -> float:
        """The root of the mean variance of the coordinates; infinite for Student's t, nu <= 2."""
        return self.distribution.standard_deviation(self.layers, self.nu)

    def draw(self, count: int) -> Iterator[Array]:
        """Yield so many gradients in blocks ``(rows, n)`` of about half a megabyte, or one row.

        Draw i does not depend on how many are asked for. Raises ValueError unless there are 1 to
        `MOST`, and for more than `LARGEST` coordinates in all.
        """
        if not 1 <= count <= MOST:
            raise ValueError(f"draws must be 1 to {MOST}, got {count}")
        if count * self.n > LARGEST:
            raise ValueError(
                f"coordinates times draws must be at most {LARGEST}, got {self.n} times {count}"
            )
        return self._blocks(count)

    def _blocks(self, count: int) -> Iterator[Array]:
        rows = max(1, AT_ONCE // self.n)
        turn = rotation(self.n, self.seed) if self.basis is Basis.ROTATED else None
        for start in range(0, count, rows):
            # A block is drawn whole, for its numbers may be drawn in several rounds. Its seed is
            # never that of the rotation, which is (seed, 0) in disguise.
            rng = np.random.default_rng((self.seed, start + 1))
            gradients = self.distribution.draw(rng, rows, self.layers, self.nu)[: count - start]
            yield gradients if turn is None else turn(gradients)


@dataclass(frozen=True)
class Measured:
    """What clipping did to every gradient that has been drawn so far, each of shape (draws,)."""

    angle: dict[Strategy, Array]  # in radians
    magnitude_loss: dict[Strategy, Array]
    clipped: dict[Strategy, NDArray[np.bool_]]  # whether anything was
    done: float  # the share of the draws


def measure(
    population: Population,
    draws: int,
    thresholds: Mapping[Strategy, float],
    rule: Rule = Rule.CLIP,
) -> Iterator[Measured]:
    """Yield what clipping does to so many gradients, again after every block; the last is whole.

    Raises ValueError as `Population.draw` and `core.clipping.clip` do.
    """
    blocks = population.draw(draws)
    angles = {s: np.empty(draws) for s in thresholds}
    losses = {s: np.empty(draws) for s in thresholds}
    clipped = {s: np.empty(draws, dtype=np.bool_) for s in thresholds}
    stop = 0
    for gradients in blocks:
        start, stop = stop, stop + len(gradients)
        for strategy, threshold in thresholds.items():
            after = Clipper(strategy, threshold, rule)(gradients, population.layers)
            angles[strategy][start:stop] = angle(gradients, after)
            losses[strategy][start:stop] = magnitude_loss(gradients, after)
            clipped[strategy][start:stop] = (gradients != after).any(axis=-1)
        yield Measured(
            {s: angles[s][:stop].copy() for s in thresholds},
            {s: losses[s][:stop].copy() for s in thresholds},
            {s: clipped[s][:stop].copy() for s in thresholds},
            stop / draws,
        )
