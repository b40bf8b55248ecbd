"""What is said of a framework: code to type, what it computes, and where that is from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from core.clipping import Clipper
from core.frameworks.precisions import Precision
from core.strategies import Array


@dataclass(frozen=True, eq=False)
class SparseRows:
    """The gradient of an embedding: some rows of a matrix, the others zero."""

    rows: tuple[int, ...]  # which, and the same row may come twice: then both are added
    values: Array  # (len(rows), width)
    height: int  # rows of the matrix

    def to_dense(self) -> Array:
        """Return the matrix, ``(height, width)``.

        >>> SparseRows((0, 0), np.array([[1.0], [2.0]]), 2).to_dense().tolist()
        [[3.0], [0.0]]
        """
        dense = np.zeros((self.height, *self.values.shape[1:]), self.values.dtype)
        np.add.at(dense, list(self.rows), self.values)
        return dense


Tensor: TypeAlias = Array | SparseRows | None  # None: a parameter without a gradient
Tensors: TypeAlias = tuple[Tensor, ...]


@dataclass(frozen=True, eq=False)
class Result:
    """What a framework makes of gradients."""

    tensors: Tensors  # as many, and of the shapes, that came
    norm: float | None = None  # that the call returns, if it returns one: before clipping


@dataclass(frozen=True)
class Raised:
    """The exception that a framework raises."""

    type: str
    message: str  # or its beginning


@dataclass(frozen=True)
class Skipped:
    """The framework throws the gradients away, and takes no step."""


Outcome: TypeAlias = Result | Raised | Skipped


@dataclass(frozen=True)
class Snippet:
    """Code that clips."""

    text: str  # what clips, alone
    step: str  # that in its place, in a training step or where the training is set up
    is_native: bool  # whether the framework has a call or a setting for it
    note: str  # a sentence on where it stands and what it does not take


@dataclass(frozen=True)
class Framework:
    """A framework: one file, one entry in `core.frameworks.registry`."""

    name: str
    versions: str  # that the code holds for, and which one was measured
    layer: str  # what is a layer there
    zero: str  # what a threshold of 0 or less does
    source: str  # of the formula
    code: Callable[[Clipper], Snippet]
    compute: Callable[[Clipper, Tensors, Precision], Outcome]


@dataclass(frozen=True)
class Setting:
    """A framework on top of PyTorch that clips by the global norm, or not at all."""

    name: str
    versions: str
    text: Callable[[float], str]  # the setting, for a threshold
    note: str  # a sentence on what it does
    zero: str  # what a threshold of 0 or less does
    source: str
    compute: Callable[[float, Tensors, Precision], Outcome]
