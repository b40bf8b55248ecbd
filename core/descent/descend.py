"""Gradient descent with clipping, for many runs at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.clipping import length_of
from core.optimizers import Optimizer, stepper
from core.runs import Shorten
from core.strategies import Array
from core.surfaces.surface import Surface

Goal: TypeAlias = Callable[[Array, Array, Array], NDArray[np.bool_]]
# from points (..., n), heights (...) and gradients (..., n), whether a run is where it should be

TOLERANCE = 1e-3  # of the height above the minima
HOLD = 200  # steps within the goal before a run counts as having reached it


@dataclass(frozen=True)
class Descent:
    """Runs of gradient descent; the leading axes of all arrays, written ``...``, are the runs."""

    surface: Surface
    steps: int
    path: Array  # (kept, ..., n): the last points of each run; (steps + 1, ..., n) by default
    height: Array  # (kept, ...)
    taken: NDArray[np.intp]  # (...): steps until the run left the finite numbers, or all steps
    reached: NDArray[np.intp]  # (...): the first step of HOLD steps within the goal; -1 if none
    inside: NDArray[np.intp]  # (...): the first step of its present stay within the goal; -1 if out

    def of_runs(self, which: Sequence[int]) -> "Descent":
        """Return these entries of the first axis of the runs, in this order."""
        return replace(
            self,
            path=self.path[:, which],
            height=self.height[:, which],
            taken=self.taken[which],
            reached=self.reached[which],
            inside=self.inside[which],
        )


def per_sample(offsets: ArrayLike, shorten: Shorten) -> Shorten:
    """Return the clipper that shortens the gradient of every sample alone and takes the mean.

    ``offsets`` ``(samples, n)`` say by how much the gradients of the samples differ from the whole.
    """
    others = np.asarray(offsets, np.float64)
    return lambda gradient, layers: np.mean(
        shorten(gradient[..., np.newaxis, :] + others, layers), axis=-2
    )


def first_stay(within: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the first step of HOLD steps of which ``(steps + 1, ...)`` all are so; -1 if none.

    That is how `descend` counts ``reached``.
    """
    counts = np.concatenate([np.zeros_like(within[:1], np.intp), np.cumsum(within, axis=0)])
    whole = counts[HOLD + 1 :] - counts[: -HOLD - 1] == HOLD + 1
    if not len(whole):
        return np.full(within.shape[1:], -1)
    return np.where(whole.any(axis=0), whole.argmax(axis=0), -1)


def goal_words(surface: Surface) -> str:
    """Say what `within` asks for, with the one tolerance of the tables and exhibits.

    >>> from core.surfaces.table import SURFACES
    >>> goal_words(SURFACES["ridge"])
    'a loss of 0.001'
    """
    match surface.lowest:
        case None:
            return f"a gradient of {TOLERANCE:g}"
        case 0:
            return f"a loss of {TOLERANCE:g}"
    return f"a loss of {TOLERANCE:g} above the minimum"


def lately(heights: Array) -> Array:
    """Return the mean of the last HOLD heights ``(steps + 1, ...)``, or of all but the first.

    Under noise the last height alone is luck.
    """
    with np.errstate(over="ignore"):
        return np.asarray(heights[1:][-HOLD:].mean(axis=0))


def within(surface: Surface, tolerance: float = TOLERANCE) -> Goal:
    """Return the goal of being no higher above the minima than the tolerance.

    Where the minima are not known, the goal is a gradient no longer than the tolerance.
    """
    lowest = surface.lowest
    if lowest is not None:
        return lambda points, heights, gradients: heights <= lowest + tolerance
    return lambda points, heights, gradients: length_of(gradients) <= tolerance


def descend(
    surface: Surface,
    start: ArrayLike,
    clippers: Shorten | Sequence[Shorten],
    learning_rate: ArrayLike,
    steps: int,
    *,
    noise: Array | None = None,
    keep: int | None = None,
    goal: Goal | None = None,
    optimizer: Optimizer = Optimizer.PLAIN,
) -> Descent:
    """Take ``steps`` steps of ``point -= learning_rate * clipped(gradient + noise)``.

    Another ``optimizer`` than plain descent follows the same clipped gradients in its own way.

    Start ``(..., n)``, learning rates ``(...)``, what the clippers return and noise
    ``(steps, ..., n)`` broadcast to the runs. Several clippers become the first axis of the runs,
    and each sees the same noise. A run whose next point has no finite height or gradient stays
    where it is for good. ``keep`` keeps only the last so many points: HOLD + 1 serve `outcome`.
    """
    several = isinstance(clippers, Sequence)
    clips: Sequence[Shorten] = clippers if isinstance(clippers, Sequence) else [clippers]
    first, rates = np.asarray(start, np.float64), np.asarray(learning_rate, np.float64)
    n = len(surface.start)
    _check(first, rates, noise, n, steps)
    runs = np.broadcast_shapes(
        first.shape[:-1], rates.shape, () if noise is None else noise.shape[1:-1]
    )
    trial = [shorten(np.zeros((*runs, n)), surface.layers).shape[:-1] for shorten in clips]
    runs = ((len(clips),) if several else ()) + np.broadcast_shapes(*trial)

    def shorten_all(gradients: Array) -> Array:
        if not several:
            return clips[0](gradients, surface.layers)
        shortened = np.empty_like(gradients)
        for shorten, gradient, into in zip(clips, gradients, shortened, strict=True):
            into[...] = shorten(gradient, surface.layers)
        return shortened

    kept = steps + 1 if keep is None else min(keep, steps + 1)
    # A coordinate of all runs lies together: NumPy is slow where the innermost loop is over two.
    path, height = np.moveaxis(np.empty((kept, n, *runs)), 1, -1), np.empty((kept, *runs))
    goal = goal or within(surface)
    taken, reached, inside = np.zeros(runs, np.intp), np.full(runs, -1), np.full(runs, -1)
    points = np.moveaxis(np.empty((n, *runs)), 0, -1)
    points[...] = first
    heights, gradients = surface.evaluate(points)
    alive, met = _finite(points, heights, gradients), np.zeros(runs, np.bool_)
    follow = stepper(optimizer, rates[..., np.newaxis])
    with np.errstate(all="ignore"):
        for step in range(steps + 1):
            if step > 0:
                felt = gradients if noise is None else gradients + noise[step - 1]
                moved = points - follow(shorten_all(felt))
                found = surface.evaluate(moved)
                alive &= _finite(moved, *found)
                if alive.all():
                    points, (heights, gradients) = moved, found
                else:
                    points = np.where(alive[..., np.newaxis], moved, points)
                    heights = np.where(alive, found[0], heights)
                    gradients = np.where(alive[..., np.newaxis], found[1], gradients)
                taken += alive
            path[step % kept], height[step % kept] = points, heights
            before, met = met, goal(points, heights, gradients)
            if (met != before).any():  # seldom
                inside = np.where(met, np.where(before, inside, step), -1)
            if step >= HOLD:
                new = (reached < 0) & met & (step - inside == HOLD)
                if new.any():
                    reached = np.where(new, inside, reached)
    if kept < steps + 1:
        order = np.arange(steps + 1 - kept, steps + 1) % kept
        path, height = path[order], height[order]
    return Descent(surface, steps, path, height, taken, reached, inside)


def _check(start: Array, rates: Array, noise: Array | None, n: int, steps: int) -> None:
    if start.shape[-1:] != (n,):
        raise ValueError(f"start must have shape (..., {n}), got {start.shape}")
    if not (np.isfinite(rates) & (rates > 0)).all():
        raise ValueError(f"learning rate must be positive and finite, got {rates}")
    if steps < 0:
        raise ValueError(f"steps must not be negative, got {steps}")
    if noise is not None and (noise.shape[:1] != (steps,) or noise.shape[-1] not in (1, n)):
        raise ValueError(f"noise must have shape ({steps}, ..., {n}), got {noise.shape}")


def _finite(points: Array, heights: Array, gradients: Array) -> NDArray[np.bool_]:
    whole = np.isfinite(heights)
    for axis in range(points.shape[-1]):
        whole &= np.isfinite(points[..., axis]) & np.isfinite(gradients[..., axis])
    return np.asarray(whole)
