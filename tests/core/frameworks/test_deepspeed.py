"""DeepSpeed's formula, against the lines of its source executed in PyTorch."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from core.frameworks.deepspeed import compute
from core.frameworks.entries import Skipped
from core.frameworks.precisions import Precision

SINGLE = Precision.FLOAT32


@given(
    st.lists(st.integers(-300, 300), min_size=1, max_size=8),
    st.floats(0.01, 1000),
    st.sampled_from([1.0, 65536.0]),
)
def test_it_unscales_and_clips_as_its_source(row, threshold, loss_scale):
    grad = torch.tensor(row, dtype=torch.float32) * loss_scale
    total_norm = torch.linalg.vector_norm(grad)
    # unscale_and_clip_grads in deepspeed/runtime/zero/stage_1_and_2.py, 0.19.8
    clip = ((total_norm / loss_scale) + 1e-6) / threshold
    clip = torch.clamp(clip, min=1.0)
    grad.mul_(1.0 / (clip * loss_scale))
    (found,) = compute(threshold, (np.float32(row),), SINGLE).tensors
    assert_array_equal(found, grad.numpy())


@pytest.mark.parametrize("row", [[math.inf, 1], [math.nan, 1], [3e38, 1]])
def test_a_norm_that_is_not_finite_skips_the_step_but_in_bfloat16(row):
    tensors = (np.float32(row),)
    assert isinstance(compute(1.0, tensors, SINGLE), Skipped)
    (found,) = compute(1.0, tensors, Precision.BFLOAT16).tensors
    assert found[1] == 0 or np.isnan(row[0])


def test_zero_or_less_is_off():
    for threshold in (0.0, -1.0):
        (found,) = compute(threshold, (np.float32([3, 4]),), SINGLE).tensors
        assert_array_equal(found, [3, 4])


def test_it_divides_by_the_norm_and_1e_6_over_the_threshold():
    (found,) = compute(5.0, (np.float32([3, 4]),), SINGLE).tensors
    np.testing.assert_allclose(found, np.array([3, 4]) / (5.000001 / 5), rtol=1e-7)
    assert found[0] < 3
