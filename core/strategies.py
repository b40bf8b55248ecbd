"""The strategies, as data: to add one, add it to `Strategy`.

Its entry says what it is called, how it looks, which coordinates lie in one block, and in which
unit the length of a block meets the threshold. Menus, links, formulas, stages, figures, trainings
and tests follow; the type checker names what else has to know it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, assert_never, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Layers: TypeAlias = tuple[int, ...]  # the size of every layer, in order


@dataclass(frozen=True, eq=False)
class Singletons(Sequence[int]):
    """Blocks of one coordinate each: ``(1,) * n`` without its n integers."""

    n: int

    def __len__(self) -> int:
        return self.n

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> "Singletons": ...
    def __getitem__(self, index: int | slice) -> "int | Singletons":
        picked = range(self.n)[index]
        return 1 if isinstance(picked, int) else Singletons(len(picked))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Singletons):
            return self.n == other.n
        return isinstance(other, tuple) and len(other) == self.n and set(other) <= {1}

    __hash__ = None  # type: ignore[assignment]  # equal to tuples, whose hash costs O(n)


Blocks: TypeAlias = Singletons | tuple[int, ...]


class Partition(StrEnum):
    """Which coordinates lie in one block."""

    COORDINATES = "coordinates"  # each in a block of its own
    LAYERS = "layers"
    WHOLE = "whole"


@dataclass(frozen=True)
class Look:
    """How a strategy is told apart in every picture: by color, and never by color alone."""

    light: str  # color on a light page, as CSS writes it
    dark: str  # and on a dark one
    dash: str  # of its lines: lengths in pixels, as SVG writes them, or none
    fill: int  # percent of its color in its bars
    mark: str  # of its points, as Plotly names it


class Strategy(StrEnum):
    """How the coordinates are split into blocks, and in which unit the blocks are measured."""

    label: str  # what it is called in a sentence
    partition_by: Partition
    look: Look
    exponent: float  # a block's length is divided by its size to this power; 1/2: root mean square

    VALUE = (
        "value",
        "by value",
        Partition.COORDINATES,
        Look("#b4500f", "#f0934f", "none", 100, "circle-open"),
    )
    LAYER = (
        "layer",
        "per layer",
        Partition.LAYERS,
        Look("#0b7566", "#46c7b2", "7 4", 40, "diamond-open"),
    )
    GLOBAL = (
        "global",
        "by global norm",
        Partition.WHOLE,
        Look("#3355b8", "#93aeff", "2 3", 12, "square-open"),
    )

    def __new__(
        cls, name: str, label: str, partition: Partition, look: Look, exponent: float = 0.0
    ) -> "Strategy":
        """Make a string, the name in links, that bears the rest."""
        self = str.__new__(cls, name)
        self._value_ = name
        self.label, self.partition_by, self.look = label, partition, look
        self.exponent = exponent
        return self

    def blocks(self, layers: Layers) -> Blocks:
        """Return the sizes of the blocks.

        >>> [tuple(strategy.blocks((2, 2))) for strategy in Strategy]
        [(1, 1, 1, 1), (2, 2), (4,)]
        """
        match self.partition_by:
            case Partition.COORDINATES:
                return Singletons(sum(layers))
            case Partition.LAYERS:
                return layers
            case Partition.WHOLE:
                return (sum(layers),)
        assert_never(self.partition_by)

    def units(self, layers: Layers) -> Array:
        """Return what the lengths of the blocks are divided by, ``(blocks,)``; ``(1,)`` if alike.

        A block is clipped where its length is more than so many thresholds.
        """
        blocks = self.blocks(layers)
        if self.exponent == 0 or isinstance(blocks, Singletons):
            return np.ones(1)
        units = np.array(blocks, np.float64) ** self.exponent
        return units[:1] if len(set(blocks)) == 1 else units

    def limits(self, threshold: ArrayLike, layers: Layers) -> Array:
        """Return how long the blocks may be at thresholds ``(...)``: what `clip` compares with.

        ``(..., blocks)``, or ``(..., 1)`` where all may be as long.
        """
        limits = np.asarray(threshold)[..., np.newaxis]
        return limits if self.exponent == 0 else np.asarray(limits * self.units(layers))
