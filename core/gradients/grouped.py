"""Layers that are not single tensors: all tensors of a module, of a block, by their names."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

import numpy as np

from core.gradients.gradients import Gradients


def depths(names: Sequence[str]) -> tuple[int, ...]:
    """Return the depths of `grouped` that differ, 0 first, then the coarsest of the others.

    >>> depths(["conv.0.weight", "conv.0.bias", "conv.1.weight", "fc.weight"])
    (0, 1, 2)
    """
    deepest = max((len(_parts(it)[0]) for it in names), default=1)
    seen: set[tuple[int, ...]] = {tuple(range(len(names)))}
    found = [0]
    for depth in range(1, deepest):
        order: dict[str, int] = {}
        grouping = tuple(order.setdefault(_prefix(it, depth), len(order)) for it in names)
        if grouping not in seen:
            seen.add(grouping)
            found.append(depth)
    return tuple(found)


def grouped(gradients: Gradients, depth: int) -> Gradients:
    """Return gradients whose tensors are groups of those given, flattened, in order of appearance.

    At depth 0 they are as they were. Otherwise a group is called by the first ``depth`` parts of
    its tensors' names, of which the last part never counts: it names the tensor in its module.
    Parts end at dots, or at slashes where there is no dot. Raises ValueError for a depth below 0.
    """
    if depth < 0:
        raise ValueError(f"depth must be 0 or more, got {depth}")
    if depth == 0:
        return gradients
    groups: dict[str, list[int]] = {}
    for i, name in enumerate(gradients.names):
        groups.setdefault(_prefix(name, depth), []).append(i)
    layers = gradients.layers
    shapes = tuple((sum(layers[i] for i in members),) for members in groups.values())
    order = [i for members in groups.values() for i in members]
    values = gradients.values
    if order != sorted(order):
        ends = list(pairwise(accumulate(layers, initial=0)))
        values = np.concatenate([values[:, slice(*ends[i])] for i in order], axis=1)
    return replace(gradients, names=tuple(groups), shapes=shapes, values=values)


def _prefix(name: str, depth: int) -> str:
    parts, mark = _parts(name)
    return mark.join(parts[: min(depth, max(len(parts) - 1, 1))])


def _parts(name: str) -> tuple[list[str], str]:
    mark = "." if "." in name else "/"
    return name.split(mark), mark
