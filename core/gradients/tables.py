"""Logs in columns: CSV, TSV, spaces, with a header or without."""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import PurePath

from core.gradients.columns import Log, number_of
from core.gradients.decoding import ACCEPTED, lines_of, shown
from core.gradients.fields import Kind, judged
from core.gradients.pasted import read_numbers

DELIMITERS = ("\t", ",", ";", " ")
RUNS = {"state", "runtime", "created", "user", "tags", "notes", "sweep", "hostname"}
TENSORBOARD = ["wall time", "step", "value"]
PARTS = re.compile(r"[,;\t ]")
ASSIGNED = re.compile(r"[:=]\s{0,9}[-+.\d]")  # what is printed, not a header
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
        if _is_header(head, rows, prose=delimiter == " "):
            return _with_header(text, head, delimiter, name)
    return read_numbers(text, sample)


def _cells(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    if delimiter == " ":
        return (line.split() for line in lines)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def _is_header(head: list[str], rows: list[list[str]], *, prose: bool) -> bool:
    if not rows or any(number_of(cell) is not None for cell in head):
        return False
    if not any(judged(cell)[0] for cell in head) or (len(head) == 1 and PARTS.search(head[0])):
        return False
    if any(ASSIGNED.search(cell.rpartition(" - ")[2]) for cell in head):
        return False
    same = [row for row in rows if len(row) == len(head)]
    numbers = sum(_number(cell) is not None for row in same for cell in row)
    words = sum(map(len, same)) if prose else 1  # prose may have as many words in two lines
    return len(same) > len(rows) / 2 and numbers > 0 and numbers >= 0.8 * words


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
        names[2] = of_the_file(log, name)
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


def of_the_file(log: Log, name: str) -> str:
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
