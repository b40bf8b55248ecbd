import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from core.surfaces.expression import FUNCTIONS, Algebra, read_formula
from core.surfaces.surface import from_formula
from core.surfaces.table import SURFACES
from tests.core.surfaces.landscapes import ALL, EPS, NAMES, PAIRS, points, rounding


def differences(surface, at, step):
    """Return the gradient by central differences, (count, n)."""
    steps = step * np.eye(at.shape[-1])
    rises = surface.height(at[:, None] + steps) - surface.height(at[:, None] - steps)
    return rises / (2 * step)


@pytest.mark.parametrize("name", ALL)
def test_the_gradient_is_the_slope_of_the_height(name):
    surface = ALL[name]
    at, step = points(surface), 1e-5
    if surface.kinked:
        jumps = np.abs(surface.gradient(at + 2 * step) - surface.gradient(at - 2 * step))
        at = at[np.all(jumps < 0.01 * (np.abs(surface.gradient(at)) + 1), axis=-1)]
        assert len(at) > 190
    coarse, fine = differences(surface, at, 2 * step), differences(surface, at, step)
    # What halving the step changed is three times the error of truncation left; the rest rounds.
    around = surface.height(at[:, None] + step * np.eye(at.shape[-1]))
    rounding = 64 * EPS * (np.abs(around) + 1) / step
    assert np.all(np.abs(surface.gradient(at) - fine) <= np.abs(coarse - fine) + rounding)


def by_torch(surface, at):
    """Return heights and gradients by torch autograd, from the formula alone."""
    x, y = torch.tensor(at, requires_grad=True).unbind(-1)
    for axis in (x, y):
        axis.retain_grad()
    if surface.field().formula:
        functions = {name: getattr(torch, name) for name in FUNCTIONS}
        constants = {"x": x, "y": y, "pi": torch.tensor(np.pi), "e": torch.tensor(np.e)}
        height = read_formula(surface.field().formula, Algebra(float, constants, functions))
    else:  # the recurrent network
        state = torch.full_like(x, 0.5)
        for _ in range(50):
            state = x * torch.sigmoid(state) + y
        height = (torch.sigmoid(state) - 0.7) ** 2
    height.sum().backward()
    return height.detach().numpy(), torch.stack([x.grad, y.grad], -1).numpy()


@pytest.mark.parametrize("name", NAMES)
def test_torch_finds_the_same_gradient(name):
    surface = SURFACES[name]
    at = points(surface)
    heights, gradients = by_torch(surface, at)
    assert np.all(np.abs(surface.gradient(at) - gradients) <= rounding(surface, at))
    assert_allclose(surface.height(at), heights, rtol=1e-9, atol=1e-9)


def test_batches_of_any_shape_are_welcome():
    for surface in (
        SURFACES["Rosenbrock"],
        SURFACES["recurrent cliff"],
        PAIRS["Rosenbrock and Beale"],
    ):
        n = len(surface.start)
        heights, gradients = surface.evaluate(np.ones((2, 0, 3, n)))
        assert heights.shape == (2, 0, 3)
        assert gradients.shape == (2, 0, 3, n)
        assert surface.height(surface.start).shape == ()


def test_what_is_not_finite_shows_without_a_warning():
    surface = from_formula("log(x)/y")
    assert np.isnan(surface.height([-1.0, 1.0]))
    assert np.isinf(surface.height([2.0, 0.0]))
    assert np.isinf(SURFACES["two chains"].height([1e4, 0.0]))
