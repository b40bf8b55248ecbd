"""What the page says and the reader can keep: words, a table, lines of code."""

import csv
import html
import io
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

QUOTED = re.compile("`([^`]*)`")


@dataclass(frozen=True)
class Column:
    """Values of one kind, and how one is written."""

    name: str
    values: Sequence[Any]
    write: Callable[[Any], str] = str
    is_share: bool = False  # so that a table that can be sorted writes percents, too

    @property
    def written(self) -> list[str]:
        """Return the values as text."""
        return [self.write(value) for value in self.values]


@dataclass(frozen=True)
class Section:
    """A title, sentences, and what belongs to them; names of the reader's stand in backticks."""

    title: str
    sentences: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    code: Mapping[str, str] | None = None  # lines of code, by what they are for
    after: tuple[str, ...] = ()  # sentences below the table


def as_html(sections: Iterable[Section]) -> str:
    """Return sections as they stand in a page; whatever a name holds, it is text."""
    return "".join(
        f"<section><h2>{html.escape(it.title)}</h2>{_paragraphs(it.sentences)}"
        f"{_table(it.columns)}{_code(it.code or {})}{_paragraphs(it.after)}</section>"
        for it in sections
    )


def as_csv(columns: Sequence[Column]) -> str:
    """Return columns as CSV, with all digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    values = ([_inert(value) for value in column.values] for column in columns)
    writer.writerows(zip(*values, strict=True))
    return text.getvalue()


def _inert(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula."""
    is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value


def as_json(facts: Mapping[str, object], sections: Iterable[Section]) -> str:
    """Return facts and sections as JSON, with all digits; numbers that are not finite as text."""
    told = {
        **facts,
        "sections": [
            {
                "title": it.title,
                "sentences": [*it.sentences, *it.after],
                "table": {column.name: list(column.values) for column in it.columns},
                "code": dict(it.code or {}),
            }
            for it in sections
        ],
    }
    return json.dumps(_plain(told), indent=1, ensure_ascii=False, allow_nan=False)


def _plain(told: Any) -> Any:
    match told:
        case Mapping():
            return {str(key): _plain(value) for key, value in told.items()}
        case list() | tuple():
            return [_plain(value) for value in told]
        case float() if not math.isfinite(told):
            return str(float(told))
        case float():
            return float(told)  # NumPy's are floats, too
        case bool() | int() | str() | None:
            return told
    return told.item()


def _paragraphs(sentences: Iterable[str]) -> str:
    texts = (QUOTED.sub(r"<code>\1</code>", html.escape(sentence)) for sentence in sentences)
    return "".join(f"<p>{text}</p>" for text in texts)


def _table(columns: Sequence[Column]) -> str:
    if not columns:
        return ""
    head = "".join(f'<th scope="col">{html.escape(it.name)}</th>' for it in columns)
    rows = zip(*(it.written for it in columns), strict=True)
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="table">{table}</div>'


def _code(lines: Mapping[str, str]) -> str:
    return "".join(
        f"<h3>{html.escape(label)}</h3><pre><code>{html.escape(text)}</code></pre>"
        for label, text in lines.items()
    )
