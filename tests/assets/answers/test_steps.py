"""The steps in the browser are those of core."""

import json
from typing import Any

import numpy as np
import quickjs
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.answers.steepest import Kind, fall, norm, steepest, steepest_fall, step_of
from core.assets import ASSETS
from core.geometry import angle
from core.strategies import Array, Layers, Strategy
from pages.widgets import live
from pages.widgets.browser import script
from tests.cases import layered_gradients, rounding, thresholds

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(script(ASSETS / "answers" / "steps.js"))
ALL = list(Strategy)


def javascript(name: str, *arguments: object) -> Any:
    """Call a function of steps.js in QuickJS; NaN comes back as NaN."""
    plain = json.dumps(arguments, default=lambda array: array.tolist())
    text = JAVASCRIPT.eval(f"JSON.stringify(answers_steps.{name}(...{plain}))")
    return json.loads(text.replace("null", "NaN"), parse_int=float)


@given(layered_gradients(), st.sampled_from(Strategy))
@example((np.zeros(3), (1, 2)), Strategy.LAYER)
def test_the_browser_finds_the_steepest_step_of_core(
    case: tuple[Array, Layers], strategy: Strategy
) -> None:
    gradient, layers = case
    close, blocks = 4 * rounding(len(gradient)), live.strategies(layers)[strategy]
    step = javascript("steepest", gradient, blocks)
    assert_allclose(step, steepest(gradient, layers, strategy), rtol=close)
    assert_allclose(javascript("norm", step, blocks), norm(step, layers, strategy), rtol=close)
    expected = steepest_fall(gradient, layers, strategy) if gradient.any() else np.nan
    assert_allclose(javascript("fall", gradient, step, blocks), expected, rtol=close)


@given(layered_gradients(), thresholds, st.sampled_from(Kind))
@example((np.array([0.3, 0.4]), (2,)), 1.0, Kind.CLIPPED)
@example((np.zeros(2), (2,)), 1.0, Kind.SIGN)
def test_the_browser_measures_all_steps_as_core_does(
    case: tuple[Array, Layers], threshold: float, kind: Kind
) -> None:
    gradient, layers = case
    close = 4 * rounding(len(gradient))
    view = {"gradient": gradient, "threshold": threshold, "kind": kind}
    told = {"balls": ALL, "strategies": live.strategies(layers)}
    results = javascript("measure", {**view, **told})
    steps = {s: threshold * steepest(gradient, layers, s) for s in ALL}
    steps["third"] = step_of(kind, gradient, threshold)
    assert set(results) == set(steps)
    for name, step in steps.items():
        assert_allclose(results[name]["step"], step, rtol=close)
        assert_allclose(results[name]["angle"], angle(gradient, step), rtol=0, atol=4 * close)
        for ball, found in results[name]["falls"].items():
            expected = fall(gradient, step, layers, Strategy(ball))
            assert_allclose(found, expected, rtol=close)
