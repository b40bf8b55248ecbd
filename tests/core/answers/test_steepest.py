"""The steepest step of every strategy: no direction that is searched lowers the loss more."""

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal

from core.answers.steepest import Kind, fall, norm, steepest, steepest_fall, step_of
from core.geometry import angle
from core.strategies import Array, Layers, Strategy
from tests.cases import (
    RMS,
    layered_gradients,
    ordinary_gradients,
    ordinary_sizes,
    parts,
    rounding,
    strategies,
    thresholds,
)

SEARCHED = 20_000  # directions
ALIKE = 1e-7  # radians that rounding may turn a step


def plain_norm(steps: Array, layers: Layers, strategy: Strategy) -> Array:
    """Measure steps (..., n) by the definition, in NumPy's own norms."""
    if strategy is Strategy.VALUE:
        return np.abs(steps).max(axis=-1)
    if strategy is Strategy.GLOBAL:
        return np.linalg.norm(steps, axis=-1)
    units = np.sqrt(layers) if strategy is RMS else np.ones(len(layers))
    norms = [np.linalg.norm(part, axis=-1) for part in parts(steps, layers)]
    return np.max([each / unit for each, unit in zip(norms, units, strict=True)], axis=0)


@pytest.mark.parametrize("strategy", [*Strategy, RMS])
@pytest.mark.parametrize(
    "layers", [(2,), (1, 1), (3,), (1, 2), (1, 1, 1), (10,), (4, 6), (2, 3, 5)], ids=str
)
def test_no_direction_found_by_search_is_steeper(strategy: Strategy, layers: Layers) -> None:
    rng = np.random.default_rng(sum(layers) + len(layers))
    for _ in range(5):
        gradient = rng.standard_normal(sum(layers)) * 10 ** rng.uniform(-1, 1, sum(layers))
        directions = rng.standard_normal((SEARCHED, sum(layers)))
        directions /= plain_norm(directions, layers, strategy)[:, np.newaxis]
        falls = directions @ gradient
        best = steepest(gradient, layers, strategy)
        assert plain_norm(best, layers, strategy) == pytest.approx(1)
        assert falls.max() <= (best @ gradient) * (1 + 1e-12)
        if sum(layers) == 2:  # so many come close to every direction
            assert falls.max() >= (best @ gradient) * (1 - 1e-2)
        assert_allclose(norm(3 * directions, layers, strategy), 3, rtol=1e-12)
        assert_allclose(fall(gradient, 3 * directions, layers, strategy), falls, atol=1e-12)


def test_the_steepest_are_normalized_and_signs() -> None:
    gradient = [3.0, 4.0, -5.0, 12.0]
    assert_array_equal(steepest(gradient, (2, 2), Strategy.VALUE), [1, 1, -1, 1])
    assert_allclose(steepest(gradient, (2, 2), Strategy.GLOBAL), np.divide(gradient, 194**0.5))
    assert_allclose(
        steepest(gradient, (2, 2), Strategy.LAYER), [0.6, 0.8, -5 / 13, 12 / 13], rtol=1e-15
    )


@given(layered_gradients(), strategies)
def test_the_steepest_has_length_1_and_the_fall_of_the_dual_norm(
    case: tuple[Array, Layers], strategy: Strategy
) -> None:
    gradient, layers = case
    step, close = steepest(gradient, layers, strategy), 4 * rounding(len(gradient))
    most = steepest_fall(gradient, layers, strategy)
    if not gradient.any():
        assert not step.any()
        assert most == 0
        assert np.isnan(fall(gradient, step, layers, strategy))
        return
    assert_allclose(norm(step, layers, strategy), 1, rtol=close)
    assert_allclose(fall(gradient, step, layers, strategy), most, rtol=close)
    for other in (gradient, *(steepest(gradient, layers, each) for each in Strategy)):
        assert fall(gradient, other, layers, strategy) <= most * (1 + close)


@given(layered_gradients(), strategies)
def test_every_steepest_step_is_at_less_than_a_right_angle(
    case: tuple[Array, Layers], strategy: Strategy
) -> None:
    gradient, layers = case
    if gradient.any():
        assert angle(gradient, steepest(gradient, layers, strategy)) < np.pi / 2


@given(layered_gradients(), thresholds, thresholds)
def test_clipped_by_value_lies_between_plain_and_signs_and_turns_less_at_a_higher_threshold(
    case: tuple[Array, Layers], one: float, other: float
) -> None:
    gradient, _ = case
    if not gradient.any():
        return
    low, high = sorted((one, other))
    less, more = (angle(gradient, step_of(Kind.CLIPPED, gradient, at)) for at in (high, low))
    signs = angle(gradient, step_of(Kind.SIGN, gradient, low))
    assert angle(gradient, step_of(Kind.PLAIN, gradient, low)) == 0
    assert 0 <= less <= more + ALIKE
    assert more <= signs + ALIKE
    assert signs < np.pi / 2


@given(ordinary_gradients(), ordinary_sizes)
def test_clipped_ends_are_the_plain_step_and_the_signs(
    case: tuple[Array, Layers], threshold: float
) -> None:
    gradient, layers = case
    largest, sizes = np.abs(gradient).max(), np.abs(gradient[gradient != 0])
    if not sizes.size:
        return
    assert_array_equal(step_of(Kind.CLIPPED, gradient, float(largest)), gradient)
    least = float(sizes.min())
    assert_array_equal(step_of(Kind.CLIPPED, gradient, least), step_of(Kind.SIGN, gradient, least))
    signs = threshold * steepest(gradient, layers, Strategy.VALUE)
    assert_array_equal(step_of(Kind.SIGN, gradient, threshold), signs)


def test_a_batch_is_as_its_gradients() -> None:
    gradients = np.random.default_rng(0).standard_normal((3, 4, 5))
    for strategy in Strategy:
        steps = steepest(gradients, (2, 3), strategy)
        falls = fall(gradients, steps, (2, 3), strategy)
        assert falls.shape == steepest_fall(gradients, (2, 3), strategy).shape == (3, 4)
        assert_allclose(falls[1, 2], fall(gradients[1, 2], steps[1, 2], (2, 3), strategy))
