"""Gradients as a reader types them into the lab, where NaN and infinity are welcome."""

import re

import numpy as np

from core.frameworks.entries import Tensors
from core.notation import MOST_CHARACTERS, MOST_NUMBERS
from core.printed import layer_texts
from core.strategies import Array

MOST_TENSORS = 16
NUMBER = re.compile(r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,4})?|inf|nan)", re.ASCII)
ACCEPTED = (
    f"Accepted: up to {MOST_NUMBERS} numbers, nan, inf or -inf with commas or spaces between them, "
    "a bar | between tensors, None for a tensor without a gradient, [] for one without numbers, "
    "such as 3, nan | None | -inf."
)
ACCEPTED_THRESHOLD = "Accepted: one number, such as 1, 0, -1, nan or inf."
# Written as lists, so that what parts layers parts these, too.
NONE = re.compile(r"\bnone\b", re.ASCII)
EMPTY = re.compile(r"\[\s*\]")
NONE_MARK, EMPTY_MARK = "\ue000", "\ue001"  # characters that no text has a use for


def parse_row(text: str) -> Tensors:
    """Read tensors of float64, with the marks of `core.notation`; NaN, infinity, None and [] too.

    Raises ValueError with a sentence for the reader that says what was wrong and what is accepted.

    >>> parse_row("3, nan | None | -inf | []")
    (array([ 3., nan]), None, array([-inf]), array([], dtype=float64))
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"The row has more than {MOST_CHARACTERS:,} characters. {ACCEPTED}")
    plain = text.replace("\N{MINUS SIGN}", "-").replace("\N{INFINITY}", "inf").lower()
    plain = re.sub(r"\binfinity\b", "inf", plain, flags=re.ASCII)
    if not plain.strip():
        raise ValueError(f"The row is empty. {ACCEPTED}")
    marked = EMPTY.sub(f"[{EMPTY_MARK}]", NONE.sub(f"[{NONE_MARK}]", plain))
    try:
        layers = layer_texts(marked)
    except ValueError as error:
        hint = "" if marked == plain else "None and [] stand for a whole tensor. "
        raise ValueError(f"{error} {hint}{ACCEPTED}") from None
    tensors = tuple(_tensor(layer) for layer in layers)
    count = sum(tensor.size for tensor in tensors if isinstance(tensor, np.ndarray))
    if count > MOST_NUMBERS or len(tensors) > MOST_TENSORS:
        raise ValueError(
            f"The row has {count:,} numbers in {len(tensors):,} tensors, more than {MOST_NUMBERS} "
            f"in {MOST_TENSORS}. {ACCEPTED}"
        )
    return tensors


def read_threshold(text: str) -> float:
    """Read a threshold that may be anything: 0, less, NaN or infinite.

    Raises ValueError with a sentence for the reader that says what was wrong and what is accepted.

    >>> read_threshold("-1"), read_threshold("inf")
    (-1.0, inf)
    """
    word = text.replace("\N{MINUS SIGN}", "-").replace("\N{INFINITY}", "inf").strip().lower()
    if not word:
        raise ValueError(f"The threshold is empty. {ACCEPTED_THRESHOLD}")
    return _number(word, ACCEPTED_THRESHOLD)


def _tensor(layer: str) -> Array | None:
    word = layer.strip()
    if word == NONE_MARK:
        return None
    if word == EMPTY_MARK:
        return np.zeros(0)
    parts = word.removesuffix(",").split(",")
    words = [each for part in parts for each in (part.split() or [""])]
    return np.array([_number(each) for each in words])


def _number(word: str, accepted: str = ACCEPTED) -> float:
    if not word:
        raise ValueError(f"Beside a comma or bar a number is missing. {accepted}")
    if not NUMBER.fullmatch(word):
        shown = "".join(c for c in word[:20] if c.isprintable() and c not in "`\\")
        raise ValueError(f"`{shown}` is not a number. {accepted}")
    number = float(word)
    if np.isinf(number) and "inf" not in word:
        raise ValueError(f"`{word[:20]}` is larger than any number here: write inf. {accepted}")
    if number == 0 and word.partition("e")[0].strip("+-0."):
        raise ValueError(f"`{word[:20]}` is smaller than any number here: write 0. {accepted}")
    return number
