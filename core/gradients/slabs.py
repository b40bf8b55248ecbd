"""Gradients, a layer at a time, in units in which no square is out of range."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.gradients.gradients import Gradients
from core.strategies import Array

ROOM = 1 << 22  # numbers of a layer that are copied at a time, or those of one step


@dataclass(frozen=True, eq=False)
class Slab:
    """Entries of one layer at some steps."""

    layer: int
    rows: slice  # which of the steps asked for
    entries: Array  # (rows, m): a copy, in units of the largest of its row; zeros stay zeros
    largest: Array  # (rows,) float64


def slabs(gradients: Gradients, steps: NDArray[np.intp]) -> Iterator[Slab]:
    """Yield the layers at steps, given by their positions, at which all is finite."""
    start = 0
    for layer, size in enumerate(gradients.layers):
        part = gradients.values[:, start : start + size]
        start += size
        many = max(1, ROOM // size)
        for first in range(0, len(steps), many):
            rows = slice(first, min(first + many, len(steps)))
            entries = part[steps[rows]]
            largest = np.maximum(entries.max(axis=1), -entries.min(axis=1))
            entries /= np.where(largest > 0, largest, 1)[:, np.newaxis]
            yield Slab(layer, rows, entries, largest.astype(np.float64))


def not_finite(gradients: Gradients) -> NDArray[np.intp]:
    """Count the entries that are NaN or infinite, ``(S, layers)``."""
    counts = np.zeros((len(gradients.values), len(gradients.layers)), np.intp)
    starts = np.cumsum((0, *gradients.layers[:-1]))
    for count, row in zip(counts, gradients.values, strict=True):
        if not np.isfinite([row.min(), row.max()]).all():  # the usual case needs no room
            count[:] = np.add.reduceat(~np.isfinite(row), starts, dtype=np.intp)
    return counts
