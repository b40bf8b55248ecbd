"""The kinds of input: values that are declared once, and asked for on a page.

The key of an input is its name in the link, so keys, options and defaults never change. Inputs say
in a sentence what they do not accept: what is wrong with a link in the place for notices, what is
wrong with what the reader types beside the input. One kind after another makes this file long.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar
from urllib.parse import urlencode

import streamlit as st

from core.notation import read_positive, write_number
from pages.widgets import link, notices

T = TypeVar("T")
Option = TypeVar("Option", bound=StrEnum)


class Input(Protocol):
    """What all kinds have in common."""

    @property
    def key(self) -> str:
        """Its name in the link."""

    @property
    def label(self) -> str:
        """Its name on the page."""

    @property
    def default(self) -> object:
        """What it holds on a fresh page."""


DECLARED: dict[str, Input] = {}  # by key
PAGE = "page"  # the page that runs
TOGETHER = {"frameworks": ""}  # pages whose numbers are those of another one, by their addresses
EATEN_PLUS = re.compile(r"(?<=[0-9.]e) (?=[0-9])", re.ASCII | re.IGNORECASE)  # of 1e+3
WHOLE = re.compile(r" ?[+-]?[0-9]{1,18}(\.[0-9]{0,18})?(e[+-]?[0-9]{1,2})?", re.IGNORECASE)


class _Declared:
    def __post_init__(self: Input) -> None:
        if self.key in DECLARED:
            raise ValueError(f"the input {self.key!r} is declared twice")
        DECLARED[self.key] = self


@dataclass(frozen=True)
class Text(_Declared):
    """A text, to be read by `accepted`."""

    key: str
    label: str
    default: str = ""
    hint: str = ""

    def ask(self, hint: str = "", placeholder: str | None = None) -> str:
        """Ask for it; ``hint`` serves instead of its own."""
        _read_link(self, _plus)
        given = st.text_input(
            self.label,
            self.default,
            key=self.key,
            help=hint or self.hint,
            placeholder=placeholder,
            bind="query-params",
        )
        return given or ""


@dataclass(frozen=True)
class Positive(_Declared):
    """A positive number."""

    key: str
    label: str
    default: str  # as the reader would type it
    hint: str = "A positive number."

    @property
    def usual(self) -> float:
        """The default as a number."""
        return self._read(self.default)

    def ask(self) -> float:
        """Ask for it; it is another number on most pages, see `TOGETHER`."""
        _part(self)
        _read_link(self, _plus)
        given = st.text_input(
            self.label, self.default, key=self.key, help=self.hint, bind="query-params"
        )
        return accepted(
            self.key, self.usual, lambda: self._read(given or ""), write_number, self.label
        )

    def _read(self, text: str) -> float:
        return read_positive(text, self.label.lower())


@dataclass(frozen=True)
class WholeNumber(_Declared):
    """A whole number; the browser itself refuses what is out of range."""

    key: str
    label: str
    low: int
    high: int
    default: int
    hint: str = ""

    def ask(self, most: int | None = None) -> int:
        """Ask for it; what lies beyond ``most`` is that, and goes along when that changes."""
        high = self.high if most is None else most
        _read_range(self, self.low, self.high, high)
        self._go_along(high)
        given = st.number_input(
            self.label,
            self.low,
            high,
            min(self.default, high),
            key=self.key,
            help=f"A whole number from {self.low:,} to {high:,}. {self.hint}",
            bind="query-params",
        )
        st.session_state[f"last {self.key}"] = given, high
        return int(notices.repeat(self.key, given))

    def _go_along(self, high: int) -> None:
        now = st.session_state.get(self.key)
        last, most = st.session_state.get(f"last {self.key}", (None, None))
        if now is None or link.decides(self.key):
            return
        if now > high or (now == last == most and most != high):
            st.session_state[self.key] = high
            link.correct(self.key, [])  # so the history gets no entry for it


@dataclass(frozen=True)
class Slider(_Declared):
    """A whole number, by a slider."""

    key: str
    label: str
    low: int
    high: int
    default: int

    def ask(self, high: int | None = None) -> int:
        """Ask for it; ``high`` serves instead of its own."""
        most = self.high if high is None else high
        _read_range(self, self.low, most)
        given = st.slider(
            self.label, self.low, most, self.default, key=self.key, bind="query-params"
        )
        return int(notices.repeat(self.key, given))


@dataclass(frozen=True)
class Scale(_Declared):
    """One of many whole numbers in order, by a slider."""

    key: str
    label: str
    options: Sequence[int]
    default: int

    def ask(self) -> int:
        """Ask for it."""
        _read_options(self, [str(option) for option in self.options])
        given = st.select_slider(
            self.label, self.options, self.default, key=self.key, bind="query-params"
        )
        return notices.repeat(self.key, given)


@dataclass(frozen=True)
class Toggle(_Declared):
    """Whether something is shown; by default it is not."""

    key: str
    label: str
    default: bool = False

    def ask(self) -> bool:
        """Ask for it."""
        _read_options(self, ["true", "false"])
        given = st.toggle(self.label, self.default, key=self.key, bind="query-params")
        return notices.repeat(self.key, given)


@dataclass(frozen=True)
class Choice(_Declared, Generic[Option]):
    """One of a few options."""

    key: str
    label: str
    options: Iterable[Option]
    default: Option
    hint: str = ""

    def ask(self) -> Option:
        """Ask for it."""
        options = list(self.options)
        _read_options(self, options)
        given = st.segmented_control(
            self.label,
            options,
            default=self.default,
            required=True,
            key=self.key,
            help=self.hint or None,
            bind="query-params",
            wrap=True,
        )
        return notices.repeat(self.key, given)


@dataclass(frozen=True)
class Several(_Declared, Generic[Option]):
    """Any of a few options."""

    key: str
    label: str
    options: Iterable[Option]
    default: tuple[Option, ...]  # written out: a new option must not change what old links show

    def ask(self) -> tuple[Option, ...]:
        """Ask for them; they come in the order of the options."""
        options = list(self.options)
        _read_options(self, options, several=True)
        chosen = st.pills(
            self.label,
            options,
            default=self.default,
            selection_mode="multi",
            key=self.key,
            bind="query-params",
        )
        notices.repeat(self.key, chosen)
        return tuple(option for option in options if option in chosen)


@dataclass(frozen=True)
class OneOfMany(_Declared):
    """One of many options."""

    key: str
    label: str
    options: Sequence[str]
    default: str
    hint: str = ""

    def ask(self, options: Sequence[str] | None = None) -> str:
        """Ask for it; ``options`` serve instead of all."""
        among = self.options if options is None else options
        _read_options(self, among)
        given = st.selectbox(
            self.label,
            among,
            among.index(self.default),
            key=self.key,
            help=self.hint or None,
            bind="query-params",
        )
        return notices.repeat(self.key, given)


def defaults(inputs: Iterable[Input]) -> dict[str, object]:
    """Return the defaults of these inputs by key, as `set_inputs` takes them."""
    return {it.key: list(it.default) if isinstance(it, Several) else it.default for it in inputs}


def accepted(
    key: str,
    default: T,
    read: Callable[[], T],
    write: Callable[[T], str],
    label: str,
    mend: Callable[[ValueError], None] = lambda error: None,
) -> T:
    """Return what was read; if it cannot be read, say why and return what was accepted last.

    Of a link it is said far from the input, so with its ``label``. ``mend`` may offer a way out,
    below what is said.
    """
    memory, from_link = f"accepted {key} of {_page()}", f"from link {key} of {_page()}"
    try:
        value = read()
        st.session_state[from_link] = None
    except ValueError as error:
        if memory not in st.session_state:
            st.session_state[from_link] = str(error)
        value = st.session_state.get(memory, default)
        of_link = st.session_state[from_link] == str(error)
        with notices.opened() if of_link else st.container():
            st.warning(f"{f'{label}: ' if of_link else ''}{error} Still shown: {write(value)}.")
            mend(error)
    st.session_state[memory] = value
    return value


def query(values: Mapping[str, object]) -> str:
    """Return the query of a link that gives inputs these values, left out where they are usual."""
    changed = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in values.items()
        if value != DECLARED[key].default
    }
    return urlencode(changed, doseq=True)


def set_inputs(**values: object) -> None:
    """Set inputs from a callback, as if the reader had done it."""
    notices.forget(*values)
    st.session_state.update(values)


def reset() -> None:
    """Set every input that the page has asked for back to its default, from a callback."""
    set_inputs(**defaults(DECLARED[key] for key in _asked()))


def enter(page: str) -> None:
    """Take note of the page that runs; what was wrong with the link to another is forgotten."""
    if page != _page():
        notices.forget(*DECLARED)
    st.session_state[PAGE] = page


def _page() -> str:
    page: str = st.session_state.get(PAGE, "")
    return page


def _asked() -> set[str]:
    """Return the keys of the inputs that this page has asked for, for more of them."""
    asked: set[str] = st.session_state.setdefault(f"asked for on {_page()}", set())
    return asked


def _part(it: Positive) -> None:
    """Keep a number that several pages ask for apart: it means something else on most."""
    owner, page = f"page of {it.key}", TOGETHER.get(_page(), _page())
    former = st.session_state.get(owner, page)
    if former != page:
        st.session_state[f"{it.key} of {former}"] = st.session_state.get(it.key, it.default)
        st.session_state[it.key] = st.session_state.get(f"{it.key} of {page}", it.default)
    st.session_state[owner] = page


def _read_link(
    it: Input, read: Callable[[str], str | None], allowed: str = "", *, several: bool = False
) -> None:
    """Leave in the link what an input accepts, as it writes that itself; say it of the rest.

    ``read`` writes a text of the link so, or returns None. Of several texts the last one counts,
    or, for an input that holds several values, all.
    """
    _asked().add(it.key)
    if not link.decides(it.key):
        return
    given = link.given(it.key)
    texts = [read(text) for text in given]
    if None in texts:
        words = f"The link's {it.key} ({it.label}) cannot be used. Accepted: {allowed}."
        notices.keep(it.key, words)
    else:
        notices.forget(it.key)
    kept = [text for text in (texts if several else texts[-1:]) if text is not None]
    if kept != given:
        link.correct(it.key, kept)


def _plus(text: str) -> str:
    """Write the plus back that a link turned into a space, where nothing else can be meant."""
    return EATEN_PLUS.sub("+", text)


def _read_options(it: Input, options: Sequence[str], *, several: bool = False) -> None:
    written = {option.lower(): option for option in options} | ({"": ""} if several else {})
    _read_link(it, lambda text: written.get(text.lower()), ", ".join(options), several=several)


def _read_range(it: Input, low: int, high: int, most: int | None = None) -> None:
    """Read a whole number; what is accepted but more than ``most`` is written as that."""

    def read(text: str) -> str | None:
        if not WHOLE.fullmatch(_plus(text)):
            return None
        number = float(_plus(text))
        if not low <= number <= high or number != int(number):
            return None
        return str(int(number) if most is None else min(int(number), most))

    _read_link(it, read, f"a whole number from {low} to {high}")
