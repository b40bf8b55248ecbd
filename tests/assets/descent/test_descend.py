"""descend.js and the surfaces' JavaScript: both sides must go the same way on every surface."""

import json

import numpy as np
import pytest
import quickjs
from numpy.testing import assert_array_equal

from core.assets import ASSETS
from core.clipping import Clipper, Rule, block_norms
from core.descent.descend import descend
from core.optimizers import Optimizer
from core.runs import unclipped
from core.strategies import Strategy
from core.surfaces.table import SURFACES
from pages.widgets.browser import script
from pages.widgets.live import strategies
from tests.core.surfaces.landscapes import ALL, EPS, FEW, points, rounding

JAVASCRIPT = quickjs.Context()
for module in ("live/clip.js", "descent/descend.js"):
    JAVASCRIPT.eval(script(ASSETS / module))

STEPS = 200
CHAOTIC = "Rosenbrock"  # at a rate of 0.01
HUGE = 1e100  # instead of infinity
APART = 1e-7  # how far the two may be apart before a comparison says nothing
CLIPPERS = [unclipped, *(Clipper(strategy, 0.7, rule) for strategy in Strategy for rule in Rule)]
KINDS = ["none", *(f"{c.strategy} {c.rule}" for c in CLIPPERS[1:])]


def javascript(
    surface,
    start,
    clipper,
    rate,
    steps,
    noise=None,
    shown="[...run.path]",
    optimizer=Optimizer.PLAIN,
):
    """Run descend.js in QuickJS; what is shown comes back."""
    shorten = "g => g"
    if clipper is not unclipped:
        blocks = json.dumps(strategies(surface.layers)[clipper.strategy])
        shorten = f"g => live_clip.clip(g, {blocks}, {clipper.threshold}, '{clipper.rule}')"
    plain = json.dumps(None if noise is None else noise.tolist())
    call = (
        f"{json.dumps(list(map(float, start)))}, {shorten}, {rate}, {steps}, {plain}, '{optimizer}'"
    )
    code = f"const run = descent_descend.descend({surface.javascript}, {call});"
    return json.loads(JAVASCRIPT.eval(f"(() => {{ {code} return JSON.stringify({shown}) }})()"))


def fresh(surface, clipper, rate, at, gradients):
    """Bound the rounding of one step from points ``(m, n)``; (m,)."""
    errors = np.linalg.norm(rounding(surface, at), axis=-1)
    if clipper is not unclipped and clipper.rule is Rule.NORMALIZE:  # it magnifies short blocks
        shortest = block_norms(gradients, clipper.strategy.blocks(surface.layers)).min(axis=-1)
        errors *= np.maximum(1, clipper.threshold / np.maximum(shortest, 1e-300))
    return 2 * rate * errors + 4 * EPS * (np.abs(at).max(axis=-1) + rate)


def carried(surface, clipper, rate, path, noise):
    """Bound how far rounding may carry a run from its path ``(steps + 1, n)``, at every step.

    What an error becomes in one step is measured on core by steps from points APART; the rounding
    of each step comes on top.
    """
    at = path[:-1]

    def step(points):
        felt = surface.gradient(points) + noise[:, np.newaxis]
        return points - rate * clipper(felt, surface.layers)

    shifts = APART * np.eye(path.shape[-1])
    jacobians = (step(at[:, np.newaxis] + shifts) - step(at[:, np.newaxis] - shifts)) / (2 * APART)
    jacobians = np.nan_to_num(jacobians, nan=HUGE, posinf=HUGE, neginf=-HUGE).clip(-HUGE, HUGE)
    bounds = [0.0]
    rounded = fresh(surface, clipper, rate, at, surface.gradient(at) + noise)
    for growth, new in zip(np.linalg.norm(jacobians, 2, axis=(1, 2)), rounded, strict=True):
        bounds.append(min(growth * bounds[-1] + new, HUGE))
    return np.array(bounds)


@pytest.mark.parametrize("name", ALL)
def test_heights_and_gradients_agree(name):
    surface = ALL[name]
    at = np.concatenate([points(surface), [surface.start], *([m] for m in surface.minima)])
    code = f"JSON.stringify({json.dumps(at.tolist())}.map({surface.javascript}))"
    found = json.loads(JAVASCRIPT.eval(code))
    heights, gradients = surface.evaluate(at)
    off = np.abs(np.array([gradient for _, gradient in found]) - gradients)
    assert np.all(off <= rounding(surface, at))
    off = np.abs(np.array([height for height, _ in found]) - heights)
    slopes = np.abs(gradients * at).sum(axis=-1)
    assert np.all(off <= 64 * EPS * (np.abs(heights) + slopes + 1))


@pytest.mark.parametrize(("rate", "noisy"), [(0.01, False), (0.001, True)], ids=["", "noisy"])
@pytest.mark.parametrize("name", FEW)
def test_whole_runs_agree_as_far_as_rounding_lets_them(name, rate, noisy):
    surface = FEW[name]
    noise = np.random.default_rng(2).standard_normal((STEPS, len(surface.start))) * noisy
    whole = 0
    for kind, clipper in zip(KINDS, CLIPPERS, strict=True):
        run = descend(surface, surface.start, clipper, rate, STEPS, noise=noise)
        shown = "[[...run.path], run.taken]"
        path, taken = javascript(surface, surface.start, clipper, rate, STEPS, noise, shown)
        with np.errstate(all="ignore"):  # some diverge
            bounds = carried(surface, clipper, rate, run.path, noise)
            off = np.linalg.norm(np.reshape(path, run.path.shape) - run.path, axis=-1)
        until = STEPS + 1 if bounds.max() < APART else int(np.argmax(bounds >= APART))
        assert np.all(off[:until] <= bounds[:until]), kind
        assert until <= STEPS or taken == run.taken, kind
        whole += until > STEPS
    assert whole > len(KINDS) / 2 or (CHAOTIC in name and not noisy)


NUDGES = 1e-11 * np.random.default_rng(3).choice([-1, 1], (20, 1))  # far above all roundings


@pytest.mark.parametrize("optimizer", list(Optimizer)[1:])
@pytest.mark.parametrize("name", FEW)
def test_whole_runs_of_every_optimizer_stay_among_those_of_starts_next_to_theirs(name, optimizer):
    surface, rate = FEW[name], 0.003
    clippers = [Clipper(strategy, 0.7) for strategy in Strategy]
    starts = surface.start + NUDGES * np.random.default_rng(4).uniform(
        0.1, 1, (len(NUDGES), len(surface.start))
    )
    compared = 0
    for clipper in [unclipped, *clippers]:
        run = descend(surface, surface.start, clipper, rate, STEPS, optimizer=optimizer)
        near = descend(surface, starts, clipper, rate, STEPS, optimizer=optimizer)
        path = javascript(surface, surface.start, clipper, rate, STEPS, optimizer=optimizer)
        off = np.linalg.norm(np.reshape(path, run.path.shape) - run.path, axis=-1)
        spread = np.linalg.norm(near.path - run.path[:, np.newaxis], axis=-1).max(axis=1)
        spread = np.maximum.accumulate(spread)
        told = spread < APART
        assert np.all(off[told] <= spread[told] + 1e-12 * np.abs(run.path[told]).max(initial=0))
        compared += told.sum()
    assert compared > 2 * STEPS, name


@pytest.mark.parametrize("name", FEW)
def test_step_by_step_from_the_same_points_all_agree(name):
    surface, rate = FEW[name], 0.01
    for kind, clipper in zip(KINDS, CLIPPERS, strict=True):
        at = descend(surface, surface.start, clipper, rate, STEPS).path[:: STEPS // 10]
        expected = descend(surface, at, clipper, rate, 1).path[1]
        found = [javascript(surface, point, clipper, rate, 1)[len(point) :] for point in at]
        with np.errstate(all="ignore"):  # some diverge
            off = np.linalg.norm(np.array(found) - expected, axis=-1)
            bound = fresh(surface, clipper, rate, at, surface.gradient(at))
        assert np.all((off <= bound) | ~np.isfinite(bound)), kind


def test_a_run_that_leaves_the_finite_numbers_stops_in_the_browser_too():
    surface = SURFACES["two chains"]
    run = descend(surface, [6.0, 0.0], unclipped, 0.5, 10)
    found = javascript(surface, [6.0, 0.0], unclipped, 0.5, 10, shown="[[...run.path], run.taken]")
    assert found[1] == run.taken == 1
    assert_array_equal(np.reshape(found[0], run.path.shape)[2:], run.path[2:])
