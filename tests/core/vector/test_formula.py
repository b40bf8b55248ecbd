import re

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose

from core.clipping import Clipper, Rule
from core.strategies import Array, Strategy
from core.vector.formula import MOST_BLOCKS, MOST_ENTRIES, latex
from tests.cases import clippers, layered_gradients

END = r" \\[0.9em]"  # of every line but the last
# A number of three digits is off by at most 5 in a thousand. Where a line multiplies numbers out,
# an entry, the threshold, a norm and the result are: four times 5e-3, with room for the products.
THREE_DIGITS = 4 * 5e-3 * 1.1


@given(case=layered_gradients(), clipper=clippers)
def test_every_brace_and_parenthesis_closes(case, clipper):
    tex = latex(clipper, *case)
    depths = dict.fromkeys(("{}", "()"), 0)
    for letter in tex:
        for pair in depths:
            depths[pair] += (letter == pair[0]) - (letter == pair[1])
            assert depths[pair] >= 0
    assert not any(depths.values())
    assert tex.startswith("\\begin{aligned}\n")
    assert tex.endswith("\n\\end{aligned}")


@given(case=layered_gradients(), clipper=clippers)
def test_nothing_but_numbers_and_known_commands_is_shown(case, clipper):
    for line in block_lines(latex(clipper, *case)):
        words = set(re.findall(r"\\?[A-Za-z]+|e[+-]", line))
        assert words <= {"u", "g", r"\cdot", r"\times", r"\frac", r"\max", r"\approx", r"\dots"}


@given(case=layered_gradients(), clipper=clippers)
def test_up_to_four_blocks_have_a_line(case, clipper):
    tex = latex(clipper, *case)
    blocks = len(clipper.strategy.blocks(case[1]))
    assert len(block_lines(tex)) == min(blocks, MOST_BLOCKS)
    assert (r"\vdots" in tex) == (blocks > MOST_BLOCKS)


@given(case=layered_gradients(), clipper=clippers)
def test_every_result_is_that_of_clip_rounded(case, clipper):
    gradient, layers = case
    blocks = clipper.strategy.blocks(layers)
    clipped = clipper(gradient, layers)
    results = np.split(clipped, np.cumsum(tuple(blocks)))
    for line, result in zip(block_lines(latex(clipper, *case)), results, strict=False):
        shown = evaluate(re.split(r" = | \\approx ", line)[-1])
        assert shown.tolist() == [float(f"{x:.3g}") for x in abbreviated(result)]


@given(case=layered_gradients(), clipper=clippers)
def test_every_line_is_true(case, clipper):
    for line in block_lines(latex(clipper, *case)):
        product, shown = re.split(r" = | \\approx ", line)[-2:]
        if "cdot" in product:
            assert_allclose(evaluate(shown), evaluate(product), rtol=THREE_DIGITS, atol=0)


@pytest.mark.parametrize(
    ("clipper", "gradient", "layers", "lines"),
    [
        (
            Clipper(Strategy.VALUE, 1.0),
            [3.2, -0.5],
            (2,),
            [
                r"u_i &= g_i \cdot \frac{c}{\max(\lvert g_i \rvert,\, c)}",
                r"u_1 &= 3.2 \cdot \frac{1}{\max(3.2,\, 1)} = 1",
                r"u_2 &= -0.5 \cdot \frac{1}{\max(0.5,\, 1)} = -0.5",
            ],
        ),
        (
            Clipper(Strategy.LAYER, 1.0),
            [3.0, 4.0, 1.0, 1.0],
            (2, 2),
            [
                r"u_b &= g_b \cdot \frac{c}{\max(\lVert g_b \rVert,\, c)}",
                r"u_1 &= (3,\, 4) \cdot \frac{1}{\max(5,\, 1)} = (0.6,\, 0.8)",
                r"u_2 &= (1,\, 1) \cdot \frac{1}{\max(1.41,\, 1)} \approx (0.707,\, 0.707)",
            ],
        ),
        (
            Clipper(Strategy.LAYER, 1.0, Rule.RADIAL),
            [3.0, 4.0, -1.0],
            (2, 1),
            [
                r"u &= g \cdot \min_b \frac{c}{\max(\lVert g_b \rVert,\, c)}",
                r"u_1 &= (3,\, 4) \cdot \frac{1}{\max(5,\, 1)} = (0.6,\, 0.8)",
                r"u_2 &= -1 \cdot \frac{1}{\max(5,\, 1)} = -0.2",
            ],
        ),
        (
            Clipper(Strategy.VALUE, 1e-5, Rule.NORMALIZE),
            [-3.2e-5, 0.0, 12345.0, 1e30, 7.0],
            (5,),
            [
                r"u_i &= g_i \cdot \frac{c}{\lvert g_i \rvert} \quad (g_i \ne 0)",
                r"u_1 &= -3.2 \times 10^{-5} \cdot \frac{10^{-5}}{3.2 \times 10^{-5}} = -10^{-5}",
                r"u_2 &= g_2 = 0",
                r"u_3 &= 12300 \cdot \frac{10^{-5}}{12300} = 10^{-5}",
                r"u_4 &= 10^{30} \cdot \frac{10^{-5}}{10^{30}} = 10^{-5}",
                r"&\;\;\vdots",
            ],
        ),
        (
            Clipper(Strategy.GLOBAL, 10.0),
            [1.0, 2.0, 0.0, 0.0, -2.0],
            (2, 3),
            [
                r"u &= g \cdot \frac{c}{\max(\lVert g \rVert,\, c)}",
                r"u &= (1,\, 2,\, \dots,\, -2) \cdot \frac{10}{\max(3,\, 10)}"
                r" = (1,\, 2,\, \dots,\, -2)",
            ],
        ),
    ],
)
def test_by_hand(clipper, gradient, layers, lines):
    shown = latex(clipper, gradient, layers).splitlines()[1:-1]
    assert [line.removesuffix(END) for line in shown] == lines


def block_lines(tex: str) -> list[str]:
    """Return the lines of the blocks, from behind the alignment mark on."""
    lines = [line.removesuffix(END) for line in tex.splitlines()[2:-1]]
    return [line.partition("&")[2] for line in lines if r"\vdots" not in line]


def abbreviated(block: Array) -> Array:
    """Return the entries of a block that are shown."""
    return block if len(block) <= MOST_ENTRIES else block[[0, 1, -1]]


def evaluate(tex: str) -> Array:
    """Compute what a line's side says, entry by entry, from its text alone."""
    python = tex.strip("= ").replace(r"\dots,\, ", "").replace(r"\,", "")
    python = re.sub(r" \\times 10\^\{(-?\d+)\}", r"e\1", python)
    python = re.sub(r"\b10\^\{(-?\d+)\}", r"1e\1", python)
    python = re.sub(r"\\frac\{(.*)\}\{(.*)\}", r"((\1) / (\2))", python)
    python = python.replace(r"\max", "max").replace(r"\cdot", "*")
    python = re.sub(r"^\(([^()]*)\)", r"array([\1])", python)
    return np.atleast_1d(eval(python, {"array": np.array, "max": max}))
