import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.surfaces.expression import CONSTANTS, FUNCTIONS, MOST_CHARACTERS, Algebra, read_formula
from core.surfaces.surface import from_formula

NAMES = {"x": 0.7, "y": -1.3, "pi": math.pi, "e": math.e}
FLOATS = Algebra(np.float64, NAMES, {name: getattr(np, name, np.arctan) for name in FUNCTIONS})

leaves = st.sampled_from(CONSTANTS) | st.integers(0, 99).map(str) | st.just("0.25")
formulas = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("-{}".format),
        st.tuples(inner.map("({})".format), st.sampled_from("234")).map("^".join),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda pair: "{}({})".format(*pair)),
    ),
    max_leaves=8,
)


number = partial(read_formula, algebra=FLOATS)


def read(text, reader=number):
    """Return what the reader makes of the text, or its sentence."""
    try:
        return reader(text)
    except ValueError as error:
        return str(error)


@given(formulas)
def test_a_formula_means_what_python_means_by_it(text):
    with np.errstate(all="ignore"):
        names = NAMES | FLOATS.functions
        try:
            expected = eval(text.replace("^", "**"), {"__builtins__": {}}, names)
        except (ZeroDivisionError, OverflowError):
            return  # eval counts with Python's own numbers
        if isinstance(found := read(text), str):
            assert "Exponents" in found or "parentheses" in found
            return
    assert_allclose(found, float(expected), rtol=1e-9)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "empty"),
        ("x" * (MOST_CHARACTERS + 1), "characters"),
        ("(" * 13 + "x" + ")" * 13, "inside one another"),
        ("2x", "write \\* to multiply"),
        ("100 (y - x)", "write \\* to multiply"),
        ("x y", "write \\* to multiply"),
        ("x +", "missing"),
        ("x ^ ^ 2", "missing"),
        ("(x", "never closed"),
        ("x)", "never opened"),
        ("exp x", "needs parentheses"),
        ("x + exp", "needs parentheses"),
        ("exp(x, y)", "takes one number"),
        ("exp(*x)", "not a formula"),
        ("x, y", "not a formula"),
        ("()", "not a formula"),
        ("2^x", "exponent must be a number"),
        ("x^2^2", "exponent must be a number"),
        ("x^21", "up to 20"),
        ("((x^4)^4)^4", "up to 20"),
        ("9^9^9^9", "exponent must be a number"),
        ("1e31*x", "out of range"),
        ("1e-9999*x", "out of range"),
        ("z + 1", "`z` is not a known name"),
        ("x.real", "no meaning"),
        ("x[0]", "no meaning"),
        ("x == y", "no meaning"),
        ("'x'", "no meaning"),
        ("x²", "no meaning"),
        ("\N{FULLWIDTH LATIN SMALL LETTER X}", "no meaning"),
        ("__import__('os').system('true')", "`__import__` is not a known name"),
        ("lambda: x", "`lambda` is not a known name"),
        ("x if y else e", "`if` is not a known name"),
        ("\0", "no meaning"),
    ],
)
def test_what_is_not_accepted_gets_its_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_formula(text, FLOATS)


@given(st.text(max_size=40) | st.text("xy0123456789.e+-*/^(), absin", max_size=40))
def test_any_text_gives_a_number_or_a_sentence(text):
    with np.errstate(all="ignore"):
        found = read(text)
    assert found.endswith(".") if isinstance(found, str) else float(found) is not None


@given(st.text("xy0123456789.+-*/^()", max_size=30) | formulas)
def test_any_formula_gives_a_surface_or_a_sentence(text):
    surface = read(text, from_formula)
    if isinstance(surface, str):
        assert surface.endswith(".")
        return
    heights, gradients = surface.evaluate([[1.0, 2.0], [0.0, 0.0], [-1e9, 1e300]])
    assert heights.shape == (3,)
    assert gradients.shape == (3, 2)


@pytest.mark.parametrize("text", ["1/0", "log(0)", "sqrt(-1)", "sqrt(-x^2)", "tan(pi/2)", "0^-1"])
def test_a_formula_without_a_value_is_refused(text):
    with pytest.raises(ValueError, match="no value anywhere"):
        from_formula(text)


def test_numbers_that_no_float_holds_are_refused():
    with pytest.raises(ValueError, match="too large"):
        from_formula("(1e30)^20 * x")


def test_large_numbers_stay_numbers():
    assert from_formula("exp(-1e30) + 1e15*1e15*x").gradient([0.0, 0.0])[0] == 1e30
