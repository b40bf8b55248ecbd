import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.clipping import Strategy
from core.distributions import Distribution
from core.growth import FEWEST, QUARTILES, SIZES, against_threshold, growth
from core.limits import limit_angle
from core.population import Population, measure
from tests.cases import rounding


def last(blocks):
    *_, final = blocks
    return final


def test_sizes_span_the_axis():
    assert SIZES[0] == 2
    assert SIZES[-1] == 10**6
    ratios = np.diff(np.log(SIZES))
    assert ratios.max() < 2 * ratios.min()


@pytest.mark.parametrize("k", [0.5, 1.0])
@pytest.mark.parametrize(
    "distribution", [Distribution.GAUSSIAN, Distribution.LAPLACE, Distribution.UNIFORM]
)
def test_in_many_dimensions_value_clipping_turns_as_far_as_the_limit(distribution, k):
    found = last(growth(Population(distribution, (1,)), k, draws=100, sizes=(50_000,)))
    low, middle, high = found.quartiles[Strategy.VALUE][:, 0]
    # The quartiles are 1.35 standard deviations apart, and a median of m draws has a standard
    # error of 1.25 deviations / sqrt(m); five of them. The bias is of the order of 1 / n.
    error = 5 * 1.25 * (high - low) / 1.35 / math.sqrt(FEWEST) + 10 / 50_000
    assert middle == pytest.approx(limit_angle(distribution, k), rel=0, abs=error)


def test_with_infinite_variance_value_clipping_turns_further_the_more_dimensions():
    population = Population(Distribution.STUDENT_T, (1,), nu=1.0)
    found = last(growth(population, 1.0, sizes=(10, 100, 1000, 10_000, 100_000)))
    middle = found.quartiles[Strategy.VALUE][1]
    assert (np.diff(middle) > 0).all()
    assert middle[-1] > np.radians(85)


def test_layers_of_equal_scale_turn_less_the_larger_they_are():
    population = Population(Distribution.GAUSSIAN, (1,) * 8)
    found = last(growth(population, 1.0, sizes=(8, 800, 80_000)))
    middle = found.quartiles[Strategy.LAYER][1]
    assert (np.diff(middle) < 0).all()
    # One coordinate in each layer: a layer's norm is the value.
    assert_allclose(found.quartiles[Strategy.LAYER][:, 0], found.quartiles[Strategy.VALUE][:, 0])
    # Norms of m Gaussians deviate from sqrt(m) by 1 / sqrt(2), and clipping takes away what they
    # exceed it by, which turns by at most the relative deviation: about 1 / sqrt(2 m).
    assert middle[-1] < 1 / math.sqrt(2 * 10_000)


def test_growth_is_what_is_measured_size_by_size():
    population = Population(Distribution.LAPLACE, (5, 2), seed=3)
    steps = list(growth(population, 0.7, draws=50, sizes=(1, 4, 9)))
    assert [step.done for step in steps] == [1 / 3, 2 / 3, 1]
    assert [step.at.tolist() for step in steps] == [[1], [1, 4], [1, 4, 9]]
    for size, layers in ((0, (1,)), (1, (2, 2)), (2, (5, 4))):
        n = sum(layers)
        limits = {Strategy.VALUE: 0.7, Strategy.LAYER: 0.7 * math.sqrt(n / len(layers))}
        own = Population(Distribution.LAPLACE, layers, seed=3)
        expected = last(measure(own, 50, limits))
        for strategy in limits:
            quartiles = np.quantile(expected.angle[strategy], QUARTILES)
            for step in steps[size:]:
                found = step.quartiles[strategy]
                assert_allclose(found[:, size], quartiles, rtol=0, atol=rounding(9))


@pytest.mark.parametrize("distribution", Distribution)
def test_against_the_threshold_the_quartiles_are_those_of_the_draws(distribution):
    population = Population(distribution, (30, 50, 20), nu=2.5)
    thresholds = population.standard_deviation * np.array([2.0, 0.1, 1.0])
    steps = list(against_threshold(population, 700, thresholds))
    assert [step.done for step in steps] == [655 / 700, 1]
    for column, threshold in enumerate(thresholds):
        expected = last(measure(population, 700, dict.fromkeys(Strategy, threshold)))
        for strategy in Strategy:
            found = steps[-1].quartiles[strategy]
            assert found.shape == (3, 3)
            quartiles = np.quantile(expected.angle[strategy], QUARTILES)
            assert_allclose(found[:, column], quartiles, rtol=0, atol=4 * rounding(100))


def test_sizes_that_are_none_are_refused():
    for sizes in ((), (0,), (5, -1)):
        with pytest.raises(ValueError, match="sizes must be positive"):
            next(growth(Population(Distribution.GAUSSIAN, (1,)), 1.0, sizes=sizes))
