"""What the exhibits of optimizers are measured by; each returns numbers in the order of claims."""

from dataclasses import replace

import numpy as np

from core.clipping import length_of
from core.descent.claims import Measure
from core.descent.experiment import Experiment
from core.descent.measurements import norm, over_seeds
from core.optimizers import Optimizer, stepper
from core.runs import Shorten, unclipped
from core.strategies import Array
from core.work import Work

ROUNDINGS = 100  # of a start, in the last digits
LATER = 100  # steps after the longest gradient of a run
SPIKE, BEFORE, AFTER = 1000.0, 200, 50  # times longer than the rest; equal gradients around it


def apart_from_the_first(it: Experiment) -> Measure:
    """Measure how far each other run gets from the first at most, and so by plain descent."""

    def measure(work: Work) -> Array:
        paths = [
            replace(it, optimizer=each).descend().path for each in (it.optimizer, Optimizer.PLAIN)
        ]
        return np.array(
            [length_of(path[:, 1:] - path[:, :1]).max(axis=0) for path in paths]
        ).ravel()

    return measure


def last_losses(it: Experiment) -> Measure:
    """Measure the loss that every run ends at."""
    return lambda work: it.descend().height[-1]


def after_long_gradients(it: Experiment) -> Measure:
    """Measure the first gradient, the end of the first run, and the steps of the others."""

    def measure(work: Work) -> Array:
        run = it.descend()
        first = length_of(it.surface.gradient(np.array(it.start)))
        arrivals = np.where(run.reached < 0, np.inf, run.reached)
        return np.array([first, run.height[-1, 0], *arrivals[1:]])

    return measure


def against_the_wall(it: Experiment) -> Measure:
    """Measure the first run's longest gradient and steps and its end, and who arrives.

    Last comes the share (%) of starts that differ in the last digits from which the second does.
    """

    def measure(work: Work) -> Array:
        shape = ROUNDINGS - 1, len(it.start)
        nudges = 1e-13 * np.random.default_rng(0).standard_normal(shape)
        run = it.descend(np.concatenate([[it.start], it.start + nudges]))
        lengths = length_of(it.surface.gradient(run.path[:-1, 0, 0]))
        steps = length_of(np.diff(run.path[:, 0, 0], axis=0))
        longest = lengths.argmax()
        return np.array(
            [
                *(lengths[longest], steps.max(), steps[longest + LATER], run.height[-1, 0, 0]),
                *(run.reached[2].min(), run.reached[2].max(), 100 * np.mean(run.reached[1] >= 0)),
            ]
        )

    return measure


def after_a_spike(work: Work) -> Array:
    """Return how long Adam's steps are after a spike, unclipped and clipped to the rest's length.

    In units of the steps without it.
    """
    gradients = np.ones((BEFORE + 1 + AFTER, 1))
    gradients[BEFORE] = SPIKE
    shortened: list[Shorten] = [unclipped, norm(1.0)]
    steps = []
    for shorten in shortened:
        step = stepper(Optimizer.ADAM, 1.0)
        steps.append([step(shorten(gradient, (1,))) for gradient in gradients][-1][0])
    return np.array(steps)


def carried_on(work: Work) -> Array:
    """Return how much of a gradient's whole way momentum goes at once (%), and the steps to 90%."""
    step = stepper(Optimizer.MOMENTUM, 1.0)
    gradients = np.zeros((1000, 1))
    gradients[0] = 1.0
    way = np.cumsum([step(gradient)[0] for gradient in gradients])
    return np.array([100 * way[0] / way[-1], 1 + np.argmax(way >= 0.9 * way[-1])])


def with_and_without(it: Experiment) -> Measure:
    """Measure the median over seeds of the first run's late loss, and so by plain descent."""

    def measure(work: Work) -> Array:
        both = [replace(it, optimizer=each) for each in (it.optimizer, Optimizer.PLAIN)]
        return np.array([np.median(over_seeds(each)[0]) for each in both])

    return measure
