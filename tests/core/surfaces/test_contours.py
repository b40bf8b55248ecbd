from itertools import product

import numpy as np
import pytest

from core.surfaces.contours import RESOLUTION, holes, isolines
from core.surfaces.surface import from_formula
from core.surfaces.table import SURFACES


@pytest.mark.parametrize("name", SURFACES)
def test_every_point_of_an_isoline_has_its_height(name: str) -> None:
    surface = SURFACES[name]
    lines = isolines(surface)
    assert len(lines) >= 4
    low, high = np.transpose(surface.window)
    cell = (high - low) / (RESOLUTION - 1)
    for isoline in lines:
        points = np.array([point for line in isoline.lines for point in line])
        # A line crosses the edges of the grid, along which the height is taken to be linear: its
        # height lies between those of the nodes around. 0.01 cells is what rounding can move it.
        index = (points - low) / cell
        nodes = [np.floor(index - 0.01), np.round(index), np.ceil(index + 0.01)]
        around = np.stack([np.stack([x[:, 0], y[:, 1]], axis=-1) for x, y in product(nodes, nodes)])
        heights = surface.height(low + cell * np.clip(around, 0, RESOLUTION - 1))
        assert (heights.min(axis=0) <= isoline.height).all()
        assert (heights.max(axis=0) >= isoline.height).all()


@pytest.mark.parametrize("name", SURFACES)
def test_isolines_rise_and_stay_in_the_window(name: str) -> None:
    surface = SURFACES[name]
    lines = isolines(surface)
    heights = [isoline.height for isoline in lines]
    assert heights == sorted(set(heights))
    points = np.array([point for isoline in lines for line in isoline.lines for point in line])
    low, high = np.transpose(surface.window)
    assert (points >= low - 1e-3).all()
    assert (points <= high + 1e-3).all()


def test_a_surface_without_finite_heights_has_no_isolines_but_one_hole() -> None:
    surface = from_formula("log(0 - x^2 - 1)")
    assert isolines(surface) == []
    area = sum(wide * high for _, _, wide, high in holes(surface))
    assert area == pytest.approx((10 * 161 / 160) ** 2)


def test_holes_cover_just_the_points_without_a_height() -> None:
    surface = from_formula("log(x) + y^2")
    covered = holes(surface)
    assert covered
    assert max(left + wide for left, _, wide, _ in covered) == pytest.approx(0, abs=0.04)
    assert not holes(SURFACES["Himmelblau"])
