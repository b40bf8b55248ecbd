"""What a rule of clipping would have done to norms that were logged, as one value."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.clipping import length_of
from core.geometry import magnitude_loss
from core.strategies import Array

STUCK = 100  # steps in a row
CHANCE = 1e-6  # of so many in a row somewhere, if they were clipped as often as all others


@dataclass(frozen=True, eq=False)
class Replay:
    """A rule replayed over norms (S,), or over norms of layers (S, L).

    The norms are those of the run that was logged: a run clipped by the rule would have gone
    another way. NaN and infinite norms enter no statistics and are not counted, and a step is left
    out where one layer is not finite; at such steps the threshold is the last one.
    """

    name: str  # a key of RULES
    thresholds: Array  # (S,), or (S, L) where each layer has its own; infinite where there is none
    kept: Array  # the same shape: 1, or threshold / norm above it; NaN where not finite
    share: float  # of the finite steps, on which it acts
    mean_loss: float  # of the length of the gradient, over the finite steps
    worst_loss: float
    note: str  # what may surprise, in sentences; "" if nothing does


def as_norms(norms: ArrayLike) -> tuple[Array, NDArray[np.bool_]]:
    """Return norms (S,) or (S, L) in float64, and which steps (S,) are finite.

    Raises ValueError with a sentence for the reader where a norm is negative or none is finite.
    """
    given = np.asarray(norms, np.float64)
    if given.ndim not in (1, 2):
        raise ValueError(f"norms must have shape (S,) or (S, L), got {given.shape}")
    if (given < 0).any():
        raise ValueError("A norm is negative. Accepted: norms from 0 on, NaN and infinity.")
    layers = given.reshape(-1, 1) if given.ndim == 1 else given
    finite: NDArray[np.bool_] = np.isfinite(layers).all(axis=1) & (layers.shape[1] > 0)
    if not finite.any():
        raise ValueError("No norm is a finite number: there is nothing to clip.")
    return given, finite


def as_whole(norms: ArrayLike) -> tuple[Array, NDArray[np.bool_]]:
    """Return the norms (S,) of whole gradients, of layers if need be, as `as_norms` does."""
    given, finite = as_norms(norms)
    return (given if given.ndim == 1 else length_of(given)), finite


def replay(
    name: str,
    norms: Array,
    finite: NDArray[np.bool_],
    thresholds: Array,
    notes: tuple[str, ...] = (),
    before: float = np.inf,
) -> Replay:
    """Clip norms (S,) or (S, L) at the thresholds of the finite steps, (F,) or (F, L).

    Before the first finite step the threshold is ``before``.
    """
    last = np.cumsum(finite) - 1
    every = np.full(norms.shape, before)
    every[last >= 0] = thresholds[last[last >= 0]]
    acting = acts(norms[finite], thresholds)
    kept = np.full(norms.shape, np.nan)
    kept[finite] = np.divide(thresholds, norms[finite], out=np.ones(thresholds.shape), where=acting)
    steps = acting if acting.ndim == 1 else acting.any(axis=1)
    losses = _losses(norms[finite], kept[finite])
    zero = int(np.sum(acting & (thresholds == 0)))
    if zero:
        places = "steps" if acting.ndim == 1 else "norms of layers"
        notes += (f"The threshold is 0 at {zero:,} {places}: there the whole gradient is lost.",)
    return Replay(
        name,
        every,
        kept,
        float(steps.mean()),
        float(losses.mean()),
        float(losses.max()),
        " ".join(notes),
    )


def acts(norms: Array, thresholds: Array) -> NDArray[np.bool_]:
    """Return where a threshold shortens a norm: one that equals it is not clipped."""
    return norms > thresholds


def locked_in(acting: NDArray[np.bool_], finite: NDArray[np.bool_], first: int) -> tuple[str, ...]:
    """Say where a rule locks in, from its ``first`` finite step on: see `_longest`.

    ``acting`` is (F,) or (F, L), and a layer is judged alone; positions count all steps, from 0.
    """
    columns = list(acting[first:].T) if acting.ndim == 2 else [acting[first:]]
    runs = [run for run in map(_longest, columns) if run]
    if not runs:
        return ()
    positions = np.flatnonzero(finite)[first:]
    start, stop = max(runs, key=lambda run: run[1] - run[0])
    where = f"from position {positions[start]:,} "
    where += "on" if stop == len(positions) else f"to {positions[stop - 1]:,}"
    layers = f", in {len(runs):,} of {len(columns):,} layers," if acting.ndim == 2 else ""
    longest = ", the longest time " if len(runs) > 1 else " "
    return (
        f"It locks in{layers} and acts on every step{longest}{where}: its statistics are of "
        "clipped norms, and follow slowly or never.",
    )


def _longest(acting: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Return where the longest row of clipped steps starts and stops, if it is no chance.

    It has at least STUCK steps, and a row as long is less likely than CHANCE.
    """
    edges = np.flatnonzero(np.diff(np.r_[False, acting, False]))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    if not len(starts):
        return None
    start, length = int(starts[lengths.argmax()]), int(lengths.max())
    others = (int(acting.sum()) - length) / max(len(acting) - length, 1)
    likely = len(acting) * others**length
    return (start, start + length) if length >= STUCK and likely < CHANCE else None


def _losses(norms: Array, kept: Array) -> Array:
    if norms.ndim == 1:
        return np.asarray(1 - kept)
    return np.nan_to_num(magnitude_loss(norms, kept * norms), nan=0.0)  # of a zero gradient
