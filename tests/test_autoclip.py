import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from core.autoclip import autoclip

norms = st.lists(st.floats(0, 1e6), min_size=1, max_size=20)


@given(norms, st.floats(0, 100))
def test_the_threshold_of_a_step_is_the_percentile_of_the_norms_up_to_there(lengths, percentile):
    thresholds = autoclip(lengths, percentile)
    for step in range(len(lengths)):
        assert thresholds[step] == np.percentile(lengths[: step + 1], percentile)


def test_norms_that_are_not_finite_are_left_out():
    lengths = [np.nan, 1.0, np.inf, 3.0]
    assert_array_equal(autoclip(lengths, 100), [np.nan, 1.0, 1.0, 3.0])


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="percentile must be from 0 to 100, got 101"):
        autoclip([1.0], 101)
    with pytest.raises(ValueError, match="norms must have shape"):
        autoclip([[1.0]], 50)
