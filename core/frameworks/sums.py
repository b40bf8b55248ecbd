"""What the frameworks have in common: sums in a type, and lists with gaps and sparse rows."""

from collections.abc import Callable

import numpy as np

from core.frameworks.entries import SparseRows, Tensor, Tensors
from core.frameworks.precisions import Precision
from core.strategies import Array


def in_turn(terms: Array, precision: Precision) -> Array:
    """Add numbers of a type one after another, and round every sum to it; ``()``.

    A framework adds several at a time in a long tensor, and may differ there in the last digits.
    """
    numbers = np.ravel(terms)
    with np.errstate(over="ignore", invalid="ignore"):
        if precision is precision.wide:
            return np.asarray(np.add.accumulate(precision.round([0.0, *numbers]))[-1])
        found = precision.round(0.0)
        for number in numbers:
            found = precision.round(found + number)
        return found


def numbers_of(tensor: Tensor) -> Array | None:
    """Return the numbers that a tensor stores: of sparse rows those, and not their sums."""
    return tensor.values if isinstance(tensor, SparseRows) else tensor


def present(tensors: Tensors) -> list[Array]:
    """Return the numbers of the tensors that are not None."""
    return [numbers for tensor in tensors if (numbers := numbers_of(tensor)) is not None]


def each(tensors: Tensors, change: Callable[[Array], Array]) -> Tensors:
    """Change the numbers of every tensor; None stays, and rows stay sparse."""

    def changed(tensor: Tensor) -> Tensor:
        if isinstance(tensor, SparseRows):
            return SparseRows(tensor.rows, change(tensor.values), tensor.height)
        return None if tensor is None else change(tensor)

    return tuple(changed(tensor) for tensor in tensors)


def is_sparse(tensors: Tensors) -> bool:
    """Say whether one of them has sparse rows."""
    return any(isinstance(tensor, SparseRows) for tensor in tensors)


def matrix_of(tensor: Tensor, precision: Precision) -> Array | None:
    """Return a tensor without sparse rows, in a type."""
    return precision.round(tensor.to_dense()) if isinstance(tensor, SparseRows) else tensor


def dense(tensors: Tensors, precision: Precision) -> Tensors:
    """Write sparse rows as matrices of a type."""
    return tuple(matrix_of(tensor, precision) for tensor in tensors)
