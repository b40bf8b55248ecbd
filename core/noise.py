"""Seeded random numbers to draw gradients and their noise from; the last axis is a vector."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from core.strategies import Array

Noise: TypeAlias = Callable[[np.random.Generator, tuple[int, ...]], Array]

HEAVY_TAIL = 1.5  # degrees of freedom; at 2 and below the variance is infinite
RARE = 0.01  # how likely a spike is
SPIKE = 1000.0  # how many times larger it is than the rest
HEAVY_SHARE = 16  # one of so many coordinates is heavy, and at least one


def gaussian(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw standard normal numbers: mean 0, standard deviation 1."""
    return rng.standard_normal(shape)


def student_t(rng: np.random.Generator, shape: tuple[int, ...], nu: float = HEAVY_TAIL) -> Array:
    """Draw from Student's t with ``nu`` degrees of freedom and scale 1."""
    return rng.standard_t(nu, shape)


def cauchy(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw from Cauchy's distribution with scale 1: half of the numbers are longer than 1."""
    return rng.standard_cauchy(shape)


def multivariate_t(
    rng: np.random.Generator, shape: tuple[int, ...], nu: float = HEAVY_TAIL
) -> Array:
    """Draw vectors from the multivariate t with ``nu`` degrees of freedom and scale 1.

    Every coordinate is a Student t, but they are large together: no direction is preferred.
    """
    return gaussian(rng, shape) / np.sqrt(rng.chisquare(nu, _vectors(shape)) / nu)


def coordinate_spikes(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw standard normal numbers, each with probability 0.01 a thousand times larger."""
    return gaussian(rng, shape) * np.where(rng.random(shape) < RARE, SPIKE, 1)


def batch_spikes(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw standard normal vectors, each with probability 0.01 a thousand times longer."""
    return gaussian(rng, shape) * np.where(rng.random(_vectors(shape)) < RARE, SPIKE, 1)


def heavy_coordinates(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw standard normal numbers, but Cauchy's in the first sixteenth of the coordinates."""
    heavy = max(1, shape[-1] // HEAVY_SHARE)
    numbers = gaussian(rng, shape)
    numbers[..., :heavy] = cauchy(rng, (*shape[:-1], heavy))
    return numbers


def rotated_heavy_coordinates(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw as `heavy_coordinates` does, and reflect: what was the first axis is a diagonal."""
    n = shape[-1]
    mirror = np.full(n, 1 / np.sqrt(n))
    mirror[0] -= 1  # Householder: swaps the first axis and (1, ..., 1) / sqrt(n)
    numbers = heavy_coordinates(rng, shape)
    if n == 1:
        return numbers
    return np.asarray(
        numbers - 2 * np.outer(numbers @ mirror, mirror).reshape(shape) / (mirror @ mirror)
    )


def three_point(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw 0.707 twice as often as -1.414: mean 0, standard deviation 1, median 0.707."""
    return rng.choice(np.array([1.0, 1.0, -2.0]) / np.sqrt(2), shape)


# Numbers that are independent and as often positive as negative: also to draw gradients from.
NOISES: dict[str, Noise] = {
    "Gaussian": gaussian,
    "heavy-tailed": student_t,
}
# What disturbs the gradients of a descent.
DISTURBANCES: dict[str, Noise] = {
    **NOISES,
    "Cauchy": cauchy,
    "heavy-tailed vectors": multivariate_t,
    "coordinate spikes": coordinate_spikes,
    "whole-batch spikes": batch_spikes,
    "heavy coordinates": heavy_coordinates,
    "heavy coordinates, rotated": rotated_heavy_coordinates,
    "asymmetric": three_point,
}


def disturb(noise: str, seed: int, shape: tuple[int, ...], scale: float = 1.0) -> Array:
    """Draw from one of `DISTURBANCES`, ``shape`` = (steps, ..., n), times the scale.

    >>> disturb("asymmetric", 0, (500, 2), scale=0.1).shape
    (500, 2)
    """
    return scale * DISTURBANCES[noise](np.random.default_rng(seed), shape)


def _vectors(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of one number for every vector, ready to broadcast."""
    return (*shape[:-1], 1)
