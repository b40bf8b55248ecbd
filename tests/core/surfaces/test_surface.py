import subprocess
import sys

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from core.surfaces.expression import FUNCTIONS, Algebra, read_formula
from core.surfaces.planes import rotated, stack
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


@pytest.mark.parametrize("name", ALL)
def test_minima_are_flat_and_nothing_around_them_is_lower(name):
    surface = ALL[name]
    for minimum in surface.minima:
        point = np.array(minimum, float)
        around = point + 1e-4 * np.random.default_rng(0).standard_normal((100, len(point)))
        bend = np.abs(surface.gradient(around) - surface.gradient(point)).max() / 1e-4
        if surface.kinked:  # there is no gradient at a kink; 0 stands for it
            assert_allclose(surface.gradient(point), 0, atol=64 * EPS * bend)
        else:
            reach = np.abs(point).max() + 1
            assert_allclose(surface.gradient(point), 0, atol=4 * EPS * bend * reach)
        assert surface.height(around).min() >= surface.lowest - EPS * max(1, abs(surface.lowest))
        assert_allclose(surface.height(point), surface.lowest, atol=1e-24 + EPS * bend * EPS)


@pytest.mark.parametrize("name", NAMES)
def test_start_and_minima_stay_in_the_window_however_it_is_turned(name):
    surface = SURFACES[name]
    (left, right), (bottom, top) = surface.window
    assert right - left == pytest.approx(top - bottom, rel=1e-12)
    middle = (left + right) / 2, (bottom + top) / 2
    for point in (surface.start, *surface.minima):
        assert np.linalg.norm(np.subtract(point, middle)) <= (right - left) / 2
    assert len(surface.teaches) < 140
    assert surface.teaches.endswith(".")
    assert surface.latex


@pytest.mark.parametrize("name", NAMES)
def test_turning_forth_and_back_changes_nothing(name):
    surface = SURFACES[name]
    again = rotated(rotated(surface, 0.8), -0.8)
    assert_allclose(again.start, surface.start, atol=1e-12)
    at = points(surface)
    spread = np.abs(surface.height(at * (1 + 64 * EPS)) - surface.height(at * (1 - 64 * EPS)))
    assert np.all(np.abs(again.height(at) - surface.height(at)) <= 4 * spread + 1e-9)


def test_a_quarter_turn_moves_the_steep_axis():
    turned = rotated(SURFACES["long bowl"], np.pi / 2)
    assert_allclose(turned.gradient([1.0, 0.0]), [100, 0], atol=1e-12)
    assert_allclose(turned.start, [-1, 10], atol=1e-12)


def test_stacking_adds_heights_and_joins_gradients():
    first, second = SURFACES["ridge"], SURFACES["Beale"]
    both = stack(first, second)
    at = points(both)
    assert_array_equal(both.height(at), first.height(at[:, :2]) + second.height(at[:, 2:]))
    assert_array_equal(both.gradient(at)[:, 2:], second.gradient(at[:, 2:]))
    assert both.layers == (2, 2)
    assert both.start == (*first.start, *second.start)
    assert all(f"x_{{{i}}}" in both.latex for i in range(1, 5))
    with pytest.raises(ValueError, match="over one plane"):
        rotated(both, 1.0)


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


def test_sympy_is_not_loaded_before_it_is_needed():
    code = "import sys, core.surfaces.table, core.surfaces.planes; print('sympy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
