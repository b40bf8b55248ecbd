"""The optimizers, against PyTorch's and by hand."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.optimizers import MOMENTUM, Optimizer, stepper

PEERS = {
    Optimizer.PLAIN: torch.optim.SGD,
    Optimizer.MOMENTUM: partial(torch.optim.SGD, momentum=MOMENTUM),
    Optimizer.NESTEROV: partial(torch.optim.SGD, momentum=MOMENTUM, nesterov=True),
    Optimizer.ADAM: torch.optim.Adam,
}
optimizers = st.sampled_from(Optimizer)
seeds = st.integers(0, 2**31)


def steps(optimizer, gradients, rate=1.0):
    step = stepper(optimizer, rate)
    return np.array([step(gradient) for gradient in gradients])


@settings(deadline=None)  # the first one waits for PyTorch
@given(optimizers, st.integers(1, 60), st.integers(1, 4), st.floats(1e-6, 1e6), seeds)
def test_the_steps_are_those_of_torch(optimizer, count, n, scale, seed):
    gradients = scale * np.random.default_rng(seed).standard_normal((count, n))
    gradients[::7] *= 1000
    peer = torch.zeros(n, dtype=torch.float64, requires_grad=True)
    other, path = PEERS[optimizer]([peer], lr=0.01), []
    for gradient in gradients:
        peer.grad = torch.tensor(gradient)
        other.step()
        path.append(peer.detach().numpy().copy())
    taken = -steps(optimizer, gradients, 0.01)
    # Each step rounds a few times, at the size of the largest one so far.
    rounding = 10 * count * np.finfo(np.float64).eps * np.abs(taken).sum()
    assert_allclose(np.cumsum(taken, axis=0), path, rtol=0, atol=rounding)


@given(optimizers, seeds)
def test_a_batch_steps_as_each_of_it_alone(optimizer, seed):
    rng = np.random.default_rng(seed)
    gradients, rates = rng.standard_normal((9, 3, 2, 2)), rng.uniform(1e-3, 1, (2, 1))
    whole = steps(optimizer, gradients, rates)
    for i in range(3):
        for j in range(2):
            alone = steps(optimizer, gradients[:, i, j], rates[j])
            assert_array_equal(whole[:, i, j], alone)


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        (Optimizer.PLAIN, [1, 0, 0]),
        (Optimizer.MOMENTUM, [1, 0.9, 0.81]),
        (Optimizer.NESTEROV, [1.9, 0.81, 0.729]),
        # 0.9^(t-1) * 0.1 / (1 - 0.9^t) over the root of 0.999^(t-1) * 0.001 / (1 - 0.999^t)
        (Optimizer.ADAM, [1, 0.6701, 0.5180]),
    ],
)
def test_what_one_gradient_comes_to_in_the_steps_after_it(optimizer, expected):
    found = steps(optimizer, np.array([[1.0], [0.0], [0.0]]))[:, 0]
    assert_allclose(found, expected, atol=5e-5)


@pytest.mark.parametrize("optimizer", [Optimizer.MOMENTUM, Optimizer.NESTEROV])
def test_momentum_carries_a_gradient_ten_times_as_far(optimizer):
    gradients = np.zeros((400, 1))
    gradients[0] = 3.0
    assert_allclose(steps(optimizer, gradients).sum(), 3.0 / (1 - MOMENTUM), rtol=1e-12)


@given(optimizers, seeds)
def test_no_gradient_is_changed(optimizer, seed):
    gradients = np.random.default_rng(seed).standard_normal((5, 2))
    before = gradients.copy()
    steps(optimizer, gradients)
    assert_array_equal(gradients, before)
