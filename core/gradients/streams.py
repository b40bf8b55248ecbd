"""Lists in JSON, element by element, so that no more than one is held."""

import json
import re
from collections.abc import Iterator
from itertools import chain

from core.gradients.columns import Log
from core.gradients.fields import Kind
from core.gradients.tables import of_the_file

BLANK = re.compile(r"\s*")
SCAN = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # what json itself reads with


def read_stream(text: str, name: str) -> Log | None:
    """Read a list of numbers, of records, or of triples of a time, a step and a value.

    None where it is something else; raises ValueError where it is no JSON.
    """
    if text.lstrip()[:1] != "[":
        return None
    elements = _elements(text)
    first = next(elements)
    every = chain([first], elements)
    if isinstance(first, dict):
        log = Log("JSON")
        for record in every:
            if isinstance(record, dict):
                log.add(record)
                log.records += 1
        told = any(c.kind is Kind.NORM and c.values for c in log.columns.values())
        return log if told and log.records > 1 else None
    triples = isinstance(first, list) and len(first) == 3
    if not triples and not isinstance(first, int | float | str):
        return None
    log = Log("TensorBoard's JSON" if triples else "a list of numbers")
    field = of_the_file(log, name) if triples else "grad_norm"
    values, steps = log.columns[field] if triples else log.column(field), log.column("step")
    assert values is not None
    assert steps is not None
    for element in every:
        if not triples:
            values.put(log.records, element)
        elif isinstance(element, list) and len(element) == 3:
            steps.put(log.records, element[1])
            values.put(log.records, element[2])
        log.records += 1
    return log


def _elements(text: str) -> Iterator[object]:
    """Yield what a list of JSON holds, without holding all of it; ValueError if it is none."""
    at, stop = text.find("[") + 1, len(text)
    while True:
        at = _past_blanks(text, at)
        try:
            element, at = SCAN(text, at)
        except StopIteration:
            raise ValueError from None
        yield element
        at = _past_blanks(text, at)
        if at >= stop or text[at] != ",":
            break
        at += 1
    if text[at : at + 1] != "]" or text[at + 1 : at + 100].strip():
        raise ValueError


def _past_blanks(text: str, at: int) -> int:
    blanks = BLANK.match(text, at)
    return blanks.end() if blanks else at
