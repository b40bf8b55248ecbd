import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.bounds import worst_angle_of
from core.clipping import clip
from core.dimensions.distributions import DECADES, Distribution
from core.dimensions.population import (
    AT_ONCE,
    LEAST_NU,
    MOST_DRAWS,
    MOST_IN_ALL,
    Basis,
    Population,
    measure,
)
from core.geometry import angle, magnitude_loss
from core.matching import Matching, Thresholds, matched_threshold
from core.noise import SPIKE
from core.strategies import Strategy
from core.work import CalledOff, Work
from tests.cases import rounding

LAYERS = (3, 40, 57)


def drawn(population, count):
    return np.concatenate(list(population.draw(count)))


# Draws


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("distribution", Distribution)
def test_a_draw_does_not_depend_on_how_many_are_asked_for(distribution, basis):
    population = Population(distribution, LAYERS, basis=basis)
    rows = AT_ONCE // population.n
    many = drawn(population, 2 * rows + 3)
    assert many.shape == (2 * rows + 3, population.n)
    for count in (1, 7, rows, rows + 1, 2 * rows):
        # The rotation multiplies matrices, whose rounding depends on their sizes.
        error = 0 if basis is Basis.OWN else rounding(100) * np.abs(many).max() * 10
        assert_allclose(drawn(population, count), many[:count], rtol=0, atol=error)


@pytest.mark.parametrize("distribution", Distribution)
def test_no_draw_is_drawn_twice_and_another_seed_draws_others(distribution):
    count = 2 * (AT_ONCE // 100)
    draws = np.concatenate([drawn(Population(distribution, LAYERS, seed=s), count) for s in (0, 1)])
    assert len(np.unique(draws, axis=0)) == 2 * count


def test_the_rotation_is_not_made_of_the_numbers_it_rotates():
    own = drawn(Population(Distribution.GAUSSIAN, (9,), seed=5), 9)
    assert not np.isin(own, np.random.default_rng(5).standard_normal(100)).any()


@pytest.mark.parametrize("n", [1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1])
def test_blocks_are_of_bounded_size(n):
    blocks = list(Population(Distribution.GAUSSIAN, (n,)).draw(3))
    assert sum(map(len, blocks)) == 3
    assert all(block.size <= max(n, AT_ONCE) for block in blocks)


@pytest.mark.parametrize(
    ("distribution", "beyond"),
    [
        (Distribution.GAUSSIAN, math.erfc(1 / math.sqrt(2))),
        (Distribution.LAPLACE, math.exp(-1)),
        (Distribution.UNIFORM, 0),
        (Distribution.STUDENT_T, 1 - 2 / math.pi * (math.pi / 6 + math.sqrt(3) / 4)),  # nu = 3
    ],
)
def test_the_scale_is_what_it_is_said_to_be(distribution, beyond):
    draws = drawn(Population(distribution, LAYERS), 2000)
    deviation = math.sqrt(beyond * (1 - beyond) / draws.size)
    assert np.mean(np.abs(draws) > 1) == pytest.approx(beyond, rel=0, abs=5 * deviation)
    assert np.mean(draws > 0) == pytest.approx(0.5, rel=0, abs=2.5 / math.sqrt(draws.size))


@pytest.mark.parametrize("layers", [LAYERS, (1,), (2, 1)])
@pytest.mark.parametrize("distribution", Distribution)
def test_the_standard_deviation_is_that_of_the_draws(distribution, layers):
    population = Population(distribution, layers, nu=6.0)
    squares = (drawn(population, 20_000) ** 2).mean(axis=-1)
    expected = population.standard_deviation**2
    error = 5 * squares.std() / math.sqrt(len(squares))
    assert squares.mean() == pytest.approx(expected, rel=0, abs=error)


@pytest.mark.parametrize(("nu", "deviation"), [(1.5, math.inf), (2, math.inf), (4, math.sqrt(2))])
def test_up_to_two_degrees_of_freedom_the_standard_deviation_is_infinite(nu, deviation):
    found = Population(Distribution.STUDENT_T, LAYERS, nu).standard_deviation
    assert found == pytest.approx(deviation)


@pytest.mark.parametrize(
    ("distribution", "scales"),
    [
        (Distribution.DOMINANT, [SPIKE] + [1] * 99),
        (Distribution.POWER_LAW, [1 / i for i in range(1, 101)]),
        (Distribution.LAYER_SCALES, [1.0] * 3 + [10 ** (-DECADES / 2)] * 40 + [1e-3] * 57),
    ],
)
def test_coordinates_have_the_scales_they_are_said_to_have(distribution, scales):
    squares = (drawn(Population(distribution, LAYERS), 20_000) ** 2).mean(axis=0)
    # A mean square of Gaussian draws has the relative standard deviation sqrt(2 / draws).
    assert_allclose(squares, np.square(scales), rtol=5 * math.sqrt(2 / 20_000))


def test_one_in_a_hundred_coordinates_is_a_spike():
    draws = drawn(Population(Distribution.SPARSE_SPIKES, LAYERS), 2000)
    # A spike of a thousand is below 10 with probability 0.008, and else nothing is above.
    share = 0.01 * math.erfc(10 / SPIKE / math.sqrt(2))
    deviation = math.sqrt(share / draws.size)
    assert np.mean(np.abs(draws) > 10) == pytest.approx(share, rel=0, abs=5 * deviation)


# Measurements


@pytest.mark.parametrize("matching", Matching)
@pytest.mark.parametrize("distribution", Distribution)
def test_draws_are_measured_one_by_one(distribution, matching):
    population = Population(distribution, LAYERS, nu=1.5)
    count = AT_ONCE // 100 + 9
    work = Work(100 * count)
    found = measure(population, count, Thresholds(0.5, matching=matching), work)
    assert work.done == 1
    for i, gradient in enumerate(drawn(population, count)):
        for strategy in Strategy if i % 50 == 0 else ():
            blocks = strategy.blocks(LAYERS)
            pair = Strategy.VALUE, strategy
            limit = matched_threshold(matching, gradient, LAYERS, 0.5, pair)
            after = clip(gradient, blocks, limit)
            assert found.angle[strategy][i] == angle(gradient, after)
            assert found.magnitude_loss[strategy][i] == magnitude_loss(gradient, after)
            assert found.clipped[strategy][i] == (gradient != after).any()


def test_measuring_ends_when_nobody_waits():
    work = Work(10)
    work.called_off = True
    with pytest.raises(CalledOff):
        measure(Population(Distribution.GAUSSIAN, LAYERS), 10, Thresholds(0.5), work)


@pytest.mark.parametrize("distribution", Distribution)
def test_no_draw_turns_more_than_the_least_upper_bound(distribution):
    found = measure(Population(distribution, LAYERS, nu=0.5), 2000, Thresholds(0.5), Work(1))
    for strategy in Strategy:
        most = worst_angle_of(strategy, LAYERS)
        assert found.angle[strategy].max() <= most + 4 * rounding(100)


@pytest.mark.parametrize("n", [100, 1000])
def test_a_rotation_changes_what_value_clipping_does_and_not_what_norm_clipping_does(n):
    layers = (n // 2, n // 2)
    own, rotated = (
        measure(
            Population(Distribution.SPARSE_SPIKES, layers, basis=basis),
            500,
            Thresholds(0.5),
            Work(1),
        )
        for basis in Basis
    )
    norm = Strategy.GLOBAL
    assert_allclose(rotated.angle[norm], 0, atol=4 * rounding(n))
    loss = own.magnitude_loss[norm]
    assert_allclose(rotated.magnitude_loss[norm], loss, rtol=0, atol=10 * rounding(n))
    value = Strategy.VALUE
    spiky = own.clipped[norm] & (own.angle[value] > np.radians(60))
    # Rotated, a spike is nearly Gaussian, of which no threshold turns more than 37 degrees.
    assert spiky.mean() > 0.5
    assert np.median(rotated.angle[value][spiky]) < np.radians(45)


def test_what_is_too_large_or_no_number_of_draws_is_refused():
    for layers, count in (((MOST_IN_ALL,), 2), ((MOST_IN_ALL // MOST_DRAWS + 1,), MOST_DRAWS)):
        population = Population(Distribution.GAUSSIAN, layers)
        with pytest.raises(ValueError, match=f"must be at most {MOST_IN_ALL}"):
            population.draw(count)
    for count in (0, -1, MOST_DRAWS + 1, 10**15):
        population = Population(Distribution.GAUSSIAN, (1,))
        with pytest.raises(ValueError, match=f"draws must be 1 to {MOST_DRAWS}, got {count}"):
            measure(population, count, Thresholds(0.5), Work(1))


def test_what_is_no_population_is_refused():
    for layers in ((), (0,), (2, -1)):
        with pytest.raises(ValueError, match="layers must have at least one coordinate each"):
            Population(Distribution.GAUSSIAN, layers)
    for nu in (0.0, -1.0, LEAST_NU / 2, math.nan, math.inf):
        with pytest.raises(ValueError, match="nu must be finite and at least"):
            Population(Distribution.STUDENT_T, (2,), nu)


def test_the_heaviest_tails_stay_within_the_numbers():
    people = Population(Distribution.STUDENT_T, (500, 500), nu=LEAST_NU)
    assert np.isfinite(drawn(people, 10_000)).all()


def test_the_csv_has_a_line_for_every_draw():
    found = measure(Population(Distribution.GAUSSIAN, LAYERS), 7, Thresholds(0.5), Work(1))
    head, *lines = found.csv().splitlines()
    assert len(lines) == 7
    row = dict(zip(head.split(","), lines[3].split(","), strict=True))
    assert float(row["degrees turned by value"]) == np.degrees(found.angle[Strategy.VALUE][3])
    assert (
        float(row["share of the length lost by layer"]) == (found.magnitude_loss[Strategy.LAYER][3])
    )
    assert row["clipped by global"] == str(found.clipped[Strategy.GLOBAL][3])
