import math
from decimal import Context

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.clipping import Clipper
from core.geometry import angle, magnitude_loss
from core.gradients.recommendation import recommend, recommend_for_norms
from core.gradients.target import Quantity, Reach, Target
from core.gradients.three_digits import place, smallest_place, threshold_at
from core.strategies import Strategy
from tests.cases import DTYPES, layered_gradients, rounding, whole_range
from tests.core.gradients.test_over_steps import gradients_of, smallest_with

THREE = Context(prec=3)
LIMITS = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]) | st.floats(0, 1)
TARGETS = st.builds(Target, st.sampled_from(Quantity), LIMITS, st.sampled_from(Reach))


def measured(strategy, values, layers, threshold, target):
    """Clip all the steps, and measure what the target limits."""
    after = Clipper(strategy, threshold)(values, layers)
    if target.quantity is Quantity.SHARE:
        return np.any(after != values, axis=-1).sum() / len(values)
    measure = angle if target.quantity is Quantity.ANGLE else magnitude_loss
    zero = ~values.any(axis=-1)
    return smallest_with(measure(values[~zero], after[~zero]).tolist(), target.reach.share)


def below(threshold):
    """Return the next smaller number of three digits."""
    return float(THREE.next_minus(THREE.create_decimal(repr(threshold))))


@pytest.mark.parametrize("dtype", DTYPES)
@given(layered_gradients(6), TARGETS)
def test_the_target_holds_and_at_the_next_smaller_threshold_it_does_not(dtype, case, target):
    values, layers = case
    values = values.astype(dtype)
    values[1], values[2] = 0, math.nan
    assume(values[[0, 3, 4, 5]].any())
    error = 0 if target.quantity is Quantity.SHARE else 4 * rounding(sum(layers), dtype)
    found = recommend(gradients_of(values, layers, dtype), target)
    assert found.keys() == set(Strategy)
    finite = np.delete(values, 2, axis=0)
    for strategy, each in found.items():
        if each.threshold is None:
            tiny = float(np.finfo(dtype).tiny)
            assert measured(strategy, finite, layers, tiny, target) <= target.limit + error
            assert "Any threshold will do" in each.sentence
        else:
            assert each.threshold == float(THREE.create_decimal(repr(each.threshold)))
            reached = measured(strategy, finite, layers, each.threshold, target)
            missed = measured(strategy, finite, layers, below(each.threshold), target)
            assert reached <= target.limit + error
            assert missed > target.limit - error
            told = {
                Quantity.SHARE: each.share,
                Quantity.ANGLE: each.angle,
                Quantity.LOSS: each.magnitude_loss,
            }[target.quantity]
            assert told <= target.limit
            assert abs(told - reached) <= error


@given(layered_gradients(7, powers=(10,)), TARGETS)
def test_by_global_norm_the_norms_alone_say_the_same(case, target):
    values, layers = case
    norms = np.sqrt(np.sum(values**2, axis=-1))
    assume(norms.any())
    alone = recommend_for_norms([*norms, np.nan, np.inf], target)
    whole = recommend(gradients_of(values, layers), target)[Strategy.GLOBAL]
    if alone.threshold is None or whole.threshold is None:
        assert alone.threshold == whole.threshold
    elif alone.threshold != whole.threshold:  # where the two norms round apart
        assert below(max(alone.threshold, whole.threshold)) == min(alone.threshold, whole.threshold)
    else:
        assert abs(alone.magnitude_loss - whole.magnitude_loss) <= 4 * rounding(values.shape[-1])


@given(st.lists(st.floats(0, 1e300) | whole_range(np.float64), min_size=1, max_size=30), TARGETS)
def test_for_norms_the_smallest_threshold_is_found(norms, target):
    assume(any(norms) and (len(norms) == 1 or len(set(norms)) > 1))
    found = recommend_for_norms(norms, target)
    norms = np.array(norms)

    def reached(threshold):
        with np.errstate(over="ignore"):
            lost = np.maximum(1 - threshold / norms[norms > 0], 0)
        if target.quantity is Quantity.SHARE:
            return np.mean(norms > threshold)
        return smallest_with(lost.tolist(), target.reach.share)

    if target.quantity is Quantity.ANGLE:
        assert found.threshold is None
        assert "turns no gradient" in found.sentence
    elif found.threshold is not None:
        assert reached(found.threshold) <= target.limit + 1e-15
        assert reached(below(found.threshold)) > target.limit - 1e-15
        assert found.share == np.mean(norms > found.threshold)
    else:
        assert reached(5e-324) <= target.limit


def test_recommendations_by_hand():
    # By value at v, (3, 4) turns from atan(4/3) to atan(v/3) where 3 <= v <= 4.
    gradients = gradients_of([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]], (1, 1))
    limit = math.atan(4 / 3) - math.atan(3.506 / 3)
    found = recommend(gradients, Target(Quantity.ANGLE, limit))
    assert found[Strategy.VALUE].threshold == found[Strategy.LAYER].threshold == 3.51
    half = recommend(gradients, Target(Quantity.ANGLE, limit, Reach.HALF))
    assert half[Strategy.VALUE].threshold == 0.351
    lost = recommend(gradients, Target(Quantity.LOSS, 0.25))[Strategy.GLOBAL]
    assert lost.threshold == 3.75
    assert lost.share == 1 / 3  # the zero step counts, and is never clipped
    seldom = recommend(gradients, Target(Quantity.SHARE, 0.4))
    assert [seldom[s].threshold for s in Strategy] == [0.4, 0.4, 0.5]
    assert seldom[Strategy.GLOBAL].sentence == (
        "At 0.5 clipping by global norm acts on 33.3% of the steps; on every step it turns no "
        "gradient and takes at most 90.0% of the length."
    )


@pytest.mark.parametrize("steps", [20, 40, 100])
def test_a_share_of_the_steps_that_is_a_whole_number_of_them_is_that(steps):
    norms = np.arange(1, steps + 1)
    found = recommend_for_norms(norms, Target(Quantity.LOSS, 0.5, Reach.MOST))
    assert found.threshold == 0.95 * steps / 2


def test_limits_that_no_threshold_breaks():
    gradients = gradients_of([[3.0, 4.0], [1.0, 0.0]], (1, 1))
    for target in (
        Target(Quantity.SHARE, 1.0),
        Target(Quantity.ANGLE, math.pi / 2),
        Target(Quantity.LOSS, 1.0),
    ):
        for each in recommend(gradients, target).values():
            assert each.threshold is None
            assert each.sentence.startswith("Any threshold will do: clipping ")
        assert recommend_for_norms([1.0, 2.0], target).threshold is None


@pytest.mark.parametrize("quantity", Quantity)
def test_of_nothing_at_all_the_threshold_leaves_every_step_alone(quantity):
    found = recommend(gradients_of([[3.0, -4.001], [1.0, 0.0]], (1, 1)), Target(quantity, 0.0))
    assert found[Strategy.VALUE].threshold == 4.01
    assert (found[Strategy.VALUE].share, found[Strategy.VALUE].angle) == (0, 0)
    expected = None if quantity is Quantity.ANGLE else 5.01
    assert found[Strategy.GLOBAL].threshold == expected


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
def test_the_place_of_a_number_is_that_of_the_next_one_of_three_digits(dtype, data):
    number = data.draw(whole_range(dtype))
    at = place(number, dtype)
    assert np.asarray(threshold_at(at, dtype), dtype) >= number
    # Where the type has few digits left, several thresholds are one number of it.
    if number >= 1e3 * np.finfo(dtype).smallest_subnormal:
        assert np.asarray(threshold_at(at - 1, dtype), dtype) < number
    assert at >= smallest_place(dtype)
    assert np.asarray(threshold_at(at, dtype), dtype) > 0


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_number_of_three_digits_stays_as_it_is(dtype):
    for k in range(100, 1000):
        assert threshold_at(place(float(dtype(f"{k}e-3")), dtype), dtype) == k / 1000


@pytest.mark.parametrize("limit", [-0.1, 1.1, math.nan, math.inf])
def test_limits_out_of_range_are_refused(limit):
    for quantity in Quantity:
        with pytest.raises(ValueError, match=r"is out of range\. Accepted: from 0 to 1"):
            Target(quantity, 4 * limit)


def test_without_a_gradient_to_clip_nothing_is_recommended():
    target = Target(Quantity.SHARE, 0.1)
    for norms in ([], [0.0, np.nan], [np.inf]):
        with pytest.raises(ValueError, match="No norm is finite and not zero"):
            recommend_for_norms(norms, target)
    with pytest.raises(ValueError, match="the gradient is zero"):
        recommend(gradients_of([[0.0, 0.0]], (2,)), target)
