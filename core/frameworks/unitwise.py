"""Optax' clips by unit and by example, which are none of the strategies."""

import numpy as np

from core.frameworks.entries import Result
from core.frameworks.precisions import Precision
from core.frameworks.sums import in_turn
from core.strategies import Array

SMALL = 1e-6  # the least norm that is divided by
LEAST = 1e-3  # of a unit's weights, that a unit of zeros may move at all


@np.errstate(all="ignore")
def unitwise_norm(numbers: Array, precision: Precision) -> Array:
    """Do as ``optax.transforms.unitwise_norm`` does: every number becomes the norm of its unit.

    A vector is one unit, and so is a column of a matrix or of three axes; beyond, of all axes but
    the last. Raises ValueError for more than five axes.
    """
    if numbers.ndim > 5:
        raise ValueError(f"numbers must have at most 5 axes, got {numbers.ndim}")
    squares = precision.flushed(numbers * numbers)
    if np.squeeze(numbers).ndim <= 1:
        added = np.broadcast_to(in_turn(squares, precision.wide), numbers.shape)
    else:
        columns = 1 if numbers.ndim <= 3 else numbers.ndim - 1
        rows = squares.reshape(-1, *squares.shape[columns:])
        added = np.broadcast_to(np.add.accumulate(rows)[-1], numbers.shape)
    return precision.flushed(np.sqrt(precision.flushed(added)))


@np.errstate(all="ignore")
def adaptive_grad_clip(
    gradients: tuple[Array, ...],
    weights: tuple[Array, ...],
    clipping: float,
    precision: Precision,
) -> Result:
    """Do as ``optax.adaptive_grad_clip`` does: a unit keeps at most a share of its weights' norm.

    Source: Brock et al., "High-Performance Large-Scale Image Recognition Without Normalization",
    2021, section 4.1.

    >>> one = np.ones(2, np.float32)
    >>> adaptive_grad_clip((3 * one,), (one,), 0.01, Precision.FLOAT32).tensors[0].round(4)
    array([0.01, 0.01], dtype=float32)
    """

    def shortened(gradient: Array, weight: Array) -> Array:
        norms, held = unitwise_norm(gradient, precision), unitwise_norm(weight, precision)
        most = precision.flushed(
            precision.flushed(clipping) * np.maximum(held, precision.flushed(LEAST))
        )
        least = np.maximum(norms, precision.flushed(SMALL))
        factor = precision.flushed(most / least)
        return np.where(norms < most, gradient, precision.flushed(gradient * factor))

    return Result(tuple(shortened(g, w) for g, w in zip(gradients, weights, strict=True)))


@np.errstate(all="ignore")
def per_example_global_norm_clip(
    gradients: tuple[Array, ...], l2_norm_clip: float
) -> tuple[tuple[Array, ...], int]:
    """Do as ``optax.per_example_global_norm_clip`` does, in the type of the gradients.

    The first axis of every gradient counts the examples. Returns the sums of the clipped examples,
    and how many of them were shortened.
    """
    squares = [np.sum(g.reshape(len(g), -1) ** 2, axis=1) for g in gradients]
    norms = np.sqrt(np.sum(squares, axis=0))
    ratios = np.minimum(norms.dtype.type(l2_norm_clip) / norms, 1)
    factors = np.where(np.isnan(ratios), 1, ratios)
    sums = tuple(np.tensordot(factors, g, axes=1) for g in gradients)
    return sums, int(np.count_nonzero(factors < 1))
