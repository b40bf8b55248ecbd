"""Numbers without names, as people paste them."""

import re
from collections.abc import Iterable
from itertools import islice, pairwise

from core.gradients.columns import Log, number_of
from core.gradients.decoding import ACCEPTED, lines_of

BRACKETS = str.maketrans("[](){},;\t", "         ")
WRAPPER = re.compile(r"\b[a-z_.0-9]{1,30}\(|,\s?(?:dtype|device|grad_fn)=[^,()\s]{1,40}")
MOST_WRAPPED = 10_000_000  # characters of a line with printed tensors


def read_numbers(text: str, sample: list[str]) -> Log | None:
    """Read numbers without a header: a column, steps and norms, or a list over lines.

    None where the first lines, the ``sample``, hold something else.
    """
    begin = [_words(line) for line in sample]
    if any(number_of(word) is None for words in (begin[:-1] or begin) for word in words):
        return None
    lines = (_words(line) for line in lines_of(text))
    rows = list(islice((line for line in lines if line), 1000))
    widths = {len(line) for line in rows}
    first = [number_of(line[0]) for line in rows]
    counts = all(
        a is not None and b is not None and a <= b and a == int(a)
        for a, b in pairwise(first)
        if a is None or abs(a) < 2**53
    )
    lines = (_words(line) for line in lines_of(text))
    if widths == {2} and len(rows) > 1 and counts:
        log = Log("steps and norms in two columns")
        steps, norms = log.column("step"), log.column("grad_norm")
        assert steps is not None
        assert norms is not None
        for line in lines:
            if len(line) == 2:
                steps.put(log.records, line[0])
                norms.put(log.records, line[1])
                log.records += 1
        return log
    if len(widths) == 1 and widths != {1} and len(rows) > 1:
        raise ValueError(
            f"The {widths.pop()} columns have no names, so which holds the norms cannot be told: "
            f"paste one column, or add a header such as step,grad_norm. {ACCEPTED}"
        )
    return _column(Log("a column of numbers"), lines)


def _words(line: str) -> list[str]:
    if "(" in line:
        line = WRAPPER.sub(" ", line[:MOST_WRAPPED])
    return line.translate(BRACKETS).split()


def _column(log: Log, lines: Iterable[list[str]]) -> Log:
    norms = log.column("grad_norm")
    assert norms is not None
    for words in lines:
        for word in words:
            number = number_of(word)
            if number is not None:
                norms.values.append(number)
        log.records += len(words)
    norms.rows.extend(range(len(norms.values)))
    left = log.records - len(norms.values)
    if left:
        log.warnings.append(f"{left:,} words are no numbers and are left out.")
    return log
