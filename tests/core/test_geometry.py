"""What clipping did, against exact arithmetic.

Every measure has its edge of the floating-point range: that makes this file long.
"""

import math
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import Clipper, Rule, block_norms, clip
from core.geometry import (
    angle,
    clipped_by_layer,
    clipped_fraction,
    directional_descent,
    effect,
    magnitude_loss,
    signs_kept,
)
from core.strategies import Singletons, Strategy
from tests.cases import (
    clippers,
    layered_gradients,
    limits,
    parts,
    rounding,
    rules,
    strategies,
    thresholds,
)

EPS = np.finfo(np.float64).eps


def angle_error(n):
    """Bound the error of an angle in radians, for vectors of n numbers.

    Each unit vector errs by (n / 2 + 4) u, most of it in length, which turns nothing but does not
    cancel in the difference; their sum and difference and its length add (n / 2 + 2) u.
    """
    return 2 * rounding(n)


def turning_error(n):
    """Bound the error of the angle between a gradient and what clipping made of it."""
    return angle_error(n) + rounding(n)


def exact_angle(before, after):
    """Return the angle from exact sums and 50 digits: atan2 of the sine and the cosine."""
    a, b = ([Fraction(float(x)) for x in vector] for vector in (before, after))
    dot, aa, bb = (
        sum(x * y for x, y in zip(*two, strict=True)) for two in ((a, b), (a, a), (b, b))
    )
    with localcontext(Context(prec=50)):
        lengths = (decimal(aa) * decimal(bb)).sqrt()
        crossed = decimal(aa * bb - dot * dot).sqrt()  # Lagrange's identity
        return math.atan2(crossed / lengths, decimal(dot) / lengths)


def decimal(fraction):
    return Decimal(fraction.numerator) / Decimal(fraction.denominator)


# The angle


@given(layered_gradients(2))
def test_the_angle_agrees_with_fifty_digits(case):
    (before, after), _ = case
    assume(before.any() and after.any())
    expected = exact_angle(before, after)
    assert_allclose(angle(before, after), expected, rtol=0, atol=angle_error(before.size))


@given(layered_gradients(2), st.sampled_from([1.0, -1.0]), st.integers(20, 60))
def test_the_angle_of_nearly_parallel_and_nearly_opposite_vectors_agrees_with_fifty_digits(
    case, sign, power
):
    (before, change), _ = case
    assume(before.any() and change.any())
    change = change * (np.abs(before).max() / np.abs(change).max())
    after = sign * (before + change * 2.0**-power)
    expected = exact_angle(before, after)
    assert_allclose(angle(before, after), expected, rtol=0, atol=angle_error(before.size))


@pytest.mark.parametrize("size", [1.0, 1e-300, 1e300, 5e-324])
@pytest.mark.parametrize("small", [1e-8, 1e-12, 1e-17, 1e-160, 1e-300])
def test_the_smallest_angles_from_an_axis_are_exact(small, size):
    # Nothing is added to the small coordinate, so it keeps its digits: a few quotients round.
    assert_allclose(angle([size, 0.0], [1.0, small]), math.atan(small), rtol=4 * EPS)
    assert_allclose(angle([0.0, 1e8], [-small * 1e8, 1e8]), math.atan(small), rtol=4 * EPS)


@pytest.mark.parametrize("small", [1e-8, 1e-12, 1e-300])
def test_nearly_opposite_vectors_fall_short_of_half_a_turn_by_a_small_angle(small):
    assert_allclose(np.pi - angle([1.0, 0.0], [-1.0, small]), small, rtol=0, atol=4 * EPS)


@pytest.mark.parametrize(
    ("before", "after", "degrees"),
    [
        ([1.0, 0.0], [0.0, 2.0], 90),
        ([1.0, 0.0], [5.0, 5.0], 45),
        ([1.0, 1.0, 1.0], [1.0, 0.0, 0.0], 54.735610317245346),
        ([3.0, -4.0], [-3.0, 4.0], 180),
        ([1.5e308, 1.5e308], [0.0, 1.5e308], 45),  # the first norm is out of range
        ([5e-324, 0.0], [5e-324, 5e-324], 45),
        ([1e300, 1e300], [1e-300, 0.0], 45),
        ([2.0], [1e-300], 0),
        ([2.0], [-7.0], 180),
    ],
)
def test_angles_by_hand(before, after, degrees):
    expected = math.radians(degrees)
    assert_allclose(angle(before, after), expected, rtol=0, atol=angle_error(3))


@given(layered_gradients(2), st.integers(-500, 500), st.integers(-500, 500))
def test_the_angle_knows_no_length_and_no_order(case, one, another):
    (before, after), _ = case
    expected = angle(before, after)
    assert_array_equal(angle(before * 2.0**one, after * 2.0**another), expected)
    assert_array_equal(angle(after, before), expected)


@given(layered_gradients(2))
def test_opposite_vectors_have_supplementary_angles(case):
    (before, after), _ = case
    assume(before.any() and after.any())
    total = angle(before, after) + angle(before, -after)
    assert_allclose(total, np.pi, rtol=0, atol=2 * angle_error(before.size))


def test_a_vector_does_not_turn_from_itself():
    assert angle([0.1, 0.7, -1e-5], [0.1, 0.7, -1e-5]) == 0


@pytest.mark.parametrize("other", [[0.0, 0.0], [1.0, 2.0], [np.inf, 1.0], [np.nan, 1.0]])
def test_a_zero_vector_has_no_angle(other):
    assert np.isnan(angle([0.0, 0.0], other))
    assert np.isnan(angle(other, [0.0, 0.0]))


@pytest.mark.parametrize("bad", [[np.inf, 1.0], [np.nan, 1.0]])
def test_the_angle_of_infinity_and_nan_is_nan(bad):
    assert np.isnan(angle(bad, [1.0, 1.0]))


def test_float32_vectors_have_an_angle_in_float64():
    before, after = np.array([1, 0], np.float32), np.array([1, 1e-12], np.float32)
    found = angle(before, after)
    assert found.dtype == np.float64
    assert_allclose(found, float(after[1]), rtol=4 * EPS)


# How far clipping turns


@pytest.mark.parametrize(
    ("strategy", "gradient", "layers", "degrees"),
    [
        (Strategy.VALUE, [0.9, 100.0], (2,), "41.4716"),
        (Strategy.LAYER, [3.0, 4.0, 0.3, 0.4], (2, 2), "20.85"),
        (Strategy.VALUE, [3.2, 1.1, 0.55, 1.35], (2, 2), "27.3"),
    ],
)
def test_published_angles(strategy, gradient, layers, degrees):
    turned = math.degrees(angle(gradient, Clipper(strategy, 1.0)(gradient, layers)))
    digits = len(degrees.partition(".")[2])
    assert f"{turned:.{digits}f}" == degrees


@given(layered_gradients(), thresholds)
def test_global_clipping_does_not_turn_the_gradient(case, threshold):
    gradient, layers = case
    assume(gradient.any())
    turned = angle(gradient, Clipper(Strategy.GLOBAL, threshold)(gradient, layers))
    assert turned <= turning_error(gradient.size)


@given(layered_gradients(), strategies, thresholds)
def test_the_step_remains_a_direction_of_descent(case, strategy, threshold):
    gradient, layers = case
    step = Clipper(strategy, threshold)(gradient, layers)
    lengths = [math.hypot(*part) for part in parts(gradient, strategy.blocks(layers))]
    gap = math.fsum(
        limit * max(length - limit, 0)
        for limit, length in zip(limits(strategy, threshold, layers), lengths, strict=True)
    )
    surplus = directional_descent(gradient, step) - directional_descent(step, step)
    # The step errs by rounding(n) of its length, at most that of the gradient, once in the first
    # product and twice in the second; both sums and the gap round as much again.
    slack = 6 * rounding(gradient.size) * math.hypot(*gradient) ** 2
    assert_allclose(surplus, gap, rtol=0, atol=slack)


@given(layered_gradients(), strategies, thresholds)
def test_the_cosine_is_never_below_the_share_of_the_length_kept(case, strategy, threshold):
    gradient, layers = case
    assume(gradient.any())
    step = Clipper(strategy, threshold)(gradient, layers)
    kept = 1 - magnitude_loss(gradient, step)
    assert np.cos(angle(gradient, step)) >= kept - 2 * turning_error(gradient.size)


@given(layered_gradients(), thresholds)
def test_the_cosine_is_above_the_live_bound_by_value(case, threshold):
    gradient, layers = case
    # With a single entry both sides are 1.
    assume(np.abs(gradient).max() > threshold and np.count_nonzero(gradient) > 1)
    step = Clipper(Strategy.VALUE, threshold)(gradient, layers)
    bound = threshold / math.hypot(*step)
    assert bound >= (1 - rounding(gradient.size)) / math.sqrt(gradient.size)
    assert np.cos(angle(gradient, step)) > bound - 2 * turning_error(gradient.size)


@pytest.mark.parametrize("rule", [Rule.CLIP, Rule.NORMALIZE])
@given(case=layered_gradients(), threshold=thresholds)
def test_by_layer_the_angle_is_that_of_the_layer_lengths_by_value(rule, case, threshold):
    gradient, layers = case
    assume(gradient.any())
    lengths = np.array([math.hypot(*part) for part in parts(gradient, layers)])
    turned = angle(gradient, Clipper(Strategy.LAYER, threshold, rule)(gradient, layers))
    expected = angle(lengths, clip(lengths, Singletons(len(layers)), threshold, rule))
    assert_allclose(turned, expected, rtol=0, atol=2 * turning_error(gradient.size))


@given(layered_gradients(), strategies, st.lists(thresholds, min_size=2, max_size=9))
def test_the_angle_never_grows_with_the_threshold(case, strategy, several):
    gradient, layers = case
    assume(gradient.any())
    sweep = np.sort(several)[:, np.newaxis]
    angles = angle(gradient, clip(gradient, strategy.blocks(layers), sweep))
    assert (np.diff(angles) <= 2 * turning_error(gradient.size)).all()


@given(layered_gradients(), thresholds)
def test_the_largest_angle_by_value_is_that_of_the_signs(case, threshold):
    gradient, layers = case
    assume(gradient.any())
    magnitudes = np.abs(gradient[gradient != 0])
    cosine = math.fsum(magnitudes) / (math.sqrt(magnitudes.size) * math.hypot(*magnitudes))
    error = 2 * turning_error(gradient.size)
    lowest = Clipper(Strategy.VALUE, magnitudes.min())(gradient, layers)
    assert_array_equal(np.sign(gradient) * magnitudes.min(), lowest)
    assert_allclose(np.cos(angle(gradient, lowest)), cosine, rtol=0, atol=error)
    step = Clipper(Strategy.VALUE, threshold)(gradient, layers)
    assert np.cos(angle(gradient, step)) >= cosine - error


@given(layered_gradients(), thresholds)
def test_by_value_the_step_moves_towards_the_diagonal_and_never_past_it(case, threshold):
    gradient, layers = case
    assume(gradient.any())
    diagonal = np.sign(gradient)
    step = Clipper(Strategy.VALUE, threshold)(gradient, layers)
    error = 2 * turning_error(gradient.size)
    assert angle(step, diagonal) <= angle(gradient, diagonal) + error
    assert angle(gradient, step) <= angle(gradient, diagonal) + error


def test_a_finer_partition_does_not_always_turn_more():
    gradient, layers = [0.9, 0.9, 0.9, 0.0], (2, 2)
    value, layer = (
        angle(gradient, Clipper(strategy, 1.0)(gradient, layers))
        for strategy in (Strategy.VALUE, Strategy.LAYER)
    )
    assert value == 0 < layer


# What is lost and kept


@given(layered_gradients(), clippers)
def test_the_loss_of_magnitude_is_the_share_of_the_length(case, clipper):
    gradient, layers = case
    assume(gradient.any())
    step = clipper(gradient, layers)
    kept = math.hypot(*step) / math.hypot(*gradient)
    # An error of the share kept, which normalizing can make large, is one of the loss.
    atol = rounding(gradient.size) * (1 + kept)
    assert_allclose(magnitude_loss(gradient, step), 1 - kept, rtol=0, atol=atol)


@given(layered_gradients(), strategies, st.sampled_from([Rule.CLIP, Rule.RADIAL]), thresholds)
def test_shortening_loses_between_nothing_and_everything(case, strategy, rule, threshold):
    gradient, layers = case
    assume(gradient.any())
    loss = magnitude_loss(gradient, Clipper(strategy, threshold, rule)(gradient, layers))
    assert 0 <= loss <= 1


@pytest.mark.parametrize(
    ("before", "after", "loss"),
    [
        ([3.0, 4.0], [3.0, 4.0], 0),
        ([3.0, 4.0], [0.6, 0.8], 0.8),
        ([3.0, 4.0], [0.0, 0.0], 1),
        ([0.3, 0.4], [0.6, 0.8], -1),
        ([3e300, 4e300], [3e299, 4e299], 0.9),
        ([3e-300, 4e-300], [0.6, 0.8], -2e299),
        ([0.0, 0.0], [0.0, 0.0], np.nan),
    ],
)
def test_magnitude_loss_by_hand(before, after, loss):
    assert_allclose(magnitude_loss(before, after), loss, rtol=rounding(2), atol=rounding(2))


@given(layered_gradients(), thresholds)
def test_by_value_the_clipped_fraction_counts_the_entries_above_the_threshold(case, threshold):
    gradient, layers = case
    step = Clipper(Strategy.VALUE, threshold)(gradient, layers)
    above = sum(abs(x) > threshold for x in gradient)
    assert clipped_fraction(gradient, step) == above / gradient.size


@pytest.mark.parametrize(
    ("strategy", "fraction"), [(Strategy.VALUE, 0.4), (Strategy.LAYER, 0.4), (Strategy.GLOBAL, 0.8)]
)
def test_a_norm_changes_all_but_the_zeros_of_its_block(strategy, fraction):
    gradient = np.array([3.0, 4.0, 0.0, 0.3, 0.4])
    assert clipped_fraction(gradient, Clipper(strategy, 1.0)(gradient, (3, 2))) == fraction


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        ([0.1, -0.1, 0.0], True),
        ([0.1, 0.1, 0.0], False),
        ([0.1, 0.0, 0.0], False),
        ([0.1, -0.1, 1e-300], False),
        ([0.1, -0.1, np.nan], False),
    ],
)
def test_signs_are_kept_only_if_all_of_them_are(after, kept):
    assert signs_kept([3.0, -4.0, 0.0], after) == kept


@given(layered_gradients(), clippers)
def test_every_way_to_clip_keeps_the_signs(case, clipper):
    gradient, layers = case
    assert signs_kept(gradient, clipper(gradient, layers))


@given(layered_gradients(2))
def test_the_directional_descent_is_the_scalar_product(case):
    (gradient, step), _ = case
    expected = sum(Fraction(x) * Fraction(y) for x, y in zip(gradient, step, strict=True))
    # n products and n - 1 sums, each of them off by u of what is added at the most.
    slack = gradient.size * EPS * math.fsum(np.abs(gradient * step))
    assert_allclose(directional_descent(gradient, step), float(expected), rtol=0, atol=slack)


def test_against_the_gradient_the_loss_rises():
    assert directional_descent([3.0, 4.0], [-0.6, -0.8]) == pytest.approx(-5, rel=rounding(2))


@given(layered_gradients(2, 3), thresholds, strategies)
def test_the_share_clipped_of_a_layer_is_that_of_the_layer_alone(case, threshold, strategy):
    gradients, layers = case
    after = Clipper(strategy, threshold)(gradients, layers)
    shares = clipped_by_layer(gradients, after, layers)
    assert shares.shape == (2, 3, len(layers))
    ends = np.cumsum(layers)
    for i, (size, end) in enumerate(zip(layers, ends, strict=True)):
        here = np.s_[..., end - size : end]
        assert_array_equal(shares[..., i], clipped_fraction(gradients[here], after[here]))


# Shapes


@given(
    st.sampled_from([angle, magnitude_loss, clipped_fraction, signs_kept, directional_descent]),
    layered_gradients(2, 2, 3),
)
def test_a_batch_is_measured_row_by_row(measure, case):
    (before, after), _ = case
    assume(before.any(axis=-1).all())
    measured = measure(before, after)
    rows = [
        [measure(b, a) for b, a in zip(*two, strict=True)]
        for two in zip(before, after, strict=True)
    ]
    assert measured.shape == (2, 3)
    # Angles err absolutely, lengths relatively, scalar products by what is added.
    added = np.abs(before * after).sum(axis=-1).max() if measure is directional_descent else 1
    slack = angle_error(before.shape[-1])
    assert_allclose(measured, rows, rtol=slack, atol=slack * added)


@pytest.mark.parametrize("measure", [angle, magnitude_loss, directional_descent])
def test_one_gradient_is_measured_against_a_sweep(measure):
    swept = np.array([[1.0, 1.0], [0.0, 1.0], [3.0, 4.0]])
    expected = [measure([3.0, 4.0], after) for after in swept]
    assert_allclose(measure([3.0, 4.0], swept), expected, rtol=angle_error(2), atol=angle_error(2))


@pytest.mark.parametrize("measure", [angle, magnitude_loss, clipped_fraction, directional_descent])
def test_integers_are_not_measured(measure):
    with pytest.raises(ValueError, match="gradient must be float32 or float64, got int64"):
        measure([3, 4], [0.6, 0.8])


@given(layered_gradients(), thresholds, strategies, rules)
def test_the_effect_from_block_norms_is_that_on_the_gradient(case, threshold, strategy, rule):
    gradient, layers = case
    blocks = strategy.blocks(layers)
    turned, lost = effect(block_norms(gradient, blocks), threshold, rule)
    clipped = clip(gradient, blocks, threshold, rule)
    # Both sides round as `rounding` says; so does the angle, of which 1 radian is the unit.
    allowed = 4 * rounding(len(gradient))
    assert_allclose(turned, angle(gradient, clipped), rtol=0, atol=allowed)
    assert_allclose(lost, magnitude_loss(gradient, clipped), rtol=allowed, atol=allowed)
