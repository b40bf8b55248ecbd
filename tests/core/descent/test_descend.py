import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import Clipper, Rule, clip
from core.descent.descend import HOLD, TOLERANCE, descend, first_stay, within
from core.descent.outcomes import Outcome, outcome
from core.optimizers import Optimizer
from core.runs import unclipped
from core.strategies import Strategy
from core.surfaces.planes import stack
from core.surfaces.surface import from_formula
from core.surfaces.table import SURFACES
from tests.core.test_optimizers import PEERS

BOWL = SURFACES["round bowl"]
CLIPPERS = [unclipped, *(Clipper(strategy, 0.3, rule) for strategy in Strategy for rule in Rule)]
surfaces = st.sampled_from(sorted(SURFACES))


def swept(strategy, thresholds, rule):
    """Clip with a threshold for every run."""
    limits = thresholds[:, np.newaxis]
    return lambda gradient, layers: clip(gradient, strategy.blocks(layers), limits, rule)


def test_a_run_is_what_its_formula_says():
    path = descend(BOWL, [3.0, 1.0], Clipper(Strategy.VALUE, 0.5), 0.1, 2).path
    assert_allclose(path, [[3, 1], [2.95, 0.95], [2.9, 0.9]])


@settings(deadline=None, max_examples=50)
@given(surfaces, st.integers(0, 2**31), st.booleans(), st.sampled_from(Optimizer))
def test_a_batch_runs_every_run_as_if_alone(name, seed, noisy, optimizer):
    surface, rng = stack(SURFACES[name], BOWL), np.random.default_rng(seed)
    low, high = np.transpose(surface.window)
    starts, rates = rng.uniform(low, high, (2, 1, 1, 4)), 10 ** rng.uniform(-4, 0, (3, 1))
    thresholds, steps = 10 ** rng.uniform(-2, 2, 2), 12
    noise = rng.standard_normal((steps, 2, 1, 1, 4)) if noisy else None
    clippers = [unclipped] + [swept(s, thresholds, r) for s in Strategy for r in Rule]
    whole = descend(surface, starts, clippers, rates, steps, noise=noise, optimizer=optimizer)
    assert whole.path.shape == (steps + 1, 10, 2, 3, 2, 4)
    which = tuple(rng.integers(whole.taken.shape))
    pairs = [(s, r) for s in Strategy for r in Rule]
    one = unclipped
    if which[0] > 0:
        strategy, rule = pairs[which[0] - 1]
        one = Clipper(strategy, thresholds[which[3]], rule)
    alone = descend(
        surface,
        starts[which[1], 0, 0],
        one,
        rates[which[2], 0],
        steps,
        noise=noise[:, which[1], 0, 0] if noisy else None,
        optimizer=optimizer,
    )
    assert_array_equal(whole.path[(slice(None), *which)], alone.path)
    assert_array_equal(whole.taken[which], alone.taken)


@pytest.mark.parametrize("optimizer", Optimizer)
@pytest.mark.parametrize("name", SURFACES)
def test_whole_runs_step_as_torch_does_at_the_same_points(name, optimizer):
    surface, rate, count = SURFACES[name], 0.01, 200
    noise = np.random.default_rng(1).standard_normal((count, 1, 2))
    starts = np.broadcast_to(surface.start, (3, 2))
    found = descend(surface, starts, CLIPPERS, rate, count, noise=noise, optimizer=optimizer)
    for clipper, path in zip(CLIPPERS, np.moveaxis(found.path[:, :, 1], 1, 0), strict=True):
        taken = int(found.taken[CLIPPERS.index(clipper), 1])
        peer = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        other = PEERS[optimizer]([peer], lr=rate)
        for step in range(taken):
            felt = surface.gradient(path[step]) + noise[step, 0]
            peer.data = torch.tensor(path[step].copy())
            peer.grad = torch.tensor(clipper(felt, surface.layers))
            other.step()
            moved = np.abs(path[: step + 2]).max()
            assert_allclose(path[step + 1], peer.detach().numpy(), rtol=0, atol=1e-13 * moved)


@pytest.mark.parametrize("name", SURFACES)
def test_keeping_only_the_end_changes_nothing_else(name):
    surface = SURFACES[name]
    whole = descend(surface, surface.start, CLIPPERS, 0.01, 500)
    end = descend(surface, surface.start, CLIPPERS, 0.01, 500, keep=HOLD + 1)
    assert_array_equal(end.path, whole.path[-HOLD - 1 :])
    assert_array_equal(end.height, whole.height[-HOLD - 1 :])
    assert_array_equal(outcome(end), outcome(whole))


@pytest.mark.parametrize("name", SURFACES)
def test_reached_is_the_first_step_of_a_long_stay(name):
    surface = SURFACES[name]
    found = descend(surface, surface.start, CLIPPERS, 0.02, 900)
    met = found.height <= surface.lowest + TOLERANCE
    for run in range(len(CLIPPERS)):
        stays = [t for t in range(901 - HOLD) if met[t : t + HOLD + 1, run].all()]
        assert found.reached[run] == (stays[0] if stays else -1)


def test_a_run_that_leaves_the_finite_numbers_stops_where_it_was():
    surface = SURFACES["two chains"]
    found = descend(surface, [[6.0, 0.0], [0.5, 0.0]], unclipped, 0.5, 300)
    assert found.taken.tolist() == [1, 300]
    assert np.isfinite(found.path).all()
    assert_array_equal(found.path[1:, 0], np.broadcast_to(found.path[1, 0], (300, 2)))
    assert outcome(found).tolist() == [Outcome.DIVERGED, Outcome.CONVERGED]


@pytest.mark.parametrize("optimizer", Optimizer)
def test_no_run_learns_of_one_that_stopped(optimizer):
    surface = SURFACES["two chains"]
    both = descend(surface, [[6.0, 0.0], [0.5, 0.0]], unclipped, 0.5, 40, optimizer=optimizer)
    alone = descend(surface, [0.5, 0.0], unclipped, 0.5, 40, optimizer=optimizer)
    assert_array_equal(both.path[:, 1], alone.path)


@pytest.mark.parametrize("start", [[np.nan, 0], [np.inf, 0], [-1.0, 1.0]])
def test_a_start_without_a_height_takes_no_step(start):
    found = descend(from_formula("log(x) + y^2"), start, CLIPPERS, 0.1, 20)
    assert_array_equal(found.taken, 0)
    assert set(outcome(found)) == {Outcome.DIVERGED}


def test_no_steps_are_a_path_of_one_point():
    found = descend(BOWL, BOWL.start, unclipped, 0.1, 0)
    assert_array_equal(found.path, [BOWL.start])
    assert outcome(found) == Outcome.STALLED


@pytest.mark.parametrize("rule", [Rule.CLIP, Rule.RADIAL])
@pytest.mark.parametrize("strategy", Strategy)
@pytest.mark.parametrize("name", ["round bowl", "long bowl", "Rosenbrock", "two chains"])
def test_small_clipped_steps_always_descend(name, strategy, rule):
    """Descent lemma: below 2 / L, a step of u costs at least eta * (1 - L * eta / 2) * |u|^2."""
    surface = SURFACES[name]
    smooth = {"round bowl": 1, "long bowl": 100, "Rosenbrock": 5000, "two chains": 210}[name]
    rate = 1 / smooth
    found = descend(surface, surface.start, Clipper(strategy, 0.5, rule), rate, 300)
    moved = np.sum(np.diff(found.path, axis=0) ** 2, axis=-1) / rate**2
    falls = -np.diff(found.height)
    assert np.all(falls >= rate * (1 - smooth * rate / 2) * moved - 1e-12 * found.height[:-1])


def test_separable_losses_decouple_under_value_clipping():
    clipper = Clipper(Strategy.VALUE, 0.3)
    both = descend(SURFACES["fourth power"], [[2.0, 4.0], [2.0, 0.1]], clipper, 0.05, 300)
    assert_array_equal(both.path[..., 0, 0], both.path[..., 1, 0])


def test_every_clipper_sees_the_same_noise():
    noise = np.random.default_rng(0).standard_normal((50, 2))
    found = descend(
        BOWL, BOWL.start, [unclipped, Clipper(Strategy.GLOBAL, 1e9)], 0.1, 50, noise=noise
    )
    assert_array_equal(found.path[:, 0], found.path[:, 1])


def test_the_goal_can_be_another():
    found = descend(BOWL, [4.0, 0.0], unclipped, 0.5, 250, goal=lambda p, h, g: p[..., 0] <= 1)
    assert found.reached == 2
    assert descend(BOWL, [4.0, 0.0], unclipped, 0.5, 250, goal=within(BOWL, 0.5)).reached == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"start": [1.0]}, "start must have shape"),
        ({"learning_rate": 0.0}, "learning rate must be positive"),
        ({"learning_rate": np.nan}, "learning rate must be positive"),
        ({"steps": -1}, "steps must not be negative"),
        ({"noise": np.zeros((3, 2))}, "noise must have shape"),
    ],
)
def test_wrong_arguments_are_named(wrong, sentence):
    right = {"start": [1.0, 1.0], "clippers": unclipped, "learning_rate": 0.1, "steps": 5}
    with pytest.raises(ValueError, match=sentence):
        descend(BOWL, **(right | wrong))


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 2 * HOLD)), max_size=6))
def test_a_stay_is_counted_as_a_goal_that_is_reached(stretches):
    within = np.array([True, *(met for met, length in stretches for _ in range(length))])
    ends = np.concatenate([np.arange(len(within) - 1)[~within[1:]] + 1, [len(within)]])
    begins = np.concatenate([[0], ends[:-1] + 1])
    stays = [a for a, b in zip(begins, ends, strict=True) if b - a > HOLD]
    assert first_stay(within[:, np.newaxis]).tolist() == [min(stays, default=-1)]


def test_a_stay_in_the_goal_begins_where_it_was_reached():
    surface = SURFACES["long bowl"]
    clippers = [unclipped, Clipper(Strategy.VALUE, 1.0), Clipper(Strategy.GLOBAL, 0.01)]
    found = descend(surface, surface.start, clippers, 0.01, 1500)
    assert_array_equal(first_stay(found.height <= TOLERANCE), found.reached)
    assert (found.reached > 0).tolist() == [True, True, False]
