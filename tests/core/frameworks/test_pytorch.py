"""What PyTorch computes, against PyTorch and by hand."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from core.clipping import Clipper
from core.frameworks.entries import Raised, Result
from core.frameworks.precisions import Precision
from core.frameworks.pytorch import (
    clip_grad_norm,
    clip_grad_value,
    clip_grads_with_norm,
    code,
    compute,
    get_total_norm,
)
from tests.core.frameworks.cases import KINDS, differs, tensors_of
from tests.core.frameworks.runs import run_pytorch

INF, NAN = math.inf, math.nan
SINGLE = Precision.FLOAT32
whole_numbers = st.lists(
    st.lists(st.integers(-300, 300), max_size=6) | st.none(), min_size=1, max_size=4
)
any_numbers = st.lists(
    st.lists(st.floats(width=16) | st.floats(-10, 10), max_size=9) | st.none(), max_size=4
)
thresholds = st.sampled_from([0.1, 1.0, 5.0, 1e-6, 0.0, -2.0, 1e5]) | st.floats(1e-3, 1e3)
precisions = st.sampled_from(Precision)


def single(*rows):
    return tuple(np.array(row, np.float32) for row in rows)


@given(whole_numbers, thresholds, precisions, st.sampled_from(KINDS))
def test_of_whole_numbers_every_bit_is_that_of_pytorch(row, threshold, precision, kind):
    # Their squares and sums of squares are exact in float32, in any order.
    clipper, tensors = Clipper(kind[0], threshold, kind[1]), tensors_of(row, precision)
    found = run_pytorch(code(clipper).text, tensors, precision)
    assert not differs(compute(clipper, tensors, precision), found, precision)


@given(any_numbers, thresholds, precisions, st.sampled_from([1.0, 2.0, INF]))
def test_the_norm_and_what_it_leaves_are_those_of_pytorch(row, threshold, precision, norm_type):
    tensors = tensors_of(row, precision)
    text = (
        f"norm = torch.nn.utils.clip_grad_norm_(model.parameters(), {threshold}, "
        f'norm_type=float("{norm_type}"))'
    )
    found = clip_grad_norm(tensors, threshold, precision, norm_type)
    expected = run_pytorch(text, tensors, precision)
    assert not differs(found, expected, precision, is_exact=False)


@pytest.mark.parametrize("row", [[[INF, 1]], [[NAN, 1]], [[3e38, 1]]])
def test_a_norm_that_is_not_finite_raises_if_asked_to(row):
    tensors = tensors_of(row, SINGLE)
    text = "norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1, error_if_nonfinite=True)"
    found = get_total_norm(tensors, SINGLE, error_if_nonfinite=True)
    assert isinstance(found, Raised)
    assert not differs(found, run_pytorch(text, tensors, SINGLE), SINGLE)
    assert not isinstance(get_total_norm(single([3, 4]), SINGLE, error_if_nonfinite=True), Raised)


def test_both_halves_of_the_clip_are_those_of_pytorch():
    gradients = single([3, 4], [12])
    norm = get_total_norm(gradients, SINGLE)
    assert norm == 13 == torch.nn.utils.get_total_norm([torch.tensor(g) for g in gradients])
    parameter = torch.nn.Parameter(torch.zeros(2))
    parameter.grad = torch.tensor([3.0, 4.0])
    torch.nn.utils.clip_grads_with_norm_([parameter], 2.0, torch.tensor(7.0))
    found = clip_grads_with_norm(single([3, 4]), 2.0, np.float32(7), SINGLE)
    assert_array_equal(found.tensors[0], parameter.grad.numpy())


def test_foreach_is_speed_alone():
    for foreach in (True, False, None):
        text = f"norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.5, foreach={foreach})"
        tensors = single([3, 4], [5, -12, 0.5])
        found = run_pytorch(text, tensors, SINGLE)
        assert not differs(clip_grad_norm(tensors, 1.5, SINGLE), found, SINGLE)


# By hand


def test_the_sum_of_the_norm_and_1e_6_is_divided_by():
    found = clip_grad_norm(single([3, 4]), 5.0, SINGLE)
    assert found.norm == 5
    assert [SINGLE.write(x) for x in found.tensors[0]] == ["2.9999993", "3.999999"]
    (halved,) = clip_grad_norm(single([6e-7, 8e-7]), 1e-6, SINGLE).tensors
    np.testing.assert_allclose(halved, [3e-7, 4e-7], rtol=1e-6)


def test_a_threshold_of_zero_zeroes_and_one_below_turns_around():
    assert_array_equal(clip_grad_norm(single([3, 4]), 0.0, SINGLE).tensors[0], [0, 0])
    found = clip_grad_norm(single([3, 4]), -1.0, SINGLE).tensors[0]
    np.testing.assert_allclose(found, [-0.6, -0.8], rtol=1e-6)


def test_by_value_infinity_is_clamped_and_nan_stays():
    found = clip_grad_value(single([INF, -INF, NAN, 0.5, -3]), 1.0, SINGLE)
    assert_array_equal(found.tensors[0], [1, -1, NAN, 0.5, -1])
    assert clip_grad_value((), 1.0, SINGLE).type == "RuntimeError"
    assert clip_grad_value((None,), 1.0, SINGLE).type == "RuntimeError"


def test_infinity_and_overflow_leave_zeros():
    assert_array_equal(clip_grad_norm(single([INF, 1]), 1.0, SINGLE).tensors[0], [NAN, 0])
    assert_array_equal(clip_grad_norm(single([3e38, 1]), 1.0, SINGLE).tensors[0], [0, 0])


def test_the_maximum_norm_keeps_the_direction():
    (radial,) = clip_grad_norm(single([100, 0.3]), 5.0, SINGLE, INF).tensors
    np.testing.assert_allclose(radial, [5, 0.015], rtol=1e-6)
    (value,) = clip_grad_value(single([100, 0.3]), 5.0, SINGLE).tensors
    np.testing.assert_allclose(value, [5, 0.3], rtol=1e-6)


# In its place


@pytest.mark.parametrize(("strategy", "rule"), KINDS)
def test_the_step_clips_once_per_accumulation_and_after_unscaling(strategy, rule):
    clipper = Clipper(strategy, 0.25, rule)
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 1)).double()
    batches = [(torch.randn(4, 3).double(), torch.randn(4, 1).double()) for _ in range(4)]
    loss_function = torch.nn.functional.mse_loss
    starts = [parameter.detach().clone() for parameter in model.parameters()]
    first, second = batches[:2]
    loss = loss_function(model(first[0]), first[1]) + loss_function(model(second[0]), second[1])
    mean = torch.autograd.grad(loss / 2, list(model.parameters()))
    names = {
        "torch": torch,
        "model": model,
        "batches": batches[:2],
        "accumulated": 2,
        "loss_function": loss_function,
        "optimizer": torch.optim.SGD(model.parameters(), lr=1.0),
        "scaler": torch.amp.GradScaler("cpu", init_scale=65536.0),
    }
    exec(code(clipper).step, names)
    moved = [(s - p.detach()).flatten() for s, p in zip(starts, model.parameters(), strict=True)]
    layers = tuple(each.numel() for each in mean)
    expected = clipper(torch.cat([each.flatten() for each in mean]).numpy(), layers)
    np.testing.assert_allclose(torch.cat(moved).numpy(), expected, rtol=1e-5, atol=1e-12)


def test_results_come_in_the_shapes_that_came():
    tensors = tensors_of([[[3, 1], [4, 0]], [], None, [2]], SINGLE)
    for kind in KINDS:
        found = compute(Clipper(kind[0], 1.0, kind[1]), tensors, SINGLE)
        if isinstance(found, Result):
            assert [np.shape(t) for t in found.tensors] == [(2, 2), (0,), (), (1,)]
