"""Many random gradients, and what clipping does to them, in blocks of bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.dimensions.distributions import Distribution
from core.dimensions.rotations import rotation
from core.geometry import angle, magnitude_loss
from core.matching import Thresholds
from core.strategies import Array, Layers, Strategy
from core.work import Work

AT_ONCE = 2**16  # numbers in a block, or one draw: for the cache. Another number, other draws
MOST_IN_ALL = 2 * 10**8  # coordinates times draws: half a minute
LEAST_NU = 0.1  # degrees of freedom: below, draws leave the range of numbers
MOST_DRAWS = 10**5  # draws: more would make the results large


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
        if not LEAST_NU <= self.nu < np.inf:
            raise ValueError(f"nu must be finite and at least {LEAST_NU}, got {self.nu}")

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
        `MOST_DRAWS`, and for more than `MOST_IN_ALL` coordinates in all.
        """
        if not 1 <= count <= MOST_DRAWS:
            raise ValueError(f"draws must be 1 to {MOST_DRAWS}, got {count}")
        if count * self.n > MOST_IN_ALL:
            raise ValueError(
                f"coordinates times draws must be at most {MOST_IN_ALL}, got {self.n} times {count}"
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
    """What clipping did to every gradient, each of shape (draws,)."""

    angle: dict[Strategy, Array]  # in radians
    magnitude_loss: dict[Strategy, Array]
    clipped: dict[Strategy, NDArray[np.bool_]]  # whether anything was

    def csv(self) -> str:
        """Write a line for every gradient, angles in degrees."""
        columns = {
            f"{name} {strategy}": values[strategy]
            for name, values in (
                ("degrees turned by", {s: np.degrees(angles) for s, angles in self.angle.items()}),
                ("share of the length lost by", self.magnitude_loss),
                ("clipped by", self.clipped),
            )
            for strategy in Strategy
        }
        rows = zip(*(column.tolist() for column in columns.values()), strict=True)
        lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
        return "\n".join(lines) + "\n"


def quartiles(numbers: Array) -> Array:
    """Return the lower quartile, the median and the upper quartile along the first axis."""
    return np.asarray(np.quantile(numbers, (0.25, 0.5, 0.75), axis=0))


def measure(
    population: Population,
    draws: int,
    thresholds: Thresholds,
    work: Work,
) -> Measured:
    """Clip so many gradients by every strategy; ``work`` counts the coordinates.

    Raises ValueError as `Population.draw` and `core.clipping.clip` do.
    """
    blocks_of_draws = population.draw(draws)  # refuses numbers of them that cannot be
    found = Measured(
        {s: np.empty(draws) for s in Strategy},
        {s: np.empty(draws) for s in Strategy},
        {s: np.empty(draws, np.bool_) for s in Strategy},
    )
    stop = 0
    for gradients in blocks_of_draws:
        start, stop = stop, stop + len(gradients)
        for strategy in Strategy:
            after = thresholds.clip(strategy, gradients, population.layers)
            found.angle[strategy][start:stop] = angle(gradients, after)
            found.magnitude_loss[strategy][start:stop] = magnitude_loss(gradients, after)
            found.clipped[strategy][start:stop] = (gradients != after).any(axis=-1)
        work.advance(gradients.size)
    return found
