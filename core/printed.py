"""Layers of numbers as people paste them: with bars, in lines, lists and printed tensors."""

import re

BRACKETS = re.compile(r"[\[\]()]")
MARKS = re.compile(r"[\[\]()|]")
CLOSING = {"[": "]", "(": ")"}
PARTED = re.compile(r"[,\s]")
MOST_BRACKETS = 16  # open at once
UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff]")  # what files and web pages leave in a text
# What stands around numbers in print. Texts are hostile, so no pattern may go back and forth.
SCALAR = re.compile(r"\b(?:np\.|numpy\.)?b?float\d+\(\s?([^()=,\s]+)\s?\)(?![\w.])", re.ASCII)
TENSOR = re.compile(
    r"(?:\b[a-z]+\.)?\b(?:tensor|array)\(([^()=]*?)(?:,\s?\w+=(?:\([^()]*\)|[^,()=]+))*,?\s?\)",
    re.ASCII | re.IGNORECASE,
)
DAMAGED = re.compile(r"\][^\s,\]]|[^\s,\[]\[")  # a bracket with a number at its back
TENSORFLOW = re.compile(r"<tf\.([^<>]*)>")
PARAMETER = re.compile(r"Parameter containing:\s", re.ASCII)
WORD = r"(?<![\w.])(?!tensor|array|indices|values)(?:\d+\.)*[a-z_][\w.]*"
NAME = re.compile(  # of a layer, before its list
    rf"""(?:(['"])[\w.]+\1\s?[:,]|{WORD}\s?[:=])\s?(?=[\[(])|{WORD}\s?(?=\[)|OrderedDict(?=\()""",
    re.ASCII | re.IGNORECASE,
)
BRACES = str.maketrans("{}", "()")
DECIMAL_COMMA = re.compile(
    r"[+\-\N{MINUS SIGN}]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE
)
APART = re.compile(r"\s+|\s*[,;]\s*")  # what may stand between two lists


def layer_texts(text: str) -> list[str]:
    """Part a text into its layers: texts with numbers between commas and spaces.

    Bars part layers. A printed tensor is a layer whatever its shape, and so is each list beside or
    in a list, however deep. Where there are none of these, lines and semicolons part layers if
    something else parts numbers, and else they part numbers. Raises ValueError with a sentence on
    what cannot be parted.

    >>> layer_texts("[tensor([[3.], [4.]]), tensor([0.3], grad_fn=<MulBackward0>)]")
    ['3. ,  4.', '0.3']
    >>> layer_texts("3 4; .3 .4"), layer_texts("3; 4")
    (['3 4', ' .3 .4'], ['3, 4'])
    """
    plain = _plain(text)
    if not MARKS.search(plain):
        lines = [_commas(line) for line in plain.split("\n")]
        if len(lines) == 1:
            return _rows(plain)
        return (
            lines if any(PARTED.search(line.strip(" ,")) for line in lines) else [" ".join(lines)]
        )
    sections = _sections(plain)
    while len(sections) == 1 and _is_one_list(sections[0]):
        inner = sections[0][1]
        if not MARKS.search(inner):
            return _rows(inner)
        sections = _sections(inner)
    return [layer for section in sections for layer in _layers(section)]


def _plain(text: str) -> str:
    """Leave numbers, lists and bars; of white space a line end, or else a space."""
    text = UNSEEN.sub("", text)
    text = re.sub(r"\s+", lambda run: "\n" if set("\r\n") & set(run[0]) else " ", text).strip()
    text = TENSOR.sub(_list, SCALAR.sub(r"\1", text))
    text = TENSORFLOW.sub(lambda it: f"[{it[1].rpartition('numpy=')[2]}]", text)
    return NAME.sub("", PARAMETER.sub("", text).translate(BRACES))


def _list(tensor: re.Match[str]) -> str:
    """Write a tensor as one list; one that is damaged stays, and is refused."""
    numbers = tensor[1]
    whole = numbers.count("[") == numbers.count("]") and not DAMAGED.search(numbers)
    return f"[{BRACKETS.sub(' ', numbers)}]" if whole else tensor[0]


def _sections(text: str) -> list[list[str]]:
    """Part at the bars outside of lists; in a section every second text is what a list holds."""
    sections: list[list[str]] = [[]]
    closing = ""  # what closes the brackets that are open, the innermost last
    start = 0
    for mark in MARKS.finditer(text):
        sign = mark[0]
        outside = not closing
        if sign in CLOSING:
            closing += CLOSING[sign]
        elif sign != "|":
            if closing[-1:] != sign:
                raise ValueError("A bracket is closed that is not open.")
            closing = closing[:-1]
        if len(closing) > MOST_BRACKETS:
            raise ValueError(f"More than {MOST_BRACKETS} brackets are open at once.")
        if outside or not closing:
            sections[-1].append(text[start : mark.start()])
            start = mark.end()
        if outside and sign == "|":
            sections.append([])
    if closing:
        raise ValueError("A bracket is open that is not closed.")
    sections[-1].append(text[start:])
    return sections


def _is_one_list(section: list[str]) -> bool:
    return len(section) == 3 and not section[0].strip() and section[2].strip() in ("", ",")


def _layers(section: list[str]) -> list[str]:
    first, *between = section[::2]
    lists = section[1::2]
    if not lists:
        return [_commas(first)]
    if first.strip() or not all(map(APART.fullmatch, [*between[:-1], f"{between[-1]} "])):
        raise ValueError("Beside a list stands something that is in no list.")
    layers = [_commas(BRACKETS.sub(" ", each)) for each in lists]
    if not all(layer.strip() for layer in layers):
        raise ValueError("A list holds no number.")
    return layers


def _rows(text: str) -> list[str]:
    """Part at semicolons, if commas or spaces part the numbers."""
    rows = _cells(text)
    in_one = _commas(text)
    if not all(row.strip() for row in rows):
        return [in_one]  # which says what is missing
    return rows if any(PARTED.search(row.strip()) for row in rows) else [in_one]


def _cells(text: str) -> list[str]:
    return text.strip().removesuffix(";").split(";")


def _commas(text: str) -> str:
    """Write commas for semicolons."""
    cells = _cells(text)
    words = [word for cell in cells for word in cell.split()]
    # A comma beside a space parts numbers, and then so does any other.
    doubtful = len(words) > 1 and not any(word.strip(",") != word for word in words)
    if doubtful and any(map(DECIMAL_COMMA.fullmatch, words)):
        raise ValueError(
            "Beside spaces or semicolons a comma may part numbers or be a decimal comma: "
            "decimals have a point, and a bar | parts layers."
        )
    return ",".join(cells)
