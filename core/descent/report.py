"""What became of the runs of an experiment, as numbers, as words and as a file."""

import csv as csv_format
import io
from dataclasses import dataclass

import numpy as np

from core.descent.descend import HOLD, TOLERANCE, Descent, first_stay, lately
from core.descent.experiment import Experiment
from core.descent.outcomes import FALL, FAR, Outcome, outcome
from core.runs import Run
from core.strategies import Array

NUDGE = 1e-12
SAME = 1e-2  # final losses that differ by less are the same
DEFINITIONS = f"""
The last {HOLD} steps decide, in this order:

- **diverged**: the run left the finite numbers, or went {FAR:g} half-widths of the window away;
- **growing**: the loss rises all the while: the learning rate is too large, and the run will
  diverge, or end in a cycle where clipping bounds its steps;
- **limit cycle**: it goes to and fro, its steps do not shrink, and it gets nowhere; under noise
  that does not fade, this is what a run ends in;
- **converged**: for {HOLD} steps in a row the loss was within {TOLERANCE:g} of the minimum (where
  the minimum is not known: the gradient was shorter than {TOLERANCE:g}), and the steps shrink;
- **stalled**: outside of the tolerance it stands still, or on ground so flat that at its slope half
  a window would not bring the loss down by {FALL:.0%} of its height above the minimum (where that
  is not known: the gradient is shorter than {TOLERANCE:g});
- **on its way**: none of these: it still moves, or is within the tolerance for fewer than {HOLD}
  steps yet.

*Steps to* a loss (or a gradient) of {TOLERANCE:g} is the first of these {HOLD} steps; a dash means
that there were none. Where one direction is slow and the other so steep that every run goes to and
fro along it, the loss tells nothing of how far a run has come: that is the distance to the minimum
*along the slow direction*, and *steps along* are those until it is {TOLERANCE:g}, likewise.
"""

MEANINGS = {  # in a few words
    Outcome.CONVERGED: "it came to rest at the minimum, within the tolerance",
    Outcome.ON_ITS_WAY: "it still moved on",
    Outcome.STALLED: "it stood still, or nearly, and not at the minimum",
    Outcome.LIMIT_CYCLE: "it went to and fro about one place, be that the minimum or not",
    Outcome.GROWING: "its loss rose all the while",
    Outcome.DIVERGED: "it left the finite numbers, or went far out of the picture",
}


@dataclass(frozen=True)
class Row:
    """What became of one run."""

    run: Run
    outcome: Outcome
    final_loss: float
    late_loss: float  # mean of the last HOLD steps: under noise, the final one is luck
    steps_to_goal: int | None
    clipped_share: float  # of the steps that were taken
    along: float | None  # final distance to the minimum along the slow direction
    steps_along: int | None  # until that distance is within the tolerance
    sensitive: bool  # a start that differs in the twelfth digit ends elsewhere


def report(experiment: Experiment) -> list[Row]:
    """Take all runs and tell what became of each."""
    start = np.array(experiment.start)
    nudged_start = np.where(start == 0, NUDGE, start * (1 + NUDGE))
    descent = experiment.descend(np.stack([start, nudged_start]))
    found, clipped = outcome(descent), _clipped_shares(experiment, descent)
    late = lately(descent.height[..., 0])
    last, nudged = descent.height[-1, :, 0], descent.height[-1, :, 1]
    along = experiment.surface.along(descent.path[:, :, 0]) if experiment.surface.slow else None
    reached = [-1] * len(last) if along is None else first_stay(along <= TOLERANCE)
    differs = ~np.isclose(last, nudged, rtol=SAME, atol=SAME * TOLERANCE, equal_nan=True)
    return [
        Row(
            run,
            Outcome(found[i, 0]),
            float(last[i]),
            float(late[i]),
            None if descent.reached[i, 0] < 0 else int(descent.reached[i, 0]),
            float(clipped[i]),
            None if along is None else float(along[-1, i]),
            None if reached[i] < 0 else int(reached[i]),
            bool(differs[i]),
        )
        for i, run in enumerate(experiment.runs)
    ]


def csv(experiment: Experiment) -> str:
    """Write all paths: run, step, coordinates, loss; steps that were not taken are left out."""
    descent = experiment.descend()
    n = len(experiment.start)
    text = io.StringIO()
    writer = csv_format.writer(text, lineterminator="\n")
    writer.writerow(["run", "step", *(f"x{k}" for k in range(1, n + 1)), "loss"])
    for i, run in enumerate(experiment.runs):
        for step in range(int(descent.taken[i]) + 1):
            point = map(float, descent.path[step, i])
            writer.writerow([run.value, step, *point, float(descent.height[step, i])])
    return text.getvalue()


def _clipped_shares(experiment: Experiment, descent: Descent) -> Array:
    """Return for every run ``(runs,)`` on which share of its steps clipping changed something."""
    surface, noise = experiment.surface, experiment.disturbance()
    felt = surface.gradient(descent.path[:-1, :, 0])  # (steps, runs, n)
    if noise is not None:
        felt = felt + noise[:, np.newaxis, :]
    shares = []
    with np.errstate(all="ignore"):
        for i, run in enumerate(experiment.runs):
            before = felt[: descent.taken[i, 0], i]
            after = experiment.shorten(run)(before, surface.layers)
            changed = np.any(before != after, axis=-1)
            shares.append(float(changed.mean()) if len(changed) else 0.0)
    return np.array(shares)
