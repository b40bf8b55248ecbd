"""What random gradients are drawn from: independent coordinates, of one scale or of many."""

from enum import StrEnum

import numpy as np

from core.noise import RARE, SPIKE, coordinate_spikes, gaussian, student_t
from core.strategies import Array, Layers

DECADES = 3  # between the scales of the first and the last layer


class Distribution(StrEnum):
    """How the coordinates of a random gradient are distributed, at scale 1."""

    GAUSSIAN = "Gaussian"  # the scale is the standard deviation
    LAPLACE = "Laplace"  # the scale is the mean of the absolute values
    UNIFORM = "uniform"  # from minus the scale to the scale
    STUDENT_T = "Student t"  # with nu degrees of freedom; no moment of order nu or higher
    SPARSE_SPIKES = "sparse spikes"  # Gaussian; one in a hundred is a thousand times larger
    DOMINANT = "one dominant coordinate"  # Gaussian; the first is a thousand times larger
    POWER_LAW = "power-law scales"  # Gaussian; coordinate i = 1, ..., n has scale 1 / i
    LAYER_SCALES = "per-layer scales"  # Gaussian; from 1 in the first layer to 0.001 in the last

    @property
    def says(self) -> str:
        """What it is, in a sentence for the reader."""
        return SENTENCES[self]

    def draw(
        self, rng: np.random.Generator, rows: int, layers: Layers, nu: float
    ) -> Array:  # (rows, n)
        """Draw gradients with layers of the given sizes, in float64."""
        shape = (rows, sum(layers))
        match self:
            case Distribution.LAPLACE:
                return rng.laplace(size=shape)
            case Distribution.UNIFORM:
                return rng.uniform(-1, 1, shape)
            case Distribution.STUDENT_T:
                return student_t(rng, shape, nu)
            case Distribution.SPARSE_SPIKES:
                return coordinate_spikes(rng, shape)
            case _:
                return gaussian(rng, shape) * self._scales(layers)

    def standard_deviation(self, layers: Layers, nu: float) -> float:
        """Return the root of the mean variance of the coordinates.

        Infinite for Student's t with nu <= 2; 1 / sqrt(3) for the uniform, sqrt(2) for Laplace's.
        """
        match self:
            case Distribution.LAPLACE:
                return float(np.sqrt(2))
            case Distribution.UNIFORM:
                return float(1 / np.sqrt(3))
            case Distribution.STUDENT_T:
                return float(np.sqrt(nu / (nu - 2))) if nu > 2 else float("inf")
            case Distribution.SPARSE_SPIKES:
                return float(np.sqrt(1 - RARE + RARE * SPIKE**2))
            case _:
                scales = np.broadcast_to(self._scales(layers), sum(layers))
                return float(np.sqrt(np.mean(scales**2)))

    def _scales(self, layers: Layers) -> Array:
        """Return the scales of the coordinates, ``(n,)``, or ``(1,)`` where they are alike."""
        match self:
            case Distribution.DOMINANT:
                return np.where(np.arange(sum(layers)) == 0, SPIKE, 1)
            case Distribution.POWER_LAW:
                return 1 / np.arange(1.0, sum(layers) + 1)
            case Distribution.LAYER_SCALES:
                return np.repeat(np.logspace(0, -DECADES, len(layers)), layers)
            case _:
                return np.ones(1)


SENTENCES = {
    Distribution.GAUSSIAN: "Every number is drawn from the normal distribution.",
    Distribution.LAPLACE: "Two exponentials back to back: tails somewhat heavier than normal.",
    Distribution.UNIFORM: "Every number between −1 and 1 is equally likely.",
    Distribution.STUDENT_T: "Heavy tails: the smaller nu, the heavier. Up to nu = 2 the variance "
    "is infinite.",
    Distribution.SPARSE_SPIKES: "Normal, but one number in a hundred is a thousand times larger.",
    Distribution.DOMINANT: "Normal, but the first number is a thousand times larger.",
    Distribution.POWER_LAW: "Normal, the i-th number with standard deviation 1/i.",
    Distribution.LAYER_SCALES: "Normal, with standard deviation 1 in the first layer, 0.001 in the "
    "last, and equal ratios between.",
}
