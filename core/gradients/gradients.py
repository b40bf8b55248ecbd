"""The gradients of some steps of a training, as a reader brought them."""

import math
from dataclasses import dataclass

import numpy as np

from core.clipping import length_of
from core.strategies import Array, Layers


@dataclass(frozen=True, eq=False)
class Gradients:
    """Gradients before clipping, of one step or several; every step has the same tensors."""

    names: tuple[str, ...]  # of the tensors, in order
    shapes: tuple[tuple[int, ...], ...]
    steps: tuple[int, ...]  # (S,), rising
    values: Array  # (S, n) float32 or float64: the tensors flattened; what is not finite is kept
    format: str  # how the file is called in a sentence, such as safetensors
    warnings: tuple[str, ...] = ()

    @property
    def layers(self) -> Layers:
        """Return the size of every tensor: each is a layer, see `grouped`."""
        return tuple(math.prod(shape) for shape in self.shapes)

    @property
    def lengths(self) -> Array:
        """Return the length of the gradient at every step, ``(S,)`` float64."""
        return np.array([float(length_of(row)) for row in self.values])
