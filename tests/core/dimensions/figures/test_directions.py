"""Pictures of all directions: what is drawn is what was computed."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.dimensions.directions import on_circle, on_sphere, seen
from core.dimensions.figures.directions import ACROSS, circle, sphere


def test_all_directions_are_drawn():
    directions, angles = on_circle(10.0, 360)
    (trace,) = circle(10.0).data
    assert_allclose(trace.theta, np.degrees(directions))
    assert_allclose(trace.r, np.degrees(angles))
    globe = sphere(10.0)
    (trace,) = globe.data
    places, angles = on_sphere(10.0, ACROSS)
    assert_allclose(trace.x, places)
    assert_allclose(trace.z, np.degrees(angles), rtol=0, atol=0.005 + 1e-9)  # written to 0.01
    assert (trace.zmin, trace.zmax) == (0, pytest.approx(np.degrees(np.arccos(1 / np.sqrt(3)))))
    assert {a.text: (a.x, a.y) for a in globe.layout.annotations} == {
        f"{name} axis": tuple(seen(axis)) for name, axis in zip("xyz", np.eye(3), strict=True)
    }
