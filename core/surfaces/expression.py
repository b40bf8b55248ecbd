"""Formulas in x and y as people type them: ``(1 - x)^2 + 100*(y - x^2)^2``."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from core.notation import LARGEST_NUMBER, RANGE, SMALLEST_NUMBER

T = TypeVar("T")

MOST_CHARACTERS = 200
MOST_PARENTHESES = 12  # inside one another
LARGEST_EXPONENT = 20  # of a power, or of powers inside one another: (x^4)^5
CONSTANTS = ("x", "y", "pi", "e")
FUNCTIONS = (
    *("sqrt", "exp", "log", "abs", "sin", "cos", "tan", "atan"),
    *("sinh", "cosh", "tanh"),
)
OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
ACCEPTED = (
    f"Accepted: x, y, numbers, + - * / ^, parentheses, pi, e and {', '.join(FUNCTIONS)}, "
    "such as (1 - x)^2 + 100*(y - x^2)^2."
)
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?)|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\*\*|[-+*/^(),])|(?P<other>\S))",
    re.ASCII,
)


@dataclass(frozen=True)
class Algebra(Generic[T]):
    """What a formula is made of: symbols, floats, or anything else that adds and multiplies."""

    number: Callable[[str], T]
    constants: Mapping[str, T]  # a value for each of CONSTANTS
    functions: Mapping[str, Callable[[T], T]]  # and for each of FUNCTIONS


def read_formula(text: str, algebra: Algebra[T]) -> T:
    """Read a formula in x and y; nothing but what `ACCEPTED` names is ever carried out.

    Raises ValueError with a sentence for the reader that says what was wrong and what is accepted.

    >>> import math
    >>> floats = Algebra(float, {"x": 3.0, "y": 4.0, "pi": math.pi, "e": math.e}, vars(math))
    >>> read_formula("sqrt(x^2 + y^2)", floats)
    5.0
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"The formula has {len(text)} characters, more than {MOST_CHARACTERS}. {ACCEPTED}"
        )
    words = _words(text.replace("\N{MINUS SIGN}", "-"))
    try:
        tree = ast.parse(" ".join(words), mode="eval")
    except SyntaxError:
        raise ValueError(f"Something is missing between two signs. {ACCEPTED}") from None
    value: T = _walk(tree.body, algebra, 1)
    return value


def _words(text: str) -> list[str]:
    """Split the text into numbers, names and signs, all of them known."""
    words: list[str] = []
    depth, before, ended = 0, "", False  # ended: the word before can end a product's factor
    for match in TOKEN.finditer(text):
        kind, word = match.lastgroup, match[match.lastgroup or 0]
        if kind == "other":
            raise ValueError(f"`{_printable(word)}` has no meaning here. {ACCEPTED}")
        if kind == "name" and word not in CONSTANTS + FUNCTIONS:
            raise ValueError(f"`{word[:20]}` is not a known name. {ACCEPTED}")
        operand = kind in ("number", "name") or word == "("
        if operand and ended:
            raise ValueError(
                f"Between `{before}` and `{word}` stands no sign: write * to multiply, + to add; "
                f"in the address of a page a plus is written %2B. {ACCEPTED}"
            )
        if before in FUNCTIONS and word != "(":
            raise ValueError(f"`{before}` needs parentheses: {before}(x).")
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth < 0:
            raise ValueError(f"A parenthesis is closed that was never opened. {ACCEPTED}")
        if depth > MOST_PARENTHESES:
            raise ValueError(f"More than {MOST_PARENTHESES} parentheses inside one another.")
        before, ended = word, kind == "number" or word in (*CONSTANTS, ")")
        words.append("**" if word == "^" else _decimal(word) if kind == "number" else word)
    if before in FUNCTIONS:
        raise ValueError(f"`{before}` needs parentheses: {before}(x).")
    if depth:
        raise ValueError(f"A parenthesis is never closed. {ACCEPTED}")
    if not words:
        raise ValueError(f"The formula is empty. {ACCEPTED}")
    return words


def _decimal(word: str) -> str:
    number = float(word)
    is_zero = not re.split("[eE]", word)[0].strip("0.")  # 1e-400 is not zero, but reads as zero
    if not is_zero and not SMALLEST_NUMBER <= number <= LARGEST_NUMBER:
        raise ValueError(f"`{word[:20]}` is out of range: sizes go from {RANGE}. {ACCEPTED}")
    return repr(number)  # also without leading zeros, which Python does not read


def _walk(node: ast.expr, algebra: Algebra[Any], degree: float) -> Any:
    """Carry out one node; ``degree`` is the exponent of all powers around it."""
    match node:
        case ast.Constant(value=float(value)):
            return algebra.number(repr(value).removesuffix(".0"))
        case ast.Name(id=name) if name in CONSTANTS:
            return algebra.constants[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return operator.neg(_walk(operand, algebra, degree))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _walk(operand, algebra, degree)
        case ast.BinOp(left=base, op=ast.Pow(), right=raised):
            exponent = _exponent(raised)
            degree *= max(1, abs(exponent))
            if degree > LARGEST_EXPONENT:
                raise ValueError(f"Exponents go up to {LARGEST_EXPONENT}, got {degree:g}.")
            written = algebra.number(repr(exponent).removesuffix(".0"))
            return operator.pow(_walk(base, algebra, degree), written)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            pair = _walk(left, algebra, degree), _walk(right, algebra, degree)
            return OPERATORS[type(op)](*pair)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return algebra.functions[name](_walk(argument, algebra, degree))
        case ast.Call(func=ast.Name(id=name)):
            raise ValueError(f"`{name}` takes one number: {name}(x). {ACCEPTED}")
        case _:
            raise ValueError(f"This is not a formula in x and y. {ACCEPTED}")


def _exponent(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=float(value)):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=float(value))):
            return -value
        case _:
            raise ValueError(
                "An exponent must be a number, such as 2 or 0.5; for others write exp(y*log(x))."
            )


def _printable(character: str) -> str:
    return character if character.isprintable() and character not in "`\\" else " "
