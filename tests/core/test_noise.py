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
    gaussian,
    heavy_coordinates,
    rotated_heavy_coordinates,
    student_t,
)

DRAWS = 100_000
# The empirical distribution is this far off with probability 2 exp(-2 * 3^2), 3e-8 (Dvoretzky,
# Kiefer, Wolfowitz; Massart 1990).
FAR = 3 / math.sqrt(DRAWS)

every_noise = pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)


def normal_cdf(x):
    return np.array([0.5 + math.erf(t / math.sqrt(2)) / 2 for t in x])


def cauchy_cdf(x):
    return 0.5 + np.arctan(x) / np.pi


def t2_cdf(x):
    return 0.5 + x / (2 * np.sqrt(2 + x**2))


def furthest(draws, cdf):
    """Return how far the empirical distribution is from the true one (Kolmogorov, Smirnov)."""
    below = cdf(np.sort(draws))
    ranks = np.arange(draws.size + 1) / draws.size
    return max((ranks[1:] - below).max(), (below - ranks[:-1]).max())


@every_noise
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (4, 2, 3)])
def test_the_noise_has_the_shape_asked_for(noise, shape):
    drawn = noise(np.random.default_rng(0), shape)
    assert np.shape(drawn) == shape
    assert np.asarray(drawn).dtype == np.float64


@every_noise
def test_a_seed_gives_the_same_noise_again_and_another_seed_another(noise):
    first, again, other = (noise(np.random.default_rng(seed), (5, 2)) for seed in (1, 1, 2))
    assert_array_equal(first, again)
    assert (first != other).all()


@every_noise
def test_all_randomness_comes_from_the_generator(noise):
    rng, twin = np.random.default_rng(3), np.random.default_rng(3)
    assert (noise(rng, (5,)) != noise(rng, (5,))).all()
    assert_array_equal(noise(twin, (5,)), noise(np.random.default_rng(3), (5,)))


@every_noise
def test_the_noise_is_symmetric(noise):
    draws = noise(np.random.default_rng(4), (DRAWS,))
    # The signs are fair coins: five standard deviations of their mean.
    assert abs(np.sign(draws).mean()) < 5 / math.sqrt(DRAWS)


@every_noise
def test_coordinates_are_independent(noise):
    one, another = np.sign(noise(np.random.default_rng(5), (2, DRAWS)))
    assert abs((one * another).mean()) < 5 / math.sqrt(DRAWS)


@pytest.mark.parametrize(
    ("draw", "cdf"),
    [
        (gaussian, normal_cdf),
        (lambda rng, shape: student_t(rng, shape, 1.0), cauchy_cdf),
        (lambda rng, shape: student_t(rng, shape, 2.0), t2_cdf),
    ],
    ids=["gaussian", "t1", "t2"],
)
def test_the_noise_has_its_distribution(draw, cdf):
    assert furthest(draw(np.random.default_rng(6), (DRAWS,)), cdf) < FAR


@pytest.mark.parametrize("x", [2.0, 5.0, 20.0])
def test_the_default_tail_is_lighter_than_cauchy_and_too_heavy_for_a_variance(x):
    beyond = (np.abs(student_t(np.random.default_rng(7), (DRAWS,))) > x).mean()
    # With two degrees of freedom the variance is just infinite.
    light, heavy = 2 * t2_cdf(-x), 2 * cauchy_cdf(-x)
    error = 5 * math.sqrt(heavy / DRAWS)  # five standard deviations of the share, or more
    assert light + error < beyond < heavy - error


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
