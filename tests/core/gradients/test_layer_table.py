"""A table of layers tells what NumPy tells of each layer alone."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import block_norms
from core.gradients.gradients import Gradients
from core.gradients.layer_table import layer_table
from core.gradients.slabs import ROOM
from core.gradients.tails import tail_index
from tests.cases import DTYPES

COLUMNS = ("norms", "shares", "largest", "peaks", "tail_indices")


def gradients_of(values, sizes):
    values = np.atleast_2d(values)
    names = tuple(f"layer{i}" for i in range(len(sizes)))
    steps = tuple(range(10, 10 + len(values)))
    return Gradients(names, tuple((size,) for size in sizes), steps, values, "made")


@st.composite
def many(draw):
    """Draw gradients of a few steps, with zeros, layers of one number and longer ones."""
    sizes = draw(st.lists(st.sampled_from([1, 2, 7, 100, 1200]), min_size=1, max_size=5))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    values = rng.standard_t(3, (draw(st.integers(1, 4)), sum(sizes)))
    values[rng.random(values.shape) < draw(st.sampled_from([0, 0.3]))] = 0
    return gradients_of(values.astype(draw(st.sampled_from(DTYPES))), sizes)


@given(many())
def test_one_step_is_what_each_layer_is_alone(given_):
    parts = np.split(given_.values[-1].astype(np.float64), np.cumsum(given_.layers)[:-1])
    table = layer_table(given_, given_.steps[-1])
    error = 1e-5
    assert_allclose(table.norms, block_norms(given_.values[-1], given_.layers), rtol=error)
    assert_array_equal(table.largest, [np.abs(part).max() for part in parts])
    whole = sum(part @ part for part in parts)
    expected = [part @ part / whole if whole else math.nan for part in parts]
    assert_allclose(table.shares, expected, rtol=error)
    peaks = [
        np.abs(part).max() / np.sqrt(np.mean(part**2)) if part.any() else math.nan for part in parts
    ]
    assert_allclose(table.peaks, peaks, rtol=error)
    assert_allclose(table.tail_indices, [tail_index(part) for part in parts], rtol=1e-3)
    assert_array_equal(table.sizes, given_.layers)
    assert (table.steps, table.skipped) == (1, ())


@given(many())
def test_all_steps_are_the_medians_of_them(given_):
    each = [layer_table(given_, step) for step in given_.steps]
    table = layer_table(given_)
    for column in COLUMNS:
        rows = np.array([getattr(one, column) for one in each])
        expected = [
            np.median(some) if len(some := row[~np.isnan(row)]) else math.nan for row in rows.T
        ]
        assert_allclose(getattr(table, column), expected, rtol=1e-12)


@given(many(), st.integers(-30, 30))
def test_scale_changes_only_norms(given_, power):
    wide = given_.values.astype(np.float64)
    given_ = replace(given_, values=wide)
    scaled = layer_table(replace(given_, values=wide * 10.0 ** (10 * power)))
    table = layer_table(given_)
    for column in ("shares", "peaks", "tail_indices"):
        assert_allclose(getattr(scaled, column), getattr(table, column), rtol=1e-9)
    assert_allclose(scaled.norms, table.norms * 10.0 ** (10 * power), rtol=1e-9)


def test_squares_out_of_range_of_single_precision():
    for scale in (1e-38, 1e-30, 1e30, 1e38):
        values = (np.array([3, 4, 0, 0, 0, 12]) * scale / 13).astype(np.float32)
        table = layer_table(gradients_of(values, (5, 1)))
        assert_allclose(table.norms, np.array([5, 12]) * scale / 13, rtol=1e-5)
        assert_allclose(table.shares, [25 / 169, 144 / 169], rtol=1e-5)
        assert_allclose(table.peaks, [4 / math.sqrt(5), 1], rtol=1e-5)


def test_steps_that_are_not_finite_are_told_and_left_out():
    values = np.array([[1.0, 2, 2], [math.nan, math.inf, 5], [3, 4, 0]])
    table = layer_table(gradients_of(values, (2, 1)))
    assert_array_equal(table.not_finite, [2, 0])
    assert (table.steps, table.skipped) == (2, (11,))
    assert_allclose(table.norms, [(math.sqrt(5) + 5) / 2, 1])
    alone = layer_table(gradients_of(values, (2, 1)), 11)
    assert_array_equal(alone.not_finite, [2, 0])
    assert (alone.steps, alone.skipped) == (0, (11,))
    for column in COLUMNS:
        assert np.isnan(getattr(alone, column)).all()


def test_zero_gradients_have_norms_and_no_shares():
    table = layer_table(gradients_of(np.zeros(5), (4, 1)))
    assert_array_equal(table.norms, 0)
    assert_array_equal(table.largest, 0)
    assert np.isnan(table.shares).all()
    assert np.isnan(table.peaks).all()


def test_layers_longer_than_what_is_copied_at_a_time():
    values = np.ones((3, ROOM // 2 + 1), np.float32) * np.array([[1], [5], [2]], np.float32)
    table = layer_table(gradients_of(values, (ROOM // 2 + 1,)))
    assert_allclose(table.norms, 2 * math.sqrt(ROOM // 2 + 1))
    assert_allclose(table.peaks, 1)


def test_a_step_that_is_not_there_is_refused():
    given_ = gradients_of(np.ones((7, 1)), (1,))
    with pytest.raises(ValueError, match=r"no step 3; the steps are 10, 11, 12, 13, 14, … 16\."):
        layer_table(given_, 3)
