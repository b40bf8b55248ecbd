import math
import tracemalloc
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import Clipper
from core.curves import (
    CHUNK,
    Curve,
    curve,
    threshold_for_angle,
    threshold_for_clipped_fraction,
)
from core.geometry import angle, clipped_fraction, magnitude_loss
from core.matching import threshold_for_length
from core.strategies import Strategy
from tests.cases import (
    DTYPES,
    IN_LENGTHS,
    gradients_of_whole_range,
    layer_sizes,
    layered_gradients,
    rounding,
    strategies,
    whole_range,
)
from tests.exact import length, mpf, norms, turn

HUGE = np.finfo(np.float64).max


@st.composite
def cases(draw, power=300):
    """Draw a gradient with ties and zeros, its layers, and thresholds between and at its norms."""
    layers = draw(layer_sizes)
    size = st.builds(
        lambda p, digits: digits * 10.0**p, st.integers(-power, power), st.floats(1, 9)
    )
    few = draw(st.lists(size | st.just(0.0), min_size=1, max_size=4))
    element = st.sampled_from([*few, *(-x for x in few)]) | size
    gradient = draw(arrays(np.float64, sum(layers), elements=element, fill=st.nothing()))
    present = np.abs(gradient[gradient != 0]).tolist()
    near = st.builds(
        lambda x, factor: x * factor,
        st.sampled_from(present or [1.0]),
        st.sampled_from([1.0, 1 - 2**-53, 1 + 2**-52, 0.5, 1.5]),
    )
    thresholds = draw(st.lists(near | size, min_size=1, max_size=9))
    return gradient, layers, np.array(thresholds)


def one_by_one(gradient, layers, strategy, thresholds):
    """Clip at one threshold at a time, and measure."""
    after = np.array([Clipper(strategy, v)(gradient, layers) for v in thresholds])
    return Curve(
        angle(gradient, after), magnitude_loss(gradient, after), clipped_fraction(gradient, after)
    )


def assert_same(found, expected, n, dtype=np.float64):
    # A measured angle errs by 2 rounding(n) and clipping adds one; so does the loss, measured as a
    # difference from 1. The curve errs by less.
    error = 4 * rounding(n, dtype)
    assert_allclose(found.angle, expected.angle, rtol=0, atol=error)
    assert_allclose(found.magnitude_loss, expected.magnitude_loss, rtol=0, atol=error)
    assert_array_equal(found.clipped_fraction, expected.clipped_fraction)


def exactly(norms, threshold):
    """Return angle and magnitude loss of norms that are cut to the threshold, in exact numbers."""
    before = [Fraction(float(x)) for x in norms]
    after = [min(x, Fraction(float(threshold))) for x in before]
    whole, kept = sum(x * x for x in before), sum(x * x for x in after)
    along = sum(x * y for x, y in zip(before, after, strict=True))
    square = (whole * kept - along**2) / along**2
    with mpmath.workdps(30):
        tangent = mpmath.sqrt(mpmath.mpf(square.numerator) / square.denominator)
        lost = (whole - kept) / whole
        share = mpmath.mpf(lost.numerator) / lost.denominator
        return float(mpmath.atan(tangent)), float(share / (1 + mpmath.sqrt(1 - share)))


# The curves


@given(cases(), strategies)
def test_a_curve_is_what_clipping_at_one_threshold_at_a_time_gives(case, strategy):
    gradient, layers, thresholds = case
    found = curve(gradient, layers, strategy, thresholds)
    expected = one_by_one(gradient, layers, strategy, thresholds)
    assert_same(found, expected, gradient.size)


@given(cases(power=30), st.sampled_from(IN_LENGTHS))
def test_a_curve_of_float32_is_what_clipping_float32_gives(case, strategy):
    gradient, layers, thresholds = case
    gradient = gradient.astype(np.float32)
    found = curve(gradient, layers, strategy, thresholds)
    assert {each.dtype for each in vars(found).values()} == {np.dtype(np.float64)}
    expected = one_by_one(gradient, layers, strategy, thresholds)
    assert_same(found, expected, gradient.size, np.float32)


@given(cases())
def test_by_value_a_curve_has_all_its_digits_also_where_it_is_tiny(case):
    gradient, layers, thresholds = case
    assume(gradient.any())
    found = curve(gradient, layers, Strategy.VALUE, thresholds)
    expected = [exactly(np.abs(gradient), v) for v in thresholds]
    # Sums of positive terms, in which an error of a sum is squared and then halved by a root; the
    # middle of a segment, from which distances are measured, costs up to a factor of 3.
    error = 6 * rounding(gradient.size + thresholds.size)
    # Squares of less than this underflow.
    assert_allclose(found.angle, [a for a, _ in expected], rtol=error, atol=1e-150)
    assert_allclose(found.magnitude_loss, [a for _, a in expected], rtol=error, atol=1e-300)


@given(cases(), strategies)
def test_the_angle_the_loss_and_the_share_never_grow_with_the_threshold(case, strategy):
    gradient, layers, thresholds = case
    assume(gradient.any())
    found = curve(gradient, layers, strategy, np.sort(thresholds))
    error = 6 * rounding(gradient.size + thresholds.size)
    for each in (found.angle, found.magnitude_loss):
        assert (each[1:] <= each[:-1] * (1 + 2 * error) + 1e-150).all()
    assert (np.diff(found.clipped_fraction) <= 0).all()


@given(cases())
def test_the_global_norm_never_turns(case):
    gradient, layers, thresholds = case
    assume(gradient.any())
    assert not curve(gradient, layers, Strategy.GLOBAL, thresholds).angle.any()


@given(cases(), strategies)
def test_thresholds_may_come_in_any_order(case, strategy):
    gradient, layers, thresholds = case
    one = curve(gradient, layers, strategy, thresholds)
    another = curve(gradient, layers, strategy, thresholds[::-1])
    for name, each in vars(one).items():
        assert_array_equal(each, vars(another)[name][::-1])


@pytest.mark.parametrize("strategy", Strategy)
def test_a_gradient_longer_than_a_chunk_is_followed_like_a_short_one(strategy):
    n = 2 * CHUNK + 3
    gradient = np.random.default_rng(0).standard_normal(n)
    gradient[:CHUNK] = 0.5  # a tie that fills a chunk
    layers, thresholds = (1, CHUNK, n - CHUNK - 1), np.array([1e-3, 0.5, 0.6, 2.0, 100.0, 600.0])
    found = curve(gradient, layers, strategy, thresholds)
    assert_same(found, one_by_one(gradient, layers, strategy, thresholds), n)


@pytest.mark.parametrize("strategy", Strategy)
@pytest.mark.parametrize("gradient", [[HUGE, HUGE, 1.0, -HUGE], [HUGE, 5e-324, 0.0, 1.0]])
def test_where_the_norm_is_out_of_range_the_curve_is_not(strategy, gradient):
    gradient, thresholds = np.array(gradient), [HUGE, 0.7 * HUGE, 1.0, 1e-300]
    found = curve(gradient, (2, 2), strategy, thresholds)
    after = [Clipper(strategy, v)(gradient, (2, 2)) for v in thresholds]
    assert_allclose(found.angle, angle(gradient, after), rtol=0, atol=4 * rounding(4))
    loss = magnitude_loss(gradient, after)
    assert_allclose(found.magnitude_loss, loss, rtol=0, atol=4 * rounding(4))


@pytest.mark.parametrize("strategy", Strategy)
def test_a_zero_gradient_has_no_angle_and_nothing_is_clipped(strategy):
    found = curve(np.zeros(4), (2, 2), strategy, [1.0, 2.0])
    assert np.isnan(found.angle).all()
    assert np.isnan(found.magnitude_loss).all()
    assert found.clipped_fraction.tolist() == [0, 0]


@pytest.mark.parametrize("find", [threshold_for_angle, threshold_for_clipped_fraction])
@pytest.mark.parametrize("strategy", Strategy)
def test_what_cannot_be_followed_is_refused(find, strategy):
    for gradient in ([1.0, math.inf], [math.nan, 1.0], [[1.0, 2.0]]):
        with pytest.raises(ValueError, match="gradient must be finite and of shape"):
            curve(gradient, (2,), strategy, [1.0])
        with pytest.raises(ValueError, match="gradient must be finite and of shape"):
            find(gradient, (2,), strategy, 0.0)
    with pytest.raises(ValueError, match="a zero gradient"):
        find([0.0, 0.0], (2,), strategy, 0.0)
    for thresholds in ([1.0, 0.0], [-1.0], [math.inf], [math.nan]):
        with pytest.raises(ValueError, match="threshold must be positive and finite"):
            curve([1.0, 2.0], (2,), strategy, thresholds)
    for thresholds in (1.0, [[1.0]]):
        with pytest.raises(ValueError, match="thresholds must have shape"):
            curve([1.0, 2.0], (2,), strategy, thresholds)
    with pytest.raises(ValueError, match="blocks must add up to 2"):
        curve([1.0, 2.0], (3,), strategy, [1.0])


def test_a_long_gradient_is_followed_in_four_times_its_memory():
    gradient = np.random.default_rng(0).standard_normal(4_000_000, dtype=np.float32)
    thresholds = np.geomspace(1e-3, 6, 1000)
    tracemalloc.start()
    curve(gradient, (gradient.size,), Strategy.VALUE, thresholds)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 4 * gradient.nbytes


# The other way round


@given(cases(power=100), st.sampled_from([Strategy.VALUE, Strategy.LAYER]), st.floats(1e-9, 1))
def test_the_threshold_for_an_angle_is_the_largest_that_reaches_it(case, strategy, share):
    gradient, layers, _ = case
    norms = [math.hypot(*part) for part in np.split(gradient, np.cumsum(layers)[:-1])]
    blocks = gradient if strategy is Strategy.VALUE else np.array(norms)
    most = float(angle(blocks, np.sign(blocks)))
    assume(most > 1e-9)
    found = threshold_for_angle(gradient, layers, strategy, share * most * (1 - 1e-9))
    reached, missed = curve(
        gradient, layers, strategy, [found, np.nextafter(found, math.inf)]
    ).angle
    error = 12 * rounding(gradient.size)
    assert reached >= share * most * (1 - 1e-9) * (1 - error)
    assert missed <= share * most * (1 - 1e-9) * (1 + error)


@pytest.mark.parametrize("norm", [0.9, 2.0, 3.7])
@pytest.mark.parametrize("nearly", [1 - 1e-9, 1 - 1e-8, 1 + 1e-9])
def test_for_float32_the_threshold_for_an_angle_is_that_of_the_same_numbers(norm, nearly):
    # It may lie between an entry and the next number that float32 has.
    gradient = np.array([0.3, norm, -2.0, norm, 5.0], dtype=np.float32)
    doubled, layers = gradient.astype(np.float64), (2, 3)
    wanted = curve(doubled, layers, Strategy.VALUE, doubled[1:2] * nearly).angle[0]
    found = threshold_for_angle(gradient, layers, Strategy.VALUE, wanted)
    assert found == threshold_for_angle(doubled, layers, Strategy.VALUE, wanted)


def test_thresholds_for_angles_by_hand():
    # (3, 4) becomes (v, v) up to 3, and (3, v) beyond.
    most = math.pi / 4 - math.atan(3 / 4)
    found = threshold_for_angle([3.0, -4.0], (2,), Strategy.VALUE, most * (1 - 1e-12))
    assert found == pytest.approx(3, rel=1e-9)
    turned = math.atan2(3.5, 3) - math.atan2(4, 3)
    found = threshold_for_angle([3.0, -4.0], (2,), Strategy.VALUE, -turned)
    assert found == pytest.approx(3.5, rel=1e-14)


@given(cases(), strategies, st.floats(0.001, 1))
def test_the_threshold_for_a_share_is_the_largest_that_clips_so_many(case, strategy, share):
    gradient, layers, _ = case
    present = np.count_nonzero(gradient) / gradient.size
    assume(share <= present)
    found = threshold_for_clipped_fraction(gradient, layers, strategy, share)
    reached, missed = curve(
        gradient, layers, strategy, [found, np.nextafter(found, math.inf)]
    ).clipped_fraction
    assert reached >= share > missed


@pytest.mark.parametrize("n", [10, 100, 1000])
def test_every_share_of_the_coordinates_can_be_asked_for(n):
    gradient = np.arange(1, n + 1, dtype=np.float32)
    for k in range(1, n + 1):
        found = threshold_for_clipped_fraction(gradient, (n,), Strategy.VALUE, k / n)
        assert n - k < found < n - k + 1
        assert (np.clip(gradient, None, np.float32(found)) != gradient).sum() == k


@given(layered_gradients(), strategies)
def test_for_nothing_at_all_it_is_the_smallest_threshold_that_leaves_the_gradient_alone(
    case, strategy
):
    gradient, layers = case
    assume(gradient.any())
    expected = threshold_for_length(gradient, layers, strategy, math.inf)
    assert threshold_for_angle(gradient, layers, strategy, 0.0) == expected
    assert threshold_for_clipped_fraction(gradient, layers, strategy, 0.0) == expected


def test_what_no_threshold_reaches_is_refused():
    gradient, layers = [3.0, 4.0, 0.0, 0.0], (2, 2)
    with pytest.raises(ValueError, match="angle must be at most 0"):
        threshold_for_angle(gradient, layers, Strategy.GLOBAL, 0.1)
    for wanted in (0.2, math.nan):
        with pytest.raises(ValueError, match=r"angle must be at most 0\.14"):
            threshold_for_angle(gradient, layers, Strategy.VALUE, wanted)
    for wanted in (0.51, math.nan):
        with pytest.raises(ValueError, match=r"fraction must be at most 0\.5"):
            threshold_for_clipped_fraction(gradient, layers, Strategy.LAYER, wanted)


# The whole range of both types


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), strategy=st.sampled_from(IN_LENGTHS))
def test_over_the_whole_range_the_curve_is_exact(dtype, data, strategy):
    gradient, layers = data.draw(gradients_of_whole_range(dtype))
    assume(gradient.any())
    blocks = strategy.blocks(layers)
    before = norms(gradient, blocks)
    # Norms that are subnormal are rounded to whole steps, which no angle survives.
    normal = float(np.finfo(dtype).tiny) if len(blocks) < gradient.size else 0
    assume(all(x == 0 or x >= normal for x in before))
    sizes = [float(x) for x in before if 0 < x <= float(np.finfo(dtype).max)]
    near = st.sampled_from(sizes) if sizes else whole_range(dtype)
    drawn = data.draw(st.lists(whole_range(dtype) | near, min_size=1, max_size=5))
    thresholds = np.array(drawn, dtype)
    found = curve(gradient, layers, strategy, thresholds)
    error = 4 * rounding(gradient.size, dtype)
    for i, threshold in enumerate(thresholds):
        after = [min(x, mpf(float(threshold))) for x in before]
        lost = 1 - length(after) / length(before)
        assert abs(turn(before, after) - mpf(float(found.angle[i]))) <= error
        assert abs(lost - mpf(float(found.magnitude_loss[i]))) <= error


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data(), share=st.floats(0.01, 0.99))
def test_over_the_whole_range_the_threshold_for_an_angle_is_the_largest(dtype, data, share):
    gradient, layers = data.draw(gradients_of_whole_range(dtype))
    assume(gradient.any())
    most = float(
        curve(gradient, layers, Strategy.VALUE, [np.abs(gradient[gradient != 0]).min()]).angle[0]
    )
    assume(most > 1e-9)
    found = threshold_for_angle(gradient, layers, Strategy.VALUE, share * most)
    before = norms(gradient, Strategy.VALUE.blocks(layers))
    reached, missed = (
        turn(before, [min(x, mpf(float(v))) for x in before])
        for v in (found, np.nextafter(found, math.inf))
    )
    error = mpf(12 * rounding(gradient.size))
    assert reached >= share * most * (1 - error)
    assert missed <= share * most * (1 + error)


@pytest.mark.parametrize("dtype", DTYPES)
def test_where_the_longest_norm_is_out_of_range_the_largest_number_turns_still(dtype):
    most = np.finfo(dtype).max
    gradient, layers = np.array([most] * 4 + [most / 2], dtype), (4, 1)
    assert curve(gradient, layers, Strategy.LAYER, [most]).angle[0] > 0.1
    assert threshold_for_angle(gradient, layers, Strategy.LAYER, 0.1) == float(most)
