"""What every framework makes of a gradient, beside the exact projection, in words and digits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Clipper
from core.frameworks.entries import Outcome, Raised, Skipped, SparseRows, Tensor, Tensors
from core.frameworks.lab import Case, lab, typed
from core.frameworks.precisions import Precision
from core.frameworks.remarks import exact, remark
from core.strategies import Array, Layers

MOST_WRITTEN = 16  # numbers in one cell of a table
EXACT = "the exact projection"
SURE = 15  # digits of it


@dataclass(frozen=True)
class Row:
    """What comes out of one framework."""

    name: str
    outcome: str  # to the last digit, or what is raised
    remark: str  # what differs from the exact projection, and why; "" if only rounding does


def compare(clipper: Clipper, tensors: Tensors, precision: Precision) -> list[Row]:
    """Return the exact projection of tensors of float64, where there is one, then all frameworks.

    Frameworks get the tensors rounded to the type; the projection is of these, in float64, and
    written with the digits that are sure.

    >>> from core.strategies import Strategy
    >>> rows = compare(Clipper(Strategy.GLOBAL, 5.0), (np.array([3.0, 4.0]),), Precision.FLOAT32)
    >>> rows[0].outcome, rows[1].name, rows[1].outcome
    ('3, 4', 'PyTorch', '2.9999993, 3.999999')
    """
    given = typed(tensors, precision)
    projected = exact(clipper, given)
    rows = []
    if projected is not None:
        # Its own last digits are rounding.
        parts = _parted(np.array([float(f"{x:.{SURE}g}") for x in projected]), given)
        rows.append(Row(EXACT, write_tensors(parts, Precision.FLOAT64), ""))
    case = Case("", tensors, clipper.threshold, precision, "")
    for name, outcome in lab(case, clipper.strategy, clipper.rule).items():
        said = remark(outcome, clipper, given, precision)
        rows.append(Row(name, write_outcome(outcome, precision), said))
    return rows


def write_outcome(outcome: Outcome, precision: Precision) -> str:
    """Write what comes out with the fewest digits that tell it apart, or what is raised."""
    match outcome:
        case Raised(kind, message):
            return f"raises {kind}: {message}"
        case Skipped():
            return "no step is taken"
        case _:
            return write_tensors(outcome.tensors, precision) or "nothing"


def write_tensors(tensors: Tensors, precision: Precision) -> str:
    """Write tensors with a bar between them, as the lab reads them; long ones are cut."""
    return " | ".join(_written(tensor, precision) for tensor in tensors)


def _written(tensor: Tensor, precision: Precision) -> str:
    if tensor is None:
        return "None"
    if isinstance(tensor, SparseRows):
        rows = zip(tensor.rows, tensor.values, strict=True)
        return "; ".join(f"row {row}: {_numbers(values, precision)}" for row, values in rows)
    return _numbers(tensor.ravel(), precision) if tensor.size else "[]"


def _numbers(numbers: Array, precision: Precision) -> str:
    some = [precision.write(float(x)) for x in numbers[:MOST_WRITTEN]]
    more = len(numbers) - len(some)
    return ", ".join(some) + (f", and {more} more" if more else "")


def _parted(numbers: Array, tensors: Tensors) -> Tensors:
    """Part numbers as tensors that have some are parted, in order."""
    sizes = [
        tensor.to_dense().size if isinstance(tensor, SparseRows) else tensor.size
        for tensor in tensors
        if tensor is not None
    ]
    return tuple(np.split(numbers, np.cumsum(sizes)[:-1]))


def tensors_of(gradient: ArrayLike, layers: Layers) -> Tensors:
    """Return a gradient ``(n,)`` as tensors of float64, one for each layer."""
    return tuple(np.split(np.asarray(gradient, np.float64), np.cumsum(layers)[:-1]))
