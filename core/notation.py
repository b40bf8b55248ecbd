"""Gradients and thresholds as people type them: ``3.2, 1.1 | 0.55, 1.35``."""

import re
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import ArrayLike

from core.printed import DECIMAL_COMMA, layer_texts
from core.strategies import Array, Layers

MOST_NUMBERS = 64
MOST_CHARACTERS = 20_000
SMALLEST_NUMBER, LARGEST_NUMBER = 1e-30, 1e30  # far beyond real gradients, squares stay finite
NUMBER = re.compile(
    r"[+-]?(?P<digits>\d+(?:\.\d*)?|\.\d+)(e[+-]?\d{1,4})?", re.ASCII | re.IGNORECASE
)
HINTS = {  # for what stands in a word that is no number
    re.compile(r"\d/\d", re.ASCII): "Write a fraction as a decimal number, such as 0.5.",
    re.compile(r"\d;", re.ASCII): "Commas or spaces part numbers, and decimals have a point.",
    re.compile(r"\.\.\."): "Three dots stand for numbers that were left out: print all of them.",
}
ACCEPTED_GRADIENT = (
    f"Accepted: 1 to {MOST_NUMBERS} numbers with commas or spaces between them and a bar | "
    "between layers, such as 3.2, 1.1 | 0.55, 1.35; or printed tensors, lists or lines of numbers."
)
ACCEPTED_LAYERS = (
    "Accepted: the sizes of the layers, such as 2, 2, which add up to the count of numbers in the "
    "gradient; or nothing, and the gradient itself tells the layers."
)
MOST_COORDINATES = 10**6
ACCEPTED_SIZES = (
    "Accepted: the sizes of the layers, such as 100, 900, in all at most "
    f"{MOST_COORDINATES:,} numbers."
)
RANGE = f"{SMALLEST_NUMBER:g} to {LARGEST_NUMBER:g}"  # of numbers, whatever their sign
ACCEPTED_POSITIVE = f"Accepted: one number from {RANGE}, such as 1 or 0.25."


class TooManyNumbersError(ValueError):
    """A gradient that can be read, of more numbers than can be shown."""

    def __init__(self, gradient: Array, layers: Layers) -> None:
        super().__init__(f"The gradient has {len(gradient):,} numbers. {ACCEPTED_GRADIENT}")
        self.gradient, self.layers = gradient, layers


def read_gradient(text: str, sizes: str = "") -> tuple[Array, Layers]:
    """Read a gradient ``(n,)`` and the sizes of its layers.

    The layers are those of `layer_texts`, or ``sizes`` if given. Raises ValueError with a sentence
    for the reader that says what was wrong and what is accepted, `TooManyNumbersError` if all is
    right but their count.

    >>> read_gradient("3, 4 | .3 4e-1")
    (array([3. , 4. , 0.3, 0.4]), (2, 2))
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"The gradient has {len(text):,} characters, more than {MOST_CHARACTERS:,}. "
            f"{ACCEPTED_GRADIENT}"
        )
    try:
        groups = [_words(layer) for layer in layer_texts(text)]
    except ValueError as error:
        raise ValueError(f"{error} {ACCEPTED_GRADIENT}") from None
    if groups == [[]]:
        raise ValueError(f"The gradient is empty. {ACCEPTED_GRADIENT}")
    if [] in groups:
        raise ValueError(
            f"A layer without numbers: nothing stands beside a bar. {ACCEPTED_GRADIENT}"
        )
    words = [word for group in groups for word in group]
    gradient = np.array([_number(word, ACCEPTED_GRADIENT) for word in words])
    layers = tuple(len(group) for group in groups)
    if sizes.strip():
        layers = _layers(sizes, layers)
    if len(gradient) > MOST_NUMBERS:
        raise TooManyNumbersError(gradient, layers)
    return gradient, layers


def write_gradient(gradient: ArrayLike, layers: Layers) -> str:
    """Write a gradient so that `read_gradient` returns it to the last bit.

    >>> write_gradient([3.0, 4.0, 0.3], (2, 1))
    '3, 4 | 0.3'
    """
    ends = np.cumsum(layers)[:-1]
    parts = np.split(np.asarray(gradient, np.float64), ends)
    return " | ".join(", ".join(write_number(x) for x in part) for part in parts)


def write_number(number: float) -> str:
    """Write the shortest text that reads back as the same number.

    >>> write_number(2.0), write_number(0.1)
    ('2', '0.1')
    """
    return repr(float(number)).removesuffix(".0")


def write_degrees(angle: float) -> str:
    """Write an angle given in radians in degrees with one decimal.

    >>> write_degrees(np.pi / 8)
    '22.5°'
    """
    return "–" if np.isnan(angle) else f"{np.degrees(angle):.1f}°"


def write_share(share: float) -> str:
    """Write a share in percent with one decimal, a dash where there is none.

    A little is never written as nothing, nor nearly all as all.

    >>> write_share(0.123), write_share(1e-9), write_share(1 - 1e-9)
    ('12.3%', 'less than 0.1%', 'more than 99.9%')
    """
    if np.isnan(share):
        return "–"
    percent = 100 * float(share)
    if 0 < percent < 0.05:
        return "less than 0.1%"
    if 99.95 <= percent < 100:
        return "more than 99.9%"
    # As JavaScript rounds what lies in the middle; adding a zero takes the sign of a zero away.
    return f"{Decimal(percent).quantize(Decimal('0.1'), ROUND_HALF_UP) + 0}%"


def read_positive(text: str, name: str) -> float:
    """Read a positive number, such as a threshold; ValueError with a sentence for the reader.

    >>> read_positive(" 2.5 ", "threshold")
    2.5
    """
    words = _words(text)
    if len(words) != 1:
        came = "is more than one number" if words else "is empty"
        meant = text.strip().replace(".", "").replace(",", ".")
        hint = (
            f"With a decimal point it is {meant}. " if DECIMAL_COMMA.fullmatch(text.strip()) else ""
        )
        raise ValueError(f"The {name} {came}. {hint}{ACCEPTED_POSITIVE}")
    number = _number(words[0], ACCEPTED_POSITIVE)
    if number <= 0:
        raise ValueError(f"{_quote(words[0])} is not positive. {ACCEPTED_POSITIVE}")
    return number


def read_sizes(text: str) -> Layers:
    """Read the sizes of layers; ValueError with a sentence for the reader.

    >>> read_sizes("100, 900")
    (100, 900)
    """
    words = _words(_unwrap(text[:MOST_CHARACTERS]))
    for word in words:
        if not re.fullmatch(r"\d{1,7}", word, re.ASCII) or int(word) < 1:
            raise ValueError(f"{_quote(word)} is not the size of a layer. {ACCEPTED_SIZES}")
    sizes = tuple(int(word) for word in words)
    if len(text) > MOST_CHARACTERS or not 1 <= sum(sizes) <= MOST_COORDINATES:
        raise ValueError(f"The layers have {sum(sizes):,} numbers or more. {ACCEPTED_SIZES}")
    return sizes


def _layers(text: str, bars: Layers) -> Layers:
    words = _words(_unwrap(text.replace("|", " "))) or [""]
    for word in words:
        if not re.fullmatch(r"\d{1,4}", word, re.ASCII) or int(word) < 1:
            raise ValueError(f"{_quote(word)} is not the size of a layer. {ACCEPTED_LAYERS}")
    layers = tuple(int(word) for word in words)
    if sum(layers) != sum(bars):
        raise ValueError(
            f"The layers have {sum(layers)} numbers, the gradient has {sum(bars)}. "
            f"{ACCEPTED_LAYERS}"
        )
    if len(bars) > 1 and layers != bars:
        raise ValueError(
            f"The gradient itself says other layers: {_sizes(bars)}. {ACCEPTED_LAYERS}"
        )
    return layers


def _sizes(layers: Layers) -> str:
    return ", ".join(map(str, layers))


def _unwrap(text: str) -> str:
    text = text.strip()
    return text[1:-1] if text[:1] + text[-1:] in ("[]", "()") else text


def _words(text: str) -> list[str]:
    # A word is what stands between commas and spaces; two commas in a row hold an empty one.
    parts = text.replace("\N{MINUS SIGN}", "-").strip().removesuffix(",").split(",")
    if parts == [""]:
        return []
    return [word for part in parts for word in (part.split() or [""])]


def _number(word: str, accepted: str) -> float:
    if not word:
        raise ValueError(f"Beside a comma or semicolon a number is missing. {accepted}")
    match = NUMBER.fullmatch(word)
    if not match:
        hint = "".join(f"{hint} " for sign, hint in HINTS.items() if sign.search(word))
        raise ValueError(f"{_quote(word)} is not a finite number. {hint}{accepted}")
    number = float(word)
    is_zero = not match["digits"].strip("0.")  # 1e-400 is not zero, but reads as zero
    if not is_zero and not SMALLEST_NUMBER <= abs(number) <= LARGEST_NUMBER:
        raise ValueError(f"{_quote(word)} is out of range: sizes go from {RANGE}. {accepted}")
    return number


def _quote(word: str) -> str:
    shown = "".join(c for c in word[:20] if c.isprintable() and c not in "`\\")
    return f"`{shown or ' '}{'…' if len(word) > 20 else ''}`"
