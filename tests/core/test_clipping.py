"""The one formula, by laws, references and hand examples.

All else rests on it, so it is tested from every side: that makes this file long.
"""

import math
import tracemalloc
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import Clipper, Rule, as_gradient, block_norms, clip
from core.strategies import Singletons, Strategy
from tests.cases import (
    DTYPES,
    clippers,
    gradients_of_whole_range,
    layered_gradients,
    limits,
    ordinary_gradients,
    ordinary_sizes,
    parts,
    rounding,
    rules,
    strategies,
    thresholds,
    whole_range,
)
from tests.exact import assert_near, clipped, exactly, norms

EPS = np.finfo(np.float64).eps
EVERY_WAY = list(product(Strategy, Rule))
SHORTENING = [Rule.CLIP, Rule.RADIAL]

# Every finite float whose norm is finite too: at most 64 of them, so at most 8e307.
finite = st.floats(-1e307, 1e307)


def rotation(seed, n):
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((n, n)))[0]


# Hand examples


@pytest.mark.parametrize(
    ("strategy", "rule", "expected"),
    [
        (Strategy.VALUE, Rule.CLIP, [1, -1, 0.3, 0.4]),
        (Strategy.VALUE, Rule.RADIAL, [0.75, -1, 0.075, 0.1]),
        (Strategy.VALUE, Rule.NORMALIZE, [1, -1, 1, 1]),
        (Strategy.LAYER, Rule.CLIP, [0.6, -0.8, 0.3, 0.4]),
        (Strategy.LAYER, Rule.RADIAL, [0.6, -0.8, 0.06, 0.08]),
        (Strategy.LAYER, Rule.NORMALIZE, [0.6, -0.8, 0.6, 0.8]),
        (Strategy.GLOBAL, Rule.CLIP, np.array([3, -4, 0.3, 0.4]) / math.sqrt(25.25)),
        (Strategy.GLOBAL, Rule.RADIAL, np.array([3, -4, 0.3, 0.4]) / math.sqrt(25.25)),
        (Strategy.GLOBAL, Rule.NORMALIZE, np.array([3, -4, 0.3, 0.4]) / math.sqrt(25.25)),
    ],
)
def test_every_way_to_clip_by_hand(strategy, rule, expected):
    clipped = Clipper(strategy, 1.0, rule)([3.0, -4.0, 0.3, 0.4], (2, 2))
    assert_allclose(clipped, expected, rtol=rounding(4))


def test_every_way_is_tried_by_hand():
    assert len(EVERY_WAY) == 9


def test_by_value_the_ratios_are_lost():
    assert_array_equal(Clipper(Strategy.VALUE, 1.0)([0.9, 100.0], (2,)), [0.9, 1.0])


def test_by_layer_the_larger_coordinate_may_become_the_smaller():
    clipped = Clipper(Strategy.LAYER, 1.0)([3.0, 4.0, 3.5, 0.0], (2, 2))
    assert_allclose(clipped, [0.6, 0.8, 1.0, 0.0], rtol=rounding(2))


def test_the_radial_rule_on_coordinates_is_not_clipping_by_value():
    assert_allclose(clip([100.0, 0.3], (1, 1), 5.0, Rule.RADIAL), [5.0, 0.015], rtol=rounding(1))
    assert_allclose(clip([100.0, 0.3], (1, 1), 5.0), [5.0, 0.3], rtol=rounding(1))


# Independent references


@given(layered_gradients(), thresholds)
def test_blocks_of_one_coordinate_are_numpy_clip(case, threshold):
    gradient, _ = case
    # A quotient and a product round where np.clip does not: 2 u, and u^2 more.
    expected = np.clip(gradient, -threshold, threshold)
    assert_allclose(clip(gradient, (1,) * gradient.size, threshold), expected, rtol=2 * EPS)


@given(layered_gradients(), thresholds)
def test_by_value_is_pytorch_clip_grad_value(case, threshold):
    gradient, layers = case
    parameters = as_parameters(gradient, layers)
    torch.nn.utils.clip_grad_value_(parameters, threshold)
    assert_array_equal(Clipper(Strategy.VALUE, threshold)(gradient, layers), grads(parameters))


@given(ordinary_gradients(), ordinary_sizes)
def test_global_is_pytorch_clip_grad_norm_of_all_parameters(case, threshold):
    gradient, layers = case
    parameters = as_parameters(gradient, layers)
    torch.nn.utils.clip_grad_norm_(parameters, threshold)
    clipped = Clipper(Strategy.GLOBAL, threshold)(gradient, layers)
    assert_allclose(grads(parameters), clipped, rtol=pytorch_error(threshold))


@given(ordinary_gradients(), ordinary_sizes)
def test_by_layer_is_pytorch_clip_grad_norm_of_each_parameter(case, threshold):
    gradient, layers = case
    parameters = as_parameters(gradient, layers)
    for parameter in parameters:
        torch.nn.utils.clip_grad_norm_([parameter], threshold)
    clipped = Clipper(Strategy.LAYER, threshold)(gradient, layers)
    assert_allclose(grads(parameters), clipped, rtol=pytorch_error(threshold))


@given(ordinary_gradients(), ordinary_sizes)
def test_radial_by_value_is_pytorch_clip_grad_norm_of_type_infinity(case, threshold):
    gradient, layers = case
    parameters = as_parameters(gradient, layers)
    torch.nn.utils.clip_grad_norm_(parameters, threshold, norm_type=math.inf)
    clipped = Clipper(Strategy.VALUE, threshold, Rule.RADIAL)(gradient, layers)
    assert_allclose(grads(parameters), clipped, rtol=pytorch_error(threshold))


@given(ordinary_gradients(), strategies, ordinary_sizes)
def test_normalizing_is_pytorch_normalize_of_each_block(case, strategy, threshold):
    gradient, layers = case
    blocks = strategy.blocks(layers)
    normalized = Clipper(strategy, threshold, Rule.NORMALIZE)(gradient, layers)
    split = parts(gradient, blocks), parts(normalized, blocks), limits(strategy, threshold, layers)
    for before, after, limit in zip(*split, strict=True):
        unit = torch.nn.functional.normalize(torch.tensor(before), dim=0)
        assert_allclose(after, limit * unit.numpy(), rtol=rounding(before.size))


def test_pytorch_shortens_a_gradient_as_long_as_the_threshold_and_clipscope_does_not():
    (parameter,) = as_parameters(np.array([3.0, 4.0]), (2,))
    torch.nn.utils.clip_grad_norm_([parameter], 5.0)
    assert (np.abs(grads([parameter])) < [3.0, 4.0]).all()
    assert_array_equal(clip([3.0, 4.0], (2,), 5.0), [3.0, 4.0])


def as_parameters(gradient, layers):
    parameters = [torch.nn.Parameter(torch.zeros(size, dtype=torch.float64)) for size in layers]
    for parameter, part in zip(parameters, parts(gradient, layers), strict=True):
        parameter.grad = torch.tensor(part)
    return parameters


def grads(parameters):
    return torch.cat([parameter.grad for parameter in parameters]).numpy()


def pytorch_error(threshold):
    # PyTorch adds 1e-6 to the norm, which is at least the threshold where it matters.
    return 2e-6 / threshold + rounding(64)


# Laws


@given(layered_gradients(), clippers)
def test_clipping_twice_is_clipping_once(case, clipper):
    gradient, layers = case
    once = clipper(gradient, layers)
    # The first result may be too long by its rounding; the second cuts that off and rounds.
    assert_allclose(clipper(once, layers), once, rtol=2 * rounding(gradient.size))


@given(layered_gradients(2), strategies, thresholds)
def test_clip_is_firmly_nonexpansive(case, strategy, threshold):
    (x, y), layers = case
    clipper = Clipper(strategy, threshold)
    moved = clipper(x, layers) - clipper(y, layers)
    # Px and Py err by rounding(n) of their lengths, each at most that of x and y: three times in
    # the products, and the dot products themselves round twice.
    slack = 5 * rounding(x.size) * (math.hypot(*x) + math.hypot(*y)) ** 2
    assert moved @ moved <= moved @ (x - y) + slack


@given(layered_gradients(2), strategies, thresholds)
def test_no_allowed_step_is_closer_to_the_gradient(case, strategy, threshold):
    (gradient, other), layers = case
    clipper = Clipper(strategy, threshold)
    step, allowed = clipper(gradient, layers), clipper(other, layers)
    slack = 5 * rounding(gradient.size) * (math.hypot(*gradient) + math.hypot(*other)) ** 2
    assert np.sum((gradient - step) ** 2) <= np.sum((gradient - allowed) ** 2) + slack


@given(layered_gradients(), thresholds)
def test_by_value_and_lasso_shrinkage_add_up_to_the_gradient(case, threshold):
    gradient, layers = case
    removed = gradient - Clipper(Strategy.VALUE, threshold)(gradient, layers)
    assert_array_equal(removed, torch.nn.functional.softshrink(torch.tensor(gradient), threshold))


@given(layered_gradients(), thresholds)
def test_by_layer_and_group_lasso_shrinkage_add_up_to_the_gradient(case, threshold):
    gradient, layers = case
    removed = gradient - Clipper(Strategy.LAYER, threshold)(gradient, layers)
    for part, rest in zip(parts(gradient, layers), parts(removed, layers), strict=True):
        length = math.hypot(*part)
        shrunk = part * max(0.0, 1 - threshold / length) if length else part
        assert (np.abs(rest - shrunk) <= 2 * rounding(part.size) * np.abs(part)).all()


@given(layered_gradients(), thresholds)
def test_by_value_is_the_gradient_of_the_huber_loss(case, threshold):
    gradient, layers = case
    point = torch.tensor(gradient, requires_grad=True)
    huber = torch.nn.functional.huber_loss
    huber(point, torch.zeros_like(point), reduction="sum", delta=threshold).backward()
    clipped = Clipper(Strategy.VALUE, threshold)(gradient, layers)
    assert_allclose(clipped, point.grad, rtol=2 * EPS)


@given(layered_gradients(), clippers)
def test_signs_survive_every_way_to_clip(case, clipper):
    gradient, layers = case
    assert_array_equal(np.sign(clipper(gradient, layers)), np.sign(gradient))


@given(layered_gradients(), st.sampled_from([Strategy.VALUE, Strategy.GLOBAL]), thresholds)
def test_the_order_of_the_magnitudes_survives(case, strategy, threshold):
    gradient, layers = case
    order = np.argsort(np.abs(gradient))
    clipped = np.abs(Clipper(strategy, threshold)(gradient, layers))
    assert (np.diff(clipped[order]) >= 0).all()


@given(layered_gradients(), thresholds)
def test_by_layer_the_order_of_the_lengths_survives(case, threshold):
    gradient, layers = case
    clipped = Clipper(Strategy.LAYER, threshold)(gradient, layers)
    lengths = [[math.hypot(*p) for p in parts(g, layers)] for g in (gradient, clipped)]
    ordered = [after for _, after in sorted(zip(*lengths, strict=True))]
    assert all(a <= b * (1 + 2 * rounding(8)) for a, b in pairwise(ordered))


@given(layered_gradients(), strategies, thresholds)
def test_long_blocks_get_the_length_of_the_threshold_and_short_ones_keep_theirs(
    case, strategy, threshold
):
    gradient, layers = case
    blocks = strategy.blocks(layers)
    clipped = Clipper(strategy, threshold)(gradient, layers)
    split = parts(gradient, blocks), parts(clipped, blocks), limits(strategy, threshold, layers)
    for before, after, limit in zip(*split, strict=True):
        expected = min(math.hypot(*before), limit)
        assert_allclose(math.hypot(*after), expected, rtol=rounding(before.size))


@given(layered_gradients(), strategies, thresholds)
def test_a_block_keeps_its_direction(case, strategy, threshold):
    gradient, layers = case
    blocks = strategy.blocks(layers)
    clipped = Clipper(strategy, threshold)(gradient, layers)
    for before, after in zip(parts(gradient, blocks), parts(clipped, blocks), strict=True):
        assert_same_direction(before, after)


@given(layered_gradients(), strategies, thresholds)
def test_the_radial_rule_keeps_the_direction_and_fits_the_longest_block(case, strategy, threshold):
    gradient, layers = case
    clipped = Clipper(strategy, threshold, Rule.RADIAL)(gradient, layers)
    assert_same_direction(gradient, clipped)
    units = limits(strategy, 1.0, layers)
    longest = [
        max([math.hypot(*part) for part in parts(g, strategy.blocks(layers))] / units)
        for g in (gradient, clipped)
    ]
    assert_allclose(longest[1], min(longest[0], threshold), rtol=rounding(gradient.size))


@given(layered_gradients(), strategies, thresholds)
def test_normalizing_brings_every_block_but_zero_to_the_threshold(case, strategy, threshold):
    gradient, layers = case
    blocks = strategy.blocks(layers)
    normalized = Clipper(strategy, threshold, Rule.NORMALIZE)(gradient, layers)
    split = parts(gradient, blocks), parts(normalized, blocks), limits(strategy, threshold, layers)
    for before, after, limit in zip(*split, strict=True):
        expected = limit if before.any() else 0.0
        assert_allclose(math.hypot(*after), expected, rtol=rounding(before.size))
        assert_same_direction(before, after)


def assert_same_direction(before, after):
    # Both in units of their largest entry, which is the same one.
    i = np.argmax(np.abs(before))
    assert_allclose(after * before[i], before * after[i], rtol=4 * EPS)


@given(layered_gradients(), thresholds)
def test_coarser_partitions_never_keep_more(case, threshold):
    gradient, layers = case
    value, layer, whole = (
        np.abs(Clipper(strategy, threshold)(gradient, layers))
        for strategy in (Strategy.VALUE, Strategy.LAYER, Strategy.GLOBAL)
    )
    assert (layer <= value * (1 + rounding(8))).all()
    assert (whole <= layer * (1 + rounding(gradient.size))).all()


@given(layered_gradients(), strategies, st.sampled_from(SHORTENING), st.lists(thresholds))
def test_higher_thresholds_never_keep_less(case, strategy, rule, several):
    gradient, layers = case
    sweep = np.sort(several)[:, np.newaxis]
    kept = np.abs(clip(gradient, strategy.blocks(layers), sweep, rule))
    assert kept.shape == (len(several), gradient.size)
    assert (np.diff(kept, axis=0) >= 0).all()


@given(ordinary_gradients(), clippers, st.integers(-300, 300))
def test_gradient_and_threshold_scale_together(case, clipper, power):
    gradient, layers = case
    factor = 2.0**power  # exact, and far enough to leave the range where squares are safe
    scaled = Clipper(clipper.strategy, factor * clipper.threshold, clipper.rule)
    expected = factor * clipper(gradient, layers)
    assert_allclose(scaled(factor * gradient, layers), expected, rtol=rounding(gradient.size))


# Symmetry: what each strategy commutes with


@given(layered_gradients(), thresholds, rules, st.randoms(use_true_random=False))
def test_by_value_commutes_with_signed_permutations(case, threshold, rule, random):
    gradient, layers = case
    order = random.sample(range(gradient.size), gradient.size)
    signs = np.array(random.choices([-1.0, 1.0], k=gradient.size))
    clipper = Clipper(Strategy.VALUE, threshold, rule)
    expected = signs * clipper(gradient, layers)[order]
    assert_array_equal(clipper(signs * gradient[order], layers), expected)


@given(
    ordinary_gradients(),
    st.sampled_from([Strategy.LAYER, Strategy.GLOBAL]),
    ordinary_sizes,
    rules,
    st.integers(0, 99),
)
def test_a_norm_commutes_with_the_rotations_of_its_block(case, strategy, threshold, rule, seed):
    gradient, layers = case
    blocks = strategy.blocks(layers)
    turns = [rotation(seed, size) for size in blocks]

    def turn(vector):
        return np.concatenate([q @ p for q, p in zip(turns, parts(vector, blocks), strict=True)])

    clipper = Clipper(strategy, threshold, rule)
    clipped = clipper(gradient, layers)
    # A rotation from QR is orthogonal to n eps times a small constant, taken as 8, and it is
    # applied on both sides.
    slack = 16 * gradient.size * EPS * math.hypot(*clipped)
    assert_allclose(clipper(turn(gradient), layers), turn(clipped), rtol=0, atol=slack)


def test_by_value_does_not_commute_with_rotations():
    eighth = np.array([[1.0, -1.0], [1.0, 1.0]]) / math.sqrt(2)
    gradient = np.array([2.0, 0.0])
    clipper = Clipper(Strategy.VALUE, 1.0)
    assert_allclose(clipper(eighth @ gradient, (2,)), [1.0, 1.0], rtol=rounding(2))
    assert_allclose(eighth @ clipper(gradient, (2,)), [0.5**0.5] * 2, rtol=rounding(2))


def test_by_layer_does_not_commute_with_rotations_across_layers():
    gradient = np.array([2.0, 0.0, 0.0, 2.0])
    swap = np.eye(4)[[0, 3, 2, 1]]
    clipper = Clipper(Strategy.LAYER, 1.0)
    assert_allclose(swap @ clipper(gradient, (2, 2)), [1, 1, 0, 0], rtol=rounding(2))
    expected = np.array([1, 1, 0, 0]) / math.sqrt(2)
    assert_allclose(clipper(swap @ gradient, (2, 2)), expected, rtol=rounding(2))


# To the last bit


@given(
    st.lists(finite | st.just(-0.0), min_size=4, max_size=4),
    strategies,
    st.floats(1e-300, 1e308),
)
@example([3.0, 4.0, -0.0, 5.0], Strategy.LAYER, 5.0)
def test_short_blocks_pass_bit_for_bit(numbers, strategy, threshold):
    gradient, layers = np.array(numbers), (2, 1, 1)
    blocks = strategy.blocks(layers)
    clipped = Clipper(strategy, threshold)(gradient, layers)
    for before, after in zip(parts(gradient, blocks), parts(clipped, blocks), strict=True):
        if block_norms(before, (before.size,))[0] <= threshold:
            assert before.tobytes() == after.tobytes()


@given(layered_gradients(), strategies)
def test_the_radial_rule_leaves_a_gradient_of_short_blocks_alone_bit_for_bit(case, strategy):
    gradient, layers = case
    blocks = strategy.blocks(layers)
    threshold = block_norms(gradient, blocks).max() or 1.0
    assert clip(gradient, blocks, threshold, Rule.RADIAL).tobytes() == gradient.tobytes()


@pytest.mark.parametrize(("strategy", "rule"), EVERY_WAY)
def test_zero_blocks_stay_zero(strategy, rule):
    clipped = Clipper(strategy, 0.5, rule)([0.0, -0.0, 3.0, 4.0, 0.0], (2, 2, 1))
    assert_array_equal(clipped[[0, 1, 4]], 0.0)
    assert_array_equal(Clipper(strategy, 0.5, rule)(np.zeros(3), (2, 1)), np.zeros(3))


@given(st.lists(finite, min_size=4, max_size=4), clippers)
def test_the_argument_is_left_alone(numbers, clipper):
    gradient = np.array(numbers)
    before = gradient.copy()
    clipper(gradient, (2, 2))[...] = 7.0
    assert_array_equal(gradient, before)


# Shapes


@given(layered_gradients(2, 2), clippers)
def test_a_batch_is_clipped_row_by_row(case, clipper):
    batch, layers = case
    rows = [[clipper(gradient, layers) for gradient in row] for row in batch]
    assert_allclose(clipper(batch, layers), rows, rtol=rounding(batch.shape[-1]))


def test_one_row_out_of_the_range_of_squares_does_not_touch_the_others():
    rows = np.array([[3e300, 4e300], [3.0, 4.0], [0.0, 0.0], [3e-300, 4e-300], [np.inf, 1.0]])
    assert_allclose(block_norms(rows, (2,))[:, 0], [5e300, 5, 0, 5e-300, np.inf], rtol=rounding(2))


@given(layered_gradients(), strategies, rules, st.lists(thresholds, max_size=5))
def test_a_sweep_is_each_of_its_thresholds(case, strategy, rule, several):
    gradient, layers = case
    swept = clip(gradient, strategy.blocks(layers), strategy.limits(several, layers), rule)
    assert swept.shape == (len(several), gradient.size)
    for row, threshold in zip(swept, several, strict=True):
        assert_array_equal(row, Clipper(strategy, threshold, rule)(gradient, layers))


@given(
    layered_gradients(),
    strategies,
    st.sampled_from([Rule.CLIP, Rule.NORMALIZE]),
    arrays(np.float64, 64, elements=thresholds),
)
def test_thresholds_per_block_are_each_block_alone(case, strategy, rule, limits):
    gradient, layers = case
    blocks = strategy.blocks(layers)
    limits = limits[: len(blocks)]
    alone = [
        clip(part, (part.size,), limit, rule)
        for part, limit in zip(parts(gradient, blocks), limits, strict=True)
    ]
    clipped = clip(gradient, blocks, limits, rule)
    assert_allclose(clipped, np.concatenate(alone), rtol=rounding(gradient.size))


def test_the_radial_rule_with_thresholds_per_block_fits_the_one_that_is_most_over():
    clipped = clip([3.0, 4.0, 0.6, 0.8], (2, 2), [2.5, 0.1], Rule.RADIAL)
    assert_allclose(clipped, [0.3, 0.4, 0.06, 0.08], rtol=rounding(2))


def test_a_sweep_may_have_a_threshold_for_every_block():
    swept = clip([3.0, 4.0, 6.0, 8.0], (2, 2), [[5.0, 5.0], [1.0, 20.0]])
    assert_allclose(swept, [[3, 4, 3, 4], [0.6, 0.8, 6, 8]], rtol=rounding(2))


@pytest.mark.parametrize("blocks", [(2,), (1, 1)])
def test_a_batch_without_rows_is_clipped_to_one(blocks):
    assert clip(np.empty((0, 2)), blocks, 1.0).shape == (0, 2)


# Singletons


@given(layered_gradients(2), thresholds, rules)
def test_singletons_clip_like_the_tuple_they_stand_for(case, threshold, rule):
    gradient, _ = case
    n = gradient.shape[-1]
    expected = clip(gradient, (1,) * n, threshold, rule)
    assert_allclose(clip(gradient, Singletons(n), threshold, rule), expected, rtol=2 * EPS)
    assert_array_equal(block_norms(gradient, Singletons(n)), block_norms(gradient, (1,) * n))


@given(st.integers(0, 9), st.slices(9))
def test_singletons_are_the_tuple_they_stand_for(n, some):
    singletons, ones = Singletons(n), (1,) * n
    assert singletons == ones
    assert ones == singletons
    assert singletons == Singletons(n)
    assert singletons != Singletons(n + 1)
    assert singletons != (*ones, 1)
    assert singletons != (2,) * max(n, 1)
    assert tuple(singletons) == ones
    assert len(singletons) == n
    assert isinstance(singletons[some], Singletons)
    assert singletons[some] == ones[some]


def test_singletons_have_no_coordinate_past_the_last():
    assert Singletons(3)[-3] == 1
    with pytest.raises(IndexError):
        Singletons(3)[3]


def test_ten_million_singletons_cost_nothing():
    tracemalloc.start()
    blocks = Strategy.VALUE.blocks((10**7,))
    length, same = len(blocks), blocks == Singletons(10**7)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (length, same) == (10**7, True)
    assert peak < 10**5  # bytes; the tuple takes 8e7


@pytest.mark.parametrize("layers", [(1,), (3, 1, 2), (5, 5)])
def test_every_strategy_covers_every_coordinate(layers):
    blocks = [strategy.blocks(layers) for strategy in Strategy]
    assert [sum(sizes) for sizes in blocks] == [sum(layers)] * 3
    assert [len(sizes) for sizes in blocks] == [sum(layers), len(layers), 1]


# Precision


@given(st.lists(finite, min_size=1, max_size=64))
def test_norms_are_right_over_the_whole_range_of_floats(numbers):
    # Below the normal numbers only whole multiples of the smallest remain: two half steps.
    smallest = np.finfo(np.float64).smallest_subnormal
    norm = block_norms(np.array(numbers), (len(numbers),))[0]
    assert_allclose(norm, math.hypot(*numbers), rtol=rounding(len(numbers)), atol=smallest)


@given(st.lists(st.floats(-(2.0**120), 2.0**120, width=32), min_size=1, max_size=64))
def test_norms_are_right_over_the_whole_range_of_float32(numbers):
    smallest = np.finfo(np.float32).smallest_subnormal
    norm = block_norms(np.array(numbers, np.float32), (len(numbers),))[0]
    rtol = rounding(len(numbers), np.float32)
    assert_allclose(norm, math.hypot(*numbers), rtol=rtol, atol=smallest)


@given(layered_gradients(2))
def test_every_block_has_the_norm_of_its_own_coordinates(case):
    gradient, layers = case
    expected = [[math.hypot(*part) for part in parts(row, layers)] for row in gradient]
    assert_allclose(block_norms(gradient, layers), expected, rtol=rounding(8))


@pytest.mark.parametrize(
    "numbers",
    [
        [3e-300, 4e-300],
        [3e300, 4e300],
        [1e300, 1e-300],
        [1e154, 1e154, 1e154],  # squares at the end of the range
        [1e-154, 1e-154, 1e-154],
        [1.5e-162, 1e-162],  # squares just above the smallest number: few of their digits are left
        [1e-146, *[1e-162] * 62],  # the sum is a normal number, though most squares vanish
    ],
)
def test_norms_agree_with_fractions(numbers):
    squared = sum(Fraction(x) ** 2 for x in numbers)
    norm = Fraction(float(block_norms(numbers, (len(numbers),))[0]))
    assert abs(norm**2 / squared - 1) <= 2 * rounding(len(numbers))


def test_norms_of_subnormal_numbers_are_exact_where_they_can_be():
    smallest = np.finfo(np.float64).smallest_subnormal
    assert block_norms(np.full(4, smallest), (4,))[0] == 2 * smallest


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("strategy", "rule"), EVERY_WAY)
def test_the_precision_is_kept(strategy, rule, dtype):
    clipper = Clipper(strategy, 0.7, rule)
    assert clipper(np.array([[3, 4, 0.1]], dtype), (2, 1)).dtype == dtype
    sweep = np.array([[0.5], [0.7]])
    clipped = clip(np.array([3, 4, 0.1], dtype), strategy.blocks((2, 1)), sweep, rule)
    assert clipped.dtype == dtype


@given(ordinary_gradients(), strategies, rules, ordinary_sizes)
def test_float32_differs_from_float64_by_its_rounding(case, strategy, rule, threshold):
    gradient, layers = case
    gradient = gradient.astype(np.float32)
    clipper = Clipper(strategy, threshold, rule)
    expected = clipper(gradient.astype(np.float64), layers)
    rtol = rounding(gradient.size, np.float32)
    assert_allclose(clipper(gradient, layers), expected, rtol=rtol)


def test_the_float32_norm_of_a_million_numbers_loses_none():
    numbers = np.ones(2**20, np.float32)
    numbers[0] = 4096  # its square swallows every 1 that is added to it alone
    expected = math.sqrt(2**24 + 2**20 - 1)
    # At most 1024 numbers are added at a time, then as many sums: 2048 roundings, halved twice.
    error = 2048 * np.finfo(np.float32).eps / 4
    assert_allclose(block_norms(numbers, (2**20,))[0], expected, rtol=error)


def test_where_the_norm_overflows_in_pytorch_and_all_becomes_zero_it_does_not_here():
    gradient = np.array([3e19, 1, 1], np.float32)
    parameter = torch.nn.Parameter(torch.zeros(3))
    parameter.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_norm_([parameter], 1.0)
    assert_array_equal(parameter.grad, [0, 0, 0])
    rtol = rounding(3, np.float32)
    assert_allclose(clip(gradient, (3,), 1.0), [1, 1 / 3e19, 1 / 3e19], rtol=rtol)


# Infinity and NaN


@pytest.mark.parametrize(
    ("strategy", "rule", "expected"),
    [
        (Strategy.VALUE, Rule.CLIP, [1.5, -1.5, 1, 1.2, 0.9]),
        (Strategy.VALUE, Rule.RADIAL, [np.nan, np.nan, 0, 0, 0]),
        (Strategy.VALUE, Rule.NORMALIZE, [np.nan, np.nan, 1.5, 1.5, 1.5]),
        (Strategy.LAYER, Rule.CLIP, [np.nan, np.nan, 0, 1.2, 0.9]),
        (Strategy.LAYER, Rule.RADIAL, [np.nan, np.nan, 0, 0, 0]),
        (Strategy.LAYER, Rule.NORMALIZE, [np.nan, np.nan, 0, 1.2, 0.9]),
        (Strategy.GLOBAL, Rule.CLIP, [np.nan, np.nan, 0, 0, 0]),
        (Strategy.GLOBAL, Rule.RADIAL, [np.nan, np.nan, 0, 0, 0]),
        (Strategy.GLOBAL, Rule.NORMALIZE, [np.nan, np.nan, 0, 0, 0]),
    ],
)
def test_infinity_zeroes_its_block_unless_clipped_by_value(strategy, rule, expected):
    clipped = Clipper(strategy, 1.5, rule)([np.inf, -np.inf, 1.0, 1.2, 0.9], (3, 2))
    assert_allclose(clipped, expected, rtol=rounding(3))


@pytest.mark.parametrize(
    ("strategy", "rule", "spoilt"),
    [
        (Strategy.VALUE, Rule.CLIP, 1),
        (Strategy.VALUE, Rule.RADIAL, 5),
        (Strategy.VALUE, Rule.NORMALIZE, 1),
        (Strategy.LAYER, Rule.CLIP, 3),
        (Strategy.LAYER, Rule.RADIAL, 5),
        (Strategy.LAYER, Rule.NORMALIZE, 3),
        (Strategy.GLOBAL, Rule.CLIP, 5),
        (Strategy.GLOBAL, Rule.RADIAL, 5),
        (Strategy.GLOBAL, Rule.NORMALIZE, 5),
    ],
)
def test_nan_spreads_as_far_as_the_norm_it_is_in(strategy, rule, spoilt):
    clipped = Clipper(strategy, 1.5, rule)([np.nan, np.inf, 1.0, 1.2, 0.9], (3, 2))
    assert_array_equal(np.isnan(clipped[:spoilt]), True)
    if rule is Rule.CLIP:
        assert_array_equal(clipped[spoilt:], np.array([np.nan, 1.5, 1.0, 1.2, 0.9])[spoilt:])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_pytorch_too_keeps_infinity_visible_in_a_norm(dtype):
    gradient = np.array([np.inf, 1, 2], dtype)
    parameter = torch.nn.Parameter(torch.zeros(3, dtype=torch.tensor(gradient).dtype))
    parameter.grad = torch.tensor(gradient)
    torch.nn.utils.clip_grad_norm_([parameter], 1.0)
    assert_array_equal(clip(gradient, (3,), 1.0), [np.nan, 0, 0])
    assert_array_equal(parameter.grad, [np.nan, 0, 0])


# Wrong arguments


@pytest.mark.parametrize("strategy", Strategy)
@pytest.mark.parametrize("threshold", [0.0, -0.0, -1.0, np.nan, np.inf, -np.inf, [[1.0], [0.0]]])
def test_a_threshold_must_be_positive_and_finite(strategy, threshold):
    with pytest.raises(ValueError, match=r"^threshold must be positive and finite in float64, got"):
        Clipper(strategy, threshold)([3.0, 4.0], (2,))


def test_a_threshold_must_be_positive_in_the_precision_of_the_gradient():
    with pytest.raises(ValueError, match=r"positive and finite in float32, got 1e-46$"):
        clip(np.ones(2, np.float32), (2,), 1e-46)


def test_a_threshold_must_be_finite_in_the_precision_of_the_gradient():
    with pytest.raises(ValueError, match=r"positive and finite in float32, got 1e\+39$"):
        clip(np.ones(2, np.float32), (2,), 1e39)


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ((2, 2), r"^blocks must add up to 3, the length of the gradient, got 4$"),
        ((2,), r"^blocks must add up to 3, the length of the gradient, got 2$"),
        ((), r"^blocks must add up to 3, the length of the gradient, got 0$"),
        (Singletons(4), r"^blocks must add up to 3, the length of the gradient, got 4$"),
        ((3, 0), r"^every block must have at least one coordinate, got 0$"),
        ((4, -1), r"^every block must have at least one coordinate, got -1$"),
    ],
)
def test_blocks_must_fit_the_gradient(blocks, message, rule):
    with pytest.raises(ValueError, match=message):
        clip([1.0, 2.0, 3.0], blocks, 1.0, rule)
    with pytest.raises(ValueError, match=message):
        block_norms([1.0, 2.0, 3.0], blocks)


@pytest.mark.parametrize(
    ("gradient", "message"),
    [
        ([1, 2], r"^gradient must be float32 or float64, got int64$"),
        (np.ones(2, np.float16), r"^gradient must be float32 or float64, got float16$"),
        (np.ones(2, np.longdouble), r"^gradient must be float32 or float64, got (?!float64)"),
        (np.ones(2, complex), r"^gradient must be float32 or float64, got complex128$"),
        ([True, False], r"^gradient must be float32 or float64, got bool$"),
        (["1", "2"], r"^gradient must be float32 or float64, got <U1$"),
        ([None, 1.0], r"^gradient must be float32 or float64, got object$"),
        (1.0, r"^gradient must have shape \(\.\.\., n\) with n >= 1, got \(\)$"),
        ([], r"^gradient must have shape \(\.\.\., n\) with n >= 1, got \(0,\)$"),
        (np.ones((2, 0)), r"^gradient must have shape \(\.\.\., n\) with n >= 1, got \(2, 0\)$"),
    ],
)
def test_a_gradient_must_be_an_array_of_floats(gradient, message):
    for wrong in (as_gradient, lambda g: block_norms(g, (2,)), lambda g: clip(g, (2,), 1.0)):
        with pytest.raises(ValueError, match=message):
            wrong(gradient)


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize(
    ("blocks", "thresholds"),
    [((2, 2), [1.0] * 3), ((4,), [1.0] * 4), (Singletons(4), [[1.0] * 3]), ((2, 2), [])],
)
def test_thresholds_must_be_one_or_one_per_block(blocks, thresholds, rule):
    expected = rf"^threshold must be one number, {len(blocks)} numbers \(one per block\) or a sweep"
    with pytest.raises(ValueError, match=expected):
        clip([1.0, 2.0, 3.0, 4.0], blocks, thresholds, rule)


@pytest.mark.parametrize(("strategy", "rule"), EVERY_WAY)
def test_a_sweep_must_broadcast_against_the_batch(strategy, rule):
    with pytest.raises(ValueError, match="broadcast"):
        clip(np.ones((3, 4)), strategy.blocks((2, 2)), np.ones((2, 1)), rule)


@pytest.mark.parametrize("rule", SHORTENING)
@pytest.mark.parametrize(
    ("dtype", "huge", "small"), [(np.float64, 1e300, 1e-300), (np.float32, 1e30, 1e-30)]
)
def test_a_quotient_that_underflows_does_not_make_zeros(rule, dtype, huge, small):
    clipped = clip(np.array([huge, huge, 0], dtype), (2, 1), small, rule)
    half = math.sqrt(0.5) * small
    assert_allclose(clipped, [half, half, 0], rtol=rounding(2, dtype))
    assert clipped.dtype == dtype


@pytest.mark.parametrize(("dtype", "huge"), [(np.float64, 1.5e308), (np.float32, 3e38)])
@pytest.mark.parametrize("rule", Rule)
def test_a_norm_that_is_out_of_range_does_not_make_zeros(rule, dtype, huge):
    clipped = clip(np.array([huge, huge, 1], dtype), (2, 1), 4.0, rule)
    short = {Rule.CLIP: 1, Rule.RADIAL: 0, Rule.NORMALIZE: 4}[rule]
    expected = [math.sqrt(8), math.sqrt(8), short]
    assert_allclose(clipped, expected, rtol=rounding(2, dtype), atol=1e-37)


# The whole range of both types


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), strategy=strategies, rule=rules)
def test_every_way_to_clip_is_exact_over_the_whole_range(dtype, data, strategy, rule):
    gradient, layers = data.draw(gradients_of_whole_range(dtype))
    threshold = data.draw(whole_range(dtype))
    limits = strategy.limits(min(threshold, float(np.finfo(dtype).max) / 8), layers).astype(dtype)
    blocks = strategy.blocks(layers)
    found = clip(gradient, blocks, limits, rule)
    assert found.dtype == dtype
    each = exactly(np.broadcast_to(limits, len(blocks)))
    assert_near(found, clipped(gradient, blocks, each, rule), rounding(gradient.size, dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
def test_norms_are_exact_over_the_whole_range(dtype, data):
    gradient, layers = data.draw(gradients_of_whole_range(dtype))
    found = block_norms(gradient, layers)
    expected = norms(gradient, layers)
    most = float(np.finfo(dtype).max)
    within = np.isfinite(found)
    assert all(norm > most * (1 - rounding(8, dtype)) for norm in np.array(expected)[~within])
    assert_near(found[within], np.array(expected)[within], rounding(8, dtype))


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), rule=st.sampled_from([Rule.CLIP, Rule.NORMALIZE]))
def test_no_block_changes_what_becomes_of_another(dtype, data, rule):
    gradient, layers = data.draw(gradients_of_whole_range(dtype))
    limits = np.array([data.draw(whole_range(dtype)) for _ in layers], dtype)
    alone = [
        clip(part, (part.size,), limit, rule)
        for part, limit in zip(parts(gradient, layers), limits, strict=True)
    ]
    assert clip(gradient, layers, limits, rule).tobytes() == np.concatenate(alone).tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), strategy=strategies)
def test_over_the_whole_range_short_blocks_pass_bit_for_bit(dtype, data, strategy):
    gradient, layers = data.draw(gradients_of_whole_range(dtype))
    blocks = strategy.blocks(layers)
    limits = np.array([data.draw(whole_range(dtype)) for _ in blocks], dtype)
    passing = np.repeat(block_norms(gradient, blocks) <= limits, blocks)
    assert clip(gradient, blocks, limits)[passing].tobytes() == gradient[passing].tobytes()


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), rule=rules)
def test_layers_of_one_number_are_clipped_as_by_value_bit_for_bit(dtype, data, rule):
    strange = st.sampled_from([math.inf, -math.inf, math.nan, -0.0])
    drawn = data.draw(st.lists(whole_range(dtype) | strange, min_size=1, max_size=8))
    gradient, threshold = np.array(drawn, dtype), data.draw(whole_range(dtype))
    n = gradient.size
    by_value = clip(gradient, Singletons(n), threshold, rule)
    assert_array_equal(clip(gradient, (1,) * n, threshold, rule), by_value)
    if rule is not Rule.RADIAL:  # which has one factor for all
        beside = clip(np.append(gradient, gradient[:2]), (1,) * n + (min(n, 2),), threshold, rule)
        assert_array_equal(beside[:n], by_value)
