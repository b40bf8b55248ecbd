"""A run: descent, or a training, without clipping or with one of the strategies."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, TypeAlias

from core.strategies import Array, Layers, Strategy

Shorten: TypeAlias = Callable[[Array, Layers], Array]  # a Clipper, or `unclipped`


class Unclipped(StrEnum):
    """The run that no strategy clips."""

    NONE = "none"


NONE: Final = Unclipped.NONE
Run: TypeAlias = Strategy | Unclipped
RUNS: tuple[Run, ...] = (NONE, *Strategy)
# What links without a choice of strategies or runs mean: one that is added later is in none.
RELEASED = (Strategy.VALUE, Strategy.LAYER, Strategy.GLOBAL)
RELEASED_RUNS: tuple[Run, ...] = (NONE, *RELEASED)


def unclipped(gradient: Array, layers: Layers) -> Array:
    """Return the gradient as it is: a run without clipping."""
    return gradient
