"""The exhibits of optimizers: what they say, found with PyTorch or in closed form."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from core.descent.descend import TOLERANCE, first_stay
from core.descent.exhibits import EXHIBITS
from core.descent.optimizer_measurements import AFTER, BEFORE, SPIKE, after_a_spike, carried_on
from core.optimizers import BETAS, MOMENTUM, Optimizer
from core.runs import NONE
from core.strategies import Strategy
from core.work import Work
from tests.core.test_optimizers import PEERS

VALUE, GLOBAL = Strategy.VALUE, Strategy.GLOBAL


def path_of_torch(it, run):
    """Return the path ``(steps + 1, n)`` of a run, with PyTorch's optimizer and clipping."""
    point = torch.tensor(it.start, dtype=torch.float64, requires_grad=True)
    optimizer = PEERS[it.optimizer]([point], lr=it.learning_rate)
    path = [np.array(it.start)]
    for _ in range(it.steps):
        gradient = torch.tensor(it.surface.gradient(path[-1]))
        limit = 0 if run is NONE else it.thresholds.fixed(run, it.surface.layers)
        if run is VALUE:
            gradient.clamp_(-limit, limit)
        elif run is GLOBAL:
            gradient *= min(1.0, limit / gradient.norm())
        point.grad = gradient
        optimizer.step()
        path.append(point.detach().numpy().copy())
    return np.array(path)


def steps_to_goal(it, path):
    return int(first_stay(it.surface.height(path) <= TOLERANCE))


def test_a_constant_rescale_cancels_under_adam():
    it = EXHIBITS["Adam, a constant rescale"].experiment
    without, by_value, by_norm = (path_of_torch(it, run) for run in it.runs)
    assert_allclose(by_value, without, atol=1e-6)
    assert_allclose(by_norm, without, atol=1e-6)
    plain = replace(it, optimizer=Optimizer.PLAIN)
    without, by_value, by_norm = (path_of_torch(plain, run) for run in it.runs)
    assert np.linalg.norm(by_value - without, axis=-1).max() == pytest.approx(1.08, abs=1e-9)
    assert np.linalg.norm(by_norm - without, axis=-1).max() == pytest.approx(2.277, abs=5e-4)


def test_a_turn_that_changes_does_not():
    it = EXHIBITS["Adam, a turn that changes"].experiment
    without, by_value, by_norm = (path_of_torch(it, run) for run in it.runs)
    assert_allclose(by_norm, without, atol=1e-6)
    assert np.linalg.norm(by_value - without, axis=-1).max() == pytest.approx(2.004, abs=5e-4)
    losses = [it.surface.height(path[-1]) for path in (without, by_value, by_norm)]
    assert_allclose(losses, [0.53, 2.596, 0.53], atol=5e-4)
    along = it.surface.gradient(by_value[:-1])
    turned = np.clip(along, -1, 1)
    assert_allclose(np.abs(turned), 1)  # onto a diagonal
    sides = np.sign(along[:, 0] * turned[:, 1] - along[:, 1] * turned[:, 0])
    assert set(sides) == {-1, 1}  # to either side of it


def test_long_gradients_keep_later_steps_of_adam_short():
    it = EXHIBITS["Adam after long gradients"].experiment
    without = path_of_torch(it, NONE)
    assert it.surface.height(without[-1]) == pytest.approx(19.4, abs=0.05)
    assert np.linalg.norm(it.surface.gradient(without[0])) == pytest.approx(15814, abs=0.5)
    assert steps_to_goal(it, path_of_torch(it, VALUE)) == 891
    by_norm = path_of_torch(it, GLOBAL)
    assert steps_to_goal(it, by_norm) == 698
    assert np.linalg.norm(it.surface.gradient(by_norm[500])) < 1  # in the valley


def test_after_a_spike_the_steps_of_adam_are_as_short_as_the_mean_square_says():
    count = BEFORE + 1 + AFTER
    square = 1 + (1 - BETAS[1]) * BETAS[1] ** AFTER * (SPIKE**2 - 1) / (1 - BETAS[1] ** count)
    mean = 1 + (1 - BETAS[0]) * BETAS[0] ** AFTER * (SPIKE - 1) / (1 - BETAS[0] ** count)
    assert_allclose(after_a_spike(Work(1)), [mean / math.sqrt(square), 1], rtol=1e-7)


def test_momentum_carries_a_spike_on():
    at_once, steps = carried_on(Work(1))
    assert at_once == pytest.approx(100 * (1 - MOMENTUM))
    assert steps == math.ceil(math.log(0.1) / math.log(MOMENTUM))


def test_against_the_wall_adam_stands_unless_it_is_clipped_by_norm():
    it = EXHIBITS["Recurrent cliff under Adam"].experiment
    without, by_norm = path_of_torch(it, NONE), path_of_torch(replace(it, steps=300), GLOBAL)
    lengths = np.linalg.norm(it.surface.gradient(without), axis=-1)
    steps = np.linalg.norm(np.diff(without, axis=0), axis=-1)
    assert lengths.max() == pytest.approx(4046, abs=0.5)
    assert steps.max() == pytest.approx(0.0438, abs=5e-5)
    assert steps[lengths.argmax() + 100 :].max() < 1e-4
    assert it.surface.height(without[-1]) == pytest.approx(0.0337, abs=5e-5)
    assert steps_to_goal(it, by_norm) == 97
