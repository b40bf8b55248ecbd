"""Groups of layers hold the same numbers, each under the prefix of its name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from core.clipping import block_norms
from core.gradients.gradients import Gradients
from core.gradients.grouped import depths, grouped

PARTS = st.sampled_from(["a", "b", "0", "10", "weight", ""])
NAMES = st.lists(
    st.builds(
        lambda parts, mark: mark.join(parts),
        st.lists(PARTS, min_size=1, max_size=4),
        st.sampled_from("./"),
    ),
    min_size=1,
    max_size=12,
    unique=True,
)


def gradients_of(names, sizes=None):
    """Return gradients of two steps in which every number is another."""
    sizes = sizes or [i % 3 + 1 for i in range(len(names))]
    values = np.arange(2 * sum(sizes), dtype=np.float32).reshape(2, -1)
    shapes = tuple((size, 1) for size in sizes)
    return Gradients(tuple(names), shapes, (3, 7), values, "npz", ("a warning",))


def test_by_hand():
    names = ["conv.0.weight", "fc.weight", "conv.1.weight", "conv.0.bias", "scale"]
    given_ = gradients_of(names, [2, 1, 1, 3, 1])
    assert depths(names) == (0, 1, 2)
    whole = grouped(given_, 1)
    assert whole.names == ("conv", "fc", "scale")
    assert whole.shapes == ((6,), (1,), (1,))
    assert_array_equal(whole.values[0], [0, 1, 3, 4, 5, 6, 2, 7])
    modules = grouped(given_, 2)
    assert modules.names == ("conv.0", "fc", "conv.1", "scale")
    assert_array_equal(modules.values[1], [8, 9, 12, 13, 14, 10, 11, 15])
    assert (modules.steps, modules.format, modules.warnings) == ((3, 7), "npz", ("a warning",))


def test_modules_of_any_depth_are_reached_at_once():
    names = ["fc.weight", "fc.bias", "blocks.0.attention.q.weight", "blocks.0.attention.q.bias"]
    assert grouped(gradients_of(names), depths(names)[-1]).names[0] == "fc"
    assert len(grouped(gradients_of(names), 9).names) == 2


def test_slashes_where_there_is_no_dot():
    names = ["dense/kernel:0", "dense/bias:0", "head/kernel:0"]
    assert depths(names) == (0, 1)
    assert grouped(gradients_of(names), 1).names == ("dense", "head")


@pytest.mark.parametrize("names", [["weight"], ["a", "b"], ["a.weight", "b.weight"]])
def test_where_each_tensor_is_its_own_group_there_is_nothing_to_choose(names):
    assert depths(names) == (0,)


@given(NAMES)
def test_every_depth_is_another_grouping_and_no_other_is_left(names):
    given_ = gradients_of(names)

    def grouping(depth):
        """Return which sets of tensors are together, each named by its first number."""
        found = grouped(given_, depth)
        starts = np.cumsum((0, *found.layers[:-1]))
        parts = np.split(found.values[0], starts[1:])
        return tuple(sorted(tuple(sorted(part)) for part in parts))

    offered = [grouping(depth) for depth in depths(names)]
    assert len(set(offered)) == len(offered)
    assert {grouping(depth) for depth in range(6)} == set(offered)


@given(NAMES, st.integers(0, 5))
def test_no_number_is_lost_and_whole_norms_stay(names, depth):
    given_ = gradients_of(names)
    found = grouped(given_, depth)
    assert sum(found.layers) == found.values.shape[1]
    assert_array_equal(np.sort(found.values, axis=1), given_.values)
    squares = block_norms(found.values, found.layers).astype(float) ** 2
    expected = (given_.values.astype(float) ** 2).sum(axis=1)
    np.testing.assert_allclose(squares.sum(axis=1), expected, rtol=1e-5)


def test_what_is_in_order_is_not_copied():
    given_ = gradients_of(["a.x", "a.y", "b.x"])
    assert grouped(given_, 1).values is given_.values
    assert grouped(given_, 0) is given_


def test_a_depth_below_0_is_refused():
    with pytest.raises(ValueError, match="must be 0 or more, got -1"):
        grouped(gradients_of(["a"]), -1)
