import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from core.excerpt import largest
from tests.cases import layered_gradients, parts


@given(layered_gradients(), st.integers(1, 70))
def test_the_largest_coordinates_stay_in_order_and_in_their_layers(case, count):
    gradient, layers = case
    values, kept = largest(gradient, layers, count)
    assert len(values) == sum(kept) == min(count, len(gradient))
    shortest = np.sort(np.abs(gradient))[-len(values)]
    assert np.abs(values).min() == shortest
    certain = [part[np.abs(part) > shortest] for part in parts(gradient, layers)]
    assert_array_equal(values[np.abs(values) > shortest], np.concatenate(certain))
    found = iter(parts(values, kept))
    for part in certain:
        if len(part):
            assert any(set(part) <= set(other) for other in found)


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="count must be at least 1"):
        largest(np.ones(2), (2,), 0)
    with pytest.raises(ValueError, match="layers must add up to 2, got 3"):
        largest(np.ones(2), (3,), 1)
