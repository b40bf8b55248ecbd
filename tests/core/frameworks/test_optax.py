"""What Optax computes, by hand; against Optax itself in `test_registry`."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import Clipper
from core.frameworks.optax import clip, clip_by_block_rms, clip_by_global_norm, code
from core.frameworks.precisions import Precision
from tests.core.frameworks.cases import KINDS

INF, NAN = math.inf, math.nan
SINGLE = Precision.FLOAT32


def single(*row):
    return (np.float32(row),)


@pytest.mark.parametrize(
    ("row", "threshold", "after"),
    [
        ([3, 4], 0.0, [0, 0]),
        ([0, 0], 0.0, [NAN, NAN]),
        ([0, 0], 1.0, [0, 0]),
        ([3, 4], -1.0, [-0.6, -0.8]),
        ([INF, 1], 1.0, [NAN, 0]),
        ([3e38, 1], 1.0, [0, 0]),
        ([NAN, 1], 1.0, [NAN, NAN]),
        ([3, 4], 5.0, [3, 4]),
    ],
)
def test_the_global_norm(row, threshold, after):
    (found,) = clip_by_global_norm(single(*row), threshold, SINGLE).tensors
    assert_allclose(found, after, rtol=1e-6)


def test_division_by_one_number_is_multiplication_by_its_inverse():
    # 3 / 5 is 0.6 in float64, and 3 times the rounded 1 / 5 is not.
    (found,) = clip_by_global_norm((np.array([3.0, 4.0]),), 1.0, Precision.FLOAT64).tensors
    assert found.tolist() == [0.6000000000000001, 0.8]


def test_the_block_rms_caps_the_norm_at_the_threshold_times_the_root_of_the_size():
    (found,) = clip_by_block_rms(single(3, 4), 1.0, SINGLE).tensors
    assert_allclose(found, [0.8485281, 1.1313709], rtol=1e-6)
    assert_allclose(np.linalg.norm(found), math.sqrt(2), rtol=1e-6)


def test_by_value_is_clamping():
    assert_array_equal(clip(single(INF, NAN, -3, 0.5), 1.0, SINGLE).tensors[0], [1, NAN, -1, 0.5])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("strategy", "rule"), KINDS)
def test_the_step_runs_compiled_and_clips_the_mean_of_what_is_accumulated(strategy, rule):
    optax, jax = pytest.importorskip("optax"), pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", False)
    clipper = Clipper(strategy, 0.5, rule)
    # With Adam in its place the steps would not show the clip.
    text = code(clipper).step.replace("optax.adam", "optax.sgd")
    names = {
        "optax": optax,
        "jax": jax,
        "jnp": jax.numpy,
        "learning_rate": 1.0,
        "accumulated": 2,
        "params": [jax.numpy.zeros(2), jax.numpy.zeros(1)],
        "loss_function": lambda p, x, y: -(p[0] @ x) - p[1][0] * y,
    }
    exec(text, names)
    params, state = names["params"], names["state"]
    for inputs, target in ((jax.numpy.array([2.0, 6.0]), 1.0), (jax.numpy.array([4.0, 2.0]), 3.0)):
        params, state = names["step"](params, state, inputs, target)
    found = np.concatenate([np.asarray(p) for p in params])
    assert_allclose(found, clipper(np.array([3.0, 4.0, 2.0]), (2, 1)), rtol=1e-5)
