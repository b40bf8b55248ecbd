import math

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.noise import NOISES, gaussian, student_t

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
