import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.frameworks.precisions import Precision

every_precision = pytest.mark.parametrize("precision", Precision)
singles = st.floats(width=32)


def in_torch(numbers, precision):
    """Round to a type in PyTorch, and write the same numbers in the wide type."""
    wide = getattr(torch, precision.wide.value)
    return torch.tensor(numbers).to(getattr(torch, precision.value)).to(wide).numpy()


@every_precision
@given(numbers=st.lists(singles, min_size=1, max_size=20))
def test_numbers_are_rounded_as_pytorch_does(precision, numbers):
    numbers = np.array(numbers, np.float32)
    np.testing.assert_array_equal(precision.round(numbers), in_torch(numbers, precision))


@every_precision
@given(number=singles)
def test_what_is_written_reads_back_as_the_same_number(precision, number):
    number = precision.round(number)
    text = precision.write(float(number))
    np.testing.assert_array_equal(precision.read(text), number)


@given(number=st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_of_float32_the_fewest_digits_are_those_that_numpy_writes(number):
    digits = np.format_float_scientific(np.float32(number), trim="-")
    assert float(Precision.FLOAT32.write(np.float32(number))) == float(digits)


@pytest.mark.parametrize(
    ("precision", "largest", "next_one"),
    [
        (Precision.FLOAT16, 65504.0, 65520.0),
        (Precision.BFLOAT16, 3.3895313892515355e38, 3.4e38),
        (Precision.FLOAT32, 3.4028234663852886e38, 3.5e38),
        (Precision.FLOAT64, 1.7976931348623157e308, np.inf),
    ],
)
def test_beyond_the_largest_number_lies_infinity(precision, largest, next_one):
    assert precision.round(largest) == largest
    assert precision.round(next_one) == np.inf
    assert precision.has(largest)
    assert precision.has(next_one) == (next_one == np.inf)
    assert precision.has(np.nan)


@every_precision
def test_only_what_is_subnormal_is_flushed(precision):
    tiny = float(np.finfo(precision.wide.value).tiny)
    found = precision.flushed([tiny, -tiny, tiny / 2, -tiny / 4, np.nan, np.inf])
    held = precision.round([tiny, -tiny, 0, 0, np.nan, np.inf])
    np.testing.assert_array_equal(found, held)
