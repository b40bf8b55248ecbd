"""Clip by value of independent coordinates, as their number grows: where angle and length tend.

By the law of large numbers, with Z a coordinate, k the threshold and clip Z = Z shortened to k:
``cos(angle) -> E[Z clip Z] / sqrt(E Z^2 E clip^2)`` and ``|u| / |g| -> sqrt(E clip^2 / E Z^2)``.
"""

import math
from dataclasses import dataclass

import numpy as np

from core.dimensions.distributions import Distribution
from core.strategies import Array

# Panels of Gauss and Legendre in log z; the integrands are analytic in |Im log z| < pi / 4.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)
PANEL = 0.5
DEPTH = 13  # below the scale by e^-13, z^2 dz is lost in rounding

WITH_LIMIT = (
    Distribution.GAUSSIAN,
    Distribution.LAPLACE,
    Distribution.UNIFORM,
    Distribution.STUDENT_T,
)
STEP = 1 / 64  # of the trapezoidal rule for the tail: halving it changes no digit


def limit_angle(distribution: Distribution, threshold: float, nu: float = 3.0) -> float:
    """Return the limit of the angle of clip by value as n grows, in radians.

    ``threshold`` is in units of the distribution's scale; 0 stands for the limit as it vanishes,
    which is that of the signs. For k thresholds, the cosine is

    - Gaussian: ``erf(k / sqrt 2) / sqrt(E)``, E = erf(k / sqrt 2) - 2 k phi(k) + 2 k^2 Phi(-k);
    - Laplace: ``(2 - exp(-k) (k + 2)) / sqrt(4 - 4 exp(-k) (k + 1))``;
    - uniform: ``(3 k - k^3) / sqrt(12 k^2 - 8 k^3)`` up to k = 1;
    - Student t: ``(M + 6 sqrt 3 k / (pi (3 + k^2))) / sqrt(3 E)`` for nu = 3, where
      A = arctan(k / sqrt 3), M = (6 / pi) (A - sqrt 3 k / (3 + k^2)) and
      E = M + k^2 (1 - (2 / pi) (A + sqrt 3 k / (3 + k^2))). **90 degrees for nu <= 2**, where the
      variance is infinite: the largest coordinates outweigh all others, and are cut.

    These lose their digits where k is small or the angle is, so it is found from sums of positive
    integrals instead, to twelve digits for nu >= 2.01; angles below 1e-150 may come out as 0.
    Raises ValueError for other distributions, for thresholds that are negative or not finite,
    and unless nu is positive.
    """
    split = _split(distribution, threshold, nu)
    if split is None:
        return math.pi / 2
    # |g x u| / <g, u>, in units of k: with r = g - u, |u|^2 |r|^2 - <u, r>^2 has the first term
    # from what is not cut, and the other is the variance of what is cut off.
    within, k = split.within, threshold
    kept = within / k / k if k else 0.0
    cross = kept * split.square + (split.share * split.square - split.excess**2)
    return math.atan2(math.sqrt(cross), (within / k if k else 0.0) + k * split.share + split.excess)


def limit_magnitude_loss(distribution: Distribution, threshold: float, nu: float = 3.0) -> float:
    """Return the limit of the share of the length that clip by value takes, as n grows.

    1 - sqrt(E clip^2 / E Z^2), with E clip^2 as in `limit_angle`: for the Gaussian the E there,
    for Laplace 2 - 2 exp(-k) (k + 1) of 2, for the uniform k^2 - 2 k^3 / 3 of 1 / 3, for nu = 3
    the E there, of 3. 1 for nu <= 2. Raises ValueError as `limit_angle` does.
    """
    split = _split(distribution, threshold, nu)
    if split is None:
        return 1.0
    lost = split.square + 2 * threshold * split.excess
    kept = split.within + threshold * (threshold * split.share)
    whole = kept + lost
    return lost / (whole + math.sqrt(whole) * math.sqrt(kept))


def huber_efficiency(threshold: float) -> float:
    """Return the efficiency of Huber's estimator of the mean of a Gaussian.

    ``threshold`` is in standard deviations; 1.345 gives 95 %. It is ``cos(limit_angle)**2``,
    because (E clip')^2 / E clip^2 is, as E clip' = E[Z clip Z]: 12.92 degrees cost 5 %. Source:
    Huber, "Robust Estimation of a Location Parameter", 1964, section 6.
    """
    return math.cos(limit_angle(Distribution.GAUSSIAN, threshold)) ** 2


@dataclass(frozen=True)
class Split:
    """Moments of Z on both sides of the threshold k, all in the same unit."""

    within: float  # E[Z^2; |Z| <= k]
    share: float  # P(|Z| > k)
    excess: float  # E[|Z| - k; |Z| > k]
    square: float  # E[(|Z| - k)^2; |Z| > k]


def _split(distribution: Distribution, threshold: float, nu: float) -> Split | None:
    """Return the moments up to a factor, which no ratio shows; None where they are infinite."""
    if not (math.isfinite(threshold) and threshold >= 0):
        raise ValueError(f"threshold must be finite and not negative, got {threshold}")
    if not nu > 0:
        raise ValueError(f"nu must be positive, got {nu}")
    slowest = 1.0  # how fast t^3 f falls at the least, as a power of t
    match distribution:
        case Distribution.UNIFORM:
            left, inner = max(1 - threshold, 0.0), min(threshold, 1.0)
            return Split(inner**3 / 3, left, left**2 / 2, left**3 / 3)
        case Distribution.STUDENT_T if nu <= 2:
            return None
        case Distribution.STUDENT_T:
            slowest = min(1.0, nu - 2)
        case Distribution.GAUSSIAN | Distribution.LAPLACE:
            pass
        case _:
            raise ValueError(f"limits are known of {', '.join(WITH_LIMIT)}, not of {distribution}")
    # The substitution log t = center + sinh falls off doubly exponentially to both sides.
    end = math.asinh(40 / slowest)
    x = np.arange(-end, end, STEP)
    s = math.log(_tail_length(distribution, max(threshold, 1.0), nu)) + math.pi / 2 * np.sinh(x)
    steps = STEP * math.pi / 2 * np.cosh(x)
    logs = _fall(distribution, threshold, s, nu)
    start = math.exp(float(_fall(distribution, 0.0, _log(np.array(threshold)), nu)))
    share, excess, square = (start * float(np.exp(j * s + logs) @ steps) for j in (1, 2, 3))
    return Split(_within(distribution, threshold, nu), share, excess, square)


def _within(distribution: Distribution, threshold: float, nu: float) -> float:
    """Integrate z^2 f(z) / f(0) from 0 to the threshold."""
    if threshold == 0:
        return 0.0
    last = math.log(threshold)
    panels = math.ceil((max(last, 0.0) + DEPTH) / PANEL)
    middles = last - PANEL * (np.arange(panels)[:, np.newaxis] + 0.5)
    s = middles + PANEL / 2 * NODES
    return float(PANEL / 2 * (np.exp(3 * s + _fall(distribution, 0.0, s, nu)) @ WEIGHTS).sum())


def _fall(distribution: Distribution, start: float, s: Array, nu: float) -> Array:
    """Return log(f(k + t) / f(k)) for the density f, with k = ``start`` and t = exp(s)."""
    with np.errstate(over="ignore"):  # then the density is zero
        if distribution is Distribution.LAPLACE:
            return -np.exp(s)
        grown = s + np.logaddexp(_log(np.array(2 * start)), s)  # the log of (k + t)^2 - k^2
        if distribution is Distribution.GAUSSIAN:
            return -np.exp(grown) / 2
        unit = 2 * math.log(math.hypot(math.sqrt(nu), start))
        return np.asarray(-(nu + 1) / 2 * np.logaddexp(0, grown - unit))


def _tail_length(distribution: Distribution, start: float, nu: float) -> float:
    """Return roughly how far beyond ``start`` the density falls by e."""
    match distribution:
        case Distribution.GAUSSIAN:
            return 1 / start
        case Distribution.STUDENT_T:
            return (nu / start + start) / (nu + 1)
        case _:
            return 1.0


def _log(numbers: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(numbers))
