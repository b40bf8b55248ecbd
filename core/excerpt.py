"""A gradient cut down to what can be shown."""

import numpy as np

from core.notation import LARGEST_NUMBER, MOST_NUMBERS, SMALLEST_NUMBER, write_gradient
from core.strategies import Array, Layers

LINK_DIGITS = 4


def largest(gradient: Array, layers: Layers, count: int) -> tuple[Array, Layers]:
    """Return the ``count`` longest coordinates of a gradient (n,), in order, and their layers.

    Layers that keep no coordinate are dropped. Of equally long coordinates the first ones count.
    Raises ValueError for a count below 1 and for layers that do not add up to n.

    >>> largest(np.array([3.0, 0.1, 0.2, 4.0, -5.0]), (1, 2, 2), 3)
    (array([ 3.,  4., -5.]), (1, 2))
    """
    if count < 1:
        raise ValueError(f"count must be at least 1, got {count}")
    if sum(layers) != len(gradient):
        raise ValueError(f"layers must add up to {len(gradient)}, got {sum(layers)}")
    kept = np.sort(np.argsort(-np.abs(gradient), kind="stable")[:count])
    owners = np.repeat(np.arange(len(layers)), layers)[kept]
    sizes = np.bincount(owners, minlength=len(layers))
    return gradient[kept], tuple(int(size) for size in sizes if size)


def shown(gradient: Array, layers: Layers) -> str:
    """Write the largest coordinates as the landing page reads them; "" if it cannot show them.

    >>> shown(np.array([3.00001, 0.0, -1e-35, 2.0]), (2, 2))
    '3, 0 | 0, 2'
    """
    kept, sizes = largest(gradient, layers, MOST_NUMBERS)
    if not (np.abs(kept) <= LARGEST_NUMBER).all():  # NaN is not, either
        return ""
    short = [float(f"{x:.{LINK_DIGITS}g}") if abs(x) >= SMALLEST_NUMBER else 0.0 for x in kept]
    return write_gradient(np.array(short), sizes)
