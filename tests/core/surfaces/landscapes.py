"""The surfaces the tests run over, and how much rounding may change on them."""

import numpy as np

from core.strategies import Array
from core.surfaces.planes import rotated, stack
from core.surfaces.surface import Surface, from_formula
from core.surfaces.table import SURFACES

EPS = float(np.finfo(float).eps)
ROUNDINGS = 64  # more than the operations in a formula, each of which errs by half an EPS

NAMES = list(SURFACES)
TURNED = {f"{name}, turned": rotated(surface, 1.0) for name, surface in SURFACES.items()}
PAIRS = {
    f"{first} and {second}": stack(SURFACES[first], TURNED[f"{second}, turned"])
    for first, second in [("ridge", "recurrent cliff"), ("Rosenbrock", "Beale")]
}
OWN = {"a reader's own": from_formula("sin(3*x)*y + log(1 + x^2)*abs(y - 0.5)")}
FEW = SURFACES | PAIRS | OWN
ALL = FEW | TURNED


def points(surface: Surface, count: int = 200) -> Array:
    """Draw points of the window, (count, n)."""
    low, high = np.transpose(surface.window)
    return np.random.default_rng(0).uniform(low, high, (count, len(low)))


def rounding(surface: Surface, at: Array) -> Array:
    """Estimate how far rounding may carry a gradient at points ``(m, n)``; (m, n).

    Rounding acts like moving the point by some EPS: what that changes, and the last digits.
    """
    signs = np.random.default_rng(1).choice([-1, 1], (20, *at.shape))
    moved = at + ROUNDINGS * EPS * signs * np.maximum(np.abs(at), 1)
    gradients = surface.gradient(at)
    spread = np.abs(surface.gradient(moved) - gradients).max(axis=0)
    return spread + ROUNDINGS * EPS * (np.abs(gradients).max(axis=-1, keepdims=True) + 1)
