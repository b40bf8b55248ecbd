"""Experiments that bear out the decision aid: losses by what was done, the advice first."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from core.answers.paths import BOWL, CLIFF, POWER
from core.clipping import Clipper
from core.descent.descend import descend
from core.descent.exhibits import EXHIBITS
from core.descent.experiment import Experiment
from core.descent.measurements import bowl_of
from core.descent.report import report
from core.looks import NAMES
from core.noise import disturb
from core.runs import NONE, Run, unclipped
from core.strategies import Strategy
from core.work import Work

Proof: TypeAlias = Callable[[], Mapping[str, float]]

STEPS, SEEDS = 600, 50
LAYERS = (25, 25)  # of which the first has spikes
TUNED: dict[Run, tuple[float, float]] = {  # learning rate and threshold, each the best of 30
    Strategy.LAYER: (0.01, 30.0),
    Strategy.VALUE: (0.01, 10.0),
    Strategy.GLOBAL: (0.01, 30.0),
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


def one_spiking_layer() -> Mapping[str, float]:
    """Return the median loss where now and then one layer of two is a thousand times too long."""
    noise = disturb("Gaussian", 0, (STEPS, SEEDS, sum(LAYERS)))
    noise[..., : LAYERS[0]] = disturb("whole-batch spikes", 1, (STEPS, SEEDS, LAYERS[0]))
    bowl, found = bowl_of(LAYERS), {}
    starts = np.broadcast_to(bowl.start, (SEEDS, sum(LAYERS)))
    for run, (rate, threshold) in TUNED.items():
        shorten = unclipped if run is NONE else Clipper(run, threshold)
        gone = descend(bowl, starts, shorten, rate, STEPS, noise=noise, keep=100)
        found[NAMES[run]] = float(np.median(gone.height.mean(axis=0)))
    return found


def too_large_a_step() -> Mapping[str, float]:
    """Return the loss with a smaller learning rate, and of clipping at the one that diverges."""
    large = EXHIBITS["Long bowl, too large a step"].experiment
    small = replace(large, learning_rate=BOWL.learning_rate, runs=(NONE,))
    clipped = {NAMES[row.run]: row.late_loss for row in report(large) if row.run is not NONE}
    (alone,) = report(small)
    return {f"{NAMES[NONE]}, a third of the learning rate": alone.late_loss, **clipped}


on_the_cliff = at_the_end(CLIFF, Strategy.GLOBAL, Strategy.VALUE, NONE)
down_the_fourth_power = at_the_end(POWER, Strategy.GLOBAL, NONE)
