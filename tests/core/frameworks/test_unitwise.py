"""By hand, and against Optax where it is installed (`adaptive_grad_clip` in `test_registry`)."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.frameworks.precisions import Precision
from core.frameworks.unitwise import (
    adaptive_grad_clip,
    per_example_global_norm_clip,
    unitwise_norm,
)

SINGLE = Precision.FLOAT32


@pytest.mark.parametrize(
    ("shape", "axes"),
    [((4,), None), ((3, 4), 0), ((2, 3, 4), 0), ((2, 3, 4, 5), (0, 1, 2)), ((1, 4), None)],
)
def test_a_unit_is_a_column_or_a_vector(shape, axes):
    numbers = np.random.default_rng(0).standard_normal(shape)
    expected = np.sqrt(np.sum(numbers**2, axis=axes, keepdims=True))
    found = unitwise_norm(numbers, Precision.FLOAT64)
    assert_allclose(found, np.broadcast_to(expected, shape), rtol=1e-14)


def test_more_than_five_axes_are_refused():
    with pytest.raises(ValueError, match="at most 5 axes, got 6"):
        unitwise_norm(np.ones((2,) * 6), SINGLE)


def test_a_unit_keeps_a_share_of_the_norm_of_its_weights():
    gradient, weights = np.float32([[3, 1], [4, 0]]), np.float32([[1, 0], [1, 0]])
    (found,) = adaptive_grad_clip((gradient,), (weights,), 0.01, SINGLE).tensors
    assert_allclose(found, [[0.00848528, 1e-5], [0.01131371, 0]], rtol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_examples_are_clipped_one_by_one():
    gradients = (np.float32([[0, 0, 0], [0, 3, 4], [4, 0, 3], [3, 4, 0]]),)
    for threshold, sums, count in ((1.25, 1.75, 3), (0.0, 0, 3), (100.0, 7, 0)):
        found, clipped = per_example_global_norm_clip(gradients, threshold)
        assert_allclose(found[0], np.full(3, sums), rtol=1e-6)
        assert clipped == count
    optax = pytest.importorskip("optax")
    expected, clipped = optax.per_example_global_norm_clip(list(gradients), 1.25)
    assert_allclose(per_example_global_norm_clip(gradients, 1.25)[0], expected, rtol=1e-6)
