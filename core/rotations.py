"""Random rotations of vectors, in any dimension."""

import numpy as np

from core.clipping import Array

EXACT = 512  # coordinates: up to here a matrix is cheap
ROUNDS = 3  # after one, a single spike would become a wave


def rotate(vectors: Array, seed: int) -> Array:
    """Turn vectors ``(..., n)`` by one random orthogonal map, the same for the same n and seed.

    Lengths and angles stay, up to rounding. Up to n = 512 the map is uniformly distributed over
    all orthogonal ones (reflections included). Beyond, it is three rounds of random signs and a
    Hartley transform, which takes O(n log n): not uniform, but every coordinate is spread over all
    others with random signs, so that a spike comes out close to Gaussian. Sources: Mezzadri, "How
    to Generate Random Matrices from the Classical Compact Groups", 2007; Ailon and Chazelle, "The
    Fast Johnson-Lindenstrauss Transform", 2009, for signs and a transform.
    """
    rng, n = np.random.default_rng(seed), vectors.shape[-1]
    if n <= EXACT:
        matrix, triangle = np.linalg.qr(rng.standard_normal((n, n)))
        return np.asarray(vectors @ (matrix * np.sign(np.diag(triangle))))
    for _ in range(ROUNDS):
        signs = rng.choice([-1.0, 1.0], n)
        waves = np.fft.fft(vectors * signs, norm="ortho")
        vectors = waves.real - waves.imag
    return vectors
