"""In what the squared norm of gradients lies: single coordinates, layers, a direction, the rest."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from core.clipping import length_of
from core.gradients.gradients import Gradients
from core.gradients.rank_one import along_ones, rank_one, spread
from core.gradients.slabs import slabs
from core.gradients.tails import usual_sizes
from core.strategies import Array

SPIKE = 5.0  # usual sizes from which on an entry stands out: of Gaussian ones, one in 1.7 million
FEWEST = 8  # entries of a layer that tell what is usual in it
ALONE = 1.5  # entries over which the squared norm of so few may be spread, where it is in one
ALIKE = 20  # entries whose signs tell something
SURE = 0.2  # share of a dense part from which on it is no chance, and explains large entries


@dataclass(frozen=True, eq=False)
class Layerwise:
    """What each layer (columns) holds at each step (rows), in units of the largest entry of it."""

    largest: Array  # of the absolute values
    spikes: Array  # what single entries hold of the squared norm, beyond the usual size
    rest: Array  # what all else holds of it
    counts: NDArray[np.intp]  # how many such entries there are
    near: NDArray[np.intp]  # of them, how many are less than twice as large as they must be
    ceilings: Array  # what they are larger than
    alone: NDArray[np.bool_]  # whether one of few entries holds nearly all
    dense: Array  # share of the rest along a dense direction

    def at(self, rows: NDArray[np.intp]) -> "Layerwise":
        """Return the same of some of the steps."""
        return Layerwise(*(getattr(self, field.name)[rows] for field in fields(self)))


def layerwise(gradients: Gradients, steps: NDArray[np.intp]) -> Layerwise:
    """Take the layers apart at steps, given by their positions, at which all is finite."""
    shape = len(steps), len(gradients.layers)
    told = Layerwise(
        largest=np.zeros(shape),
        spikes=np.zeros(shape),
        rest=np.zeros(shape),
        counts=np.zeros(shape, np.intp),
        near=np.zeros(shape, np.intp),
        ceilings=np.zeros(shape),
        alone=np.zeros(shape, np.bool_),
        dense=np.zeros(shape),
    )
    for slab in slabs(gradients, steps):
        at = slab.rows, slab.layer
        told.largest[at] = slab.largest
        told.rest[at] = length_of(slab.entries).astype(np.float64) ** 2
        if slab.entries.shape[1] < FEWEST:
            told.ceilings[at] = 1
            told.alone[at] = [spread(row * row) < ALONE for row in slab.entries]
            continue
        sizes = np.abs(slab.entries)
        usual = usual_sizes(sizes)
        told.ceilings[at] = np.minimum(SPIKE * usual, 1)
        for i in np.flatnonzero(usual):
            row, entries = (slab.rows.start + i, slab.layer), slab.entries[i]
            ceiling = told.ceilings[row]
            over, told.dense[row] = _apart(entries, sizes[i], ceiling, gradients.shapes[slab.layer])
            if not len(over):
                continue
            large = sizes[i, over].astype(np.float64)
            told.counts[row], told.near[row] = len(over), np.count_nonzero(large < 2 * ceiling)
            told.spikes[row] = np.sum(large**2 - usual[i] ** 2)
            entries[over] = 0  # a difference would lose what is small beside them
            told.rest[row] = float(length_of(entries)) ** 2 + len(over) * usual[i] ** 2
    return told


def _apart(
    entries: Array, sizes: Array, ceiling: float, shape: tuple[int, ...]
) -> tuple[NDArray[np.intp], float]:
    """Return where entries stand out, and the share of the rest along a dense direction."""
    over = np.flatnonzero(sizes > ceiling) if ceiling < 1 else np.empty(0, np.intp)
    rest = np.clip(entries, -ceiling, ceiling) if len(over) else entries
    share = along_ones(rest) if len(entries) >= ALIKE else 0.0
    if len(shape) > 1 and 1 < shape[0] < len(entries):
        found = rank_one(rest.reshape(shape[0], -1))
        if found:
            share = max(share, found.share)
            if found.share > SURE:
                row, column = np.divmod(over, len(found.right))
                explained = np.abs(found.left[row] * found.right[column])
                over = over[sizes[over] > SPIKE * explained]
    return over, share
