"""Where the lines of PyTorch give another result than the picture, in float32, and why."""

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Clipper, Rule, block_norms
from core.strategies import Array, Blocks, Layers, Singletons

ADDED = np.float32(1e-6)  # to a norm, by PyTorch
SEEN = 1e-3  # of a number: what three digits show


def in_pytorch(clipper: Clipper, gradient: ArrayLike, layers: Layers) -> Array:
    """Return what the lines for PyTorch make of a gradient ``(n,)`` in float32, as they compute.

    Unlike `clip` they square without scaling, and what shortens adds 1e-6 to the norm.
    """
    vector, limit = np.asarray(gradient, np.float32), np.float32(clipper.threshold)
    blocks, units = clipper.strategy.blocks(layers), clipper.strategy.units(layers)
    with np.errstate(all="ignore"):
        lengths = _plain_lengths(vector, blocks) / units.astype(np.float32)
        if clipper.rule is Rule.RADIAL:
            lengths = lengths.max(keepdims=True)
        if len(lengths) > 1:
            lengths = np.repeat(lengths, blocks)
        match clipper.rule:
            case Rule.CLIP if isinstance(blocks, Singletons):
                return np.clip(vector, -limit, limit)
            case Rule.NORMALIZE if isinstance(blocks, Singletons):
                return np.sign(vector) * limit
            case Rule.NORMALIZE:
                return np.where(lengths != 0, vector / lengths * limit, vector)
            case _:
                return vector * np.minimum(limit / (lengths + ADDED), np.float32(1))


def differs(clipper: Clipper, gradient: ArrayLike, layers: Layers) -> str:
    """Say where the lines give another result than the picture in float32, and why; "" if not.

    >>> from core.strategies import Strategy
    >>> print(differs(Clipper(Strategy.GLOBAL, 1e-6), [6e-7, 8e-7], (2,)))
    In float32 these lines give 4e-07 where the picture has 8e-07: PyTorch adds 1e-6 to the norm.
    """
    exact, found = clipper(gradient, layers), in_pytorch(clipper, gradient, layers)
    off = np.abs(found - exact)
    if not (off > SEEN * np.abs(exact)).any():
        return ""
    blocks, at = clipper.strategy.blocks(layers), int(np.argmax(off))
    with np.errstate(all="ignore"):
        lengths = _plain_lengths(np.asarray(gradient, np.float32), blocks)
    why = "PyTorch adds 1e-6 to the norm"
    if np.isinf(lengths).any():
        why = "the squares of these numbers are too large for it"
    elif ((lengths == 0) & (block_norms(gradient, blocks) > 0)).any():
        why = "the squares of these numbers are too small for it"
    here, there = f"{found[at]:.3g}", f"{exact[at]:.3g}"
    return f"In float32 these lines give {here} where the picture has {there}: {why}."


def _plain_lengths(vector: Array, blocks: Blocks) -> Array:
    if isinstance(blocks, Singletons):
        return np.abs(vector)
    lengths = np.empty(len(blocks), np.float32)
    for i, part in enumerate(np.split(vector, np.cumsum(blocks)[:-1])):
        lengths[i] = np.abs(part[0]) if part.size == 1 else np.sqrt(np.sum(part * part))
    return lengths
