"""The formula in force with the numbers of the moment, as LaTeX."""

from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Clipper, Rule, as_gradient, block_norms
from core.strategies import Array, Layers, Partition

INDEX = {Partition.COORDINATES: "_i", Partition.LAYERS: "_b", Partition.WHOLE: ""}  # of a block
MOST_BLOCKS = 4
MOST_ENTRIES = 4  # of a block; a longer one shows its first two and its last


def latex(clipper: Clipper, gradient: ArrayLike, layers: Layers) -> str:
    r"""Write the formula of a clipper and, a line each, what it makes of the first blocks.

    ``gradient`` is ``(n,)`` and finite. The result is an ``aligned`` environment, to stand in
    display math of KaTeX. Numbers are rounded to three significant digits; ``\approx`` stands
    where that changed the result; n is the size of a block. Raises ValueError as `clip` does.

    >>> from core.strategies import Strategy
    >>> print(latex(Clipper(Strategy.VALUE, 1.0), [3.2, 1.1], (2,)).splitlines()[2])
    u_1 &= 3.2 \cdot \frac{1}{\max(3.2,\, 1)} = 1 \\[0.9em]
    """
    blocks = clipper.strategy.blocks(layers)
    norms = block_norms(gradient, blocks) / clipper.strategy.units(layers)
    if clipper.rule is Rule.RADIAL:  # the smallest factor, for all blocks, is that of the longest
        norms = np.full_like(norms, norms.max())
    ends = list(accumulate(blocks[:MOST_BLOCKS]))
    before, after = np.split(as_gradient(gradient), ends), np.split(clipper(gradient, layers), ends)
    lines = [_general(clipper)]
    for k in range(len(ends)):
        index = f"_{k + 1}" if INDEX[clipper.strategy.partition_by] else ""
        lines.append(_block(index, before[k], after[k], float(norms[k]), clipper))
    if len(blocks) > MOST_BLOCKS:
        lines.append(r"&\;\;\vdots")
    return "\\begin{aligned}\n" + " \\\\[0.9em]\n".join(lines) + "\n\\end{aligned}"


def _general(clipper: Clipper) -> str:
    strategy = clipper.strategy
    index = INDEX[strategy.partition_by]
    bar = "vert" if strategy.partition_by is Partition.COORDINATES else "Vert"
    unit = rf" / n{index}^{{{strategy.exponent:g}}}" if strategy.exponent else ""
    factor = _factor("c", rf"\l{bar} g{index} \r{bar}{unit}", clipper.rule)
    if clipper.rule is Rule.RADIAL and index:
        return rf"u &= g \cdot \min{index} {factor}"
    condition = rf" \quad (g{index} \ne 0)" if clipper.rule is Rule.NORMALIZE else ""
    return rf"u{index} &= g{index} \cdot {factor}{condition}"


def _block(index: str, before: Array, after: Array, norm: float, clipper: Clipper) -> str:
    if norm == 0 and clipper.rule is Rule.NORMALIZE:
        return rf"u{index} &= g{index} = {_vector(after)}"
    factor = _factor(_number(clipper.threshold), _number(norm), clipper.rule)
    # 0.6000000000000001 is 0.6 with a rounding error, not a number of more digits.
    whole = np.allclose([_rounded(x) for x in after], after, rtol=1e-12, atol=0)
    sign = "=" if whole else r"\approx"
    return rf"u{index} &= {_vector(before)} \cdot {factor} {sign} {_vector(after)}"


def _factor(threshold: str, norm: str, rule: Rule) -> str:
    below = norm if rule is Rule.NORMALIZE else rf"\max({norm},\, {threshold})"
    return rf"\frac{{{threshold}}}{{{below}}}"


def _vector(numbers: Array) -> str:
    shown = [_number(x) for x in numbers]
    if len(shown) > MOST_ENTRIES:
        shown[2:-1] = [r"\dots"]
    return shown[0] if len(shown) == 1 else "(" + r",\, ".join(shown) + ")"


def _number(number: float) -> str:
    digits, _, power = f"{_rounded(number):g}".partition("e")
    factor = {"1": "", "-1": "-"}.get(digits, rf"{digits} \times ")
    return rf"{factor}10^{{{int(power)}}}" if power else digits


def _rounded(number: float) -> float:
    return float(f"{number:.3g}") + 0.0  # minus zero plus zero is zero
