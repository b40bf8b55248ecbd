"""What the reader keeps is what the page says, and a name in it is text, whatever it holds."""

import json
from html.parser import HTMLParser

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.gradients.sections import Column, Section, as_csv, as_html, as_json

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
OWN = {
    "section",
    "h2",
    "h3",
    "p",
    "code",
    "pre",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


class Seen(HTMLParser):
    """Notes the tags and their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= set(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_no_name_becomes_markup(title, sentence, cell, code):
    section = Section(
        title, (sentence,), (Column(cell, [cell], str),), {title: code}, (f"`{cell}`",)
    )
    seen = Seen(as_html([section]))
    assert seen.tags <= OWN
    assert seen.attributes <= {("class", "table"), ("scope", "col")}
    for text in (title, cell, code):
        assert text.replace("\r\n", "\n").replace("\r", "\n") in seen.text.replace(
            "\r\n", "\n"
        ).replace("\r", "\n")


def test_names_in_backticks_are_code():
    page = as_html([Section("t", ("in `a<b>`, so",))])
    assert "<p>in <code>a&lt;b&gt;</code>, so</p>" in page


def test_json_has_all_digits_and_says_what_is_not_finite():
    values = [np.float64(0.1) + np.float64(0.2), float("nan"), np.inf, np.float32(0.1)]
    column = Column("norm", values, lambda x: f"{x:.1f}")
    told = json.loads(
        as_json({"steps": np.int64(3), "ok": True}, [Section("t", ("s",), (column,), None, ("a",))])
    )
    assert told["steps"] == 3
    assert told["ok"] is True
    assert told["sections"][0]["table"]["norm"] == [0.1 + 0.2, "nan", "inf", float(np.float32(0.1))]
    assert told["sections"][0]["sentences"] == ["s", "a"]


def test_no_name_is_a_formula_in_a_spreadsheet():
    names = ["=HYPERLINK(1)", "+1", "-1", "@a", "\tb", "fc.weight"]
    lines = as_csv([Column("layer", names), Column("norm", [-1.0] * 6)]).splitlines()
    assert lines[0] == "layer,norm"
    assert [line.split(",")[0][:2] for line in lines[1:]] == ["'=", "'+", "'-", "'@", "'\t", "fc"]
    assert lines[1].endswith(",-1.0")
