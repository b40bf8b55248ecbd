import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.surfaces.table import SURFACES
from tests.core.surfaces.landscapes import ALL, EPS, NAMES


@pytest.mark.parametrize("name", ALL)
def test_minima_are_flat_and_nothing_around_them_is_lower(name):
    surface = ALL[name]
    for minimum in surface.minima:
        point = np.array(minimum, float)
        around = point + 1e-4 * np.random.default_rng(0).standard_normal((100, len(point)))
        bend = np.abs(surface.gradient(around) - surface.gradient(point)).max() / 1e-4
        if surface.kinked:  # there is no gradient at a kink; 0 stands for it
            assert_allclose(surface.gradient(point), 0, atol=64 * EPS * bend)
        else:
            reach = np.abs(point).max() + 1
            assert_allclose(surface.gradient(point), 0, atol=4 * EPS * bend * reach)
        assert surface.height(around).min() >= surface.lowest - EPS * max(1, abs(surface.lowest))
        assert_allclose(surface.height(point), surface.lowest, atol=1e-24 + EPS * bend * EPS)


@pytest.mark.parametrize("name", NAMES)
def test_start_and_minima_stay_in_the_window_however_it_is_turned(name):
    surface = SURFACES[name]
    (left, right), (bottom, top) = surface.window
    assert right - left == pytest.approx(top - bottom, rel=1e-12)
    middle = (left + right) / 2, (bottom + top) / 2
    for point in (surface.start, *surface.minima):
        assert np.linalg.norm(np.subtract(point, middle)) <= (right - left) / 2
    assert len(surface.teaches) < 140
    assert surface.teaches.endswith(".")
    assert surface.latex


def test_sympy_is_not_loaded_before_it_is_needed():
    code = "import sys, core.surfaces.table, core.surfaces.planes; print('sympy' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
