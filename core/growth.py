"""How far random gradients turn: against their number of coordinates, and the threshold."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Array, Layers, Strategy
from core.curves import curve
from core.population import Population, measure

QUARTILES = (0.25, 0.5, 0.75)
SIZES = tuple(int(n) for n in np.unique(np.geomspace(2, 10**6, 18).round()))
FEWEST = 25  # draws for a quartile
ENOUGH = 10**6  # coordinates in all draws of one size, where that gives draws enough


@dataclass(frozen=True)
class Spread:
    """Quartiles of the angle, as far as they are computed."""

    at: Array  # (m,): numbers of coordinates, or thresholds
    quartiles: dict[Strategy, Array]  # (3, m): lower quartile, median, upper quartile; radians
    done: float  # the share that is computed


def growth(
    population: Population, threshold: float, draws: int = 1000, sizes: tuple[int, ...] = SIZES
) -> Iterator[Spread]:
    """Yield the angle against the number of coordinates, again after every size.

    The population's own layers count only by their number: at every size they are equal, or of
    one coordinate where there are too few. ``threshold`` is in units of the scale for one
    coordinate, and times the root of a layer's mean size for a layer, so that both are as likely
    to act. From large gradients fewer are drawn, but 25. `Spread.at` grows from yield to yield.

    Raises ValueError for no sizes, for sizes below 1, and as `measure` does.
    """
    if not sizes or min(sizes) < 1:
        raise ValueError(f"sizes must be positive, and at least one, got {sizes}")
    found: dict[Strategy, list[Array]] = {Strategy.VALUE: [], Strategy.LAYER: []}
    for i, n in enumerate(sizes, start=1):
        layers = _equal(n, min(n, len(population.layers)))
        limits = {
            Strategy.VALUE: threshold,
            Strategy.LAYER: threshold * float(np.sqrt(n / len(layers))),
        }
        count = min(draws, max(FEWEST, ENOUGH // n))
        *_, last = measure(replace(population, layers=layers), count, limits)
        for strategy, columns in found.items():
            columns.append(np.quantile(last.angle[strategy], QUARTILES))
        quartiles = {strategy: np.stack(columns, axis=-1) for strategy, columns in found.items()}
        yield Spread(np.array(sizes[:i], dtype=np.float64), quartiles, i / len(sizes))


def against_threshold(
    population: Population, draws: int, thresholds: ArrayLike
) -> Iterator[Spread]:
    """Yield the angle against the threshold ``(m,)``, of more and more gradients.

    The thresholds are the same numbers for all strategies, in units of the scale. Raises
    ValueError as `Population.draw` and `curve` do.
    """
    limits = np.asarray(thresholds, dtype=np.float64)
    angles: dict[Strategy, list[Array]] = {strategy: [] for strategy in Strategy}
    for gradients in population.draw(draws):
        for strategy, rows in angles.items():
            rows += [curve(g, population.layers, strategy, limits).angle for g in gradients]
        quartiles = {s: np.quantile(rows, QUARTILES, axis=0) for s, rows in angles.items()}
        yield Spread(limits, quartiles, len(angles[Strategy.VALUE]) / draws)


def _equal(n: int, layers: int) -> Layers:
    return tuple(n // layers + (i < n % layers) for i in range(layers))
