"""What TensorFlow computes, by hand; against TensorFlow itself in `test_registry`."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import Clipper
from core.frameworks.entries import SparseRows
from core.frameworks.precisions import Precision
from core.frameworks.tensorflow import (
    clip_by_average_norm,
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    code,
)
from core.strategies import Strategy
from tests.core.frameworks.cases import KINDS

INF, NAN = math.inf, math.nan
SINGLE = Precision.FLOAT32
G = (np.float32([3, 4]), np.float32([0.3, 0.4]))


def test_by_norm_is_per_tensor_and_by_global_norm_is_not():
    own, other = clip_by_norm(G, 1.0, SINGLE).tensors
    assert_allclose(own, [0.6, 0.8], rtol=1e-6)
    assert_allclose(other, [0.3, 0.4], rtol=1e-6)
    own, other = clip_by_global_norm(G, 1.0, SINGLE).tensors
    assert_allclose(np.append(own, other) * math.sqrt(25.25), [3, 4, 0.3, 0.4], rtol=1e-6)


@pytest.mark.parametrize("row", [[INF, 1], [NAN, 1], [3e38, 1]])
def test_a_global_norm_that_is_not_finite_makes_all_nan(row):
    found = clip_by_global_norm((np.float32(row), G[0]), 1.0, SINGLE)
    assert all(np.isnan(tensor).all() for tensor in found.tensors)


def test_per_tensor_what_is_finite_becomes_zero_beside_infinity():
    assert_array_equal(clip_by_norm((np.float32([INF, 1]),), 1.0, SINGLE).tensors[0], [NAN, 0])


def test_a_threshold_below_zero_is_ignored_by_the_global_norm_and_zero_for_the_other():
    assert_array_equal(clip_by_global_norm(G, -1.0, SINGLE).tensors[0], G[0])
    assert_array_equal(clip_by_norm(G, -1.0, SINGLE).tensors[0], [0, 0])


def test_no_tensors_have_a_norm_of_zero():
    assert clip_by_global_norm((), 1.0, SINGLE).norm == 0
    assert clip_by_global_norm((None,), 1.0, SINGLE).tensors == (None,)


def test_the_average_norm_is_divided_by_the_count():
    (found,) = clip_by_average_norm(G[:1], 1.0, SINGLE).tensors
    assert_allclose(found, [1.2, 1.6], rtol=1e-6)


def test_by_value_nan_stays():
    (found,) = clip_by_value((np.float32([NAN, INF, -3, 0.5]),), 1.0, SINGLE).tensors
    assert_array_equal(found, [NAN, 1, -1, 0.5])


def test_sparse_rows_stay_sparse_and_count_twice():
    rows = SparseRows((0, 0), np.float32([[3], [4]]), 2)
    (found,) = clip_by_global_norm((rows,), 1.0, SINGLE).tensors
    assert_allclose(found.to_dense(), [[1.4], [0]], rtol=1e-6)  # of the norm 5, not of 7


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("strategy", "rule"), KINDS)
def test_the_step_follows_clipped_gradients(strategy, rule):
    tf = pytest.importorskip("tensorflow")
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.layers.Dense(2), keras.layers.Dense(1)])
    inputs, targets = tf.ones((4, 3)), tf.ones((4, 1)) * 5
    model(inputs)
    loss_function = keras.losses.MeanSquaredError()
    with tf.GradientTape() as tape:
        loss = loss_function(targets, model(inputs))
    gradients = [g.numpy() for g in tape.gradient(loss, model.trainable_variables)]
    before = model.get_weights()
    clipper = Clipper(strategy, 0.25, rule)
    names = {
        "tf": tf,
        "model": model,
        "inputs": inputs,
        "targets": targets,
        "loss_function": loss_function,
        "optimizer": keras.optimizers.SGD(1.0),
    }
    exec(code(clipper).step, names)
    moved = [one - other for one, other in zip(before, model.get_weights(), strict=True)]
    whole = np.concatenate([g.ravel() for g in gradients])
    expected = clipper(whole, tuple(g.size for g in gradients))
    assert_allclose(np.concatenate([m.ravel() for m in moved]), expected, rtol=1e-4, atol=1e-6)


def test_only_the_clips_are_native():
    assert code(Clipper(Strategy.LAYER, 1.0)).text.count("tf.clip_by_norm") == 1
