"""Adam, against PyTorch's."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.answers import adam
from core.optimizers import BETAS, EPSILON


@settings(deadline=None)  # the first one waits for PyTorch
@given(st.integers(1, 40), st.integers(1, 4), st.floats(1e-4, 1e4), st.integers(0, 99))
def test_the_steps_are_those_of_torch(steps: int, n: int, scale: float, seed: int) -> None:
    gradients = scale * np.random.default_rng(seed).standard_normal((steps, n))
    weights = torch.zeros(n, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=adam.RATE, betas=BETAS, eps=EPSILON)
    path = [np.zeros(n)]
    for gradient in gradients:
        weights.grad = torch.from_numpy(gradient.copy())
        optimizer.step()
        path.append(weights.detach().numpy().copy())
    np.testing.assert_allclose(adam.steps(gradients), np.diff(path, axis=0), rtol=1e-6, atol=1e-12)


def test_a_constant_factor_cancels_and_a_spike_does_not() -> None:
    found = adam.under_adam()
    assert float(found["change"]) < 1e-3
    for way in ("value", "norm"):
        assert float(found[way].rstrip("°")) > 5
    assert float(found["spiked"]) < 0.1
    assert float(found["clipped"]) == pytest.approx(1, abs=0.05)


def test_a_constant_factor_for_each_number_alone_cancels_too() -> None:
    drawn = np.random.default_rng(1).standard_normal((200, 3)) + 5
    np.testing.assert_allclose(adam.steps(drawn * [1.0, 10.0, 100.0]), adam.steps(drawn), rtol=1e-6)
