import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.gradients.reading import first_reading, threshold_for_share

NORMS = st.lists(
    st.sampled_from([0.0, 1.0, 2.0, np.nan, np.inf]) | st.floats(0, 1e30), min_size=1
).filter(lambda it: np.isfinite(it).any())


@pytest.mark.parametrize(
    ("threshold", "kind", "share"),
    [(9.5, "a safety net", 0.1), (5.0, "a step-size limiter", 0.5), (0.5, "a normalizer", 1.0)],
)
def test_the_three_kinds(threshold, kind, share):
    reading = first_reading([*range(1, 11), np.nan, np.inf], threshold)
    assert reading.kind == kind
    assert reading.share == share
    assert f"clipping is {kind}: it acts on {100 * share:.1f}% of the steps" in reading.sentence


def test_length_lost_and_percentiles():
    reading = first_reading([1.0, 2.0, 4.0, 1.0], 1.0)
    assert_allclose([reading.mean_loss, reading.worst_loss], [(0.5 + 0.75) / 4, 0.75])
    assert dict(reading.percentiles)[50] == 1.0
    assert dict(reading.percentiles)[100] == 4.0


def test_where_nothing_is_clipped_it_says_so():
    assert first_reading([1.0, 0.0], 1.0).sentence.endswith("it acts on no step.")


@given(NORMS, st.floats(0, 1))
def test_a_threshold_for_a_share_is_the_smallest_norm_that_keeps_it(norms, share):
    finite = np.array(norms)[np.isfinite(norms)]
    threshold = threshold_for_share(norms, share)
    assert threshold in finite
    assert np.mean(finite > threshold) <= share
    smaller = finite[finite < threshold]
    if len(smaller):
        assert np.mean(finite > smaller.max()) > share


@given(NORMS, st.integers(0, 50), st.integers(1, 50))
def test_a_share_of_whole_steps_is_exact(norms, few, many):
    finite = np.unique(np.array(norms)[np.isfinite(norms)])
    few = min(few, many)
    norms = np.arange(many) + 1.0
    acts = np.mean(norms > threshold_for_share(norms, few / many))
    assert acts == min(few, many - 1) / many
    assert len(finite)


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="No norm is a finite number"):
        first_reading([np.nan, np.inf], 1.0)
    with pytest.raises(ValueError, match="not a positive number"):
        first_reading([1.0], 0.0)
    with pytest.raises(ValueError, match="not from 0 to 1"):
        threshold_for_share([1.0], np.nan)
