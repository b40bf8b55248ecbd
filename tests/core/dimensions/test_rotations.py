import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.dimensions.rotations import EXACT, ROUNDS, rotation
from tests.cases import rounding

SIZES = [1, 2, 5, EXACT, EXACT + 1, 1009]


def error(n):
    # Every entry of a product of n terms errs by n roundings of terms that add up to at most 1.
    return 2 * ROUNDS * rounding(n)


@pytest.mark.parametrize("n", SIZES)
def test_rotations_keep_lengths_and_right_angles(n):
    axes = rotation(n, 0)(np.eye(n))
    assert_allclose(axes @ axes.T, np.eye(n), rtol=0, atol=error(n))


@pytest.mark.parametrize("n", SIZES)
def test_all_vectors_are_turned_by_the_same_map(n):
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((3, n))
    turned = rotation(n, 1)(vectors)
    expected = vectors @ rotation(n, 1)(np.eye(n))
    size = np.linalg.norm(vectors, axis=-1).max()
    assert_allclose(turned, expected, rtol=0, atol=size * error(n))
    assert_allclose(rotation(n, 1)(vectors[0]), expected[0], rtol=0, atol=size * error(n))


@pytest.mark.parametrize("n", SIZES[1:])
def test_another_seed_is_another_rotation(n):
    assert_array_equal(rotation(n, 0)(np.eye(n)), rotation(n, 0)(np.eye(n)))
    assert not np.allclose(rotation(n, 0)(np.eye(n)), rotation(n, 1)(np.eye(n)), atol=1e-3)


@pytest.mark.parametrize("n", [200, 400, 10_000])
@pytest.mark.parametrize("kind", ["spike", "constant", "wave"])
def test_what_stood_out_becomes_noise(n, kind):
    steps = np.arange(n)
    vector = {
        "spike": np.where(steps == 7, 1.0, 0.0),
        "constant": np.ones(n),
        "wave": np.cos(2 * np.pi * 3 * steps / n) + np.sin(2 * np.pi * 3 * steps / n),
    }[kind]
    found = np.sort(rotation(n, 0)(vector / np.linalg.norm(vector)) * math.sqrt(n))
    # The distance of Kolmogorov and Smirnov from the Gaussian: above 2 / sqrt(n) with
    # probability 2 exp(-8), were the coordinates independent.
    expected = np.array([math.erfc(-x / math.sqrt(2)) / 2 for x in found])
    assert np.abs(expected - (steps + 0.5) / n).max() < 2 / math.sqrt(n)


def test_in_the_plane_all_directions_are_as_likely():
    turned = np.array([rotation(2, seed)(np.array([1.0, 0.0])) for seed in range(400)])
    directions = np.sort(np.arctan2(turned[:, 1], turned[:, 0]) / (2 * np.pi) + 0.5)
    assert np.abs(directions - (np.arange(400) + 0.5) / 400).max() < 2 / math.sqrt(400)
