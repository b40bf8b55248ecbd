"""What is large in each layer of a gradient: a table."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.clipping import length_of
from core.gradients.gradients import Gradients
from core.gradients.slabs import not_finite, slabs
from core.gradients.tails import tail_index
from core.strategies import Array


@dataclass(frozen=True, eq=False)
class LayerTable:
    """One row for every layer, each array (layers,); NaN where there is nothing to tell.

    Of several steps, the medians over those at which every number is finite, and the sums of the
    counts.
    """

    names: tuple[str, ...]
    sizes: NDArray[np.intp]
    norms: Array
    shares: Array  # of the squared norm of the whole, whose medians need not add up to 1
    largest: Array  # absolute value
    peaks: Array  # the largest over the root mean square: at most the root of the size
    tail_indices: Array  # see `tail_index`
    not_finite: NDArray[np.intp]  # how many entries are NaN or infinite
    steps: int  # over which the medians are taken
    skipped: tuple[int, ...]  # steps that were left out, for numbers that are not finite


def layer_table(gradients: Gradients, step: int | None = None) -> LayerTable:
    """Return what is large in each layer, at one step or over all of them.

    Raises ValueError for a step that is not there.
    """
    positions = np.arange(len(gradients.steps))
    if step is not None:
        if step not in gradients.steps:
            raise ValueError(f"There is no step {step}; the steps are {_listed(gradients.steps)}.")
        positions = positions[gradients.steps.index(step) :][:1]
    counts = not_finite(gradients)[positions]
    lost = counts.any(axis=1)
    finite = positions[~lost]
    shape = len(finite), len(gradients.layers)
    largest, relative, tails = np.zeros(shape), np.zeros(shape), np.full(shape, np.nan)
    for slab in slabs(gradients, finite):
        at = slab.rows, slab.layer
        largest[at] = slab.largest
        relative[at] = length_of(slab.entries)
        tails[at] = [tail_index(row) for row in slab.entries]
    roots = np.sqrt(np.array(gradients.layers, np.float64))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # The whole norm may be out of range where the shares are not.
        units = largest.max(axis=1, keepdims=True, initial=0)
        squares = (largest / units * relative) ** 2
        shares = squares / squares.sum(axis=1, keepdims=True)
        norms, shares, most, peaks, indices = [
            _medians(it)
            for it in (
                largest * relative,
                shares,
                largest,
                roots / np.where(relative > 0, relative, np.nan),
                tails,
            )
        ]
    return LayerTable(
        gradients.names,
        np.array(gradients.layers, np.intp),
        norms,
        shares,
        most,
        peaks,
        indices,
        counts.sum(axis=0),
        len(finite),
        tuple(gradients.steps[i] for i in positions[lost]),
    )


def _medians(values: Array) -> Array:
    """Return the medians of ``(S, layers)`` over the steps at which there is something to tell."""
    told = np.count_nonzero(~np.isnan(values), axis=0)
    ordered = np.sort(np.vstack([values, np.full(values.shape[1], np.nan)]), axis=0)  # NaN last
    columns = np.arange(values.shape[1])
    low, high = ordered[np.maximum(told - 1, 0) // 2, columns], ordered[told // 2, columns]
    return np.asarray(np.where(low == high, low, low + (high - low) / 2))


def _listed(steps: tuple[int, ...]) -> str:
    few = ", ".join(str(step) for step in steps[:5])
    return few if len(steps) <= 5 else f"{few}, … {steps[-1]}"
