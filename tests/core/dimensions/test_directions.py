"""All directions: where clip by value turns and where it does not."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.bounds import worst_angle, worst_plane_angle, worst_plane_direction
from core.clipping import clip
from core.dimensions.directions import csv, on_arc, on_circle, on_sphere, seen
from core.geometry import angle
from core.strategies import Singletons
from tests.cases import rounding


@pytest.mark.parametrize("length", [1.2, 2.0, 10.0, 1e4])
def test_on_the_circle_the_largest_angle_is_that_of_the_bound(length):
    count = 100_000
    directions, angles = on_circle(length, count)
    # Next to the largest, the angle falls no faster than the direction changes.
    assert_allclose(angles.max(), worst_plane_angle(length), rtol=0, atol=2 * np.pi / count)
    assert angles.max() <= worst_plane_angle(length) + 4 * rounding(2)
    # Below sqrt(5) it is flat on top: the place is known to the root of what the angle is.
    to_axis = np.abs((directions[angles.argmax()] + np.pi / 4) % (np.pi / 2) - np.pi / 4)
    assert_allclose(to_axis, worst_plane_direction(length), rtol=0, atol=0.01)


def test_along_axes_and_diagonals_nothing_turns():
    _, angles = on_circle(10.0, 8)
    assert_allclose(angles, 0, atol=4 * rounding(2))


@pytest.mark.parametrize("length", [1e16, 1e30])
def test_an_axis_is_an_axis_however_long_the_gradient(length):
    assert on_circle(length, 4)[1].max() == 0
    assert on_arc(length, 9)[1][-1] == 0


def test_a_gradient_within_the_threshold_does_not_turn():
    assert not on_circle(1.0, 360)[1].max() > 4 * rounding(2)
    assert not np.nanmax(on_sphere(1.0, 51)[1]) > 4 * rounding(3)


def test_every_place_on_the_sphere_is_the_direction_that_it_shows():
    places, angles = on_sphere(7.0, 41)
    for point in np.random.default_rng(0).normal(size=(200, 3)):
        unit = np.abs(point) / np.linalg.norm(point)  # the octant that is wholly in sight
        right, up = seen(unit)
        column, row = (np.abs(places - x).argmin() for x in (right, up))
        toward = np.sqrt(max(1 - places[column] ** 2 - places[row] ** 2, 0))
        view = np.array([[-1, 1, 0], [-1, -1, 2], [1, 1, 1]]) / np.sqrt([[2], [6], [3]])
        there = 7.0 * np.array([places[column], places[row], toward]) @ view
        expected = angle(there, clip(there, Singletons(3), 1.0))
        assert_allclose(angles[row, column], expected, atol=8 * rounding(3))


def test_the_sphere_is_round_and_no_direction_exceeds_the_bound():
    places, angles = on_sphere(1e6, 101)
    outside = places[:, np.newaxis] ** 2 + places**2 > 1
    assert (np.isnan(angles) == outside).all()
    assert np.nanmax(angles) < worst_angle(3)


def test_on_the_way_to_an_axis_it_turns_first_not_then_more_and_not_at_the_end():
    down, angles = on_arc(10.0, 20)
    assert_allclose([down[0], down[-1]], [0, np.arccos(1 / np.sqrt(3))], atol=rounding(3))
    assert_allclose(angles[[0, -1]], 0, atol=8 * rounding(3))
    assert angles[10] > 0.3


def test_the_csv_has_every_degree():
    head, *lines = csv(10.0).splitlines()
    assert head == "numbers,from,direction,angle"
    rows = [line.split(",") for line in lines]
    circle = [(float(at), float(turned)) for n, _, at, turned in rows if n == "2"]
    assert_allclose(circle, np.degrees(on_circle(10.0, 360)).T)
    assert sum(n == "3" for n, *_ in rows) == 56
