"""Tensors as files hold them, not yet loaded, and how much of them is read at most."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.gradients.decoding import shown

MOST_BYTES = 400_000_000  # of the file, of what it unpacks to, and of the numbers read from it
MOST_HEADER = 16_000_000  # bytes that describe the tensors: far more than twenty thousand need
MOST_STORED = 100_000  # tensors, those of all steps together
MOST_TENSORS = 20_000  # of one step
MOST_STEPS = 10_000
MOST_DIMENSIONS = 32
MOST_NAME = 1000  # characters
KEPT = 200  # of them
LISTED = 3  # names in a sentence
ACCEPTED = (
    "Accepted: gradients as safetensors, npz, npy, or a dictionary of tensors saved by PyTorch."
)
FLOATS = ("float16", "bfloat16", "float32", "float64")
READ = f"{', '.join(FLOATS[:-1])} or {FLOATS[-1]}"


@dataclass(frozen=True, eq=False)
class Stored:
    """A tensor in a file."""

    name: str
    kind: str  # of its numbers, as in `FLOATS`; of what is not read, what a sentence calls it
    shape: tuple[int, ...] = ()
    load: Callable[[], NDArray[Any]] = lambda: np.empty(())  # of that shape and any real type

    @property
    def size(self) -> int:
        """Return how many numbers it has."""
        return math.prod(self.shape)


@dataclass(frozen=True, eq=False)
class Contents:
    """What a file holds, in its order."""

    format: str
    tensors: list[Stored]
    warnings: tuple[str, ...] = ()


def refusal(wrong: str) -> ValueError:
    """Return the error that says what was wrong, and what is accepted."""
    return ValueError(f"{wrong} {ACCEPTED}")


def damaged(format_: str) -> ValueError:
    """Return the error for a file that is not what its first bytes promise."""
    return refusal(f"The {format_} file is incomplete or damaged.")


def listed(names: Sequence[str]) -> str:
    """Return the first few names, fit for a sentence.

    >>> listed(["a", "b", "c", "d", "e"])
    '`a`, `b`, `c` and 2 more'
    """
    return few([shown(name) for name in names[:LISTED]], len(names))


def few(texts: Sequence[str], total: int) -> str:
    """Return the first few of so many texts."""
    more = f" and {total - LISTED:,} more" if total > LISTED else ""
    return ", ".join(texts[:LISTED]) + more


def widened(halves: NDArray[Any]) -> NDArray[np.float32]:
    """Return numbers of bfloat16, which are the upper halves of those of float32."""
    bits = halves.astype(np.uint32)
    bits <<= 16
    return bits.view(np.float32)
