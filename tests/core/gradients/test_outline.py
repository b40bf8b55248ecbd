"""The picture of the norms hides no spike and no step that is not finite."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from core.gradients.outline import BARS, COLUMNS, outline, rising, shares

NORMS = arrays(
    np.float64,
    st.integers(1, 3 * COLUMNS),
    elements=st.floats(0, 1e6) | st.sampled_from([np.nan, np.inf]),
    fill=st.floats(0, 1),
)


@given(NORMS)
def test_the_largest_and_the_smallest_are_seen_where_they_are(norms):
    drawn = outline(norms)
    finite = np.isfinite(norms)
    if finite.any():
        assert drawn.high.max() == norms[finite].max()
        assert drawn.low.min() == norms[finite].min()
    assert len(drawn.at) <= COLUMNS
    assert (norms[drawn.at.astype(int) - 1] == drawn.high).all()
    assert (np.diff(drawn.at) > 0).all()


@given(NORMS)
def test_every_column_with_one_that_is_not_finite_has_a_mark(norms):
    drawn = outline(norms)
    bad = np.flatnonzero(~np.isfinite(norms)) + 1.0
    assert set(drawn.not_finite) <= set(bad)
    width = (len(norms) - 1) / COLUMNS
    assert all(np.abs(drawn.not_finite - one).min() <= width for one in bad)


@given(NORMS)
def test_the_bars_share_out_all_finite_norms(norms):
    found = shares(norms, (-2, 3))
    assert found.shape == (BARS,)
    assert np.isclose(found.sum(), 1 if np.isfinite(norms).any() else 0)


def test_few_norms_are_drawn_as_they_are():
    drawn = outline([3.0, 1.0, 2.0], [10, 20, 30])
    assert_array_equal(drawn.at, [10, 20, 30])
    assert_array_equal(drawn.low, [3, 1, 2])
    assert_array_equal(drawn.high, [3, 1, 2])
    assert drawn.span == (10, 30)


def test_steps_that_fall_or_are_missing_are_counted_anew():
    for steps in (None, [1, 2, 1], [1, np.nan, 3], [5, 5, 5]):
        assert_array_equal(rising(steps, 3), [1, 2, 3])
    assert_array_equal(rising([4, 4, 9], 3), [4, 4, 9])
