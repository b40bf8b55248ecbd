import math

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.clipping import clip
from core.dimensions.distributions import Distribution
from core.dimensions.limits import huber_efficiency, limit_angle, limit_magnitude_loss
from core.geometry import angle, magnitude_loss
from core.strategies import Singletons

CASES = [
    (Distribution.GAUSSIAN, 1.0),
    (Distribution.LAPLACE, 1.0),
    (Distribution.UNIFORM, 1.0),
    *((Distribution.STUDENT_T, nu) for nu in (2.01, 2.5, 3.0, 4.0, 10.0, 30.0)),
]
THRESHOLDS = [*np.logspace(-8, 8, 33).tolist(), 0.5, 0.999999, 2.0, 5.0, 20.0]


def moments(distribution, k, nu):
    """Return E[Z clip Z], E clip^2 and E Z^2 in closed form."""
    match distribution:
        case Distribution.GAUSSIAN:
            within = mpmath.erf(k / mpmath.sqrt(2))
            beyond = k**2 * mpmath.erfc(k / mpmath.sqrt(2))
            return within, within - 2 * k * mpmath.npdf(k) + beyond, mpmath.mpf(1)
        case Distribution.LAPLACE:
            e = mpmath.exp(-k)
            return 2 - e * (k + 2), 2 - 2 * e * (k + 1), mpmath.mpf(2)
        case Distribution.UNIFORM:
            k = min(k, mpmath.mpf(1))
            return (3 * k - k**3) / 6, k**2 - 2 * k**3 / 3, mpmath.mpf(1) / 3
        case Distribution.STUDENT_T:
            x, variance = k**2 / (nu + k**2), nu / (nu - 2)
            within = variance * mpmath.betainc(1.5, nu / 2 - 1, 0, x, regularized=True)
            share = mpmath.betainc(nu / 2, 0.5, 0, 1 - x, regularized=True)
            density = 2 / mpmath.beta(nu / 2, 0.5) / mpmath.sqrt(nu)
            tail = density * nu / (nu - 1) * (1 + k**2 / nu) ** (-(nu - 1) / 2)
            return within + k * tail, within + k**2 * share, variance


def closed_form(distribution, threshold, nu):
    # The cosine of an angle of 1e-150 has 300 nines.
    with mpmath.workdps(400):
        both, after, before = moments(distribution, mpmath.mpf(threshold), mpmath.mpf(nu))
        sine = mpmath.sqrt(max(1 - both**2 / (after * before), 0))
        return float(mpmath.asin(sine)), float(1 - mpmath.sqrt(after / before))


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize(("distribution", "nu"), CASES)
def test_the_limits_are_the_closed_forms_to_twelve_digits(distribution, nu, threshold):
    expected_angle, expected_loss = closed_form(distribution, threshold, nu)
    # What is smaller than 1e-150 may be lost; the closed form itself ends at 1e-190.
    assert_allclose(limit_angle(distribution, threshold, nu), expected_angle, 1e-12, 1e-150)
    assert_allclose(limit_magnitude_loss(distribution, threshold, nu), expected_loss, 1e-12, 1e-150)


@pytest.mark.parametrize(
    ("distribution", "k", "degrees"),
    [
        (Distribution.GAUSSIAN, 0, 37.07),
        (Distribution.GAUSSIAN, 0.5, 27.13),
        (Distribution.GAUSSIAN, 1, 18.13),
        (Distribution.LAPLACE, 0, 45),
        (Distribution.LAPLACE, math.sqrt(2), 24.47),
        (Distribution.UNIFORM, 0, 30),
    ],
)
def test_published_limits(distribution, k, degrees):
    assert math.degrees(limit_angle(distribution, k)) == pytest.approx(degrees, rel=0, abs=5e-3)


@pytest.mark.parametrize("k", [0.1, 1.0, 10.0])
def test_three_degrees_of_freedom_have_elementary_limits(k):
    a, both = math.atan(k / math.sqrt(3)), math.sqrt(3) * k / (3 + k**2)
    within = 6 / math.pi * (a - both)
    after = within + k**2 * (1 - 2 / math.pi * (a + both))
    cosine = (within + 6 / math.pi * both) / math.sqrt(3 * after)
    found = math.cos(limit_angle(Distribution.STUDENT_T, k, 3.0))
    # The subtraction leaves k^3 of k.
    assert found == pytest.approx(cosine, rel=1e-14 / k**2 + 1e-13)
    loss = 1 - math.sqrt(after / 3)
    found = limit_magnitude_loss(Distribution.STUDENT_T, k, 3.0)
    assert found == pytest.approx(loss, rel=1e-14 / k**2 + 1e-13)


@pytest.mark.parametrize(("distribution", "nu"), CASES)
def test_at_threshold_zero_the_limit_is_that_of_tiny_thresholds(distribution, nu):
    # Both differ by about the threshold, as the share of the coordinates that are not clipped.
    tiny = 1e-12
    near = limit_angle(distribution, tiny, nu)
    assert limit_angle(distribution, 0.0, nu) == pytest.approx(near, rel=0, abs=10 * tiny)
    assert limit_magnitude_loss(distribution, 0.0, nu) == 1


@pytest.mark.parametrize("nu", [0.1, 1.0, 1.5, 2.0])
@pytest.mark.parametrize("threshold", [0.0, 1e-8, 1.0, 1e8])
def test_where_the_variance_is_infinite_the_angle_is_a_right_one(nu, threshold):
    assert limit_angle(Distribution.STUDENT_T, threshold, nu) == math.pi / 2
    assert limit_magnitude_loss(Distribution.STUDENT_T, threshold, nu) == 1


def test_with_many_degrees_of_freedom_students_t_is_gaussian():
    # The densities differ by terms of 1 / nu.
    for k in (0.1, 1.0, 3.0):
        found = limit_angle(Distribution.STUDENT_T, k, 1e9)
        expected = limit_angle(Distribution.GAUSSIAN, k)
        assert found == pytest.approx(expected, rel=100 / 1e9)


@pytest.mark.parametrize("k", [0.2, 1.0, 2.5])
@pytest.mark.parametrize(
    ("distribution", "nu"), [case for case in CASES if case[1] not in (2.01, 2.5, 3.0, 4.0)]
)
def test_large_samples_turn_and_shrink_as_far_as_the_limit_says(distribution, nu, k):
    rng = np.random.default_rng(0)
    samples = distribution.draw(rng, 100, (10_000,), nu)
    after = clip(samples, Singletons(10_000), k)
    for found, expected in (
        (angle(samples, after), limit_angle(distribution, k, nu)),
        (magnitude_loss(samples, after), limit_magnitude_loss(distribution, k, nu)),
    ):
        # Five standard errors of the mean; and the bias, of variance / 2 times a bend of about 1.
        spread = found.std()
        tolerance = 5 * spread / 10 + spread**2 * 10
        assert found.mean() == pytest.approx(expected, rel=0, abs=tolerance + 1e-15)


def test_published_efficiency():
    assert huber_efficiency(1.345) == pytest.approx(0.95, rel=0, abs=5e-6)
    degrees = math.degrees(limit_angle(Distribution.GAUSSIAN, 1.345))
    assert degrees == pytest.approx(12.92, rel=0, abs=5e-3)


@pytest.mark.parametrize("k", [0.01, 0.5, 1.345, 3.0])
def test_the_efficiency_is_that_of_hubers_estimator(k):
    inside = math.erf(k / math.sqrt(2))
    density = math.exp(-(k**2) / 2) / math.sqrt(2 * math.pi)
    square = inside - 2 * k * density + k**2 * math.erfc(k / math.sqrt(2))
    # The difference leaves k^3 of k.
    assert huber_efficiency(k) == pytest.approx(inside**2 / square, rel=1e-14 / k**2 + 1e-13)


@pytest.mark.parametrize("limit", [limit_angle, limit_magnitude_loss])
def test_what_has_no_limit_is_refused(limit):
    with pytest.raises(ValueError, match="not of per-layer scales"):
        limit(Distribution.LAYER_SCALES, 1.0)
    for threshold in (-1.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="threshold must be finite and not negative"):
            limit(Distribution.GAUSSIAN, threshold)
    for nu in (0.0, -1.0, math.nan):
        with pytest.raises(ValueError, match="nu must be positive"):
            limit(Distribution.STUDENT_T, 1.0, nu)
