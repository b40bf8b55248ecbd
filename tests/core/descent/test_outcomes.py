import numpy as np
import pytest

from core.clipping import Clipper, Rule
from core.descent.descend import HOLD, TOLERANCE, descend
from core.descent.outcomes import Outcome, outcome
from core.runs import unclipped
from core.strategies import Strategy
from core.surfaces.surface import from_formula
from core.surfaces.table import SURFACES

BOWL = SURFACES["round bowl"]
CLIPPERS = [unclipped, *(Clipper(strategy, 0.3, rule) for strategy in Strategy for rule in Rule)]


def fate(surface, clipper, rate, steps=2000, start=None, **kwargs):
    start = surface.start if start is None else start
    return str(outcome(descend(surface, start, clipper, rate, steps, keep=HOLD + 1, **kwargs)))


def test_clipped_on_a_bowl_it_converges_and_normalized_it_circles():
    found = descend(BOWL, BOWL.start, CLIPPERS, 0.1, 600)
    for clipper, became in zip(CLIPPERS[1:], outcome(found)[1:], strict=True):
        circles = clipper.rule is Rule.NORMALIZE
        assert became == (Outcome.LIMIT_CYCLE if circles else Outcome.CONVERGED)


def test_a_limit_cycle_within_the_tolerance_is_still_one():
    found = descend(BOWL, BOWL.start, Clipper(Strategy.GLOBAL, 0.1, Rule.NORMALIZE), 0.1, 2000)
    assert found.reached > 0
    assert found.height[-HOLD:].max() < TOLERANCE
    assert outcome(found) == Outcome.LIMIT_CYCLE


def test_a_cycle_around_a_kink_is_no_convergence():
    kinks = SURFACES["two kinks"]
    found = descend(kinks, kinks.start, CLIPPERS, 0.07, 2500)
    assert set(outcome(found)) == {Outcome.LIMIT_CYCLE}


@pytest.mark.parametrize("rate", [0.01, 0.5, 1.0, 1.9])
def test_a_bowl_is_converged_on_at_every_stable_rate(rate):
    assert fate(BOWL, unclipped, rate) == Outcome.CONVERGED


@pytest.mark.parametrize("rate", [0.005, 0.01, 0.0199])
def test_a_long_bowl_is_converged_on_at_every_stable_rate(rate):
    assert fate(SURFACES["long bowl"], unclipped, rate) == Outcome.CONVERGED


def test_at_the_edge_of_stability_it_cycles_and_beyond_it_diverges():
    assert fate(BOWL, unclipped, 2.0) == Outcome.LIMIT_CYCLE
    assert fate(BOWL, unclipped, 2.1) == Outcome.DIVERGED


def test_far_away_but_finite_is_diverged():
    assert fate(BOWL, unclipped, 2.01, steps=1500) == Outcome.DIVERGED


def test_slow_is_stalled_until_it_has_arrived():
    assert fate(BOWL, unclipped, 1e-3) == Outcome.STALLED
    assert fate(BOWL, unclipped, 1e-3, steps=20_000) == Outcome.CONVERGED
    assert fate(BOWL, unclipped, 0.5, steps=HOLD - 1) == Outcome.STALLED  # nobody held that long


@pytest.mark.parametrize("formula", ["1 - exp(-(x^2 + y^2)/2)", "x^2/2 - y^2/2 + y^4/4"])
def test_a_small_gradient_far_from_a_minimum_is_not_convergence(formula):
    surface = from_formula(formula, start=(4, 0))
    assert fate(surface, unclipped, 0.1, start=[4.2, 0.0]) == Outcome.STALLED
    assert fate(surface, unclipped, 0.1, start=[1.0, 0.8]) == Outcome.CONVERGED


def test_noise_that_keeps_a_run_moving_does_not_let_it_converge():
    noise = 0.1 * np.random.default_rng(0).standard_normal((2000, 2))
    assert fate(BOWL, unclipped, 0.1, noise=noise) == Outcome.LIMIT_CYCLE
