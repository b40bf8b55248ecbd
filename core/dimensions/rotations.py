"""Random rotations of vectors, in any dimension."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from core.strategies import Array

Rotation: TypeAlias = Callable[[Array], Array]  # (..., n) -> (..., n)

EXACT = 256  # coordinates: up to here a matrix is cheap
ROUNDS = 3  # after one, a single spike would become a wave


def rotation(n: int, seed: int) -> Rotation:
    """Return a random orthogonal map of vectors ``(..., n)``; lengths stay up to rounding.

    Up to n = 256 it is uniformly distributed over all orthogonal maps (reflections included).
    Beyond, it is three rounds of random signs and a Hartley transform, which take O(n log n): not
    uniform, but every coordinate is spread over all others with random signs, so that a spike
    comes out as noise that is close to Gaussian. Sources: Mezzadri, "How to Generate Random
    Matrices from the Classical Compact Groups", 2007; Ailon and Chazelle, "The Fast
    Johnson-Lindenstrauss Transform", 2009, for signs before a transform.
    """
    rng = np.random.default_rng(seed)
    if n <= EXACT:
        orthogonal, triangle = np.linalg.qr(rng.standard_normal((n, n)))
        matrix = orthogonal * np.sign(np.diag(triangle))
        return lambda vectors: np.asarray(vectors @ matrix)
    signs = rng.choice(np.array([-1.0, 1.0]), (ROUNDS, n))

    def mix(vectors: Array) -> Array:
        for each in signs:
            waves = np.fft.fft(vectors * each, norm="ortho")
            vectors = waves.real - waves.imag
        return vectors

    return mix
