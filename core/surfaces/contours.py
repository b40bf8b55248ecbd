"""Isolines of a surface, and where it has no finite height."""

from dataclasses import dataclass

import contourpy
import numpy as np

from core.strategies import Array
from core.surfaces.surface import Surface

RESOLUTION = 161  # points along each side of the window
LEVELS = 12  # at the most
COARSE, FINE = (1, 3), (1, 2, 3, 5, 7)  # first digits of the heights, for many decades and few
COORDINATE_DIGITS = 5


@dataclass(frozen=True)
class Isolines:
    """All lines of one height."""

    height: float
    lines: list[list[list[float]]]  # of points (x, y)


def isolines(surface: Surface) -> list[Isolines]:
    """Return isolines of a surface over one plane.

    Their heights are round numbers, decade by decade, above the lowest point of the window, so
    that both the valley and the walls have some; labels tell the true heights.
    """
    x, y, heights = _grid(surface)
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return []
    lowest = surface.lowest if surface.lowest is not None else float(finite.min())
    above = finite - lowest
    above = above[above > 0]
    if not above.size:
        return []
    low, high = np.log10(np.quantile(above, [0.002, 0.995]))
    decades = 10 ** np.arange(np.floor(low), np.ceil(high) + 1)
    digits = COARSE if high - low > 2 else FINE
    rises = np.outer(decades, digits).ravel()
    rises = rises[(rises > 10**low) & (rises < 10**high)]
    if not rises.size:  # nearly all heights are the same
        rises = np.array([10 ** ((low + high) / 2)])
    rises = rises[:: int(np.ceil(len(rises) / LEVELS))]
    generator = contourpy.contour_generator(x, y, np.ma.masked_invalid(heights))
    return [
        Isolines(
            float(lowest + rise),
            [_short(np.asarray(line)) for line in generator.lines(lowest + rise)],
        )
        for rise in rises
    ]


def holes(surface: Surface) -> list[list[float]]:
    """Return rectangles ``[left, top, width, height]`` where the surface has no finite height."""
    x, y, heights = _grid(surface)
    step_x, step_y = x[1] - x[0], y[1] - y[0]
    rectangles = []
    for row, missing in enumerate(~np.isfinite(heights)):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], missing, [0]])))
        for begin, end in edges.reshape(-1, 2):
            left, top = x[begin] - step_x / 2, y[row] + step_y / 2
            rectangles.append([left, top, (end - begin) * step_x, step_y])
    return [[float(number) for number in rectangle] for rectangle in rectangles]


def _grid(surface: Surface) -> tuple[Array, Array, Array]:
    x, y = (np.linspace(low, high, RESOLUTION) for low, high in surface.window)
    points = np.stack(np.meshgrid(x, y), axis=-1)
    return x, y, surface.height(points)


def _short(line: Array) -> list[list[float]]:
    return [[float(f"{x:.{COORDINATE_DIGITS}g}") for x in point] for point in line]
