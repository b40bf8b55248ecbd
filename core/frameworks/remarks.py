"""Where what a framework returns is not the exact projection, and how: a sentence."""

import numpy as np

from core.clipping import Clipper, length_of
from core.frameworks.entries import Outcome, Raised, Skipped, Tensors
from core.frameworks.precisions import Precision
from core.frameworks.sums import is_sparse, matrix_of
from core.strategies import Array, Partition

ROUNDINGS = 3  # half units in the last place: of the norm, of the factor and of the product
EPSILONS = {  # half a unit in the last place of 1
    Precision.FLOAT16: 2.0**-11,
    Precision.BFLOAT16: 2.0**-8,
    Precision.FLOAT32: 2.0**-24,
    Precision.FLOAT64: 2.0**-53,
}
ADDED = 1 / 32  # more for every number, measured


def exact(clipper: Clipper, tensors: Tensors) -> Array | None:
    """Return the exact projection of all numbers of some tensors, ``(n,)`` in float64.

    None where there is none: for numbers that are not finite, for a threshold that is not
    positive and finite, and without numbers.
    """
    numbers, layers = _joined(tensors)
    valid = np.isfinite(clipper.threshold) and clipper.threshold > 0
    if not layers or not valid or not np.isfinite(numbers).all():
        return None
    return clipper(numbers, layers)


def remark(outcome: Outcome, clipper: Clipper, tensors: Tensors, precision: Precision) -> str:
    """Say in a sentence what surprises in an outcome; "" where only rounding differs.

    The tensors are those that came, rounded to the type.
    """
    if isinstance(outcome, Raised):
        return f"It raises {outcome.type}."
    if isinstance(outcome, Skipped):
        return "It throws the gradients away and skips the step."
    before, after = _joined(tensors)[0], _joined(outcome.tensors)[0]
    if not before.size:
        return ""
    if not np.isfinite(before).all():
        return _not_finite(before, after)
    projected = exact(clipper, tensors)
    if projected is None:
        return _no_threshold(clipper.threshold, before, after)
    if not np.isfinite(after).all():
        name = "NaN" if np.isnan(after).any() else "infinity"
        return (
            f"The numbers are finite, and {name} comes out{_because(clipper, before, precision)}."
        )
    if before.any() and not after.any() and projected.any():
        why = _because(clipper, before, precision) or f": the results are too small for {precision}"
        return f"Everything becomes 0{why}."
    return _deviation(before, after, projected, tensors, precision)


def _because(clipper: Clipper, before: Array, precision: Precision) -> str:
    """Say what is out of the range of the type; "" if nothing that is known."""
    if not np.isfinite(precision.round(clipper.threshold)):
        return f": the threshold is out of range in {precision}"
    if clipper.strategy.partition_by is Partition.COORDINATES:
        return ""
    with np.errstate(over="ignore"):
        squares = precision.round(before.astype(np.float64) ** 2)
        out = not np.isfinite(precision.round(squares.astype(np.float64).sum()))
    return ": the squares are out of range, and the norm is infinite" if out else ""


def _not_finite(before: Array, after: Array) -> str:
    lost, kept = np.isnan(before), np.isnan(after)
    if (lost & ~kept).any():
        return "NaN is hidden: it becomes a number."
    if lost.any():
        spread = (kept & ~lost).any()
        return "NaN spreads to every number that shares its norm." if spread else "NaN stays alone."
    finite = np.isfinite(before)
    if np.isnan(after[finite]).any():
        return "The norm is infinite, and every number that shares it becomes NaN."
    if np.isnan(after).any():
        return "The norm is infinite: finite numbers that share it become 0, and infinity NaN."
    return (
        "Infinity is brought to the threshold." if np.isfinite(after).all() else "Infinity passes."
    )


def _no_threshold(threshold: float, before: Array, after: Array) -> str:
    if np.isnan(after).any():
        zero = "0 is divided by 0. " if not np.isnan(threshold) and not before.all() else ""
        return f"{zero}NaN comes out."
    if np.array_equal(before, after):
        return "Nothing is clipped." if before.any() else ""
    if not after.any():
        return "Every number becomes 0."
    if after.size > 1 and (after == after[0]).all():
        return f"Every number becomes {after[0]:g}, whatever it was."
    turned = (np.sign(after) == -np.sign(before)).all()
    return "The gradient is turned around." if turned else ""


def _deviation(
    before: Array, after: Array, projected: Array, tensors: Tensors, precision: Precision
) -> str:
    """Compare with the projection, in shares of its length."""
    length = float(length_of(projected))
    off = float(length_of(after.astype(np.float64) - projected))
    epsilon = EPSILONS[precision]
    if off <= (ROUNDINGS + ADDED * before.size) * epsilon * length:
        return ""
    if is_sparse(tensors):
        return "The rows are clipped as they are stored, before those that come twice are added."
    if np.array_equal(before, after):
        return f"Nothing is clipped: the squares are too small for {precision}."
    change = float(length_of(after.astype(np.float64))) / length - 1
    share = f"{abs(change):.1e}"
    return f"It is {'shorter' if change < 0 else 'longer'} than the projection by a share {share}."


def _joined(tensors: Tensors) -> tuple[Array, tuple[int, ...]]:
    """Return all numbers ``(n,)`` in float64, and how many each tensor has that has some."""
    matrices = (matrix_of(tensor, Precision.FLOAT64) for tensor in tensors)
    found = [matrix.ravel() for matrix in matrices if matrix is not None and matrix.size]
    parts = [numbers.astype(np.float64) for numbers in found]
    if not parts:
        return np.zeros(0), ()
    return np.concatenate(parts), tuple(part.size for part in parts)
