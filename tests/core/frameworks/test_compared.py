"""What is written of a framework reads back, to the last digit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clipping import Clipper
from core.frameworks.compared import EXACT, compare, tensors_of, write_tensors
from core.frameworks.lab import ROWS_TWICE, cases, typed
from core.frameworks.precisions import Precision
from core.frameworks.rows import parse_row
from core.strategies import Strategy

NUMBERS = st.lists(st.floats(width=32) | st.sampled_from([0.0, -0.0]), min_size=1, max_size=5)


@given(st.lists(NUMBERS | st.none(), min_size=1, max_size=3), st.sampled_from(Precision))
def test_what_is_written_is_read_back_by_the_lab(tensors, precision):
    given = typed(tuple(t if t is None else np.array(t) for t in tensors), precision)
    read = parse_row(write_tensors(given, precision))
    assert len(read) == len(given)
    for back, tensor in zip(read, given, strict=True):
        if tensor is None:
            assert back is None
        else:
            np.testing.assert_array_equal(precision.round(back), tensor)


@pytest.mark.parametrize("strategy", Strategy)
def test_the_first_row_is_what_clip_does(strategy):
    clipper = Clipper(strategy, 1.0)
    gradient, layers = [3.0, 4.0, 0.3, 0.4], (2, 2)
    rows = compare(clipper, tensors_of(gradient, layers), Precision.FLOAT64)
    assert rows[0].name == EXACT
    found = np.concatenate(parse_row(rows[0].outcome))
    np.testing.assert_allclose(found, clipper(gradient, layers), rtol=1e-15)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_case_is_written_for_every_framework(case):
    rows = compare(Clipper(Strategy.GLOBAL, case.threshold), case.tensors, case.precision)
    assert len({row.name for row in rows}) == len(rows) >= 9
    assert all(row.outcome for row in rows)


def test_sparse_rows_and_long_tensors_are_cut_to_what_can_be_read():
    assert write_tensors((ROWS_TWICE,), Precision.FLOAT64).startswith("row 0: 3, 4; row 2: ")
    assert write_tensors((np.zeros(20),), Precision.FLOAT64).endswith("0, and 4 more")
