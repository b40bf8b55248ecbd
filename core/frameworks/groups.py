"""A threshold for each parameter group: what it does to a gradient, and the lines of PyTorch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import clip
from core.geometry import angle, magnitude_loss
from core.notation import read_positive, write_number
from core.strategies import Array, Layers

ACCEPTED = "Accepted: as many positive numbers as there are layers, such as 0.5, 2."


@dataclass(frozen=True, eq=False)
class Grouped:
    """A gradient of which each layer was clipped by its own norm at its own threshold."""

    after: Array  # (n,)
    angle: float  # radians; NaN for a zero gradient
    magnitude_loss: float


def read_thresholds(text: str, layers: Layers) -> tuple[float, ...]:
    """Read a threshold for every layer, with commas or spaces or bars between them.

    Raises ValueError with a sentence for the reader that says what was wrong and what is accepted.

    >>> read_thresholds("0.5 | 2", (2, 2))
    (0.5, 2.0)
    """
    words = text.replace("|", " ").replace(",", " ").split()
    if len(words) != len(layers):
        count = f"{len(words):,} threshold{'s'[: len(words) != 1]}"
        plural = "s"[: len(layers) != 1]
        raise ValueError(f"Given: {count} for {len(layers):,} layer{plural}. {ACCEPTED}")
    return tuple(read_positive(word, "threshold") for word in words)


def clip_groups(gradient: ArrayLike, layers: Layers, thresholds: Sequence[float]) -> Grouped:
    """Clip each layer of a gradient ``(n,)`` by its own norm.

    >>> found = clip_groups([3, 4, 3, 4], (2, 2), (0.5, 2))
    >>> found.after, float(np.degrees(found.angle).round(2))
    (array([0.3, 0.4, 1.2, 1.6]), 30.96)
    """
    before = np.asarray(gradient, np.float64)
    after = clip(before, layers, thresholds)
    return Grouped(after, float(angle(before, after)), float(magnitude_loss(before, after)))


def code(thresholds: Sequence[float]) -> str:
    """Return the lines of PyTorch that clip each group of an optimizer's parameters."""
    return f"""\
thresholds = [{", ".join(map(write_number, thresholds))}]
for group, threshold in zip(optimizer.param_groups, thresholds, strict=True):
    torch.nn.utils.clip_grad_norm_(group["params"], max_norm=threshold)"""
