"""What the exhibits are measured by; each returns its numbers in the order they are claimed.

One function per exhibit: that is what makes this file long.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.clipping import Clipper, Rule, clip, length_of
from core.descent.arrivals import Trip, first_steps
from core.descent.claims import Measure
from core.descent.descend import HOLD, TOLERANCE, descend, lately, per_sample, within
from core.descent.experiment import Experiment
from core.descent.outcomes import FAR
from core.geometry import angle
from core.noise import disturb
from core.runs import Shorten, unclipped
from core.strategies import Array, Layers, Strategy
from core.surfaces.planes import rotated
from core.surfaces.surface import Field, Surface, from_formula
from core.surfaces.table import SURFACES
from core.work import Work

HALF = math.sqrt(0.5)  # a value threshold in units of the norm threshold of the same worst length
SETTLED = 0.622459  # the sigmoid of 1/2, where the wall of the recurrent cliff stands
LONG = 3000  # steps on the recurrent cliff
SEEDS = 100
SAME = 0.01  # losses that differ by less are the same


def value(threshold: float, rule: Rule = Rule.CLIP) -> Clipper:
    """Clip by value."""
    return Clipper(Strategy.VALUE, threshold, rule)


def norm(threshold: float, rule: Rule = Rule.CLIP) -> Clipper:
    """Clip by the norm of the whole."""
    return Clipper(Strategy.GLOBAL, threshold, rule)


def random_steps(c: float) -> Callable[[Array, Layers], Array]:
    """Clip by the norm of the whole, but draw the direction of what is clipped at random."""
    rng = np.random.default_rng(0)

    def shorten(gradient: Array, layers: Layers) -> Array:
        clipped = clip(gradient, (sum(layers),), c)
        drawn = clip(rng.standard_normal(gradient.shape), (sum(layers),), c, Rule.NORMALIZE)
        return np.where((clipped != gradient).any(axis=-1, keepdims=True), drawn, clipped)

    return shorten


def wall(work: Work) -> Array:
    """Return the longest gradients on the wall at weights 5 and 6, and the latter's turn (deg)."""
    cliff, zooms = SURFACES["recurrent cliff"], 6
    steepest = []
    for weight in (5.0, 6.0):
        bias, width = 0.5 - SETTLED * weight, 1e-3
        for _ in range(zooms):
            biases = bias + np.linspace(-width, width, 20_001)
            gradients = cliff.gradient(np.stack([np.full_like(biases, weight), biases], axis=-1))
            longest = length_of(gradients).argmax()
            bias, width = biases[longest], width / 1000
        steepest.append(gradients[longest])
    lengths = length_of(np.array(steepest))
    return np.array([*lengths, np.degrees(angle(steepest[1], value(0.1)(steepest[1], (2,))))])


def over_the_cliff(work: Work) -> Array:
    """Return the jump and the end without clipping, the arrivals, and where value gets stuck."""
    cliff, c = SURFACES["recurrent cliff"], 0.2
    clippers: list[Shorten] = [unclipped, norm(c), value(c * HALF, Rule.RADIAL), value(c * HALF)]
    # The last digits decide what the wall does.
    roundings = 1e-13 * np.random.default_rng(0).standard_normal((21, 2))
    starts = np.concatenate([[cliff.start], cliff.start + roundings])
    run = descend(cliff, starts, clippers, 0.5, LONG, goal=within(cliff))
    jump = length_of(np.diff(run.path[:, 0, 0], axis=0)).max()
    arrivals = np.where(run.reached < 0, math.inf, run.reached)
    stuck = np.median(run.path[-1, 3], axis=0)
    return np.array(
        [
            *(jump, run.height[-1, 0, 0]),
            *(arrivals[1, 0], arrivals[2].min(), arrivals[2].max(), arrivals[3].min()),
            *(*stuck, np.median(run.height[-1, 3])),
        ]
    )


def from_many_starts(clippers: Sequence[Shorten], most: int = LONG) -> Measure:
    """Measure which share (%) of 400 starts beyond the wall arrives."""

    def measure(work: Work) -> Array:
        weights, above = np.meshgrid(np.linspace(4.5, 6.5, 20), np.linspace(0.1, 0.8, 20))
        starts = np.stack([weights, 0.5 - SETTLED * weights + above], axis=-1)
        cliff = SURFACES["recurrent cliff"]
        trip = Trip(cliff, starts, clippers, 0.5, within(cliff))
        arrived = np.isfinite(first_steps(trip, most, work))
        return np.asarray(100 * arrived.mean(axis=(-2, -1)))

    return measure


def along_the_ridge(degrees: float, clippers: Sequence[Shorten]) -> Measure:
    """Measure the steps until the slow coordinate is down to 0.001, of 1."""
    ridge = rotated(SURFACES["ridge"], math.radians(degrees))

    def slow(points: Array, heights: Array, gradients: Array) -> NDArray[np.bool_]:
        return ridge.along(points) <= TOLERANCE

    def measure(work: Work) -> Array:
        return first_steps(Trip(ridge, ridge.start, clippers, 0.1, slow), 100_000, work)

    return measure


def across_the_ridge(work: Work) -> Array:
    """Return the length of the first step without clipping."""
    ridge = SURFACES["ridge"]
    return np.array([0.1 * length_of(ridge.gradient(ridge.start))])


def down_the_long_bowl(work: Work) -> Array:
    """Return the fewest and the most steps over the rotations, by norm and by value."""
    turns = range(0, 91, 15)
    steps = []
    for done, degrees in enumerate(turns):
        work.reach(done / len(turns))
        bowl = rotated(SURFACES["long bowl"], math.radians(degrees))
        trip = Trip(bowl, bowl.start, [norm(1.0), value(1.0)], 0.01, within(bowl))
        steps.append(first_steps(trip, 2000, Work(1)))
    return np.array([np.min(steps, axis=0), np.max(steps, axis=0)]).T.ravel()


def floors_of_the_long_bowl(work: Work) -> Array:
    """Return the lowest and the highest floor over the rotations, by norm and by value."""
    floors = []
    for degrees in (10, 30, 45):
        bowl = rotated(SURFACES["long bowl"], math.radians(degrees))
        run = descend(bowl, bowl.start, [norm(1.0), value(1.0)], 0.03, 4000, keep=HOLD + 1)
        floors.append(lately(run.height))
    return np.array([np.min(floors, axis=0), np.max(floors, axis=0)]).T.ravel()


def down_the_fourth_power(clipper: Shorten, rate: float, most: int) -> Measure:
    """Measure the steps until the loss is down to 0.001."""
    surface = SURFACES["fourth power"]
    return lambda work: first_steps(
        Trip(surface, (10.0, 0.0), [clipper], rate, within(surface)), most, work
    )


def largest_stable_rate(work: Work) -> Array:
    """Return the largest learning rate from which x = 10 does not run away, times 2 x^2."""
    rates = np.linspace(0.9, 1.1, 401) / (2 * 10**2)
    run = descend(SURFACES["fourth power"], (10.0, 0.0), unclipped, rates, 3000, keep=1)
    return np.array([2 * 10**2 * rates[run.taken == run.steps].max()])


def three_samples(work: Work) -> Array:
    """Return where clipping each of -3, -3, 9 ends at thresholds 4 and 20, and without clipping."""
    samples = np.array([[-3.0, 0.0], [-3.0, 0.0], [9.0, 0.0]])
    surface, others = from_formula("(x - 1)^2/2 + y^2/2"), 1 - samples
    clippers = [per_sample(others, norm(4.0)), per_sample(others, norm(20.0)), unclipped]
    return descend(surface, (5.0, 0.0), clippers, 0.05, 2000, keep=1).path[-1, :, 0]


def mean_of_clips(work: Work) -> Array:
    """Return the angle (deg) between the mean of two clips and the clip of their mean."""
    gradients = np.array([[10.0, 0.0], [0.0, 1.0]])
    clips = norm(1.0)(gradients, (2,)).mean(axis=0)
    return np.array([np.degrees(angle(clips, norm(1.0)(gradients.mean(axis=0), (2,))))])


def leaving_the_saddle(clippers: Sequence[Shorten]) -> Measure:
    """Measure the steps until |y| is above one half."""
    saddle = SURFACES["saddle"]

    def left(points: Array, heights: Array, gradients: Array) -> NDArray[np.bool_]:
        return np.abs(points[..., 1]) > 0.5

    return lambda work: first_steps(Trip(saddle, saddle.start, clippers, 0.1, left), 600, work)


def off_the_plateau(clippers: Sequence[Shorten]) -> Measure:
    """Measure the steps until the loss is down to 0.001."""
    plateau = SURFACES["plateau"]
    return lambda work: first_steps(
        Trip(plateau, plateau.start, clippers, 0.1, within(plateau)), 2000, work
    )


def bowl_of(layers: Layers) -> Surface:
    """Return a round bowl over so many coordinates, with a start at 10 in each."""
    n = sum(layers)
    return Surface(
        "A round bowl.",
        lambda: Field(lambda x: (np.sum(x**2, axis=-1) / 2, x), lambda names: "", ""),
        window=((-FAR, FAR),) * n,
        start=(10.0,) * n,
        minima=((0.0,) * n,),
        layers=layers,
    )


def under_noise(name: str, ways: Sequence[tuple[float, Shorten]]) -> Measure:
    """Measure the last 100 losses of 600 in 50 dimensions, as the median over 100 seeds.

    ``ways`` are learning rates and clippers.
    """
    n = 50
    bowl = bowl_of((n,))

    def measure(work: Work) -> Array:
        noise = disturb(name, 1, (600, 100, n))
        losses = []
        for done, (rate, clipper) in enumerate(ways):
            work.reach(done / len(ways))
            run = descend(bowl, bowl.start, clipper, rate, 600, noise=noise, keep=100)
            losses.append(np.median(run.height.mean(axis=0)))
        return np.array(losses)

    return measure


def over_seeds(it: Experiment) -> Array:
    """Return the loss of every run under many seeds of the noise, ``(runs, SEEDS)``.

    It is the mean over the last steps, which the page shows of one seed.
    """
    shape = it.steps, len(it.start)
    drawn = [disturb(it.noise, seed, shape, it.noise_scale) for seed in range(SEEDS)]
    noise = np.stack(drawn, axis=1)
    starts = np.broadcast_to(it.start, (SEEDS, len(it.start)))
    clippers = [it.shorten(run) for run in it.runs]
    run = descend(
        it.surface,
        starts,
        clippers,
        it.learning_rate,
        it.steps,
        noise=noise,
        keep=HOLD + 1,
        optimizer=it.optimizer,
    )
    return lately(run.height)


def all_below_the_first(it: Experiment) -> Measure:
    """Measure under which share (%) of seeds all other runs end lower than the first."""

    def measure(work: Work) -> Array:
        first, *others = over_seeds(it)
        return np.array([100 * np.mean(np.max(others, axis=0) < first)])

    return measure


def all_alike(it: Experiment) -> Measure:
    """Measure under which share (%) of seeds all runs end at the same loss."""

    def measure(work: Work) -> Array:
        first, *others = over_seeds(it)
        return np.array([100 * np.mean(np.abs(np.array(others) / first - 1).max(axis=0) < SAME)])

    return measure


def medians(*those: Experiment) -> Measure:
    """Measure the median over seeds of the loss of the last run of each."""
    return lambda work: np.array([np.median(over_seeds(it)[-1]) for it in those])
