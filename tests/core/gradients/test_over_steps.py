import math

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import Clipper
from core.curves import curve
from core.geometry import angle, clipped_fraction, magnitude_loss
from core.gradients.gradients import Gradients
from core.gradients.over_steps import DECADES, curves_over_steps, effects_at, results_at, usable
from core.strategies import Strategy
from core.work import CalledOff, Work
from tests.cases import (
    ALL_STRATEGIES,
    DTYPES,
    gradients_of_whole_range,
    layered_gradients,
    rounding,
)


def gradients_of(values, layers, dtype=np.float64):
    names = tuple(str(i) for i in range(len(layers)))
    shapes = tuple((size,) for size in layers)
    return Gradients(names, shapes, tuple(range(len(values))), np.array(values, dtype), "a test")


def smallest_with(values, share):
    """Return the smallest value with at least this share of the values at or below it."""
    return min(x for x in values if sum(y <= x for y in values) >= share * len(values))


@pytest.mark.parametrize("strategy", Strategy)
def test_quantiles_and_shares_by_hand(strategy):
    # Of one number each: no strategy turns them, all bring them to the threshold.
    found = curves_over_steps(gradients_of([[4], [np.nan], [1], [0], [-8], [2], [np.inf]], (1,)))
    assert (found.steps, found.zeros, found.not_finite) == (5, 1, 2)
    effect, t = found.effects[strategy], found.thresholds
    lost = [np.maximum(1 - t / norm, 0) for norm in (1, 2, 8)]
    bands = effect.magnitude_loss
    assert_allclose([bands.low, bands.median, bands.high], lost, rtol=0, atol=1e-15)
    assert_array_equal(effect.acts, sum((norm > t).astype(int) for norm in (1, 2, 4, 8)) / 5)
    assert_array_equal(effect.clipped_fraction.median, t < 2)
    assert not effect.angle.high.any()


@pytest.mark.parametrize("dtype", DTYPES)
@given(layered_gradients(5))
def test_each_step_is_clipped_as_clip_does_it(dtype, case):
    values, layers = case
    values = values.astype(dtype)
    values[1], values[2] = 0, math.nan
    assume(values[[0, 3, 4]].any(axis=-1).all())
    found = curves_over_steps(gradients_of(values, layers, dtype), count=9)
    assert (found.steps, found.zeros, found.not_finite) == (4, 1, 1)
    rows, error = values[[0, 3, 4]], 4 * rounding(sum(layers), dtype)
    for strategy, effect in found.effects.items():
        for i, threshold in enumerate(found.thresholds):
            after = Clipper(strategy, threshold)(rows, layers)
            assert effect.acts[i] == np.any(after != rows, axis=-1).sum() / 4
            for band, measure, allowed in (
                (effect.angle, angle, error),
                (effect.magnitude_loss, magnitude_loss, error),
                (effect.clipped_fraction, clipped_fraction, 0),
            ):
                measured = measure(rows, after).tolist()
                for quantile, share in ((band.low, 0.1), (band.median, 0.5), (band.high, 0.9)):
                    assert abs(quantile[i] - smallest_with(measured, share)) <= allowed


@pytest.mark.parametrize("dtype", DTYPES)
@given(layered_gradients(4), st.integers(0, 8))
def test_at_one_threshold_it_is_the_point_of_the_curves(dtype, case, at):
    values, layers = case
    values = values.astype(dtype)
    values[1] = math.inf
    assume(values[[0, 2, 3]].any(axis=-1).any())
    gradients = gradients_of(values, layers, dtype)
    found = curves_over_steps(gradients, count=9)
    for strategy, result in results_at(gradients, float(found.thresholds[at])).items():
        effect = found.effects[strategy]
        assert result.acts == effect.acts[at]
        assert result.angle == pytest.approx(effect.angle.median[at], abs=1e-12)
        assert result.magnitude_loss == pytest.approx(effect.magnitude_loss.median[at], abs=1e-12)
        assert result.clipped_fraction == effect.clipped_fraction.median[at]


def test_medians_are_those_of_clipping_with_pytorch_one_at_a_time():
    values = np.random.default_rng(0).standard_normal((7, 60)) * np.arange(1, 8)[:, np.newaxis]
    layers = (10, 20, 30)
    found = curves_over_steps(gradients_of(values, layers), count=11)

    def clipped(strategy, row, threshold):
        parts = [torch.nn.Parameter(torch.zeros(size, dtype=torch.float64)) for size in layers]
        for part, gradient in zip(parts, torch.tensor(row).split(layers), strict=True):
            part.grad = gradient.clone()
        if strategy is Strategy.VALUE:
            torch.nn.utils.clip_grad_value_(parts, threshold)
        for each in parts if strategy is Strategy.LAYER else [parts]:
            if strategy is not Strategy.VALUE:
                torch.nn.utils.clip_grad_norm_(each, threshold)
        return np.concatenate([part.grad.numpy() for part in parts])

    for strategy, effect in found.effects.items():
        for i, threshold in enumerate(found.thresholds):
            lost, turned = [], []
            for row in values:
                after = clipped(strategy, row, threshold)
                kept = np.linalg.norm(after) / np.linalg.norm(row)
                cosine = row @ after / np.linalg.norm(after) / np.linalg.norm(row)
                lost.append(1 - kept)
                turned.append(math.acos(min(cosine, 1)))
            # PyTorch adds 1e-6 to norms; and the arc cosine is that bad near 0.
            error = 2e-6 / threshold
            assert abs(effect.magnitude_loss.median[i] - np.median(lost)) <= error
            assert abs(effect.angle.median[i] - np.median(turned)) <= error + 1e-7


@pytest.mark.parametrize("dtype", DTYPES)
@given(data=st.data())
def test_the_thresholds_lead_to_where_nothing_is_clipped(dtype, data):
    values, layers = data.draw(gradients_of_whole_range(dtype))
    with np.errstate(over="ignore"):
        norm = np.sqrt(np.sum(values.astype(np.longdouble) ** 2))
        assume(0 < norm < np.finfo(dtype).max / 1.1)
    found = curves_over_steps(gradients_of([values], layers, dtype), count=20)
    thresholds = found.thresholds
    assert (np.diff(thresholds) >= 0).all()
    assert thresholds[-1] * 10.0 ** -DECADES[1] <= thresholds[0] * 1.001
    for strategy, effect in found.effects.items():
        assert effect.acts[-1] == 0
        assert effect.magnitude_loss.high[-1] == 0 == effect.angle.high[-1]
        assert not np.isnan(effect.magnitude_loss.median).any(), strategy


@pytest.mark.parametrize(
    ("row", "decades"),
    [
        ([1.0] + [1e-20] * 99, 8),
        ([1.0], 1),
        ([1.0] + [1e-4] * 99, 4 + math.log10(1.05)),
    ],
    ids=["at most eight", "at least one", "as many as it takes"],
)
def test_the_decades_that_they_go_through(row, decades):
    thresholds = curves_over_steps(gradients_of([row], (len(row),))).thresholds
    assert math.log10(thresholds[-1] / thresholds[0]) == pytest.approx(decades, abs=1e-3)
    assert thresholds[-1] == pytest.approx(1.05)


def test_they_begin_where_nearly_all_numbers_are_clipped():
    values = np.random.default_rng(0).standard_normal((20, 1000)).astype(np.float32)
    found = curves_over_steps(gradients_of(values, (400, 600), np.float32))
    for effect in found.effects.values():
        assert effect.clipped_fraction.high[0] >= 0.9
        assert effect.acts[0] == 1
    assert found.thresholds[0] > 0.01


@pytest.mark.parametrize("strategy", ALL_STRATEGIES)
def test_of_one_block_or_many_the_effects_are_those_of_the_curve(strategy):
    values = np.random.default_rng(1).standard_normal((3, 8))
    values[0, :3] = 0
    thresholds = [0.1, 1.0, 1.5, 2.5, 9.0]
    for layers in ((8,), (3, 5)):
        found = effects_at(usable(gradients_of(values, layers)), strategy, thresholds)
        for i, row in enumerate(values):
            one = curve(row, layers, strategy, thresholds)
            expected = [one.angle, one.magnitude_loss, one.clipped_fraction]
            assert_allclose(found[:, i], expected, rtol=0, atol=1e-15)


def test_tensors_without_numbers_are_no_layers():
    assert usable(gradients_of([[3.0, 4.0]], (0, 2, 0))).layers == (2,)


def test_steps_whose_length_is_out_of_range_are_left_out():
    most = np.finfo(np.float32).max
    found = usable(gradients_of([[most, most], [1, 0]], (2,), np.float32))
    assert (len(found.rows), found.not_finite) == (1, 1)


def test_it_says_how_far_it_is_and_can_be_called_off():
    gradients = gradients_of(np.eye(4), (2, 2))
    work = Work(7)
    curves_over_steps(gradients, 5, work)
    assert work.done == 1
    work.called_off = True
    with pytest.raises(CalledOff):
        curves_over_steps(gradients, 5, work)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([[np.nan, 1.0], [np.inf, 1.0]], "NaN or infinite"),
        ([[0.0, 0.0], [np.nan, 0.0]], "the gradient is zero"),
    ],
)
def test_where_nothing_can_be_clipped_it_says_so(values, said):
    with pytest.raises(ValueError, match=said):
        curves_over_steps(gradients_of(values, (2,)))
