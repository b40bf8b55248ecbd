"""What became of runs of gradient descent, told by their last steps."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from core.clipping import length_of
from core.descent.descend import HOLD, TOLERANCE, Descent
from core.strategies import Array
from core.surfaces.surface import Surface

FAR = 100.0  # half-widths of the window: beyond, a run counts as diverged
PIECES = 8  # of the last HOLD steps, to tell whether the steps still shrink
SHRINKING = 0.99  # from the first piece to the last: slower than this is not settling
RISE = 0.01  # from the first piece to the last, of the height above the minima: less is no growth
NOWHERE = 0.25  # of its extent, how far a run may drift and still go round
FALL = 0.01  # of the height above the minima: ground that falls less in half a window is flat
STILL = 1e-9  # of the window: what moves less stands still


class Outcome(StrEnum):
    """What became of a run; `outcome` says how it is told."""

    CONVERGED = "converged"
    ON_ITS_WAY = "on its way"
    STALLED = "stalled"
    LIMIT_CYCLE = "limit cycle"
    GROWING = "growing"
    DIVERGED = "diverged"


def outcome(descent: Descent) -> NDArray[np.str_]:
    """Tell what became of every run, ``(...)``; each entry equals an `Outcome`.

    They are told by the last 200 steps (HOLD), in this order:

    - *diverged*: the run left the finite numbers, or is more than 100 half-widths of the window
      away from its middle;
    - *growing*: the loss rises from eighth to eighth, and in all by 1 % of its height above the
      minima (above 0 where they are not known), or steps get longer by 1 %;
    - *limit cycle*: it goes to and fro (its way is more than twice as long as the distance made),
      does not settle (from eighth to eighth its steps do not shrink, or by less than 1 % in all)
      and gets nowhere (the middles of the two halves are closer than a quarter of the extent).
      Noise that keeps a run moving makes one, too;
    - *converged*: it stayed for these 200 steps within 0.001 of the height of the minima (or within
      its goal, if `descend` was given another) and settles. Where the minima are not known, with a
      gradient below 0.001, at a place that bends downward in no direction;
    - *stalled*: not within the goal, and it stands still, or on flat ground: at its slope, half a
      window would not take it down by 1 % of its height above the minima (where they are not
      known, the gradient is below 0.001);
    - *on its way*: none of these: it still moves, or is within the goal, but not for 200 steps yet.

    A small limit cycle within the tolerance is still a limit cycle. With fewer than 200 steps
    nothing has converged yet.
    """
    surface, last = descent.surface, descent.path[-1]
    low, high = np.transpose(surface.window)
    half = (high - low) / 2
    away = np.abs((last - (low + half)) / half).max(axis=-1)
    diverged = (descent.taken < descent.steps) | ~(away <= FAR)
    there = descent.inside >= 0
    if surface.lowest is None:
        there &= _bends_upward(surface, last, 1e-4 * half)
    stayed = there & (descent.steps - descent.inside >= HOLD)
    path, still = descent.path[-HOLD - 1 :], STILL * half.max()
    with np.errstate(invalid="ignore", over="ignore"):  # a start that is not finite
        moves = length_of(np.ptp(path, axis=0)) > still
        restless, cycles = _restless(path, still)
        grows = moves & _grows(descent.height[-HOLD - 1 :], path, surface.lowest or 0)
        flat = _flat(surface, last, descent.height[-1], half.max())
    return np.select(
        [diverged, grows, cycles, stayed & ~restless, ~there & (flat | ~moves)],
        [
            Outcome.DIVERGED.value,
            Outcome.GROWING.value,
            Outcome.LIMIT_CYCLE.value,
            Outcome.CONVERGED.value,
            Outcome.STALLED.value,
        ],
        Outcome.ON_ITS_WAY.value,
    )


def _flat(surface: Surface, points: Array, heights: Array, half: float) -> NDArray[np.bool_]:
    """Whether the ground at points ``(..., n)`` of such heights ``(...)`` leads nowhere soon."""
    slopes = length_of(surface.gradient(points))
    if surface.lowest is None:
        return np.asarray(slopes < TOLERANCE)
    return np.asarray(slopes * half < FALL * (heights - surface.lowest))


def _grows(heights: Array, path: Array, lowest: float) -> NDArray[np.bool_]:
    """Whether the heights ``(kept, ...)`` of runs ``(kept, ..., n)`` rise without a break."""
    if len(heights) < 2:
        return np.zeros(heights.shape[1:], np.bool_)
    pieces = _means(heights)
    lengths = _means(length_of(np.diff(path, axis=0)))
    enough = pieces[-1] - pieces[0] > RISE * np.abs(pieces[-1] - lowest)
    enough |= lengths[-1] > (1 + RISE) * lengths[0]
    return np.asarray(np.all(pieces[1:] > pieces[:-1], axis=0) & enough)


def _means(numbers: Array) -> Array:
    """Return the means of eighths ``(PIECES, ...)``; fewer numbers stand for themselves."""
    parts = np.array_split(numbers, min(PIECES, len(numbers)))
    return np.stack([part.mean(axis=0) for part in parts])


def _restless(path: Array, still: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether runs ``(kept, ..., n)`` go to and fro without settling; whether they go nowhere."""
    if len(path) < 2 * PIECES:
        nothing = np.zeros(path.shape[1:-1], np.bool_)
        return nothing, nothing
    lengths = length_of(np.diff(path, axis=0))
    to_and_fro = lengths.sum(axis=0) > 2 * length_of(path[-1] - path[0])
    pieces = _means(lengths)
    falls = (pieces[1:] < pieces[:-1]) | (pieces[1:] <= still)
    settles = np.all(falls, axis=0) & (pieces[-1] <= SHRINKING * pieces[0])
    extent = length_of(np.ptp(path, axis=0))
    restless = (extent > still) & to_and_fro & ~settles
    older, newer = np.array_split(path[1:], 2)
    drift = length_of(newer.mean(axis=0) - older.mean(axis=0))
    return restless, restless & (drift <= NOWHERE * extent)


def _bends_upward(surface: Surface, points: Array, step: Array) -> NDArray[np.bool_]:
    """Whether the surface bends downward in no direction at points ``(..., n)``."""
    steps = np.diag(step)
    around = points[..., np.newaxis, :]
    with np.errstate(invalid="ignore"):  # where there is no finite slope
        rises = surface.gradient(around + steps) - surface.gradient(around - steps)
    bends = rises / (2 * step)[:, np.newaxis]
    bends = np.nan_to_num((bends + np.swapaxes(bends, -1, -2)) / 2, nan=0, posinf=0, neginf=0)
    curvatures: Array = np.linalg.eigvalsh(bends)
    return np.asarray(curvatures[..., 0] >= -0.01 * np.abs(curvatures[..., -1]))
