import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.dimensions.distributions import Distribution
from core.dimensions.growth import FEWEST, SIZES, against_threshold, draws_of, equal_layers, growth
from core.dimensions.limits import limit_angle
from core.dimensions.population import Population, measure, quartiles
from core.matching import Matching, Thresholds
from core.strategies import Strategy
from core.work import CalledOff, Work
from tests.cases import rounding

WORST = Matching.WORST_LENGTH  # then a layer's threshold grows with the root of its size


def grown(population, threshold, draws, sizes, matching=WORST):
    thresholds = Thresholds(threshold, matching=matching)
    return growth(population, thresholds, draws, Work(1), sizes=sizes)


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
    found = grown(Population(distribution, (1,)), k, 100, (50_000,))
    low, middle, high = found.quartiles[Strategy.VALUE][:, 0]
    # The quartiles are 1.35 standard deviations apart, and a median of m draws has a standard
    # error of 1.25 deviations / sqrt(m); five of them. The bias is of the order of 1 / n.
    error = 5 * 1.25 * (high - low) / 1.35 / math.sqrt(FEWEST) + 10 / 50_000
    assert middle == pytest.approx(limit_angle(distribution, k), rel=0, abs=error)


def test_with_infinite_variance_value_clipping_turns_further_the_more_dimensions():
    population = Population(Distribution.STUDENT_T, (1,), nu=1.0)
    found = grown(population, 1.0, 1000, (10, 100, 1000, 10_000, 100_000))
    middle = found.quartiles[Strategy.VALUE][1]
    assert (np.diff(middle) > 0).all()
    assert middle[-1] > np.radians(85)


def test_layers_of_equal_scale_turn_less_the_larger_they_are():
    population = Population(Distribution.GAUSSIAN, (1,) * 8)
    found = grown(population, 1.0, 1000, (8, 800, 80_000))
    middle = found.quartiles[Strategy.LAYER][1]
    assert (np.diff(middle) < 0).all()
    # One coordinate in each layer: a layer's norm is the value.
    assert_allclose(found.quartiles[Strategy.LAYER][:, 0], found.quartiles[Strategy.VALUE][:, 0])
    # Norms of m Gaussians deviate from sqrt(m) by 1 / sqrt(2), and clipping takes away what they
    # exceed it by, which turns by at most the relative deviation: about 1 / sqrt(2 m).
    assert middle[-1] < 1 / math.sqrt(2 * 10_000)


@pytest.mark.parametrize("matching", Matching)
def test_growth_is_what_is_measured_size_by_size(matching):
    population = Population(Distribution.LAPLACE, (5, 2), seed=3)
    found = grown(population, 0.7, 50, (1, 4, 9), matching)
    assert found.at.tolist() == [1, 4, 9]
    for size, layers in ((0, (1,)), (1, (2, 2)), (2, (5, 4))):
        own = Population(Distribution.LAPLACE, layers, seed=3)
        expected = measure(own, 50, Thresholds(0.7, matching=matching), Work(1))
        for strategy in Strategy:
            own_quartiles = quartiles(expected.angle[strategy])
            assert_array_equal(found.quartiles[strategy][:, size], own_quartiles)


@pytest.mark.parametrize("matching", Matching)
@pytest.mark.parametrize("distribution", Distribution)
def test_against_the_threshold_the_quartiles_are_those_of_the_draws(distribution, matching):
    population = Population(distribution, (30, 50, 20), nu=2.5)
    by_value = tuple(population.standard_deviation * np.array([2.0, 0.1, 1.0]))
    work, thresholds = Work(70), Thresholds(1.0, matching=matching)
    whole = against_threshold(population, 70, by_value, work, thresholds)
    assert work.done == 1
    for column, threshold in enumerate(by_value):
        expected = measure(population, 70, replace(thresholds, by_value=threshold), Work(1))
        for strategy in Strategy:
            found = whole.quartiles[strategy]
            assert found.shape == (3, 3)
            own_quartiles = quartiles(expected.angle[strategy])
            assert_allclose(found[:, column], own_quartiles, rtol=0, atol=4 * rounding(100))


def test_the_threshold_counts_in_the_deviations_of_every_size():
    people = Population(Distribution.DOMINANT, (1,) * 2)
    sizes = (2, 500, 20_000)
    found = growth(people, Thresholds(1.5), 40, Work(1), in_deviations=True, sizes=sizes)
    for i, n in enumerate(sizes):
        own = Population(Distribution.DOMINANT, equal_layers(n, 2))
        once = measure(own, draws_of(n, 40), Thresholds(1.5 * own.standard_deviation), Work(1))
        own_quartiles = quartiles(once.angle[Strategy.VALUE])
        assert_array_equal(found.quartiles[Strategy.VALUE][:, i], own_quartiles)


def test_growing_ends_within_a_size_when_nobody_waits():
    class Impatient(Work):
        def advance(self, steps: int = 1) -> None:
            super().advance(steps)
            self.called_off = True

    work = Impatient(10**6)
    with pytest.raises(CalledOff):
        growth(Population(Distribution.GAUSSIAN, (1,)), Thresholds(1.0), 1000, work, sizes=(1000,))
    assert work.taken < 500 * 1000


def test_work_is_done_when_the_growth_is_whole():
    work = Work(sum(draws_of(n, 20) * n for n in (5, 50, 50_000)))
    growth(
        Population(Distribution.GAUSSIAN, (1,)), Thresholds(1.0), 20, work, sizes=(5, 50, 50_000)
    )
    assert work.taken == work.steps


def test_the_csv_has_a_line_for_every_size():
    found = grown(Population(Distribution.GAUSSIAN, (1,)), 1.0, 20, (5, 50))
    head, *lines = found.csv("numbers").splitlines()
    assert head.startswith("numbers,lower quartile of the degrees turned by value,median")
    assert [line.split(",")[0] for line in lines] == ["5.0", "50.0"]
    last = [float(x) for x in lines[1].split(",")[1:]]
    assert_allclose(last, np.degrees(np.concatenate([found.quartiles[s][:, 1] for s in Strategy])))
