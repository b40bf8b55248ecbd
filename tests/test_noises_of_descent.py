import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.noise import (
    DISTURBANCES,
    NOISES,
    RARE,
    SPIKE,
    disturb,
    heavy_coordinates,
    rotated_heavy_coordinates,
)

VECTORS, N = 20_000, 32
every_name = pytest.mark.parametrize("name", DISTURBANCES)


def share(events):
    """Return how often something happened, and five standard deviations of that."""
    return events.mean(), 5 * math.sqrt(0.25 / events.size)


@every_name
@pytest.mark.parametrize("shape", [(3,), (1,), (2, 0, 3), (7, 4, 2)])
def test_it_has_the_shape_asked_for(name, shape):
    drawn = disturb(name, 0, shape)
    assert drawn.shape == shape
    assert drawn.dtype == np.float64


@every_name
def test_a_seed_gives_the_same_again_and_the_scale_multiplies(name):
    once, again = disturb(name, 1, (50, 4)), disturb(name, 1, (50, 4), scale=0.5)
    assert_array_equal(once / 2, again)
    assert (once != disturb(name, 2, (50, 4))).any()


def test_the_names_of_the_other_pages_keep_their_meaning():
    assert list(NOISES) == ["Gaussian", "heavy-tailed"]
    for name, noise in NOISES.items():
        assert_array_equal(noise(np.random.default_rng(5), (9,)), disturb(name, 5, (9,)))


@every_name
def test_only_the_asymmetric_one_is_more_often_positive(name):
    positive, error = share(disturb(name, 3, (VECTORS, N)) > 0)
    assert abs(positive - (2 / 3 if name == "asymmetric" else 1 / 2)) < error


@pytest.mark.parametrize("name", ["Gaussian", "asymmetric"])
def test_where_a_variance_is_promised_it_is_one_and_the_mean_zero(name):
    drawn = disturb(name, 4, (VECTORS, N))
    assert abs(drawn.mean()) < 5 / math.sqrt(drawn.size)
    assert abs((drawn**2).mean() - 1) < 5 * math.sqrt(2 / drawn.size)


def test_half_of_the_numbers_of_cauchy_are_longer_than_one():
    longer, error = share(np.abs(disturb("Cauchy", 5, (VECTORS, N))) > 1)
    assert abs(longer - 0.5) < error


def test_heavy_tailed_vectors_are_large_together_and_heavy_tailed_numbers_are_not():
    def alike(name):
        sizes = np.log(np.abs(disturb(name, 6, (VECTORS, 2))))
        return np.corrcoef(sizes.T)[0, 1]

    assert abs(alike("heavy-tailed")) < 5 / math.sqrt(VECTORS)
    assert alike("heavy-tailed vectors") > 0.2


@pytest.mark.parametrize(("name", "axes"), [("coordinate spikes", N), ("whole-batch spikes", 1)])
def test_spikes_are_rare_and_a_thousand_times_larger(name, axes):
    drawn = disturb(name, 7, (VECTORS, N))
    large = np.abs(drawn) > 6  # no Gaussian gets there; of the spikes, all but one in 200
    expected = 1 - (1 - RARE) ** axes
    bursts = large.any(axis=-1)
    assert abs(bursts.mean() - expected) < 5 * math.sqrt(expected / VECTORS)
    # All coordinates of a vector together, or each for itself: then rarely two.
    assert large[bursts].mean() == pytest.approx(1 if axes == 1 else RARE / expected, rel=0.05)
    assert (drawn[large] ** 2).mean() == pytest.approx(SPIKE**2, rel=0.2)


def test_few_coordinates_are_heavy():
    typical = np.quantile(np.abs(disturb("heavy coordinates", 8, (VECTORS, N))), 0.999, axis=0)
    assert (typical > 100).tolist() == [True] * 2 + [False] * (N - 2)
    assert (np.abs(disturb("heavy coordinates", 8, (VECTORS, 2))).max(axis=0) > 100).tolist() == [
        True,
        False,
    ]


def test_rotating_keeps_lengths_and_moves_the_heavy_axis_to_the_diagonal():
    plain = heavy_coordinates(np.random.default_rng(9), (50, 3, 2))
    rotated = rotated_heavy_coordinates(np.random.default_rng(9), (50, 3, 2))
    assert_allclose(np.linalg.norm(rotated, axis=-1), np.linalg.norm(plain, axis=-1))
    assert_allclose(rotated @ np.full(2, math.sqrt(0.5)), plain[..., 0], atol=1e-9)
