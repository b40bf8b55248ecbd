"""Bounds: nothing beats them, and what should attain them does.

Every bound is attacked at random and by ascent: that makes this file long.
"""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from core.bounds import (
    worst_angle,
    worst_angle_at,
    worst_angle_of,
    worst_gradient,
    worst_layer_angle,
    worst_plane_angle,
    worst_plane_gradient,
)
from core.clipping import Clipper, clip
from core.geometry import angle
from core.strategies import Singletons, Strategy
from tests.cases import ALL_STRATEGIES, layered_gradients, ordinary_gradients, rounding, thresholds

RATIOS = [1.0, 1.25, 2.0, 3.0, 10.0, 99.0, 100.0, 1e6]


def turned(gradient, threshold=1.0):
    """Return the angle of clipping by value; it errs by `error`."""
    return angle(gradient, clip(gradient, Singletons(np.shape(gradient)[-1]), threshold))


def error(n):
    # The angle errs by 2 rounding(n), the clipped gradient and the bound add one each. Bounds are
    # compared as cosines: near 1 half the digits of an arccos are lost, and a cosine errs no more
    # than its angle.
    return 4 * rounding(n)


# The least upper bound


@pytest.mark.parametrize(
    ("n", "degrees"), [(1, 0), (2, 45), (3, 54.7356), (10, 71.5651), (100, 84.2608)]
)
def test_published_least_upper_bounds(n, degrees):
    assert math.degrees(worst_angle(n)) == pytest.approx(degrees, rel=0, abs=5e-5)


@given(layered_gradients(), thresholds)
def test_by_value_no_gradient_turns_more_than_the_least_upper_bound(case, threshold):
    gradient, _ = case
    assume(gradient.any())
    n = gradient.size
    assert np.cos(turned(gradient, threshold)) >= math.cos(worst_angle(n)) - error(n)


@given(layered_gradients(), thresholds)
def test_by_layer_no_gradient_turns_more_than_the_least_upper_bound(case, threshold):
    gradient, layers = case
    assume(gradient.any())
    after = Clipper(Strategy.LAYER, threshold)(gradient, layers)
    bound = math.cos(worst_angle(len(layers)))
    assert np.cos(angle(gradient, after)) >= bound - error(gradient.size)


@pytest.mark.parametrize("n", [2, 3, 10, 100])
def test_the_least_upper_bound_is_approached_and_not_attained(n):
    # At ratio r the cosine is (1 + (n - 1) / r) / sqrt(n (1 + (n - 1) / r^2)).
    gaps = [worst_angle(n) - turned(worst_gradient(n, ratio)) for ratio in (1e3, 1e6, 1e9)]
    expected = [math.sqrt(n - 1) / ratio for ratio in (1e3, 1e6, 1e9)]
    # What follows in that series is smaller by n / r; the angles themselves err too.
    assert_allclose(gaps, expected, rtol=n / 1e3, atol=error(n))
    assert min(gaps) > 0


@given(
    st.lists(st.floats(0.1, 10), min_size=1, max_size=8),
    arrays(np.float64, 8, elements=st.floats(1e-3, 1e3)),
)
def test_thresholds_per_layer_turn_less_than_the_smallest_over_their_length(limits, lengths):
    layers = len(limits)
    after = clip(lengths[:layers], Singletons(layers), limits)
    bound = math.cos(worst_layer_angle(limits))
    assert np.cos(angle(lengths[:layers], after)) >= bound - error(layers)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=8))
def test_the_angle_for_thresholds_is_that_of_the_smallest_over_their_length(limits):
    expected = min(limits) / math.hypot(*limits)
    assert math.cos(worst_layer_angle(limits)) == pytest.approx(expected, abs=error(len(limits)))


def test_thresholds_per_layer_come_close_to_the_smallest_over_their_length():
    limits, far = np.array([2.0, 0.5, 1.0]), 1e9
    lengths = np.array([2.0, 0.5 * far, 1.0])
    # The cosine is (0.5 + (4 + 1) / (0.5 far)) / |limits|, up to 1 / far^2.
    bound = math.cos(worst_layer_angle(limits))
    assert bound < np.cos(angle(lengths, clip(lengths, Singletons(3), limits))) < bound + 10 / far


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=8), st.floats(1, 1e6))
def test_one_norm_beyond_the_lowest_threshold_turns_as_said(limits, ratio):
    norms = np.array(limits)
    norms[norms.argmin()] *= ratio
    q = min(limits) / math.hypot(*sorted(limits)[1:])
    expected = math.atan((ratio - 1) * q / (1 + ratio * q**2))
    found = angle(norms, clip(norms, Singletons(len(limits)), limits))
    assert_allclose(found, expected, rtol=0, atol=error(len(limits)))


@pytest.mark.parametrize("n", [1, 2, 10, 10**6])
@pytest.mark.parametrize("threshold", [1e-300, 1.0, 1e300])
def test_equal_thresholds_per_layer_turn_as_far_as_one(n, threshold):
    found = worst_layer_angle(np.full(n, threshold))
    assert found == pytest.approx(worst_angle(n), rel=error(n), abs=0)


@pytest.mark.parametrize("limits", [[], [1.0, 0.0], [1.0, -1.0], [math.nan], [math.inf], 1.0])
def test_thresholds_per_layer_must_be_positive(limits):
    with pytest.raises(ValueError, match="thresholds must be positive and finite"):
        worst_layer_angle(limits)


@given(layered_gradients(), st.sampled_from(ALL_STRATEGIES), thresholds)
def test_no_gradient_turns_more_than_the_bound_of_the_strategy(case, strategy, threshold):
    gradient, layers = case
    assume(gradient.any())
    after = Clipper(strategy, threshold)(gradient, layers)
    bound = math.cos(worst_angle_of(strategy, layers))
    assert np.cos(angle(gradient, after)) >= bound - error(gradient.size)


# The largest angle at a ratio


@pytest.mark.parametrize(
    ("n", "ratio", "degrees"),
    [(3, 2, 19.47), (10, 2, 19.47), (64, 2, 19.47), (11, 10, 54.903), (64, 10, 54.903)],
)
def test_published_largest_angles(n, ratio, degrees):
    assert math.degrees(worst_angle_at(n, ratio)) == pytest.approx(degrees, rel=0, abs=5e-3)


@pytest.mark.parametrize("ratio", RATIOS[1:])
def test_in_the_plane_the_largest_angle_is_that_from_the_diagonal(ratio):
    # (r, 1) becomes (1, 1).
    expected = math.pi / 4 - math.atan(1 / ratio)
    assert math.cos(worst_angle_at(2, ratio)) == pytest.approx(math.cos(expected), rel=error(2))


def test_in_the_plane_the_largest_angle_is_small_where_the_ratio_is_nearly_one():
    for ratio in 1 + np.logspace(-15, -6, 1000):
        found = worst_angle_at(2, float(ratio))
        assert math.cos(found) == pytest.approx(1, rel=error(2) + (ratio - 1) ** 2 / 8)


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("n", [2, 3, 10, 100])
def test_the_largest_angle_is_attained_by_the_worst_gradient(n, ratio):
    gradient = worst_gradient(n, ratio)
    assert gradient.shape == (n,)
    assert gradient.max() == ratio
    assert gradient.min() > 0
    expected = math.cos(worst_angle_at(n, ratio))
    assert_allclose(np.cos(turned(gradient)), expected, rtol=0, atol=error(n))
    assert_allclose(np.cos(turned(gradient * 7.0, 7.0)), expected, rtol=0, atol=error(n))


@given(ordinary_gradients(), st.floats(1.001, 1e6))
def test_no_drawn_gradient_turns_more_than_the_largest_angle_at_its_ratio(case, ratio):
    gradient, _ = case
    assume(gradient.any())
    n, threshold = gradient.size, np.abs(gradient).max() / ratio
    bound = math.cos(worst_angle_at(n, ratio))
    assert np.cos(turned(gradient, threshold)) >= bound - error(n)


@pytest.mark.parametrize(
    ("n", "ratio"), [(2, 3.0), (3, 1.5), (3, 5.0), (6, 4.0), (6, 5.0), (6, 50.0)]
)
def test_climbing_reaches_the_largest_angle_and_does_not_pass_it(n, ratio):
    rng = np.random.default_rng(n)
    climbers = rng.uniform(0, ratio, (100, n))
    climbers[:, 0] = ratio
    angles = turned(climbers)
    for width in np.geomspace(ratio / 2, 1e-3, 500):
        tried = np.clip(climbers + width * rng.standard_normal(climbers.shape), -ratio, ratio)
        tried[:, 0] = ratio
        better = turned(tried) > angles
        climbers[better], angles = tried[better], np.maximum(angles, turned(tried))
    assert np.cos(angles.max()) >= math.cos(worst_angle_at(n, ratio)) - error(n)
    assert angles.max() > 0.999 * worst_angle_at(n, ratio)


@pytest.mark.parametrize("n", [1, 2, 3, 64])
@pytest.mark.parametrize("ratio", [0.0, 0.5, 1.0])
def test_a_gradient_within_the_threshold_does_not_turn(n, ratio):
    assert worst_angle_at(n, ratio) == 0


@pytest.mark.parametrize("ratio", RATIOS)
def test_one_coordinate_cannot_turn(ratio):
    assert worst_angle(1) == worst_angle_at(1, ratio) == 0
    assert worst_gradient(1, ratio).tolist() == [ratio]


@given(st.integers(3, 100), st.floats(0, 1e6), st.floats(0, 1e6))
def test_the_largest_angle_grows_with_the_ratio_up_to_the_least_upper_bound(n, one, another):
    low, high = sorted([one, another])
    cosines = [
        math.cos(a) for a in (worst_angle_at(n, low), worst_angle_at(n, high), worst_angle(n))
    ]
    assert cosines[0] >= cosines[1] - error(n) >= cosines[2] - 2 * error(n)


@given(st.integers(2, 100), st.floats(1.001, 99))
def test_up_to_n_minus_one_the_largest_angle_knows_no_n(n, ratio):
    assume(ratio <= n - 1)
    assert worst_angle_at(n, ratio) == worst_angle_at(1000, ratio)


def test_below_ratio_one_there_is_no_worst_gradient():
    with pytest.raises(ValueError, match=r"ratio must be at least 1, got 0\.5"):
        worst_gradient(3, 0.5)


# The plane, with the length of the gradient instead of its largest entry


LENGTHS = [1.0, 1 + 1e-9, 1.1, 1.5, 2.0, 2.2, math.sqrt(5), 2.3, 3.0, 10.0, 1e6, 1e200]


@given(st.floats(1, 4) | st.floats(1, 1e6), st.floats(0, 2 * math.pi))
def test_in_the_plane_no_direction_turns_more_than_the_largest_angle(length, direction):
    gradient = length * np.array([math.cos(direction), math.sin(direction)])
    assert turned(gradient) <= worst_plane_angle(length) + error(2)


@pytest.mark.parametrize("length", LENGTHS)
def test_in_the_plane_the_largest_angle_is_attained(length):
    gradient = worst_plane_gradient(length)
    assert math.hypot(*gradient) == pytest.approx(length, rel=rounding(2), abs=0)
    assert_allclose(turned(gradient), worst_plane_angle(length), rtol=0, atol=error(2))


@pytest.mark.parametrize("length", [1.05, 1.5, 2.0, 2.2, 2.3, 5.0])
def test_in_the_plane_of_many_directions_the_worst_is_where_it_is_said_to_be(length):
    directions = np.linspace(0, math.pi / 4, 20_001)
    angles = turned(length * np.column_stack([np.cos(directions), np.sin(directions)]))
    larger, smaller = worst_plane_gradient(length)
    spacing = directions[1]
    # Where it is not stationary, the angle falls by less than the direction grows.
    assert 0 <= worst_plane_angle(length) - angles.max() + error(2) <= spacing
    # A flat top hides the place: by the root of the rounding, where it bends by about 1.
    expected = math.atan2(smaller, larger)
    assert directions[angles.argmax()] == pytest.approx(expected, rel=0, abs=1.5 * spacing)


@given(st.floats(math.sqrt(5), 1e6))
def test_from_root_five_the_largest_angle_is_that_from_the_diagonal(length):
    expected = math.pi / 4 - math.asin(1 / length)
    assert worst_plane_angle(length) == pytest.approx(expected, rel=0, abs=error(2))


@pytest.mark.parametrize("power", range(1, 16))
def test_in_the_plane_the_largest_angle_keeps_its_digits_where_it_is_tiny(power):
    length = 1 + 10.0**-power
    with mpmath.workdps(60):
        larger = (mpmath.sqrt(5 + 4 * mpmath.mpf(length) ** 2) - 1) / 2
        smaller = mpmath.sqrt(mpmath.mpf(length) ** 2 - larger**2)
        expected = float(mpmath.atan(smaller) - mpmath.atan(smaller / larger))
    assert worst_plane_angle(length) == pytest.approx(expected, rel=error(2), abs=0)


@pytest.mark.parametrize("length", [0.0, 0.5, 1.0])
def test_in_the_plane_a_gradient_within_the_threshold_does_not_turn(length):
    assert worst_plane_angle(length) == 0


def test_below_length_one_there_is_no_worst_gradient_of_the_plane():
    with pytest.raises(ValueError, match=r"length must be at least 1, got 0\.5"):
        worst_plane_gradient(0.5)


def test_published_plane():
    assert math.degrees(worst_plane_angle(10)) == pytest.approx(39.2608, rel=0, abs=5e-5)
    larger, smaller = worst_plane_gradient(10)
    assert math.degrees(math.atan2(smaller, larger)) == pytest.approx(5.739, rel=0, abs=5e-4)


# The signs


@given(layered_gradients(), thresholds)
def test_no_threshold_turns_a_gradient_more_than_its_sign_does(case, threshold):
    gradient, _ = case
    assume(gradient.any())
    most = np.cos(angle(gradient, np.sign(gradient)))
    assert np.cos(turned(gradient, threshold)) >= most - error(gradient.size)
    least = np.abs(gradient[gradient != 0]).min()
    assert np.cos(turned(gradient, least)) == pytest.approx(most, abs=error(gradient.size))
