import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clipping import Clipper, Rule
from core.frameworks.entries import Raised, Skipped, SparseRows
from core.frameworks.precisions import Precision
from core.frameworks.registry import FRAMEWORKS
from core.frameworks.remarks import exact, remark
from core.strategies import Strategy

NAN, INF = math.nan, math.inf
SINGLE, HALF = Precision.FLOAT32, Precision.FLOAT16
BY_NORM, BY_VALUE = Strategy.GLOBAL, Strategy.VALUE


@pytest.mark.parametrize(
    ("name", "strategy", "rule", "row", "threshold", "precision", "said"),
    [
        ("PyTorch", BY_NORM, Rule.CLIP, [3, 4], 5, SINGLE, "shorter than the projection"),
        ("PyTorch", BY_NORM, Rule.CLIP, [6e-7, 8e-7], 1e-6, SINGLE, "by a share 5.0e-01"),
        ("TensorFlow", BY_NORM, Rule.CLIP, [3, 4], 5, SINGLE, ""),
        ("Keras", BY_NORM, Rule.CLIP, [3e38, 1], 1, SINGLE, "squares are out of range"),
        ("PyTorch", BY_NORM, Rule.CLIP, [3e38, 1], 1, SINGLE, "Everything becomes 0"),
        ("TensorFlow", BY_NORM, Rule.CLIP, [1e-4, 2e-4], 1e-4, HALF, "Nothing is clipped: the sq"),
        ("Keras", BY_NORM, Rule.CLIP, [3, 4], 0, SINGLE, "Nothing is clipped."),
        ("PyTorch", BY_NORM, Rule.CLIP, [3, 4], 0, SINGLE, "Every number becomes 0."),
        ("PyTorch", BY_NORM, Rule.CLIP, [3, 4], -1, SINGLE, "turned around"),
        ("PyTorch", BY_VALUE, Rule.CLIP, [3, 4], -1, SINGLE, "Every number becomes -1"),
        ("TensorFlow", BY_NORM, Rule.CLIP, [0, 0], 0, SINGLE, "0 is divided by 0"),
        ("PyTorch", BY_NORM, Rule.CLIP, [0, 0], 0, SINGLE, ""),
        ("PyTorch", BY_NORM, Rule.CLIP, [NAN, 1], 1, SINGLE, "NaN spreads"),
        ("PyTorch", BY_VALUE, Rule.CLIP, [NAN, 1], 1, SINGLE, "NaN stays alone"),
        ("PyTorch", BY_VALUE, Rule.NORMALIZE, [NAN, 1], 1, SINGLE, "NaN is hidden"),
        ("PyTorch", BY_NORM, Rule.CLIP, [INF, 1], 1, SINGLE, "become 0, and infinity NaN"),
        ("Keras", BY_NORM, Rule.CLIP, [INF, 1], 1, SINGLE, "becomes NaN"),
        ("Keras", BY_VALUE, Rule.CLIP, [INF, 1], 1, SINGLE, "brought to the threshold"),
        ("PyTorch", BY_NORM, Rule.CLIP, [], 1, SINGLE, ""),
    ],
)
def test_what_surprises_is_said(name, strategy, rule, row, threshold, precision, said):
    clipper = Clipper(strategy, float(threshold), rule)
    tensors = (precision.round(np.array(row, float)),)
    found = remark(
        FRAMEWORKS[name].compute(clipper, tensors, precision), clipper, tensors, precision
    )
    assert said in found
    assert bool(said) == bool(found)


def test_exceptions_and_skipped_steps_are_said():
    clipper, tensors = Clipper(BY_NORM, 1.0), (np.float32([3, 4]),)
    assert "RuntimeError" in remark(Raised("RuntimeError", "no"), clipper, tensors, SINGLE)
    assert "skips the step" in remark(Skipped(), clipper, tensors, SINGLE)


def test_rows_that_come_twice_are_said():
    rows = (SparseRows((0, 0), np.float32([[3], [4]]), 2),)
    clipper = Clipper(BY_NORM, 1.0)
    found = FRAMEWORKS["TensorFlow"].compute(clipper, rows, SINGLE)
    assert "rows are clipped as they are stored" in remark(found, clipper, rows, SINGLE)


@given(
    st.lists(st.floats(0.01, 100), min_size=1, max_size=64),
    st.floats(0.1, 50),
    st.sampled_from(["TensorFlow", "Keras", "JAX with Optax"]),
    st.sampled_from([SINGLE, Precision.FLOAT64]),
)
def test_rounding_alone_is_not_spoken_of(row, threshold, name, precision):
    clipper, tensors = Clipper(BY_NORM, threshold), (precision.round(row),)
    found = FRAMEWORKS[name].compute(clipper, tensors, precision)
    assert not remark(found, clipper, tensors, precision)


def test_the_exact_projection_is_that_of_the_clipper_where_there_is_one():
    clipper = Clipper(Strategy.LAYER, 1.0)
    tensors = (np.float32([3, 4]), None, np.zeros(0), np.float32([0.5]))
    np.testing.assert_allclose(exact(clipper, tensors), [0.6, 0.8, 0.5])
    for row, threshold in (([NAN], 1.0), ([INF], 1.0), ([1.0], 0.0), ([1.0], -1.0), ([1.0], INF)):
        assert exact(Clipper(BY_NORM, threshold), (np.array(row),)) is None
    assert exact(clipper, (None,)) is None
