"""A toy loss as a landscape over a plane, written once, as a formula.

Height, gradient, LaTeX and JavaScript all follow from the formula by SymPy, which is imported when
the first of them is asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from core.strategies import Array, Layers
from core.surfaces.expression import ACCEPTED, FUNCTIONS, Algebra, read_formula

Point: TypeAlias = tuple[float, ...]
Window: TypeAlias = tuple[tuple[float, float], ...]  # (low, high) per coordinate


LARGEST_FACTOR = 1e300  # of the numbers in a formula once multiplied: they must fit a float


@dataclass(frozen=True)
class Field:
    """Heights and gradients, in three languages."""

    evaluate: Callable[[Array], tuple[Array, Array]]  # (..., n) -> (...), (..., n)
    latex: Callable[[Sequence[str]], str]  # from the names of the coordinates
    javascript: str  # a function of the point (an array) that returns [height, gradient]
    formula: str = ""  # as `read_formula` reads it; empty where there is none
    kinked: bool = False  # there are places without a gradient: there the slope of abs counts as 0


@dataclass(frozen=True)
class Surface:
    """A loss over one plane, or over several, with what is worth knowing about it."""

    teaches: str  # one sentence
    field: Callable[[], Field]  # built when first asked for
    window: Window  # a square in every plane, so that angles are true
    start: Point
    minima: tuple[Point, ...]  # all, or some where they form a curve; none where nobody knows
    layers: Layers = (2,)
    slow: Point = ()  # the direction, of length 1, along which alone a run gets on; () if none

    def along(self, points: ArrayLike) -> Array:
        """Return how far points ``(..., n)`` are from the minimum along the slow direction."""
        away = np.asarray(points, np.float64) - np.asarray(self.minima[0])
        return np.asarray(np.abs(away @ np.asarray(self.slow)))

    def evaluate(self, points: ArrayLike) -> tuple[Array, Array]:
        """Return heights ``(...)`` and gradients ``(..., n)`` at points ``(..., n)``.

        Infinity and NaN are not hidden: they show where the surface has no finite height.
        """
        with np.errstate(all="ignore"):
            return self.field().evaluate(np.asarray(points, np.float64))

    def height(self, points: ArrayLike) -> Array:
        """Return the heights ``(...)`` at points ``(..., n)``."""
        return self.evaluate(points)[0]

    def gradient(self, points: ArrayLike) -> Array:
        """Return the gradients ``(..., n)`` at points ``(..., n)``."""
        return self.evaluate(points)[1]

    @property
    def lowest(self) -> float | None:
        """The height of the minima; None where nobody knows them."""
        return float(self.height(self.minima[0])) if self.minima else None

    @property
    def latex(self) -> str:
        """The formula in LaTeX: in x and y, or in x_1, x_2, ... over several planes."""
        n = len(self.start)
        return self.field().latex("xy" if n == 2 else [f"x_{{{i}}}" for i in range(1, n + 1)])

    @property
    def javascript(self) -> str:
        """The source of a function of the point (an array) that returns [height, gradient]."""
        return self.field().javascript

    @property
    def kinked(self) -> bool:
        """Whether there are places without a gradient: there the slope of abs counts as 0."""
        return self.field().kinked


def from_formula(text: str, window: Window = ((-5, 5), (-5, 5)), start: Point = (3, 2)) -> Surface:
    """Return the surface of a reader's own formula, whose minima nobody knows.

    Raises ValueError with a sentence for the reader that says what was wrong and what is accepted.

    >>> from_formula("x^2 + 3*y").gradient([1.0, 1.0])
    array([2., 3.])
    """
    _derive(text)
    return Surface("Your own formula.", formula(text), window, start, ())


def formula(text: str) -> Callable[[], Field]:
    """Return what builds heights and gradients from a formula, when first asked for."""
    return partial(_derive, text)


def square(half: float, middle: Point = (0, 0)) -> Window:
    """Return the window with this middle and half a side this long."""
    return tuple((axis - half, axis + half) for axis in middle)


@lru_cache(maxsize=256)
def _derive(text: str) -> Field:
    """Derive everything from a formula; ValueError where it has no real value or no slope."""
    import sympy  # here: it takes half a second
    from sympy.codegen.rewriting import create_expand_pow_optimization

    plane = sympy.symbols("x y", real=True)
    functions = {name: getattr(sympy, name) for name in FUNCTIONS if name != "abs"}
    constants = {"x": plane[0], "y": plane[1], "pi": sympy.pi, "e": sympy.E}
    height = read_formula(text, Algebra(sympy.Rational, constants, functions | {"abs": sympy.Abs}))
    if height.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I):
        raise ValueError(f"This formula has no value anywhere, as in 1/0. {ACCEPTED}")
    parts = [height, *(sympy.diff(height, axis) for axis in plane)]
    if any(part.has(sympy.Derivative, sympy.re, sympy.im, sympy.DiracDelta) for part in parts):
        raise ValueError("The slope of this formula could not be found: try it without abs.")
    if any(
        max(abs(n.p), n.q) > LARGEST_FACTOR for part in parts for n in part.atoms(sympy.Rational)
    ):
        raise ValueError("The numbers in this formula multiply to something too large.")
    large = {
        n: sympy.Float(n, 17) for part in parts for n in part.atoms(sympy.Integer) if abs(n) > 2**53
    }
    # Both languages compute the same products in the same order, so polynomials agree to the bit.
    as_products = create_expand_pow_optimization(20, base_req=lambda _: True)
    shared, results = sympy.cse([part.xreplace(large) for part in parts])
    shared = [(name, as_products(part)) for name, part in shared]
    results = [as_products(part) for part in results]
    compiled = sympy.lambdify(plane, results, "numpy", cse=lambda _: (shared, results))

    def evaluate(points: Array) -> tuple[Array, Array]:
        x, y = points[..., 0].copy(), points[..., 1].copy()  # contiguous: twice as fast
        heights, gradients = np.empty(x.shape), np.empty_like(points)
        heights[...], gradients[..., 0], gradients[..., 1] = compiled(x, y)
        return heights, gradients

    lines = [f"  const {name} = {sympy.jscode(part)};\n" for name, part in shared]
    f, f_x, f_y = map(sympy.jscode, results)
    return Field(
        evaluate,
        lambda names: sympy.latex(height, symbol_names=dict(zip(plane, names, strict=True))),
        f"([x, y]) => {{\n{''.join(lines)}  return [{f}, [{f_x}, {f_y}]];\n}}",
        text,
        height.has(sympy.Abs),
    )
