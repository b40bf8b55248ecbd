"""Experiments that bear out the decision aid: losses by what was done, the advice first."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from core.answers.paths import BOWL, CLIFF
from core.clipping import Clipper
from core.descent.descend import descend
from core.descent.exhibits import EXHIBITS
from core.descent.experiment import Experiment
from core.descent.measurements import bowl_of
from core.descent.report import report
from core.looks import NAMES
from core.noise import disturb
from core.runs import NONE, Run, unclipped
from core.strategies import Layers, Strategy
from core.work import Work

Proof: TypeAlias = Callable[[], Mapping[str, float]]

STEPS, SEEDS = 600, 200
Tuned: TypeAlias = Mapping[Run, tuple[float, float]]  # learning rate and threshold of each run
# The best of rates .003 to .3 and thresholds .1 to 30, in steps of about three.
SPIKES: Tuned = {
    Strategy.LAYER: (0.01, 30.0),
    Strategy.VALUE: (0.01, 10.0),
    Strategy.GLOBAL: (0.01, 30.0),
    NONE: (0.003, np.inf),
}
TAILS: Tuned = {
    Strategy.LAYER: (0.01, 30.0),
    Strategy.VALUE: (0.01, 30.0),
    Strategy.GLOBAL: (0.03, 30.0),
    NONE: (0.003, np.inf),
}


def under(label: str, *order: Run) -> Proof:
    """Return the losses of a noisy exhibit in 50 dimensions, each way tuned, in this order."""

    def measure() -> Mapping[str, float]:
        losses = [claim.measure(Work(1)) for claim in EXHIBITS[label].claims[-3:]]
        found = dict(zip((NONE, Strategy.GLOBAL, Strategy.VALUE), losses, strict=True))
        return {NAMES[run]: found[run] for run in order}

    return measure


def at_the_end(it: Experiment, *order: Run) -> Proof:
    """Return the final losses of an experiment, in this order; of a run that left, infinity."""

    def measure() -> Mapping[str, float]:
        rows = {row.run: row for row in report(it)}
        left = it.descend().taken < it.steps
        gone = {run for run, away in zip(it.runs, left, strict=True) if away}
        return {NAMES[r]: np.inf if r in gone else rows[r].final_loss for r in order}

    return measure


def one_wild_layer(noise: str, scale: float, sizes: Layers, tuned: Tuned) -> Proof:
    """Return the median losses where the first layer alone has this noise, the other Gaussian."""

    def measure() -> Mapping[str, float]:
        drawn = disturb("Gaussian", 0, (STEPS, SEEDS, sum(sizes)))
        drawn[..., : sizes[0]] = disturb(noise, 1, (STEPS, SEEDS, sizes[0]), scale)
        bowl, found = bowl_of(sizes), {}
        starts = np.broadcast_to(bowl.start, (SEEDS, sum(sizes)))
        for run, (rate, threshold) in tuned.items():
            shorten = unclipped if run is NONE else Clipper(run, threshold)
            gone = descend(bowl, starts, shorten, rate, STEPS, noise=drawn, keep=100)
            found[NAMES[run]] = float(np.median(gone.height.mean(axis=0)))
        return found

    return measure


one_spiking_layer = one_wild_layer("whole-batch spikes", 1.0, (25, 25), SPIKES)
one_heavy_layer = one_wild_layer("heavy-tailed vectors", 30.0, (3, 47), TAILS)


def too_large_a_step() -> Mapping[str, float]:
    """Return the loss with a smaller learning rate, and of clipping at the one that diverges."""
    large = EXHIBITS["Long bowl, too large a step"].experiment
    small = replace(large, learning_rate=BOWL.learning_rate, runs=(NONE,))
    clipped = {NAMES[row.run]: row.late_loss for row in report(large) if row.run is not NONE}
    (alone,) = report(small)
    return {f"{NAMES[NONE]}, a third of the learning rate": alone.late_loss, **clipped}


on_the_cliff = at_the_end(CLIFF, Strategy.GLOBAL, Strategy.VALUE, NONE)
