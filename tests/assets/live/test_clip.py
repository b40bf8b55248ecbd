"""clip.js is the only formula outside core: both sides must agree on every case."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import quickjs
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core import geometry
from core.assets import ASSETS
from core.clipping import Rule, block_norms, clip
from core.matching import Matching, matched_threshold, threshold_for_length
from core.strategies import Array, Layers, Strategy
from pages.widgets import live
from pages.widgets.browser import script
from tests.browsing import Visit
from tests.cases import (
    gradients_of_whole_range,
    layered_gradients,
    ordinary_gradients,
    ordinary_sizes,
    rounding,
    rules,
    thresholds,
    whole_range,
)
from tests.exact import assert_near, clipped, exactly

SCRIPT = script(ASSETS / "live" / "clip.js")
JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(SCRIPT)

Call = Callable[..., Any]
matchings = st.sampled_from(Matching)
strategies = st.sampled_from(Strategy)
ZERO = (np.zeros(4), (2, 2))
# A threshold found from a length errs up to 64 times as much as the length, relatively: the square
# of the length is at most the sum of 64 squares no longer than the threshold's.
FOUND = 64 * rounding(64)


def javascript(name: str, *arguments: object) -> Any:
    """Call a function of clip.js in QuickJS; NaN comes back as None."""
    return json.loads(JAVASCRIPT.eval(expression(name, arguments)), parse_int=float)


def expression(name: str, arguments: object) -> str:
    plain = json.dumps(arguments, default=lambda array: array.tolist())
    return f"JSON.stringify(live_clip.{name}(...{plain}))"


def agree(
    call: Call,
    case: tuple[Array, Layers],
    strategy: Strategy,
    threshold: float,
    rule: Rule,
    matching: Matching,
) -> None:
    gradient, layers = case
    close = rounding(len(gradient))
    sent = live.strategies(layers)
    after = clip(gradient, strategy.blocks(layers), strategy.limits(threshold, layers), rule)
    assert_allclose(call("clip", gradient, sent[strategy], threshold, rule), after, rtol=2 * close)
    assert call("clippedFraction", gradient, after) == geometry.clipped_fraction(gradient, after)
    assert call("signsKept", gradient, after) == geometry.signs_kept(gradient, after)
    kept = 1 - geometry.magnitude_loss(gradient, after)
    for name, expected in (("angle", geometry.angle(gradient, after)), ("lengthKept", kept)):
        measured = call(name, gradient, after)
        scale = max(1, expected)  # a lengthened gradient can be many times as long
        assert_allclose(
            np.nan if measured is None else measured, expected, rtol=0, atol=4 * close * scale
        )
    view = {"strategies": sent, "gradient": gradient, "rule": rule, "matching": matching}
    assert_allclose(
        call("thresholdOf", strategy, {**view, "threshold": threshold}),
        matched_threshold(matching, gradient, layers, threshold, (Strategy.VALUE, strategy), rule),
        rtol=FOUND,
    )
    assert_allclose(
        call("thresholdByValue", strategy, view, threshold),
        matched_threshold(matching, gradient, layers, threshold, (strategy, Strategy.VALUE), rule),
        rtol=FOUND,
    )


@given(layered_gradients(), strategies, thresholds, rules, matchings)
@example(ZERO, Strategy.LAYER, 1.0, Rule.NORMALIZE, Matching.OUTPUT_LENGTH)
@example((np.array([1e-30, 0.0]), (1, 1)), Strategy.GLOBAL, 1e30, Rule.NORMALIZE, Matching.NUMBER)
@example((np.array([1e30, 1e-30]), (2,)), Strategy.VALUE, 1e-30, Rule.CLIP, Matching.NUMBER)
def test_the_browser_clips_as_core_does(
    case: tuple[Array, Layers], strategy: Strategy, threshold: float, rule: Rule, matching: Matching
) -> None:
    agree(javascript, case, strategy, threshold, rule, matching)


@given(layered_gradients(), strategies, st.floats(0.01, 2), rules)
def test_the_browser_finds_the_threshold_for_a_length(
    case: tuple[Array, Layers], strategy: Strategy, share: float, rule: Rule
) -> None:
    gradient, layers = case
    wanted = float(share * np.linalg.norm(gradient))
    found = javascript(
        "thresholdForLength", gradient, live.strategies(layers)[strategy], wanted, rule
    )
    assert_allclose(
        found, threshold_for_length(gradient, layers, strategy, wanted, rule), rtol=FOUND
    )


@given(layered_gradients(), thresholds, rules)
def test_blocks_of_several_units_are_clipped_as_core_does(
    case: tuple[Array, Layers], threshold: float, rule: Rule
) -> None:
    gradient, layers = case
    units = np.sqrt(layers)  # limits of the root mean square of each layer
    after = clip(gradient, layers, threshold * units, rule)
    found = javascript("clip", gradient, {"sizes": layers, "units": units}, threshold, rule)
    assert_allclose(found, after, rtol=2 * rounding(len(gradient)))


@given(ordinary_gradients(), st.floats(0.01, 0.99), rules)
def test_in_several_units_the_threshold_found_keeps_the_length(
    case: tuple[Array, Layers], share: float, rule: Rule
) -> None:
    gradient, layers = case
    whole = float(np.linalg.norm(gradient))
    assume(whole > 0)
    units = np.sqrt(layers)
    blocks = {"sizes": layers, "units": units}
    found = javascript("thresholdForLength", gradient, blocks, share * whole, rule)
    kept = np.linalg.norm(clip(gradient, layers, found * units, rule))
    assert_allclose(kept, share * whole, rtol=FOUND)
    if rule is not Rule.NORMALIZE:  # which knows no threshold that leaves all alone
        found = javascript("thresholdForLength", gradient, blocks, 2 * whole, rule)
        assert_allclose(found, (block_norms(gradient, layers) / units).max(), rtol=FOUND)


@given(ordinary_gradients(), ordinary_sizes)
def test_in_several_units_the_worst_length_is_that_of_all_limits(
    case: tuple[Array, Layers], threshold: float
) -> None:
    gradient, layers = case
    units = np.sqrt(layers)
    target = {"sizes": layers, "units": units}
    source = live.strategies(layers)[Strategy.VALUE]
    pair = ("same worst length", gradient, threshold, source, target, Rule.CLIP)
    matched = javascript("matchedThreshold", *pair)
    assert_allclose(
        np.linalg.norm(matched * units), threshold * np.sqrt(sum(layers)), rtol=rounding(64)
    )


@given(gradients_of_whole_range(np.float64), strategies, whole_range(np.float64), rules)
@example((np.array([1.9e204, 0.0]), (2,)), Strategy.GLOBAL, 5e-147, Rule.CLIP)
@example((np.array([1e300, 1e306]), (1, 1)), Strategy.LAYER, 1e-15, Rule.RADIAL)
@example((np.array([1e300, 1e306, 1e304]), (1, 1, 1)), Strategy.VALUE, 1e-15, Rule.RADIAL)
def test_over_the_whole_range_the_browser_clips_exactly(
    case: tuple[Array, Layers], strategy: Strategy, threshold: float, rule: Rule
) -> None:
    gradient, layers = case
    blocks = strategy.blocks(layers)
    sent = live.strategies(layers)[strategy]
    found = np.array(javascript("clip", gradient, sent, threshold, rule))
    limits = exactly([threshold] * len(blocks))
    assert_near(found, clipped(gradient, blocks, limits, rule), rounding(len(gradient)))
    for b, norm in enumerate(javascript("blockNorms", gradient, sent)):
        expected = block_norms(gradient, blocks)[b]  # None stands for infinity
        assert_allclose(np.inf if norm is None else norm, expected, rtol=rounding(8), atol=5e-324)
    core = clip(gradient, blocks, threshold, rule)
    if rule is Rule.CLIP:
        alone = np.repeat(np.array(blocks) == 1, blocks)
        assert_array_equal(found[alone], core[alone])
    kept = javascript("lengthKept", gradient, core)
    if rule is not Rule.NORMALIZE and gradient.any():
        expected = 1 - geometry.magnitude_loss(gradient, core)
        assert_allclose(kept, expected, rtol=0, atol=4 * rounding(len(gradient)))


@given(gradients_of_whole_range(np.float64), whole_range(np.float64), strategies, strategies, rules)
def test_over_the_whole_range_the_browser_matches_as_core_does(
    case: tuple[Array, Layers], threshold: float, one: Strategy, another: Strategy, rule: Rule
) -> None:
    gradient, layers = case
    sent = live.strategies(layers)
    for matching in Matching:
        pair = (matching, gradient, threshold, sent[one], sent[another], rule)
        expected = matched_threshold(matching, gradient, layers, threshold, (one, another), rule)
        found = javascript("matchedThreshold", *pair)
        assert_allclose(found, expected, rtol=FOUND, atol=1e-323)


def test_nearly_parallel_vectors_have_a_small_angle_in_the_browser_too() -> None:
    assert javascript("angle", [1, 0], [1, 1e-12]) == pytest.approx(1e-12, rel=1e-15)
    assert javascript("angle", [3e-300, 4e-300], [3e300, 4e300]) == 0


@pytest.mark.browser
def test_chromium_clips_as_core_does(visit: Visit) -> None:
    page = visit()
    rng = np.random.default_rng(0)

    def chromium(name: str, *arguments: object) -> Any:
        answer = page.evaluate(f"() => {{ {SCRIPT}; return {expression(name, arguments)} }}")
        return json.loads(answer, parse_int=float)

    for matching in Matching:
        for rule in Rule:
            for strategy in Strategy:
                layers = tuple(map(int, rng.integers(1, 9, rng.integers(1, 9))))
                power = rng.choice([3, 100])
                gradient = rng.standard_normal(sum(layers)) * 2.0 ** rng.uniform(
                    -power, power, sum(layers)
                )
                agree(
                    chromium,
                    (gradient, layers),
                    strategy,
                    float(2 ** rng.uniform(-3, 3)),
                    rule,
                    matching,
                )
    agree(chromium, ZERO, Strategy.LAYER, 1.0, Rule.CLIP, Matching.OUTPUT_LENGTH)
