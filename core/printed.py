"""Layers of numbers as people paste them: with bars, in lines, lists and printed tensors."""

import re

BRACKETS = re.compile(r"[\[\]()]")
MARKS = re.compile(r"[\[\]()|]")
CLOSING = {"[": "]", "(": ")"}
MOST_BRACKETS = 16  # open at once
# What stands around numbers in print, and what is left of it.
SCALAR = re.compile(r"\b(?:np\.|numpy\.)?b?float\d+\(\s?([^()=,\s]+)\s?\)", re.ASCII)
TENSOR = re.compile(
    r"(?:\b[a-z]+\.)?\b(?:tensor|array)\(([^()=]*?)(?:,\s?\w+=(?:\([^()]*\)|[^,()=]+))*,?\s?\)",
    re.ASCII | re.IGNORECASE,
)
TENSORFLOW = re.compile(r"<tf\.\w+[^<>]*?\snumpy=([^<>]+)>", re.ASCII)
PARAMETER = re.compile(r"Parameter containing:\s", re.ASCII)
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d{1,9},\d{1,9}\s*", re.ASCII)


def layer_texts(text: str) -> list[str]:
    """Part a text into its layers: texts with numbers between commas and spaces.

    Bars part layers. A printed tensor is a layer whatever its shape, and so is each list beside or
    in a list, however deep. Where there are none of these, a line is, and what stands between
    semicolons if commas or spaces part its numbers. Raises ValueError with a sentence on what
    cannot be parted.

    >>> layer_texts("[tensor([[3.], [4.]]), tensor([0.3], grad_fn=<MulBackward0>)]")
    ['  3. ,  4.  ', ' 0.3 ']
    >>> layer_texts("3 4; .3 .4"), layer_texts("3; 4")
    (['3 4', ' .3 .4'], ['3, 4'])
    """
    plain = _plain(text)
    if not MARKS.search(plain):
        lines = plain.split("\n")
        return [_commas(line) for line in lines] if len(lines) > 1 else _rows(plain)
    sections = _sections(plain)
    while len(sections) == 1 and _is_one_list(sections[0]):
        inner = sections[0][1]
        if not MARKS.search(inner):
            return _rows(inner)
        sections = _sections(inner)
    return [layer for section in sections for layer in _layers(section)]


def _plain(text: str) -> str:
    """Leave numbers, lists and bars; of white space a line end, or else a space."""
    text = re.sub(r"\s+", lambda run: "\n" if set("\r\n") & set(run[0]) else " ", text).strip()
    text = SCALAR.sub(r"\1", text)
    text = TENSOR.sub(lambda tensor: f"[{BRACKETS.sub(' ', tensor[1])}]", text)
    return PARAMETER.sub("", TENSORFLOW.sub(r"[\1]", text))


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
    first, *between = (text.strip() for text in section[::2])
    lists = section[1::2]
    if not lists:
        return [_commas(section[0])]
    if first or not set(between) <= {"", ","}:
        raise ValueError("Beside a list stands something that is in no list.")
    layers = [BRACKETS.sub(" ", each) for each in lists]
    if not all(layer.strip() for layer in layers):
        raise ValueError("A list holds no number.")
    return layers


def _rows(text: str) -> list[str]:
    """Part at semicolons, if commas or spaces part the numbers."""
    rows = text.strip().removesuffix(";").split(";")
    in_one = _commas(text)
    return rows if any(re.search(r"[,\s]", row.strip()) for row in rows) else [in_one]


def _commas(text: str) -> str:
    """Write commas for semicolons."""
    cells = text.strip().removesuffix(";").split(";")
    if len(cells) > 1 and any(DECIMAL_COMMA.fullmatch(cell) for cell in cells):
        raise ValueError(
            "Beside semicolons a comma may part numbers or be a decimal comma: "
            "decimals have a point, and a bar | parts layers."
        )
    return ",".join(cells)
