"""Whether the same is large from step to step: the same coordinates, the same direction."""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.gradients.concentration import Layerwise
from core.gradients.gradients import Gradients
from core.strategies import Array

COMPARED = 16  # steps, evenly chosen of more
TOP = 100  # largest entries of a step; of few, one in a hundred
ROOM = 1 << 23  # numbers of a layer that are compared, evenly chosen of more


@dataclass(frozen=True)
class Recurrence:
    """What two steps have in common, on average over all pairs; NaN for a single step."""

    coordinates: float  # share of the largest entries that are at the same places
    chance: float  # of them that would be, if places were drawn anew
    cosine: float  # root mean square, after cutting entries and layers that stand out to the rest
    noise: float  # what it would be, if directions were drawn anew

    @property
    def along(self) -> float:
        """The share of the squared norm along a direction that recurs, beyond chance; 0 if NaN."""
        return math.sqrt(max(0.0, self.cosine**2 - self.noise**2)) if self.cosine >= 0 else 0.0


UNKNOWN = Recurrence(math.nan, math.nan, math.nan, math.nan)


def recurrence(
    gradients: Gradients, steps: NDArray[np.intp], told: Layerwise, factors: Array
) -> Recurrence:
    """Compare steps, given by their positions, at which all is finite and not all zero.

    Entries that stand out in their layers are cut off, and layers multiplied by ``factors``
    (steps, layers), in units of the largest entry.
    """
    chosen = np.unique(np.linspace(0, len(steps) - 1, COMPARED).astype(np.intp))
    if len(chosen) < 2:
        return UNKNOWN
    rows = steps[chosen]
    pairs = np.array(list(combinations(range(len(rows)), 2))).T
    top = max(1, min(TOP, gradients.values.shape[1] // 100))
    places = [np.argpartition(np.abs(gradients.values[i]), -top)[-top:] for i in rows]
    same = [len(np.intersect1d(places[i], places[j])) / top for i, j in pairs.T]
    products, squares, fourths, start = np.zeros((len(rows),) * 2), 0.0, 0.0, 0
    for layer, size in enumerate(gradients.layers):
        stride = max(1, len(rows) * size // ROOM)
        part = gradients.values[rows, start : start + size : stride]
        start += size
        largest = told.largest[chosen, layer, np.newaxis].astype(part.dtype)
        part /= np.where(largest > 0, largest, 1)
        limits = told.ceilings[chosen, layer, np.newaxis]
        part = np.clip(part, -limits, limits) * factors[chosen, layer, np.newaxis]
        products += part @ part.T * stride
        usual = (part * part).mean(axis=0)
        squares += float(usual.sum()) * stride
        fourths += float(usual @ usual) * stride**2  # the numbers that are left stand for more
    norms = np.sqrt(np.diag(products))
    weights = np.outer(norms, norms)[*pairs]
    cosines = products[*pairs] / np.where(weights > 0, weights, 1)
    cosine = math.sqrt(float(np.average(cosines**2, weights=weights))) if weights.any() else 0.0
    # Of independent entries, the squares of cosines are on average the share of fourth powers,
    # which a mean over few steps puts too high; one pair is not the average.
    chance = fourths / squares**2 / (1 + 2 / len(rows)) if squares else 0.0
    return Recurrence(
        float(np.mean(same)),
        top / gradients.values.shape[1],
        cosine,
        math.sqrt(chance * (1 + 2 * math.sqrt(2 / pairs.shape[1]))),
    )
