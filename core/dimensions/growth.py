"""How far random gradients turn: against their number of coordinates, and the threshold."""

from dataclasses import dataclass, replace

import numpy as np

from core.curves import curve
from core.dimensions.population import Population, measure, quartiles
from core.matching import Thresholds
from core.strategies import Array, Layers, Strategy
from core.work import Work

SIZES = tuple(int(n) for n in np.unique(np.geomspace(2, 10**6, 18).round()))
FEWEST = 11  # draws for a quartile
ENOUGH = 5 * 10**5  # coordinates in all draws of one size, where that gives draws enough


@dataclass(frozen=True)
class Spread:
    """Quartiles of the angle."""

    at: Array  # (m,): numbers of coordinates, or thresholds
    quartiles: dict[Strategy, Array]  # (3, m): lower quartile, median, upper quartile; radians

    def csv(self, at: str) -> str:
        """Write a line for every number that the angle is told against, angles in degrees."""
        names = [
            f"{name} of the degrees turned by {strategy}"
            for strategy in self.quartiles
            for name in ("lower quartile", "median", "upper quartile")
        ]
        lines = [",".join([at, *names])]
        columns = np.degrees(np.concatenate([*self.quartiles.values()]))
        for place, row in zip(self.at.tolist(), columns.T.tolist(), strict=True):
            lines.append(",".join(map(repr, [place, *row])))
        return "\n".join(lines) + "\n"


def equal_layers(n: int, count: int) -> Layers:
    """Split n coordinates into at most so many layers, of equal sizes up to one.

    >>> equal_layers(10, 4)
    (3, 3, 2, 2)
    """
    layers = min(n, count)
    return tuple(n // layers + (i < n % layers) for i in range(layers))


def draws_of(n: int, draws: int) -> int:
    """Return how many gradients of n coordinates are drawn: fewer where they are large."""
    return min(draws, max(FEWEST, ENOUGH // n))


def growth(
    population: Population,
    thresholds: Thresholds,
    draws: int,
    work: Work,
    *,
    in_deviations: bool = False,
    sizes: tuple[int, ...] = SIZES,
) -> Spread:
    """Return the angle against the number of coordinates; ``work`` counts those that are drawn.

    The population's own layers count only by their number: at every size they are equal, or of
    one coordinate where there are too few. There are as many draws as `draws_of` says. The
    thresholds may be told in standard deviations: of some populations that depends on the size.
    Raises ValueError as `measure` does.
    """
    found: dict[Strategy, list[Array]] = {strategy: [] for strategy in Strategy}
    for n in sizes:
        sized = replace(population, layers=equal_layers(n, len(population.layers)))
        unit = sized.standard_deviation if in_deviations else 1.0
        scaled = replace(thresholds, by_value=thresholds.by_value * unit)
        last = measure(sized, draws_of(n, draws), scaled, work)
        for strategy, columns in found.items():
            columns.append(quartiles(last.angle[strategy]))
    return Spread(
        np.array(sizes, np.float64),
        {strategy: np.stack(columns, axis=-1) for strategy, columns in found.items()},
    )


def against_threshold(
    population: Population,
    draws: int,
    by_value: tuple[float, ...],
    work: Work,
    thresholds: Thresholds,
) -> Spread:
    """Return the angle against the threshold ``by_value``; ``work`` counts the draws.

    It serves instead of the one in ``thresholds``, which says how the others are matched to it.
    Raises ValueError as `Population.draw` and `curve` do.
    """
    layers, limits = population.layers, np.asarray(by_value, np.float64)
    angles: dict[Strategy, list[Array]] = {strategy: [] for strategy in Strategy}
    for gradients in population.draw(draws):
        for gradient in gradients:
            work.advance()
            for strategy, rows in angles.items():
                matched = _matched(thresholds, strategy, gradient, layers, limits)
                rows.append(curve(gradient, layers, strategy, matched).angle)
    return Spread(limits, {s: quartiles(np.array(rows)) for s, rows in angles.items()})


def _matched(
    thresholds: Thresholds, strategy: Strategy, gradient: Array, layers: Layers, limits: Array
) -> Array:
    if not thresholds.vary(strategy, layers):
        return thresholds.of(strategy, gradient, layers, limits)
    # One at a time: all together would be as many copies of the gradient.
    return np.array([thresholds.of(strategy, gradient, layers, c) for c in limits])
