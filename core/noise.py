"""Seeded random numbers to draw gradients and their noise from."""

from collections.abc import Callable

import numpy as np

from core.clipping import Array

HEAVY_TAIL = 1.5  # degrees of freedom; at 2 and below the variance is infinite


def gaussian(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw standard normal numbers: mean 0, standard deviation 1."""
    return rng.standard_normal(shape)


def student_t(rng: np.random.Generator, shape: tuple[int, ...], nu: float = HEAVY_TAIL) -> Array:
    """Draw from Student's t with ``nu`` degrees of freedom and scale 1."""
    return rng.standard_t(nu, shape)


NOISES: dict[str, Callable[[np.random.Generator, tuple[int, ...]], Array]] = {
    "Gaussian": gaussian,
    "heavy-tailed": student_t,
}
