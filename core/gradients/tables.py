"""Logs in columns: CSV, TSV, spaces, with a header or without."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import PurePath

from core.gradients.columns import Log, number_of
from core.gradients.decoding import ACCEPTED, lines_of, shown
from core.gradients.fields import Kind, judged

DELIMITERS = ("\t", ",", ";", " ")
RUNS = {"state", "runtime", "created", "user", "tags", "notes", "sweep", "hostname"}
TENSORBOARD = ["wall time", "step", "value"]
BRACKETS = str.maketrans("[](){},;\t", "         ")
WRAPPER = re.compile(r"\b[a-z_.0-9]{1,30}\(|,\s?(?:dtype|device|grad_fn)=[^,()\s]{1,40}")
MOST_WRAPPED = 10_000_000  # characters of a line with printed tensors
SAMPLE = 30  # lines that decide what a file is
MOST_SAMPLE = 100_000  # characters of such a line


def read_table(text: str, name: str) -> Log | None:
    """Read a table with a header, or numbers without one; None where it is neither."""
    lines = (line for line in lines_of(text) if line and not line.isspace())
    lines = (line for line in lines if not line.startswith("#"))
    sample = [line[:MOST_SAMPLE] for line in islice(lines, SAMPLE)]
    if not sample:
        return None
    for delimiter in DELIMITERS:
        try:
            head, *rows = _cells(sample, delimiter)
        except csv.Error:
            continue
        if _is_header(head, rows):
            return _with_header(text, head, delimiter, name)
    words = [_words(line) for line in sample]
    if all(number_of(word) is not None for line in words[:-1] or words for word in line):
        return _numbers(text, name)
    return None


def from_rows(rows: Sequence[object], name: str) -> Log | None:
    """Read a list of numbers, or of triples of a time, a step and a value as TensorBoard's."""
    if all(isinstance(row, list) and len(row) == 3 for row in rows):
        log = Log("TensorBoard's JSON")
        values, steps = _of_the_file(log, name), log.column("step")
        assert steps is not None
        for record, row in enumerate(rows):
            assert isinstance(row, list)
            steps.put(record, row[1])
            log.columns[values].put(record, row[2])
        log.records = len(rows)
        return log
    if not all(isinstance(row, int | float | str) for row in rows):
        return None
    log = Log("a list of numbers")
    return _column(log, rows)


def _cells(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    if delimiter == " ":
        return (line.split() for line in lines)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def _is_header(head: list[str], rows: list[list[str]]) -> bool:
    if not rows or any(number_of(cell) is not None for cell in head):
        return False
    if not any(judged(cell)[0] for cell in head):
        return False
    same = [row for row in rows if len(row) == len(head)]
    return len(same) > len(rows) / 2 and any(_number(cell) is not None for r in same for cell in r)


def _number(cell: str) -> float | None:
    number = number_of(cell)
    return number_of(cell.replace(",", ".")) if number is None and "," in cell else number


def _with_header(text: str, head: list[str], delimiter: str, name: str) -> Log:
    names = [cell.strip() for cell in head]
    lower = [cell.lower() for cell in names]
    if "name" in lower and len(RUNS & set(lower)) > 1:
        raise ValueError(
            "This is a table of runs, with one row for a run and no norms over steps: export the "
            f"history of one run instead. {ACCEPTED}"
        )
    formats = {"\t": "TSV", " ": "columns with spaces"}
    log = Log(formats.get(delimiter, "CSV") if len(head) > 1 else "a column of numbers")
    if lower == TENSORBOARD:
        log.format = "TensorBoard's CSV"
        names[2] = _of_the_file(log, name)
    columns = []
    for i, each in enumerate(names):
        column = log.column(each if each not in names[:i] else f"{each} ({i + 1})")
        if column is not None:
            columns.append((i, column))
    lines = (line for line in lines_of(text) if line and line[0] != "#")
    try:
        for row in _cells(lines, delimiter):
            cells, record = len(row), log.records
            for i, column in columns:
                if i < cells and row[i]:
                    column.put(record, row[i] if delimiter == "," else row[i].replace(",", "."))
            log.records += 1
    except csv.Error:
        raise ValueError(f"A cell of the table is far too long, or open. {ACCEPTED}") from None
    log.records -= 1  # the header
    return log


def _of_the_file(log: Log, name: str) -> str:
    """Make the column of what the name of the file tells."""
    stem = PurePath(name.replace("\\", "/")).stem[:200]
    kind, _ = judged(stem)
    if kind is Kind.REFUSED or any(w in stem.lower() for w in ("loss", "learning_rate", "lr_")):
        raise ValueError(
            f"By its name {shown(stem)} the file holds no norms of gradients. {ACCEPTED}"
        )
    if kind is not Kind.NORM:
        log.warnings.append(
            "Neither the file nor its name says what the values are; they are taken for norms."
        )
    field = stem if kind is Kind.NORM else "value"
    column = log.column(field if kind is Kind.NORM else "grad_norm")
    assert column is not None
    log.columns = {field: column}
    log.column("step")
    return field


def _numbers(text: str, name: str) -> Log | None:
    """Read numbers without a header: a column, steps and norms, or a list over lines."""
    lines = (_words(line) for line in lines_of(text))
    sample = list(islice((line for line in lines if line), 1000))
    widths = {len(line) for line in sample}
    first = [number_of(line[0]) for line in sample]
    counts = all(
        a is not None and b is not None and a <= b and a == int(a)
        for a, b in pairwise(first)
        if a is None or abs(a) < 2**53
    )
    lines = (_words(line) for line in lines_of(text))
    if widths == {2} and len(sample) > 1 and counts:
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
    if len(widths) == 1 and widths != {1} and len(sample) > 1:
        raise ValueError(
            f"The {widths.pop()} columns have no names, so which holds the norms cannot be told: "
            f"paste one column, or add a header such as step,grad_norm. {ACCEPTED}"
        )
    return _column(Log("a column of numbers"), (word for line in lines for word in line))


def _words(line: str) -> list[str]:
    if "(" in line:
        line = WRAPPER.sub(" ", line[:MOST_WRAPPED])
    return line.translate(BRACKETS).split()


def _column(log: Log, words: Iterable[object]) -> Log:
    norms = log.column("grad_norm")
    assert norms is not None
    for word in words:
        norms.put(log.records, word)
        log.records += 1
    left = log.records - len(norms.values)
    if left:
        log.warnings.append(f"{left:,} words are no numbers and are left out.")
    return log
