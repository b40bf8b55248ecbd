"""What trainings print: ``grad norm: 67.03 |``, ``'grad_norm': 0.5``, ``norm 0.4312``."""

import re
from collections.abc import Iterator

from core.gradients.columns import Column, Log
from core.gradients.decoding import lines_of
from core.gradients.fields import NAMING, Kind, judged, words

# No pattern goes back and forth: every repetition is bounded, and starts where a word starts.
NUMBER = (
    r"[-+]?(?:\d{1,3}(?:,\d{3}){1,5}\.\d{1,20}|(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})"
    r"(?:[eE][-+]?\d{1,4})?|[nN][aA][nN]|[iI][nN][fF](?:inity)?)(?![\w%]|\.\d)"
)
BETWEEN = r"(?:[\"']?[ \t]{0,40}[:=]>?[ \t]{0,40}|[ \t]{1,40})"
WRAPPED = r"(?:[A-Za-z_][\w.]{0,20}\()?[\"'\[(]{0,2}"
PAIR = re.compile(
    rf"(?<![\w./\-])([^\W\d][\w./\-]{{0,150}})(?:[ \t]?\([a-zA-Z0-9 _-]{{1,20}}\))?"
    rf"{BETWEEN}{WRAPPED}{NUMBER}"
)
LAST_WORD = re.compile(r"([A-Za-z0-9_]{1,20})[ ]$")
COUNT = rf"{BETWEEN}[\"'\[(]{{0,2}}(\d{{1,3}}(?:,\d{{3}}){{1,4}}(?![\d,])|\d{{1,18}})(?![\w.]\d)"
Pattern = re.Pattern[str]
Beside = list[tuple[Pattern, Column]]  # what stands beside a norm, and where it is gathered
HIT = re.compile("norm|grad", re.IGNORECASE)
MOST_HITS, WINDOWS, AROUND = 3000, 300, 2000
MANY = 2000  # characters of a line that may hold several records


def read_prints(text: str, field: str = "") -> Log | None:
    """Read what a training printed; None where no name of a norm stands before a number."""
    names = _survey(text)
    kinds = {name: judged(name) for name in names}
    norms = sorted(
        (name for name in names if kinds[name][0] is Kind.NORM),
        key=lambda name: (name == field, kinds[name][1], names[name]),
        reverse=True,
    )
    log = Log("printed lines", names=set(names))
    if not norms:
        return log if names else None
    chosen, *others = norms
    beside = [n for n in names if kinds[n][0] is Kind.STEP and names[n] > 1][:3]
    scales = [n for n in names if kinds[n][0] is Kind.SCALE][:1]
    _gather(log, text, chosen, beside + scales, names)
    log.others = tuple(others)
    return log


def _survey(text: str) -> dict[str, int]:
    """Count the names that stand before numbers, at the beginning, by norms and in samples."""
    names: dict[str, int] = {}
    reached = 0
    for start in _places(text):
        if start < reached:
            continue
        begin = max(reached, text.rfind("\n", max(0, start - AROUND), start) + 1, start - AROUND)
        end = text.find("\n", start, start + AROUND)
        reached = end if end >= 0 else min(start + AROUND, len(text))
        for pair in PAIR.finditer(text, begin, reached):
            name = _named(text, pair.start(1), pair[1])
            if len(names) < 5000 or name in names:
                names[name] = names.get(name, 0) + 1
    return names


def _places(text: str) -> Iterator[int]:
    hits = (hit.start() for hit, _ in zip(HIT.finditer(text), range(MOST_HITS), strict=False))
    yield from sorted({0, *hits, *range(0, len(text), len(text) // WINDOWS + 1)})


def _named(text: str, start: int, name: str) -> str:
    """Return a name with the words before it that belong to it, such as grad before norm."""
    for _ in range(4):
        before = LAST_WORD.search(text, max(0, start - 21), start)
        if not before or before[1].isdigit() or not set(words(before[1])) <= NAMING:
            break
        start = before.start()
        name = f"{before[1]} {name}"
    return name


def _key(name: str, names: dict[str, int]) -> str:
    """Return a pattern that begins with the name, for speed, and finds no longer name's end."""
    longer = {other[: -len(name)] for other in names if other.endswith(f" {name}")}
    longer |= {f"{word} " for word in ("max", "param", "weight", "layer", "clipped", "maximum")}
    key = re.escape(name)
    apart = "".join(rf"(?<!{re.escape(word)}{key})" for word in sorted(longer))
    return rf"{key}(?<![\w./\-]{key}){apart}(?:[ \t]?\([a-zA-Z0-9 _-]{{1,20}}\))?"


def _gather(log: Log, text: str, chosen: str, beside: list[str], names: dict[str, int]) -> None:
    norm = re.compile(rf"{_key(chosen, names)}{BETWEEN}{WRAPPED}({NUMBER})")
    column = log.column(chosen)
    assert column is not None
    others: Beside = []
    for name in beside:
        value = COUNT if judged(name)[0] is Kind.STEP else rf"{BETWEEN}{WRAPPED}({NUMBER})"
        other = log.column(name)
        assert other is not None
        others.append((re.compile(_key(name, names) + value), other))
    records = 0
    row, keep = column.rows.append, column.values.append
    for line in lines_of(text):
        found = norm.search(line)
        if not found:
            continue
        if norm.search(line, found.end()):
            records = _several(line, norm, log, chosen, others, records)
            continue
        row(records)
        keep(float(found[1].replace(",", "")))
        for pattern, other in others:
            told = pattern.search(line)
            if told:
                other.rows.append(records)
                other.values.append(float(told[1].replace(",", "")))
        records += 1
    log.records = records
    for pattern, other in others:
        if records and not other.values:
            _carried(text, norm, pattern, other)


def _several(line: str, norm: Pattern, log: Log, chosen: str, others: Beside, row: int) -> int:
    """Take a line that holds several records; return the number of the next one."""
    end = row
    for end, found in enumerate(norm.finditer(line), row + 1):
        log.columns[chosen].put(end - 1, found[1].replace(",", ""))
    for pattern, other in others:
        held, last = len(other.values), row
        for last, told in enumerate(pattern.finditer(line), row + 1):
            if last <= end:
                other.put(last - 1, told[1].replace(",", ""))
        if last != end:  # it is not told of each of them
            del other.values[held:], other.rows[held:]
    return end


def _carried(text: str, norm: Pattern, pattern: Pattern, other: Column) -> None:
    """Take a step that was printed on a line before that of its norm."""
    last, record = "", 0
    for line in lines_of(text):
        told = pattern.search(line)
        last = told[1].replace(",", "") if told else last
        for _ in norm.finditer(line):
            if last:
                other.put(record, last)
            record += 1
