from functools import partial

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from core.clipping import clip
from core.optimizers import BETAS, MOMENTUM
from core.strategies import Strategy
from core.training.optimizers import Optimizer, updates

PEERS = {
    Optimizer.SGD: torch.optim.SGD,
    Optimizer.MOMENTUM: partial(torch.optim.SGD, momentum=MOMENTUM),
    Optimizer.ADAM: torch.optim.Adam,
}
STEPS = 50


@pytest.mark.parametrize("optimizer", Optimizer)
def test_the_weights_follow_as_in_pytorch(optimizer):
    rng = np.random.default_rng(0)
    weights = rng.standard_normal(100)
    peer = torch.nn.Parameter(torch.tensor(weights))
    update, other = updates(optimizer, 0.01), PEERS[optimizer]([peer], lr=0.01)
    for _ in range(STEPS):
        gradient = rng.standard_normal(100)
        peer.grad = torch.tensor(gradient)
        update(weights, gradient)
        other.step()
    # Each of the steps rounds a few times, relative to weights and moments of size 1.
    rounding = 10 * STEPS * np.finfo(np.float64).eps
    assert_allclose(weights, peer.detach().numpy(), rtol=rounding, atol=rounding)


def test_under_adam_a_constant_rescale_cancels_and_under_sgd_it_does_not():
    gradients = np.random.default_rng(0).standard_normal((STEPS, 100))
    ends = {}
    for optimizer in Optimizer:
        for scale in (1.0, 1000.0):
            weights = np.zeros(100)
            update = updates(optimizer, 0.01)
            for gradient in gradients:
                update(weights, scale * gradient)
            ends[optimizer, scale] = weights
    # What does not cancel is Adam's epsilon beside the root of the second moment.
    least = np.abs(gradients[0]).min() * np.sqrt(0.001)
    apart = np.abs(ends[Optimizer.ADAM, 1.0] - ends[Optimizer.ADAM, 1000.0])
    assert apart.max() <= STEPS * 0.01 * 1e-8 / least
    assert_allclose(ends[Optimizer.SGD, 1000.0], 1000 * ends[Optimizer.SGD, 1.0], rtol=1e-9)


def test_under_adam_one_long_gradient_slows_the_steps_after_it_unless_it_is_clipped():
    long, usual, later = 1000.0, np.ones(4), 200  # by then, the first moment has forgotten it
    blocks = Strategy.GLOBAL.blocks((len(usual),))

    def last_step(threshold: float) -> np.ndarray:
        weights = np.zeros_like(usual)
        update = updates(Optimizer.ADAM, 0.01)
        for gradient in (long * usual, *[usual] * later):
            before = weights.copy()
            update(weights, clip(gradient, blocks, threshold))
        return before - weights

    spread = 1 - BETAS[1] ** (later + 1)
    remembered = (1 - BETAS[1]) * BETAS[1] ** later * (long**2 - 1)  # of its square
    slowed = 0.01 / np.sqrt(1 + remembered / spread)
    assert_allclose(last_step(2 * long), slowed, rtol=1e-6)  # 0.9**200 * 1000 is 7e-7
    assert_allclose(last_step(2), 0.01, rtol=1e-6)
    assert slowed < 0.01 / 10
