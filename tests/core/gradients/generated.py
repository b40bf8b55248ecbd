"""Gradients made to be of a known kind, for tests and the benchmark."""

from dataclasses import dataclass

import numpy as np

from core.gradients.gradients import Gradients
from core.gradients.kinds import Kind

COUNTS = (1, 1, 2, 3, 5, 10, 20)  # of steps
FEW = 8  # numbers, of fewer a layer and single numbers are nearly the same


@dataclass(frozen=True)
class Generated:
    """Gradients, of which kind they were made, and how."""

    kind: Kind
    gradients: Gradients
    visible: bool  # whether the kind leaves a trace: some directions need several steps
    how: str


def generated(seed: int, kind: Kind) -> Generated:
    """Return gradients of 100 to a million numbers in 1 to 200 layers, at 1 to 20 steps.

    They are Gaussian, with deviations that differ between layers by a factor up to 3, and in some
    or all of the steps a large part, whose squared norm is 1 to 100 times that of the noise.
    """
    rng = np.random.default_rng((seed, list(Kind).index(kind)))
    steps = int(rng.choice(COUNTS))
    n = int(10 ** rng.uniform(2, min(6, 6.6 - np.log10(steps))))
    count = round(min(200, max(1, n // 20)) ** rng.uniform(0, 1))
    shapes = _shapes(rng, n, max(count, 4) if kind is Kind.LAYERS else count)
    sizes = np.array([int(np.prod(shape)) for shape in shapes])
    scales = np.repeat(3 ** rng.uniform(-0.5, 0.5, len(sizes)), sizes)
    noise = rng.standard_normal((steps, sizes.sum())) * scales
    struck = rng.random(steps) < rng.choice([0.2, 0.5, 1.0])
    struck[rng.integers(steps)] = True
    ratio = 10 ** rng.uniform(0, 2)
    large, visible, how = np.zeros_like(noise), True, "noise"
    match kind:
        case Kind.ISOLATED:
            large, how = _isolated(rng, noise.shape)
        case Kind.LAYERS:
            large, how = _layers(rng, noise.shape, sizes)
        case Kind.OBLIQUE:
            large, visible, how = _oblique(rng, shapes, scales, struck)
    squares = np.vecdot(large, large)
    factors = np.sqrt(ratio * np.vecdot(noise, noise) / np.where(squares > 0, squares, 1))
    values = noise + np.where(struck, factors, 0)[:, np.newaxis] * large
    values *= 10 ** rng.uniform(-30, 30) if rng.random() < 0.5 else 10 ** rng.uniform(-4, 2)
    found = Gradients(
        tuple(f"layer{i}" for i in range(len(sizes))),
        shapes,
        tuple(range(steps)),
        values.astype(np.float32 if rng.random() < 0.7 else np.float64),
        "made",
    )
    how = f"{how}, {steps} steps, {sizes.sum()} numbers, {len(sizes)} layers, ratio {ratio:.1f}"
    return Generated(kind, found, visible, how)


def _shapes(rng, n, count):
    """Split about n numbers into matrices of unequal sizes, with a bias after each."""
    shapes = []
    for size in rng.dirichlet(np.ones((count + 1) // 2)) * n:
        rows = max(1, int(size ** rng.uniform(0.3, 0.6)))
        shapes.append((rows, max(1, int(size / rows))))
        if len(shapes) < count:
            shapes.append((rows,))
    return tuple(shapes)


def _isolated(rng, shape):
    """Heavy tails, or spikes in up to one of a hundred coordinates, always the same or not."""
    if rng.random() < 0.25:
        nu = rng.uniform(1.0, 1.8)
        return rng.standard_t(nu, shape), f"Student t {nu:.1f}"
    n = shape[1]
    count = max(1, int(n * 10 ** rng.uniform(-4, -2)))
    large, same = np.zeros(shape), rng.choice(n, count, replace=False)
    recurs = rng.random() < 0.5
    for row in large:
        places = same if recurs else rng.choice(n, count, replace=False)
        row[places] = rng.choice([-1, 1], count) * rng.uniform(0.5, 2, count)
    return large, f"{count} spikes"


def _layers(rng, shape, sizes):
    """Noise in a fifth of the layers or fewer, with at most a quarter of the numbers."""
    ends = np.cumsum(sizes)
    fitting = [i for i in rng.permutation(len(sizes)) if sizes[i] <= ends[-1] / 4]
    fitting.sort(key=lambda i: sizes[i] < FEW)
    chosen = []
    for i in fitting[: rng.integers(1, max(1, len(sizes) // 5) + 1)]:
        if sizes[[*chosen, i]].sum() <= ends[-1] / 4:
            chosen.append(i)
    large = np.zeros(shape)
    for i in chosen:
        large[:, ends[i] - sizes[i] : ends[i]] = rng.standard_normal((shape[0], sizes[i]))
    return large, f"{len(chosen)} large layers with {sizes[chosen].sum()} numbers"


def _oblique(rng, shapes, scales, struck):
    """A direction that recurs, equal signs, matrices of rank one, or whole steps that grow."""
    steps, n = len(struck), len(scales)
    way = rng.choice(["recurring direction", "equal signs", "rank one", "whole steps"])
    match way:
        case "recurring direction":
            large = np.tile(rng.standard_normal(n), (steps, 1))
            visible = struck.sum() > 1
        case "equal signs":
            large, visible = np.ones((steps, n)), True
        case "rank one":
            large = np.array([_rank_one(rng, shapes) for _ in struck])
            visible = True
        case _:
            large = rng.standard_normal((steps, n))
            visible = struck.sum() < steps / 2
    return large * scales * rng.choice([-1, 1], (steps, 1)), visible, way


def _rank_one(rng, shapes):
    parts = []
    for shape in shapes:
        left, right = rng.standard_normal(shape[0]), rng.standard_normal(shape[-1])
        parts.append(np.outer(left, right).ravel() if len(shape) > 1 else left)
    return np.concatenate(parts)
