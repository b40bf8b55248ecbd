"""Every threshold of three digits does to the norms what a reading at it says."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.gradients.reading import first_reading
from core.gradients.sweep import sweep
from core.notation import LARGEST_NUMBER, SMALLEST_NUMBER

NORMS = st.lists(
    st.sampled_from([0.0, 1.0, 1.01, 10.1, np.nan, np.inf]) | st.floats(1e-4, 1e4), min_size=1
).filter(lambda it: any(np.isfinite(x) and x > 0 for x in it))


@given(NORMS, st.floats(1e-3, 1e3), st.data())
def test_it_is_the_reading_at_each_threshold(norms, threshold, data):
    found = sweep(norms, threshold)
    k = data.draw(st.integers(0, len(found.thresholds) - 1))
    reading = first_reading(norms, found.thresholds[k])
    assert found.counts[k] == round(reading.share * found.total)
    assert_allclose(found.losses[k], reading.mean_loss, rtol=1e-9, atol=1e-12)


@given(NORMS, st.floats(1e-3, 1e3))
def test_its_decades_hold_the_largest_norm_and_the_threshold(norms, threshold):
    first, last = sweep(norms, threshold).decades
    assert 10.0**first <= threshold <= 10.0**last
    assert max(x for x in norms if np.isfinite(x)) <= 10.0**last
    assert last - first <= 13


def test_thresholds_are_the_numbers_that_three_digits_read_as():
    found = sweep([0.5, 20.0], 1.0)
    assert found.decades == (-1, 2)
    assert found.thresholds[0] == 0.1
    assert found.thresholds[900 + 1] == 1.01
    assert found.thresholds[1800 + 3] == 10.3
    assert found.thresholds[-1] == 100.0
    assert len(found.thresholds) == 3 * 900 + 1


def test_by_hand():
    found = sweep([1.0, 2.0, 4.0, 0.0], 1.0)
    at = list(found.thresholds).index(1.0)
    assert found.counts[at] == 2
    assert found.losses[at] == (0.5 + 0.75) / 4


def test_a_threshold_far_below_all_norms_does_not_make_it_long():
    assert sweep([1.5, 2.0], 1e-30).decades == (0, 1)
    assert sweep([1.5, 2.0], 1e30).decades == (0, 1)


def test_where_nothing_can_be_clipped_it_says_so():
    with pytest.raises(ValueError, match="nothing to clip"):
        sweep([0.0, np.nan], 1.0)


@given(st.lists(st.floats(0, 1.7e308), min_size=1), st.floats(1e-30, 1e30))
def test_whatever_the_norms_are_its_thresholds_can_be_typed(norms, threshold):
    assume(any(norms))
    found = sweep(norms, threshold)
    assert SMALLEST_NUMBER <= found.thresholds[0] < found.thresholds[-1] <= LARGEST_NUMBER
    assert np.isfinite(found.losses).all()
    assert (np.diff(found.counts) <= 0).all()


def test_of_norms_that_explode_the_usual_ones_are_seen():
    norms = [*np.linspace(0.5, 2, 900), *10.0 ** np.arange(1, 101)]
    first, last = sweep(norms, 1.0).decades
    assert first <= -1
    assert last <= 12
