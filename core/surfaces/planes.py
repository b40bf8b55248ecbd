"""Surfaces made of surfaces: turned in their plane, or stacked over several planes."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np

from core.strategies import Array
from core.surfaces.surface import Field, Point, Surface


def rotated(surface: Surface, phi: float) -> Surface:
    """Turn a surface over one plane by phi (radians) about the middle of its window.

    The start and the minima turn with it, the window stays. Raises ValueError for more planes.
    """
    if len(surface.start) != 2:
        raise ValueError(f"a surface over one plane can be rotated, got {len(surface.start)} axes")
    if phi == 0:
        return surface
    cos, sin = math.cos(phi), math.sin(phi)
    a, b = (low + (high - low) / 2 for low, high in surface.window)

    def turned(point: Point) -> Point:
        u, v = point[0] - a, point[1] - b
        return (cos * u - sin * v + a, sin * u + cos * v + b)

    @cache
    def field() -> Field:
        inner = surface.field()

        def evaluate(points: Array) -> tuple[Array, Array]:
            u, v = points[..., 0] - a, points[..., 1] - b
            back, turned_back = np.empty_like(points), np.empty_like(points)
            back[..., 0], back[..., 1] = cos * u + sin * v + a, cos * v - sin * u + b
            heights, gradients = inner.evaluate(back)
            p, q = gradients[..., 0], gradients[..., 1]
            turned_back[..., 0], turned_back[..., 1] = cos * p - sin * q, sin * p + cos * q
            return heights, turned_back

        javascript = f"""(evaluate => ([x, y]) => {{
  const u = x - {a!r}, v = y - {b!r};
  const [height, [p, q]] = evaluate(
    [{cos!r} * u + {sin!r} * v + {a!r}, {cos!r} * v - {sin!r} * u + {b!r}]);
  return [height, [{cos!r} * p - {sin!r} * q, {sin!r} * p + {cos!r} * q]];
}})({inner.javascript})"""
        return replace(inner, evaluate=evaluate, javascript=javascript, latex=latex, formula="")

    def latex(names: Sequence[str]) -> str:
        turn = rf"R_{{{math.degrees(-phi):.6g}^\circ}} \binom{{{names[0]}}}{{{names[1]}}}"
        return rf"{surface.field().latex('pq')}, \quad \binom{{p}}{{q}} = {turn}"

    minima = tuple(map(turned, surface.minima))
    slow: Point = ()
    if surface.slow:
        p, q = surface.slow
        slow = (cos * p - sin * q, sin * p + cos * q)
    return replace(surface, field=field, start=turned(surface.start), minima=minima, slow=slow)


def stack(first: Surface, second: Surface) -> Surface:
    """Add two losses that share no coordinate: every plane is a layer.

    >>> from core.surfaces.table import SURFACES
    >>> stack(SURFACES["ridge"], SURFACES["saddle"]).layers
    (2, 2)
    """
    n = len(first.start)

    @cache
    def field() -> Field:
        one, other = first.field(), second.field()

        def evaluate(points: Array) -> tuple[Array, Array]:
            heights, gradients = one.evaluate(points[..., :n])
            more_heights, more_gradients = other.evaluate(points[..., n:])
            both = np.empty_like(points)
            both[..., :n], both[..., n:] = gradients, more_gradients
            return heights + more_heights, both

        javascript = f"""((one, other) => point => {{
  const [height, gradient] = one(point.slice(0, {n}));
  const [more, others] = other(point.slice({n}));
  return [height + more, [...gradient, ...others]];
}})({one.javascript}, {other.javascript})"""
        return Field(
            evaluate,
            lambda names: f"{one.latex(names[:n])} + {other.latex(names[n:])}",
            javascript,
            kinked=one.kinked or other.kinked,
        )

    return Surface(
        f"{first.teaches} {second.teaches}",
        field,
        first.window + second.window,
        first.start + second.start,
        tuple(a + b for a, b in product(first.minima, second.minima)),
        first.layers + second.layers,
    )
