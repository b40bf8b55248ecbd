"""The squared norm of gradients in four parts, each of which another strategy suits."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.gradients.concentration import Layerwise, layerwise
from core.gradients.gradients import Gradients
from core.gradients.recurrence import Recurrence, recurrence
from core.gradients.slabs import not_finite
from core.strategies import Array

STANDING = 3.0  # usual root mean squares from which on a layer stands out
GROWN = 2.0  # usual lengths from which on what is left of a step has grown as a whole
LONGEST = 0.25  # share of the steps that decide: clipping acts on the longest first


@dataclass(frozen=True)
class Parts:
    """Shares of the squared norm, which add up to 1."""

    isolated: float  # of single entries that stand out in their layer
    layers: float  # of layers that stand out from the others, beyond these
    oblique: float  # of the rest: along a dense direction, or grown with the whole
    even: float  # what is left


@dataclass(frozen=True, eq=False)
class Apart:
    """Gradients taken apart; growth and recurrence are of all steps, all else of the longest."""

    parts: Parts
    steps: NDArray[np.intp]  # their positions, at least one, the longest first
    told: Layerwise  # of these
    standing: NDArray[np.bool_]  # (steps, layers): layers that stand out
    single: NDArray[np.bool_]  # (steps, layers): those that do and have one large number
    ratios: Array  # (steps, layers): root mean squares, in usual ones
    dense: float  # share of what is left along a dense direction that one step shows
    growth: float  # the longest step, in median ones
    recurrence: Recurrence
    skipped: tuple[int, ...]  # steps that are not finite
    zero: tuple[int, ...]  # steps at which every number is 0


def take_apart(gradients: Gradients) -> Apart:
    """Tell in which parts the squared norm of the longest steps lies.

    Raises ValueError where no step is finite and not all zero.
    """
    lost = not_finite(gradients).any(axis=1)
    zero = ~gradients.values.any(axis=1)  # NaN is not zero
    steps = np.flatnonzero(~lost & ~zero)
    if not len(steps):
        raise ValueError(
            "No step has only finite numbers that are not all zero: there is nothing to tell apart."
        )
    told = layerwise(gradients, steps)
    unit = told.largest.max(axis=1, keepdims=True)
    squares = (told.largest / unit) ** 2
    spikes, rest = told.spikes * squares, told.rest * squares
    whole = (spikes + rest).sum(axis=1)
    ratios, usual = _against_usual(rest, np.array(gradients.layers, np.float64))
    out = ratios > STANDING
    excess = np.where(out, rest - usual, 0)
    rest = np.where(out, usual, rest)
    single = out & told.alone  # per layer and by value do the same to it
    spikes += np.where(single, excess, 0)
    excess[single] = 0
    recurs = recurrence(
        gradients, steps, told, np.sqrt(rest / np.where(told.rest > 0, told.rest, 1))
    )
    dense = (rest * told.dense).sum(axis=1)
    left = rest.sum(axis=1)
    scale = unit[:, 0] / unit.max()
    along = np.maximum(dense, recurs.along * left)
    oblique = along + _grown(scale * np.sqrt(left)) * (left - along)
    norms = scale * np.sqrt(whole)
    longest = np.argsort(-norms, kind="stable")[: math.ceil(LONGEST * len(steps))]

    def together(squares: Array) -> float:
        return float(scale[longest] ** 2 @ squares[longest])

    shares = [together(part) / together(whole) for part in (spikes.sum(axis=1), excess.sum(axis=1))]
    shares.append(together(oblique) / together(whole))
    return Apart(
        Parts(shares[0], shares[1], shares[2], max(0.0, 1 - sum(shares))),
        steps[longest],
        told.at(longest),
        (out & ~single)[longest],
        single[longest],
        ratios[longest],
        together(dense) / together(left) if together(left) else 0.0,
        float(norms[longest[0]] / max(_median(norms), np.finfo(np.float64).tiny)),
        recurs,
        tuple(gradients.steps[i] for i in np.flatnonzero(lost)),
        tuple(gradients.steps[i] for i in np.flatnonzero(zero)),
    )


def _against_usual(rest: Array, sizes: Array) -> tuple[Array, Array]:
    """Return root mean squares, in usual ones, and what layers would hold if theirs were usual.

    ``rest`` are squared norms ``(S, layers)``.
    """
    roots = np.sqrt(rest / sizes)
    usual = np.array([_usual(row, sizes) for row in roots])[:, np.newaxis]
    return roots / usual, np.minimum(rest, sizes * usual**2)


def _grown(lengths: Array) -> Array:
    """Return which share of the squared length of steps ``(S,)`` is beyond the usual."""
    usual = _median(lengths)
    shorter = np.minimum(usual / np.maximum(lengths, np.finfo(np.float64).tiny), 1)
    return np.where(lengths > GROWN * usual, 1 - shorter**2, 0)


def _median(lengths: Array) -> float:
    """Return the middle one; of two, the smaller one, so that one step of two can be long."""
    return float(np.sort(lengths)[(len(lengths) - 1) // 2])


def _usual(roots: Array, sizes: Array) -> float:
    """Return a root mean square that neither half of the layers nor of the numbers are above."""
    present = roots > 0
    return max(
        _weighted_median(roots[present], weights[present])
        for weights in (sizes, np.ones_like(sizes))
    )


def _weighted_median(values: Array, weights: Array) -> float:
    """Return the smallest value that at most half of the weights are above."""
    order = np.argsort(values)
    sums = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(sums, sums[-1] / 2)]])
