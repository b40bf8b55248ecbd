"""Logs of the norms of gradients as trackers and trainings write them."""

from dataclasses import dataclass

import numpy as np

from core.gradients.columns import Column, Log
from core.gradients.decoding import ACCEPTED, shown, text_of
from core.gradients.fields import Kind, judged
from core.gradients.objects import read_document, read_lines
from core.gradients.prints import read_prints
from core.gradients.suspicions import mean_window, suspicions
from core.gradients.tables import read_table
from core.strategies import Array

DIVIDED = " ÷ loss scale"
COVERED = 0.9  # share of the norms that steps must stand beside


@dataclass(frozen=True)
class NormLog:
    """Norms over a training, and how they were read."""

    norms: Array  # (n,) float64; those that are not finite are kept
    steps: Array | None  # (n,) float64
    format: str
    field: str
    candidates: tuple[str, ...]  # fields that can be chosen, the best guess first
    warnings: tuple[str, ...]


def read_norm_log(data: bytes, name: str, field: str = "") -> NormLog:
    r"""Read the norms of a log; of several fields the one given, or the likeliest.

    Raises ValueError with a sentence for the reader that says what was wrong and what is accepted.

    >>> log = read_norm_log(b"step,loss,grad_norm\n1,2.5,0.5\n2,2.4,0.75\n", "metrics.csv")
    >>> log.norms, log.steps, log.format, log.field
    (array([0.5 , 0.75]), array([1., 2.]), 'CSV', 'grad_norm')
    """
    text = text_of(data)
    plain = field.removesuffix(DIVIDED)
    log = read_document(text, name) or read_lines(text) or read_table(text, name)
    if log is None or (not _norms(log) and log.format in ("CSV", "TSV", "columns with spaces")):
        printed = read_prints(text, plain)
        log = printed if log is None or (printed and _norms(printed)) else log
    del text
    if log is None:
        raise ValueError(f"No number is named in this file. {ACCEPTED}")
    found = _norms(log)
    if not found:
        raise ValueError(_refusal(log))
    scale = next((c for c in log.columns.values() if c.kind is Kind.SCALE and c.values), None)
    candidates = (*found, *log.others)
    if scale is not None:
        candidates += tuple(f"{each}{DIVIDED}" for each in candidates)
    chosen = field or found[0]
    if chosen not in candidates:
        listed = ", ".join(shown(each) for each in candidates[:10])
        raise ValueError(f"No norms stand in the field {shown(chosen)}. Accepted: {listed}.")
    return _log(log, chosen, candidates, scale)


def _norms(log: Log) -> list[str]:
    """Return the fields with norms, the likeliest first."""
    counts = {n: len(c.values) for n, c in log.columns.items() if c.kind is Kind.NORM and c.values}
    most = max(counts.values(), default=0)
    return sorted(counts, key=lambda n: (counts[n] * 10 < most, -log.columns[n].sure))


def _log(log: Log, chosen: str, candidates: tuple[str, ...], scale: Column | None) -> NormLog:
    column = log.columns[chosen.removesuffix(DIVIDED)]
    norms, rows = column.numbers, column.records
    warnings = list(log.warnings)
    negative = norms < 0
    if negative.any():
        warnings.append(f"{int(negative.sum()):,} norms are negative, as none is: left out.")
        norms, rows = norms[~negative], rows[~negative]
        if not len(norms):
            raise ValueError(f"All numbers of {shown(chosen)} are negative: no norms. {ACCEPTED}")
    factors = None if scale is None else _beside(scale, rows, carried=True)
    if chosen.endswith(DIVIDED) and factors is not None:
        with np.errstate(all="ignore"):
            norms = norms / factors
        factors = None
    steps = _steps(log, rows)
    warnings += suspicions(norms, steps, chosen, factors) + mean_window(log.names)
    if len(norms) < log.records / 2 and log.records > 5:
        warnings.append(f"{log.records - len(norms):,} of {log.records:,} records have no norm.")
    return NormLog(norms.copy(), steps, log.format, chosen, candidates, tuple(warnings))


def _steps(log: Log, rows: Array) -> Array | None:
    """Return the steps of the records, of counts that do not restart if there are any."""
    counts = [c for c in log.columns.values() if c.kind is Kind.STEP and c.values]
    found = []
    for column in sorted(counts, key=lambda c: -c.sure):
        steps = _beside(column, rows)
        if np.isfinite(steps).mean() >= COVERED:
            found.append(np.where(np.isfinite(steps), steps, np.nan))
    return min(found, key=lambda steps: int(np.sum(np.diff(steps) < 0)), default=None)


def _beside(column: Column, rows: Array, *, carried: bool = False) -> Array:
    """Return the values of the records; NaN, or the last one, where there is none."""
    records, numbers = column.records, column.numbers
    at = np.maximum(np.searchsorted(records, rows, side="right") - 1, 0)
    return np.where((records[at] == rows) | carried, numbers[at], np.nan)


def _refusal(log: Log) -> str:
    other = [name for name in sorted(log.names) if judged(name)[0] is Kind.REFUSED]
    if other:
        listed = ", ".join(shown(name) for name in other[:5])
        return (
            f"No norms of gradients in this file: {listed} would be settings, squares, ratios or "
            f"norms of something else. {ACCEPTED}"
        )
    return f"No field of this file is a norm of gradients with numbers. {ACCEPTED}"
