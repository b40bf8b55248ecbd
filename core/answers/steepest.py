"""Which step is the steepest: that hangs on how the length of a step is measured.

A strategy measures a step by its longest block, in the block's unit: so the steps of at most the
threshold are what the strategy's clipping can leave. By global norm that is the Euclidean length
(l2), by value the largest entry (l-infinity). A step is what is subtracted from the parameters.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Clipper, Rule, as_gradient, block_norms, clip
from core.geometry import directional_descent
from core.strategies import Array, Layers, Strategy


class Kind(StrEnum):
    """What clip by value lies between: the gradient itself, and its signs."""

    label: str  # what it is called in a sentence

    PLAIN = "plain", "plain step"
    CLIPPED = "clipped", "clipped by value"
    SIGN = "sign", "signs alone"

    def __new__(cls, name: str, label: str) -> "Kind":
        """Make a string that bears the label."""
        self = str.__new__(cls, name)
        self._value_ = name
        self.label = label
        return self


def norm(step: ArrayLike, layers: Layers, strategy: Strategy) -> Array:
    """Return the length of steps as a strategy measures it, ``(..., n) -> (...)``.

    >>> [float(norm([3.0, 4.0, 5.0, 12.0], (2, 2), strategy).round(1)) for strategy in Strategy]
    [12.0, 13.0, 13.9]
    """
    blocks = block_norms(step, strategy.blocks(layers))
    return np.asarray((blocks / strategy.units(layers)).max(axis=-1))


def steepest(gradient: ArrayLike, layers: Layers, strategy: Strategy) -> Array:
    """Return the step of length 1, as a strategy measures it, that lowers the loss the most.

    ``(..., n) -> (..., n)``: to first order, and zero for a zero gradient. Every block by itself
    points along its gradient and is as long as it may be, so this is normalizing. A zero block
    may be anything as short; it stays zero.

    >>> [steepest([3.0, 4.0], (2,), strategy).round(3).tolist() for strategy in Strategy]
    [[1.0, 1.0], [0.6, 0.8], [0.6, 0.8]]
    """
    limits = strategy.limits(1.0, layers)
    return clip(gradient, strategy.blocks(layers), limits, Rule.NORMALIZE)


def fall(gradient: ArrayLike, step: ArrayLike, layers: Layers, strategy: Strategy) -> Array:
    """Return how much the linear model falls along minus the step, per length of it, ``(...)``.

    NaN for a zero step, which has no length.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(directional_descent(gradient, step) / norm(step, layers, strategy))


def steepest_fall(gradient: ArrayLike, layers: Layers, strategy: Strategy) -> Array:
    """Return the largest `fall` that any step has, ``(..., n) -> (...)``: that of `steepest`.

    The sum of the blocks' norms in their units, the dual norm: by value the sum of the sizes (l1),
    by global norm the Euclidean length.

    >>> [float(steepest_fall([3.0, 4.0], (2,), strategy)) for strategy in Strategy]
    [7.0, 5.0, 5.0]
    """
    blocks = block_norms(gradient, strategy.blocks(layers))
    return np.asarray((blocks * strategy.units(layers)).sum(axis=-1))


def step_of(kind: Kind, gradient: ArrayLike, threshold: float) -> Array:
    """Return the gradient as it is, clipped by value or its signs times the threshold, (..., n)."""
    vectors = as_gradient(gradient)
    if kind is Kind.PLAIN:
        return vectors
    rule = Rule.NORMALIZE if kind is Kind.SIGN else Rule.CLIP
    return Clipper(Strategy.VALUE, threshold, rule)(vectors, (vectors.shape[-1],))
