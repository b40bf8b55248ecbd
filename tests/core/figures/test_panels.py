import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.figures.panels import ticks


@given(st.lists(st.floats(1e-30, 1e30), min_size=1, max_size=5))
def test_the_ticks_of_a_logarithmic_axis_say_what_they_are_and_reach_all_values(values):
    found = ticks([*values, np.nan, 0.0, np.inf])
    said = [re.sub(r"(?:(\d)·)?10<sup>(-?\d+)</sup>", power, text) for text in found["ticktext"]]
    assert_allclose([float(text) for text in said], found["tickvals"])
    assert 2 <= len(said) <= 10
    *_, last, end = found["tickvals"]
    assert found["tickvals"][0] <= min(values) * (1 + 1e-9)
    assert max(values) <= end * (end / last) * (1 + 1e-9)  # the next one
    assert len(set(found["ticktext"])) == len(said)


def power(written):
    return f"{written[1] or 1}e{written[2]}"


def test_an_axis_without_values_has_ticks_too():
    assert ticks([np.nan])["ticktext"] == ["1", "2", "5", "10", "20", "50"]
