"""Clip by value over all directions of a gradient of two or three numbers."""

import numpy as np

from core.clipping import clip
from core.geometry import angle
from core.strategies import Array, Singletons

# Where one looks at the sphere from, and what is right and up in that view: z points up.
TOWARD = np.array([1.0, 1.0, 1.0]) / np.sqrt(3)
RIGHT = np.array([-1.0, 1.0, 0.0]) / np.sqrt(2)
ZERO = 4 * np.finfo(np.float64).eps
UP = np.array([-1.0, -1.0, 2.0]) / np.sqrt(6)


def on_circle(length: float, count: int) -> tuple[Array, Array]:
    """Return ``count + 1`` directions once around, and how far a gradient there turns, in radians.

    The gradient is ``length`` thresholds long.
    """
    directions = np.linspace(0, 2 * np.pi, count + 1)
    return directions, _turned(length, np.stack([np.cos(directions), np.sin(directions)], axis=-1))


def on_sphere(length: float, count: int) -> tuple[Array, Array]:
    """Return ``count`` places from -1 to 1, and angles ``(up, right)`` in radians, NaN outside.

    The sphere is seen from ``(1, 1, 1)`` and far away; by symmetry, so it looks from every
    ``(+-1, +-1, +-1)``. The gradient is ``length`` thresholds long.
    """
    places = np.linspace(-1, 1, count)
    right, up = np.meshgrid(places, places)
    square = right**2 + up**2
    toward = np.sqrt(np.maximum(1 - square, 0))
    points = right[..., np.newaxis] * RIGHT + up[..., np.newaxis] * UP
    angles = _turned(length, points + toward[..., np.newaxis] * TOWARD)
    return places, np.where(square <= 1, angles, np.nan)


def on_arc(length: float, count: int) -> tuple[Array, Array]:
    """Return ``count + 1`` angles from (1, 1, 1) to the z axis, and how far a gradient there turns.

    Both in radians. The gradient is ``length`` thresholds long.
    """
    down = np.linspace(0, np.arccos(TOWARD[2]), count + 1)
    along = np.cos(down)[:, np.newaxis] * TOWARD + np.sin(down)[:, np.newaxis] * UP
    return down, _turned(length, along)


def csv(length: float) -> str:
    """Write a line for every degree of the circle and of the arc, all in degrees."""
    lines = ["numbers,from,direction,angle"]
    around, on_the_way = on_circle(length, 360), on_arc(length, 55)
    for numbers, start, (places, angles) in ((2, "x axis", around), (3, "(1 1 1)", on_the_way)):
        for place, turned in np.degrees([places, angles]).T.tolist():
            lines.append(f"{numbers},{start},{place!r},{turned!r}")
    return "\n".join(lines) + "\n"


def seen(points: Array) -> Array:
    """Return where points ``(..., 3)`` are in the view, ``(..., 2)``: to the right and up."""
    return np.stack([points @ RIGHT, points @ UP], axis=-1)


def _turned(length: float, directions: Array) -> Array:
    # cos(90 degrees) is not quite zero, and would be clipped where the gradient is very long.
    gradients = length * np.where(np.abs(directions) < ZERO, 0.0, directions)
    return angle(gradients, clip(gradients, Singletons(gradients.shape[-1]), 1.0))
