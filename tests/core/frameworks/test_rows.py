import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from core.frameworks.rows import parse_row

NAN, INF = math.nan, math.inf
numbers = st.floats(width=32) | st.sampled_from([NAN, INF, -INF, 0.0])
tensors = st.none() | st.lists(numbers, min_size=1, max_size=5) | st.just([])


def write(tensor):
    if tensor is None:
        return "None"
    return ", ".join(map(repr, tensor)) if tensor else "[]"


@given(st.lists(tensors, min_size=1, max_size=8))
def test_what_is_written_with_bars_is_read_back(row):
    found = parse_row(" | ".join(map(write, row)))
    assert len(found) == len(row)
    for one, other in zip(found, row, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            assert one.dtype == np.float64
            assert_array_equal(one, np.array(other, float))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("[tensor([3., nan]), None, tensor([inf])]", [[3, NAN], None, [INF]]),
        ("tensor([])", [[]]),
        ("3 4\nnan 2", [[3, 4], [NAN, 2]]),
        ("{'a': [1, 2], 'b': None}", [[1, 2], None]),
        ("−∞, Infinity, -NaN", [[-INF, INF, NAN]]),
        ("None", [None]),
        ("[[], [1]]", [[], [1]]),
        (
            "<tf.Tensor: shape=(2,), dtype=float32, numpy=array([ 3., nan], dtype=float32)>",
            [[3, NAN]],
        ),
    ],
)
def test_what_people_paste_is_read(text, row):
    found = parse_row(text)
    assert len(found) == len(row)
    for one, other in zip(found, row, strict=True):
        assert (one is other is None) or np.array_equal(one, other, equal_nan=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("3 | | 4", "number is missing"),
        ("1,,2", "number is missing"),
        ("[3, None]", "stand for a whole tensor"),
        ("1e400", "write inf"),
        ("1e-400", "write 0"),
        ("3, x", "`x` is not a number"),
        ("1 " * 65, "65 numbers"),
        ("1 | " * 16 + "1", "17 tensors"),
        ("1" * 20_001, "characters"),
        ("[1, 2", "not closed"),
    ],
)
def test_what_is_refused_says_why_and_what_is_accepted(text, said):
    with pytest.raises(ValueError, match=said) as error:
        parse_row(text)
    assert "Accepted: up to 64 numbers, nan, inf" in str(error.value)


@given(st.text(max_size=40) | st.text("[]()|,;. 0naninfoe\n-", max_size=40))
def test_any_text_is_read_or_refused(text):
    try:
        row = parse_row(text)
    except ValueError as error:
        assert "Accepted" in str(error)  # noqa: PT017, because most texts are refused
    else:
        assert row
