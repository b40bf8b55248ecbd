"""What is left of clipping under Adam."""

import numpy as np

from core.answers.answer import Numbers
from core.answers.turning import in_brackets
from core.clipping import clip, length_of
from core.geometry import angle
from core.noise import disturb
from core.notation import write_degrees
from core.optimizers import Optimizer, stepper
from core.strategies import Array, Layers

RATE = 1e-3  # PyTorch's default
STEPS, SPIKE, LATER = 400, 200, 50  # the step of a long gradient, and how many steps later to look
LONGER = 1000.0  # times
SEEDS = 10
MEAN = np.array([10.0, 1.0])


def steps(gradients: Array) -> Array:
    """Return what Adam adds to the weights at every step, for gradients ``(steps, n)``."""
    step = stepper(Optimizer.ADAM, RATE)
    return np.array([-step(gradient) for gradient in gradients])


def under_adam() -> Numbers:
    """Return what a rescale, a turn and a spike leave in Adam's steps."""
    drawn = np.random.default_rng(0).standard_normal((STEPS, 2)) + MEAN
    plain, rescaled = steps(drawn), steps(drawn / LONGER)
    spiked = drawn.copy()
    spiked[SPIKE] *= LONGER
    median = float(np.median(length_of(drawn)))
    after, clipped = steps(spiked), steps(clip(spiked, (2,), median))
    later = SPIKE + LATER
    return {
        "longer": f"{LONGER:,.0f}",
        "change": f"{np.abs(rescaled / plain - 1).max():.0e}",
        "mean": in_brackets(MEAN / 10),
        "value": _turned((1, 1)),
        "norm": _turned((2,)),
        "seeds": f"{SEEDS}",
        "later": f"{LATER}",
        "spiked": f"{length_of(after[later]) / length_of(plain[later]):.3f}",
        "clipped": f"{length_of(clipped[later]) / length_of(plain[later]):.2f}",
    }


def _turned(blocks: Layers) -> str:
    """Return how far clipping such blocks at 1 turns Adam's steps under heavy-tailed noise."""
    turned = []
    for seed in range(SEEDS):
        drawn = disturb("heavy-tailed", seed, (STEPS, 2)) + MEAN / 10
        turned.append(angle(steps(drawn), steps(clip(drawn, blocks, 1.0))))
    return write_degrees(float(np.median(turned)))
