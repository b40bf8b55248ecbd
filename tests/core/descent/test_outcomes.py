import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@pytest.mark.parametrize("rate", [1e-6, 1e-5, 1e-3])
@pytest.mark.parametrize("name", ["round bowl", "long bowl", "Rosenbrock"])
def test_slow_is_on_its_way_until_it_has_arrived(name, rate):
    for steps in (1, 5, 50, 500):
        assert fate(SURFACES[name], unclipped, rate, steps) == Outcome.ON_ITS_WAY


def test_who_has_arrived_is_not_stalled():
    assert fate(BOWL, unclipped, 1e-3, steps=20_000) == Outcome.CONVERGED
    assert fate(BOWL, unclipped, 0.5, steps=HOLD - 1) == Outcome.ON_ITS_WAY  # nobody held that long


@pytest.mark.parametrize("steps", [1, 2, 5, 10, 15, 30])
def test_a_loss_that_rises_is_growing(steps):
    surface = from_formula("x^2", start=(10, 0))
    found = descend(surface, (10.0, 0.0), unclipped, 1.1, steps)
    assert found.height[-1] == pytest.approx(100 * 1.44**steps)
    assert outcome(found) == (Outcome.GROWING if steps < 30 else Outcome.DIVERGED)


@pytest.mark.parametrize("rate", [2.0005, 2.001, 2.01])
@pytest.mark.parametrize("start", [1.0, 1e-3])  # also within the tolerance
def test_a_slow_growth_is_no_cycle(rate, start):
    assert fate(BOWL, unclipped, rate, 300, start=(start, start)) == Outcome.GROWING


def test_where_clipping_bounds_the_growth_it_becomes_a_cycle():
    for steps, became in ((20, Outcome.GROWING), (2000, Outcome.LIMIT_CYCLE)):
        clipper = Clipper(Strategy.GLOBAL, 1.0)
        assert fate(BOWL, clipper, 2.1, steps, start=(0.05, 0.0)) == became


@settings(max_examples=100, deadline=None)  # SymPy derives a surface once
@given(
    st.sampled_from([*SURFACES.values(), from_formula("x^4 + x*y + y^2 + 7")]),
    st.sampled_from(CLIPPERS),
    st.floats(-5, 0.5).map(lambda power: 10**power),
    st.integers(1, 300),
)
def test_a_run_is_called_by_what_its_loss_does(surface, clipper, rate, steps):
    found = descend(surface, surface.start, clipper, rate, steps)
    heights, became = found.height[-HOLD - 1 :], outcome(found)
    if became == Outcome.GROWING:
        assert heights[-1] > heights[0]
    if became == Outcome.STALLED:
        further = descend(surface, found.path[-1], clipper, rate, 1).height
        assert abs(np.diff(further)) < 0.01 * max(1, abs(heights[-1]))
    if len(heights) > 1 and (np.diff(heights) > 0).all() and np.isfinite(heights).all():
        rises = heights[-1] - heights[0] > 0.1 * abs(heights[-1])
        assert became in (Outcome.GROWING, Outcome.DIVERGED) or not rises


@pytest.mark.parametrize("formula", ["1 - exp(-(x^2 + y^2)/2)", "x^2/2 - y^2/2 + y^4/4"])
def test_a_small_gradient_far_from_a_minimum_is_not_convergence(formula):
    surface = from_formula(formula, start=(4, 0))
    assert fate(surface, unclipped, 0.1, start=[4.4, 0.0]) == Outcome.STALLED
    assert fate(surface, unclipped, 0.1, start=[1.0, 0.8]) == Outcome.CONVERGED


def test_noise_that_keeps_a_run_moving_does_not_let_it_converge():
    noise = 0.1 * np.random.default_rng(0).standard_normal((2000, 2))
    assert fate(BOWL, unclipped, 0.1, noise=noise) == Outcome.LIMIT_CYCLE
