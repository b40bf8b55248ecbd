"""What Keras computes, by hand; against Keras itself in `test_registry`."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import Clipper
from core.frameworks.entries import Raised, SparseRows
from core.frameworks.keras import PLACE, code, compute
from core.frameworks.precisions import Precision
from core.strategies import Strategy
from tests.core.frameworks.cases import KINDS

SINGLE = Precision.FLOAT32
G = (np.float32([3, 4]), np.float32([0.3, 0.4]))


def test_clipnorm_is_per_variable_and_global_clipnorm_is_not():
    own = compute(Clipper(Strategy.LAYER, 1.0), G, SINGLE).tensors
    assert_allclose(np.concatenate(own), [0.6, 0.8, 0.3, 0.4], rtol=1e-6)
    whole = compute(Clipper(Strategy.GLOBAL, 1.0), G, SINGLE).tensors
    assert_allclose(np.concatenate(whole) * math.sqrt(25.25), [3, 4, 0.3, 0.4], rtol=1e-6)
    value = compute(Clipper(Strategy.VALUE, 1.0), G, SINGLE).tensors
    assert_allclose(np.concatenate(value), [1, 1, 0.3, 0.4], rtol=1e-6)


@pytest.mark.parametrize("threshold", [0.0, -1.0, math.nan])
@pytest.mark.parametrize("strategy", Strategy)
def test_what_is_not_positive_is_off(strategy, threshold):
    found = compute(Clipper(strategy, threshold), G, SINGLE).tensors
    assert_array_equal(np.concatenate(found), np.concatenate(G))


def test_without_any_gradient_it_raises():
    assert isinstance(compute(Clipper(Strategy.GLOBAL, 1.0), (None,), SINGLE), Raised)
    assert compute(Clipper(Strategy.GLOBAL, 1.0), (), SINGLE).tensors == ()


def test_under_the_global_norm_sparse_rows_become_a_matrix():
    rows = SparseRows((0, 0), np.float32([[3], [4]]), 2)
    (found,) = compute(Clipper(Strategy.GLOBAL, 1.0), (rows,), SINGLE).tensors
    assert_allclose(found, [[1.4], [0]], rtol=1e-6)  # of the norm 5, not of 7


@pytest.mark.filterwarnings("ignore")
def test_only_one_setting_is_allowed():
    keras = pytest.importorskip("keras")
    assert "two raise ValueError" in PLACE
    with pytest.raises(ValueError, match="Only one of"):
        keras.optimizers.SGD(clipnorm=1.0, clipvalue=1.0)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("strategy", "rule"), KINDS)
def test_the_code_trains_a_model(strategy, rule):
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    inputs, targets = np.ones((4, 2), np.float32) * [3, 4], np.ones((4, 1), np.float32)
    names = {
        "keras": keras,
        "model": model,
        "inputs": inputs,
        "targets": targets,
        "learning_rate": 1.0,
        "loss_function": "mse",
    }
    model.build((4, 2))
    exec(code(Clipper(strategy, 0.5, rule)).step, names)  # the gradient is -2 (3, 4)
    expected = Clipper(strategy, 0.5, rule)(np.array([6.0, 8.0]), (2,))
    assert_allclose(model.get_weights()[0].ravel(), expected, rtol=1e-5)
