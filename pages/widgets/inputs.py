"""The kinds of input: values that are declared once, and asked for on a page.

The key of an input is its name in the link, so keys, options and defaults never change. Inputs say
in a sentence what they do not accept: what is wrong with a link in the place for notices, what is
wrong with what the reader types beside the input. One kind after another makes this file long.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

import streamlit as st

from core.notation import read_positive, write_number
from pages.widgets import notices

T = TypeVar("T")
Option = TypeVar("Option", bound=StrEnum)


class Input(Protocol):
    """What all kinds have in common."""

    @property
    def key(self) -> str:
        """Its name in the link."""

    @property
    def default(self) -> object:
        """What it holds on a fresh page."""


DECLARED: dict[str, Input] = {}  # by key


@dataclass(frozen=True)
class Text:
    """A text, to be read by `accepted`."""

    key: str
    label: str
    default: str = ""
    hint: str = ""

    def __post_init__(self) -> None:
        _declare(self)

    def ask(self, hint: str = "", placeholder: str | None = None) -> str:
        """Ask for it; ``hint`` serves instead of its own."""
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
class Positive:
    """A positive number."""

    key: str
    label: str
    default: str  # as the reader would type it
    hint: str = "A positive number."

    def __post_init__(self) -> None:
        _declare(self)

    @property
    def usual(self) -> float:
        """The default as a number."""
        return self._read(self.default)

    def ask(self) -> float:
        """Ask for it."""
        given = st.text_input(
            self.label, self.default, key=self.key, help=self.hint, bind="query-params"
        )
        return accepted(self.key, self.usual, lambda: self._read(given or ""), write_number)

    def _read(self, text: str) -> float:
        return read_positive(text, self.label.lower())


@dataclass(frozen=True)
class WholeNumber:
    """A whole number; the browser itself refuses what is out of range."""

    key: str
    label: str
    low: int
    high: int
    default: int
    hint: str = ""

    def __post_init__(self) -> None:
        _declare(self)

    def ask(self) -> int:
        """Ask for it."""
        _check_range(self.key, self.low, self.high)
        return int(
            st.number_input(
                self.label,
                self.low,
                self.high,
                self.default,
                key=self.key,
                help=f"A whole number from {self.low:,} to {self.high:,}. {self.hint}",
                bind="query-params",
            )
        )


@dataclass(frozen=True)
class Slider:
    """A whole number, by a slider."""

    key: str
    label: str
    low: int
    high: int
    default: int

    def __post_init__(self) -> None:
        _declare(self)

    def ask(self, high: int | None = None) -> int:
        """Ask for it; ``high`` serves instead of its own."""
        most = self.high if high is None else high
        _check_range(self.key, self.low, most)
        return int(
            st.slider(self.label, self.low, most, self.default, key=self.key, bind="query-params")
        )


@dataclass(frozen=True)
class Scale:
    """One of many whole numbers in order, by a slider."""

    key: str
    label: str
    options: Sequence[int]
    default: int

    def __post_init__(self) -> None:
        _declare(self)

    def ask(self) -> int:
        """Ask for it."""
        _check_options(self.key, [str(option) for option in self.options])
        return st.select_slider(
            self.label, self.options, self.default, key=self.key, bind="query-params"
        )


@dataclass(frozen=True)
class Toggle:
    """Whether something is shown; by default it is not."""

    key: str
    label: str
    default: bool = False

    def __post_init__(self) -> None:
        _declare(self)

    def ask(self) -> bool:
        """Ask for it."""
        _check_options(self.key, ["true", "false"])
        return st.toggle(self.label, self.default, key=self.key, bind="query-params")


@dataclass(frozen=True)
class Choice(Generic[Option]):
    """One of a few options."""

    key: str
    label: str
    options: Iterable[Option]
    default: Option

    def __post_init__(self) -> None:
        _declare(self)

    def ask(self) -> Option:
        """Ask for it."""
        options = list(self.options)
        _check_options(self.key, options)
        return st.segmented_control(
            self.label,
            options,
            default=self.default,
            required=True,
            key=self.key,
            bind="query-params",
            wrap=True,
        )


@dataclass(frozen=True)
class Several(Generic[Option]):
    """Any of a few options."""

    key: str
    label: str
    options: Iterable[Option]
    default: tuple[Option, ...]  # written out: a new option must not change what old links show

    def __post_init__(self) -> None:
        _declare(self)

    def ask(self) -> tuple[Option, ...]:
        """Ask for them; they come in the order of the options."""
        options = list(self.options)
        _check_options(self.key, options)
        chosen = st.pills(
            self.label,
            options,
            default=self.default,
            selection_mode="multi",
            key=self.key,
            bind="query-params",
        )
        return tuple(option for option in options if option in chosen)


@dataclass(frozen=True)
class OneOfMany:
    """One of many options."""

    key: str
    label: str
    options: Sequence[str]
    default: str

    def __post_init__(self) -> None:
        _declare(self)

    def ask(self, options: Sequence[str] | None = None) -> str:
        """Ask for it; ``options`` serve instead of all."""
        among = self.options if options is None else options
        _check_options(self.key, among)
        return st.selectbox(
            self.label, among, among.index(self.default), key=self.key, bind="query-params"
        )


def defaults(inputs: Iterable[Input]) -> dict[str, object]:
    """Return the defaults of these inputs by key, as `set_inputs` takes them."""
    return {it.key: list(it.default) if isinstance(it, Several) else it.default for it in inputs}


def accepted(key: str, default: T, read: Callable[[], T], write: Callable[[T], str]) -> T:
    """Return what was read; if it cannot be read, say why and return what was accepted last."""
    memory, from_link = f"accepted {key}", f"from link {key}"
    try:
        value = read()
        st.session_state[from_link] = None
    except ValueError as error:
        if memory not in st.session_state:
            st.session_state[from_link] = str(error)
        value = st.session_state.get(memory, default)
        warn = notices.say if st.session_state[from_link] == str(error) else st.warning
        warn(f"{error} Still shown: {write(value)}.")
    st.session_state[memory] = value
    return value


def set_inputs(**values: object) -> None:
    """Set inputs from a callback, as if the reader had done it."""
    st.session_state.update(values)


def reset() -> None:
    """Set every input of the page back to its default, from a callback."""
    set_inputs(**defaults(it for it in DECLARED.values() if it.key in st.session_state))


def _declare(it: Input) -> None:
    if it.key in DECLARED:
        raise ValueError(f"the input {it.key!r} is declared twice")
    DECLARED[it.key] = it


def _check_options(key: str, options: Sequence[str]) -> None:
    """Say it when a link holds an option that there is not; Streamlit itself drops it silently."""
    if [given for given in st.query_params.get_all(key) if given and given not in options]:
        notices.say(f"The link has no such {key}. Accepted: {', '.join(options)}.")


def _check_range(key: str, low: int, high: int) -> None:
    if key in st.session_state:
        return  # the link was read before; what it says now, the input itself wrote
    for given in st.query_params.get_all(key):
        if not (re.fullmatch(r"-?[0-9]{1,18}", given) and low <= int(given) <= high):
            notices.say(
                f"The link has no such {key}. Accepted: a whole number from {low} to {high}."
            )
