"""Logs in JSON: documents, lines, trainer states, exports of TensorBoard."""

import json
from collections import deque
from collections.abc import Iterator

from core.gradients.columns import Column, Log
from core.gradients.decoding import ACCEPTED, lines_of
from core.gradients.fields import Kind, judged
from core.gradients.streams import SCAN, read_stream

MOST_LISTS = 20_000  # places of a document that are searched for records
DEEP = f"The JSON is nested too deeply. {ACCEPTED}"


def read_document(text: str, name: str) -> Log | None:
    """Read one document of JSON, in which NaN and Infinity may stand; None where it is none."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        streamed = read_stream(text, name)
        if streamed is not None:
            return streamed
        document = json.loads(text)
    except (RecursionError, MemoryError):
        raise ValueError(DEEP) from None
    except ValueError:
        return None
    log = Log("JSON")
    found = _records(document)
    if isinstance(found, list):
        for record in found:
            if isinstance(record, dict):
                log.add(record)
                log.records += 1
    elif isinstance(found, dict):
        _lists(log, found)
    if isinstance(document, dict) and "log_history" in document:
        log.format = "a trainer state"
    if log.records <= 1:
        raise ValueError(
            "The JSON holds one record and no series: a summary tells one norm at the most, so "
            f"export the history of the run. {ACCEPTED}"
        )
    return log


def read_lines(text: str) -> Log | None:
    """Read JSON lines; None where most lines are none."""
    if text.lstrip()[:1] != "{":
        return None
    log, damaged = Log("JSON lines"), 0
    for line in lines_of(text):
        written = line.strip()
        if not written:
            continue
        try:
            record = SCAN(written, 0)[0]
        except (ValueError, StopIteration, RecursionError, MemoryError):
            damaged += 1
            if damaged > 100 + log.records:
                return None
            continue
        if type(record) is dict:
            log.add(record)
            log.records += 1
    if damaged > log.records:
        return None
    if damaged:
        log.warnings.append(f"{damaged:,} lines are no JSON and are left out.")
    return log


def _records(document: object) -> object:
    """Return the list of records, or the record of lists, that tells most of norms."""
    best: tuple[int, object] = (-1, document)
    todo: deque[object] = deque([document])
    seen = 0
    while todo and seen < MOST_LISTS:
        each = todo.popleft()
        seen += 1
        if isinstance(each, list):
            heads = [it for it in each[:200] if isinstance(it, dict)]
            told = sum(_tells(it) for it in heads)
            if told and len(each) > 1 and (told, len(each)) > (best[0], 0):
                best = (told, each)
            todo.extend(it for it in each[:50] if isinstance(it, dict | list))
        elif isinstance(each, dict):
            lists = [k for k, v in each.items() if isinstance(v, list) and len(v) > 1]
            if any(judged(str(k))[0] is Kind.NORM for k in lists) and best[0] < 1:
                best = (1, each)
            todo.extend(it for it in each.values() if isinstance(it, dict | list))
    found = best[1]
    return found if best[0] > 0 or not isinstance(found, dict) else [found]


def _tells(record: dict[str, object], depth: int = 3) -> bool:
    return any(
        judged(str(key))[0] is Kind.NORM
        or (isinstance(value, dict) and depth > 0 and _tells(value, depth - 1))
        for key, value in _first(record)
    )


def _first(record: dict[str, object]) -> Iterator[tuple[str, object]]:
    yield from list(record.items())[:500]


def _lists(log: Log, found: dict[str, object]) -> None:
    for key, values in found.items():
        column: Column | None = log.column(str(key)) if isinstance(values, list) else None
        if column is not None and isinstance(values, list):
            for row, value in enumerate(values):
                column.put(row, value)
            log.records = max(log.records, len(values))
