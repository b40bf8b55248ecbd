import math

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import Clipper, Rule, clip
from core.matching import (
    Matching,
    Thresholds,
    matched_threshold,
    threshold_for_length,
    worst_length,
)
from core.strategies import Singletons, Strategy
from tests.cases import (
    DTYPES,
    gradients_of_whole_range,
    layered_gradients,
    ordinary_sizes,
    parts,
    rounding,
    rules,
    strategies,
    thresholds,
    whole_range,
)
from tests.exact import clipped, length, mpf

SHORTENING = [Rule.CLIP, Rule.RADIAL]

# Two tiny coordinates beside a huge one: squares fifteen digits apart and more.
ABYSS = (np.array([1e-9, 1e-9, 1.0]), (1, 1, 1))


def length_of(vector):
    return math.hypot(*vector)


def fitting_error(n):
    # The squared length is at most m times the squared threshold, m <= n, so the threshold has m
    # times the relative error of the length it is found from. Squares and their sums round twice
    # over, and the clipped gradient and its length as often again.
    return 4 * n * rounding(n)


# By hand


@pytest.mark.parametrize(
    ("matching", "source", "target", "expected"),
    [
        (Matching.NUMBER, Strategy.VALUE, Strategy.GLOBAL, 0.5),
        (Matching.WORST_LENGTH, Strategy.VALUE, Strategy.GLOBAL, 1.0),
        (Matching.WORST_LENGTH, Strategy.GLOBAL, Strategy.VALUE, 0.25),
        (Matching.WORST_LENGTH, Strategy.LAYER, Strategy.GLOBAL, math.sqrt(0.5)),
        (Matching.WORST_LENGTH, Strategy.VALUE, Strategy.LAYER, math.sqrt(0.5)),
        # (.5, .5, .3, .4) has length sqrt(.75).
        (Matching.OUTPUT_LENGTH, Strategy.VALUE, Strategy.GLOBAL, math.sqrt(0.75)),
        # (.3, .4 | .3, .4) has length sqrt(.5), and (.25, .25, .25, .25) has .5.
        (Matching.OUTPUT_LENGTH, Strategy.LAYER, Strategy.GLOBAL, math.sqrt(0.5)),
        (Matching.OUTPUT_LENGTH, Strategy.GLOBAL, Strategy.VALUE, 0.25),
    ],
)
def test_matched_thresholds_by_hand(matching, source, target, expected):
    matched = matched_threshold(matching, [3.0, 4.0, 0.3, 0.4], (2, 2), 0.5, (source, target))
    assert matched.shape == ()
    assert_allclose(matched, expected, rtol=fitting_error(4))


@pytest.mark.parametrize(
    ("gradient", "layers", "rule", "length", "expected"),
    [
        ([3.0, 4.0], (1, 1), Rule.CLIP, math.sqrt(2), 1.0),
        ([3.0, 4.0], (1, 1), Rule.CLIP, math.sqrt(18), 3.0),
        ([0.6, 4.0], (1, 1), Rule.CLIP, 1.0, 0.8),
        ([3.0, 4.0, 6.0, 8.0], (2, 2), Rule.CLIP, math.sqrt(74), 7.0),
        ([3.0, 4.0, 6.0, 8.0], (2, 2), Rule.CLIP, 13.0, 10.0),  # longer than the gradient
        ([3.0, 4.0], (1, 1), Rule.RADIAL, 2.5, 2.0),
        ([3.0, 4.0], (2,), Rule.RADIAL, 2.5, 2.5),
        ([3.0, 0.0, 0.0, 4.0], (1, 1, 1, 1), Rule.NORMALIZE, 2.0, math.sqrt(2)),
        ([3.0, 0.0, 0.0, 4.0], (1, 1, 1, 1), Rule.NORMALIZE, 20.0, math.sqrt(200)),
        ([3.0, 4.0, 0.0, 0.0], (2, 2), Rule.NORMALIZE, 2.0, 2.0),
    ],
)
def test_thresholds_for_a_length_by_hand(gradient, layers, rule, length, expected):
    found = threshold_for_length(gradient, layers, Strategy.LAYER, length, rule)
    assert_allclose(found, expected, rtol=fitting_error(4))


# Laws


@given(layered_gradients(), ordinary_sizes, st.permutations(Strategy))
def test_matched_by_number_the_thresholds_are_the_same(case, threshold, several):
    gradient, layers = case
    matched = matched_threshold(Matching.NUMBER, gradient, layers, threshold, several[:2])
    assert matched == threshold


@given(layered_gradients(), ordinary_sizes, strategies, strategies)
def test_matched_by_worst_length_a_gradient_that_is_long_everywhere_is_cut_to_the_same_length(
    case, threshold, one, another
):
    gradient, layers = case
    gradient = np.where(gradient < 0, -1e6, 1e6)
    pair = one, another
    matched = matched_threshold(Matching.WORST_LENGTH, gradient, layers, threshold, pair)
    expected = length_of(Clipper(one, threshold)(gradient, layers))
    # The matched threshold itself is a quotient, a root and a product.
    rtol = 2 * rounding(gradient.size)
    assert_allclose(length_of(Clipper(another, matched)(gradient, layers)), expected, rtol=rtol)


@given(layered_gradients(), ordinary_sizes, strategies)
def test_no_gradient_keeps_more_than_the_worst_length(case, threshold, strategy):
    gradient, layers = case
    pair = strategy, Strategy.GLOBAL
    worst = matched_threshold(Matching.WORST_LENGTH, gradient, layers, threshold, pair)
    kept = length_of(Clipper(strategy, threshold)(gradient, layers))
    assert kept <= worst * (1 + 2 * rounding(gradient.size))
    assert_allclose(worst, threshold * worst_length(strategy, layers), rtol=rounding(4))


@pytest.mark.parametrize("rule", Rule)
@given(case=layered_gradients(), threshold=thresholds, one=strategies, another=strategies)
@example(case=ABYSS, threshold=2e-9, one=Strategy.GLOBAL, another=Strategy.VALUE)
def test_matched_by_output_length_both_keep_the_same_length(rule, case, threshold, one, another):
    gradient, layers = case
    pair = one, another
    matched = matched_threshold(Matching.OUTPUT_LENGTH, gradient, layers, threshold, pair, rule)
    expected = length_of(Clipper(one, threshold, rule)(gradient, layers))
    found = length_of(Clipper(another, matched, rule)(gradient, layers))
    assert_allclose(found, expected, rtol=fitting_error(gradient.size))


@pytest.mark.parametrize("rule", SHORTENING)
@given(case=layered_gradients(), threshold=thresholds, strategy=strategies)
@example(case=ABYSS, threshold=1.5e-9, strategy=Strategy.VALUE)
def test_the_threshold_is_found_from_the_length_it_leaves(rule, case, threshold, strategy):
    gradient, layers = case
    lengths = [length_of(part) for part in parts(gradient, strategy.blocks(layers))]
    longest = max(lengths / strategy.units(layers))
    length = length_of(Clipper(strategy, threshold, rule)(gradient, layers))
    found = threshold_for_length(gradient, layers, strategy, length, rule)
    assert_allclose(found, min(threshold, longest), rtol=fitting_error(gradient.size))


@given(layered_gradients(), strategies, st.sampled_from(SHORTENING))
def test_of_the_thresholds_that_change_nothing_the_smallest_is_found(case, strategy, rule):
    gradient, layers = case
    assume(gradient.any())
    found = threshold_for_length(gradient, layers, strategy, 1.01 * length_of(gradient), rule)
    clipped = Clipper(strategy, found, rule)(gradient, layers)
    if strategy.exponent:  # a quotient and a product may round
        assert_allclose(clipped, gradient, rtol=rounding(4))
    else:
        assert_array_equal(clipped, gradient)
    assert (Clipper(strategy, 0.99 * found, rule)(gradient, layers) != gradient).any()


@given(layered_gradients(), strategies, strategies)
def test_where_nothing_is_clipped_nothing_has_to_be(case, one, another):
    gradient, layers = case
    assume(gradient.any())
    matched = matched_threshold(
        Matching.OUTPUT_LENGTH, gradient, layers, 2 * length_of(gradient), (one, another)
    )
    clipped = Clipper(another, matched)(gradient, layers)
    assert_allclose(clipped, gradient, rtol=fitting_error(gradient.size))


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("strategy", Strategy)
def test_a_zero_gradient_matches_nothing_and_the_threshold_stays(strategy, rule):
    zero, layers = np.zeros(3), (2, 1)
    assert threshold_for_length(zero, layers, strategy, 0.7, rule) == 0
    pair = Strategy.GLOBAL, strategy
    matched = matched_threshold(Matching.OUTPUT_LENGTH, zero, layers, 0.7, pair, rule)
    assert matched == 0.7


@given(
    layered_gradients(2, 2), thresholds, st.permutations(Strategy), st.sampled_from(Matching), rules
)
def test_a_batch_is_matched_row_by_row(case, threshold, several, matching, rule):
    batch, layers = case
    matched, *rows = (
        matched_threshold(matching, gradient, layers, threshold, several[:2], rule)
        for gradient in (batch, *batch.reshape(4, -1))
    )
    assert matched.shape == (2, 2)
    assert_allclose(matched.ravel(), rows, rtol=fitting_error(batch.shape[-1]))


# How the strategies act at matched thresholds


def acts(strategy, gradient, threshold):
    return (Clipper(strategy, threshold)(gradient, (gradient.size,)) != gradient).any()


@given(layered_gradients(), ordinary_sizes)
def test_the_norm_at_its_worst_length_acts_only_where_value_does_and_value_only_where_the_norm_does(
    case, threshold
):
    gradient, _ = case
    # The norm may round up over the threshold: so much more is left for it.
    worst = threshold * math.sqrt(gradient.size) * (1 + rounding(gradient.size))
    if acts(Strategy.GLOBAL, gradient, worst):
        assert acts(Strategy.VALUE, gradient, threshold)
    if acts(Strategy.VALUE, gradient, threshold):
        assert acts(Strategy.GLOBAL, gradient, threshold)


def test_neither_holds_the_other_way_round():
    assert acts(Strategy.VALUE, np.array([1.2, 0.0]), 1.0)
    assert not acts(Strategy.GLOBAL, np.array([1.2, 0.0]), math.sqrt(2))
    assert acts(Strategy.GLOBAL, np.array([0.8, 0.8]), 1.0)
    assert not acts(Strategy.VALUE, np.array([0.8, 0.8]), 1.0)


def test_at_the_same_worst_length_gaussian_gradients_meet_value_always_and_the_norm_half_the_time():
    gradients = np.random.default_rng(0).standard_normal((10_000, 100))
    pair = Strategy.VALUE, Strategy.GLOBAL
    worst = matched_threshold(Matching.WORST_LENGTH, gradients[0], (100,), 1.0, pair)
    assert worst == 10
    value, norm = (
        (clip(gradients, blocks, c) != gradients).any(axis=-1).mean()
        for blocks, c in ((Singletons(100), 1.0), ((100,), worst))
    )
    assert value == 1
    # Chi squared with 100 degrees of freedom exceeds 100 with probability .4812.
    assert norm == pytest.approx(0.4812, rel=0, abs=5 * math.sqrt(0.25 / 10_000))


@given(layered_gradients(), thresholds, strategies, rules)
def test_a_threshold_matched_to_itself_is_itself(case, threshold, strategy, rule):
    gradient, layers = case
    for matching in Matching:
        pair = strategy, strategy
        matched = matched_threshold(matching, gradient, layers, threshold, pair, rule)
        assert matched == threshold


@given(layered_gradients(), strategies, st.sampled_from([Rule.CLIP, Rule.RADIAL]))
def test_where_clip_by_value_changes_nothing_no_matched_strategy_does(case, strategy, rule):
    gradient, layers = case
    enough = float(np.abs(gradient).max()) or 1.0
    clipped = Thresholds(enough, rule, Matching.OUTPUT_LENGTH).clip(strategy, gradient, layers)
    if strategy.exponent:  # a quotient and a product may round
        assert_allclose(clipped, gradient, rtol=rounding(4))
    else:
        assert_array_equal(clipped, gradient)


@pytest.mark.parametrize("matching", Matching)
def test_thresholds_broadcast_against_gradients(matching):
    gradients = np.random.default_rng(0).standard_normal((3, 4))
    layers, pair = (2, 2), (Strategy.VALUE, Strategy.LAYER)
    swept = matched_threshold(matching, gradients, layers, [[0.5], [1.0]], pair)
    assert swept.shape == (2, 3)
    for row, threshold in zip(swept, (0.5, 1.0), strict=True):
        alone = [matched_threshold(matching, g, layers, threshold, pair) for g in gradients]
        assert_allclose(row, alone, rtol=rounding(4))


# Thresholds matched to that of clip by value


@given(layered_gradients(2), ordinary_sizes, strategies, st.sampled_from(Matching), rules)
def test_thresholds_are_matched_to_that_of_clip_by_value(case, threshold, strategy, matching, rule):
    gradients, layers = case
    thresholds = Thresholds(threshold, rule, matching)
    pair = Strategy.VALUE, strategy
    matched = matched_threshold(matching, gradients, layers, threshold, pair, rule)
    assert_array_equal(thresholds.of(strategy, gradients, layers), matched)
    assert_array_equal(thresholds.of(strategy, gradients, layers, [threshold] * 2), matched)
    clipped = thresholds.clip(strategy, gradients, layers)
    for gradient, limit, row in zip(gradients, matched, clipped, strict=True):
        assert thresholds.clipper(strategy, gradient, layers) == Clipper(strategy, limit, rule)
        assert_array_equal(row, Clipper(strategy, limit, rule)(gradient, layers))
    fixed = thresholds.fixed(strategy, layers)
    assert (fixed is None) == thresholds.vary(strategy, layers)
    assert fixed is None or (matched == fixed).all()


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan, math.inf])
def test_what_is_no_threshold_is_refused(wrong):
    with pytest.raises(ValueError, match="threshold must be positive and finite, got"):
        Thresholds(wrong)


# The whole range of both types


def left(strategy, gradient, layers, threshold, rule):
    """Return the exact length after clipping at a threshold that may be out of range."""
    blocks, units = strategy.blocks(layers), strategy.units(layers)
    limits = [threshold * mpf(unit) for unit in np.broadcast_to(units, len(blocks))]
    return length(clipped(gradient, blocks, limits, rule))


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), one=strategies, another=strategies, rule=rules)
def test_over_the_whole_range_the_matched_threshold_leaves_the_same_length(
    dtype, data, one, another, rule
):
    gradient, layers = data.draw(gradients_of_whole_range(dtype))
    info = np.finfo(dtype)
    threshold = min(data.draw(whole_range(dtype)), float(info.max) / 8)  # units are less than 3
    pair = one, another
    found = matched_threshold(Matching.OUTPUT_LENGTH, gradient, layers, threshold, pair, rule)
    wanted = left(one, gradient, layers, mpf(threshold), rule)
    error, step = fitting_error(gradient.size), mpf(float(info.smallest_subnormal))
    if not gradient.any():
        assert found == threshold
        return
    assert step <= found <= float(info.max)
    if rule is not Rule.NORMALIZE:  # rounding, also that of a norm of the type itself
        error += rounding(gradient.size, dtype)
    below, above = mpf(float(found)) * (1 - error) - 2 * step, mpf(float(found)) * (1 + error)
    if below > 0:
        assert left(another, gradient, layers, below, rule) <= wanted
    if found < float(info.max):
        assert wanted * (1 - mpf(error)) <= left(another, gradient, layers, above + 2 * step, rule)
