import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.surfaces.planes import rotated, stack
from core.surfaces.table import SURFACES
from tests.core.surfaces.landscapes import EPS, NAMES, points


@pytest.mark.parametrize("name", NAMES)
def test_turning_forth_and_back_changes_nothing(name):
    surface = SURFACES[name]
    again = rotated(rotated(surface, 0.8), -0.8)
    assert_allclose(again.start, surface.start, atol=1e-12)
    at = points(surface)
    spread = np.abs(surface.height(at * (1 + 64 * EPS)) - surface.height(at * (1 - 64 * EPS)))
    assert np.all(np.abs(again.height(at) - surface.height(at)) <= 4 * spread + 1e-9)


def test_a_quarter_turn_moves_the_steep_axis():
    turned = rotated(SURFACES["long bowl"], np.pi / 2)
    assert_allclose(turned.gradient([1.0, 0.0]), [100, 0], atol=1e-12)
    assert_allclose(turned.start, [-1, 10], atol=1e-12)


def test_stacking_adds_heights_and_joins_gradients():
    first, second = SURFACES["ridge"], SURFACES["Beale"]
    both = stack(first, second)
    at = points(both)
    assert_array_equal(both.height(at), first.height(at[:, :2]) + second.height(at[:, 2:]))
    assert_array_equal(both.gradient(at)[:, 2:], second.gradient(at[:, 2:]))
    assert both.layers == (2, 2)
    assert both.start == (*first.start, *second.start)
    assert all(f"x_{{{i}}}" in both.latex for i in range(1, 5))
    with pytest.raises(ValueError, match="over one plane"):
        rotated(both, 1.0)


@given(st.floats(-4, 4), st.sampled_from([name for name, it in SURFACES.items() if it.slow]))
def test_the_slow_direction_turns_with_the_surface(phi, name):
    surface = SURFACES[name]
    turned = rotated(surface, phi)
    assert np.hypot(*turned.slow) == pytest.approx(1)
    assert turned.along(turned.start) == pytest.approx(surface.along(surface.start))
    assert turned.along(turned.minima[0]) == pytest.approx(0, abs=1e-12)
