"""The kinds of input. All are bound to the link, and say in a sentence what they do not accept.

What is wrong with a link is said in the place for notices, what is wrong with what the reader
types beside the input.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import TypeVar

import streamlit as st

from pages.widgets import notices

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)


def text(key: str, label: str, default: str, hint: str, placeholder: str | None = None) -> str:
    """Ask for a text, to be read by `accepted`."""
    given = st.text_input(
        label, default, key=key, help=hint, placeholder=placeholder, bind="query-params"
    )
    return given or ""


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


def choice(key: str, label: str, options: Iterable[Choice], default: Choice) -> Choice:
    """Ask for one of a few options."""
    check_options(key, list(options))
    return st.segmented_control(
        label,
        list(options),
        default=default,
        required=True,
        key=key,
        bind="query-params",
        wrap=True,
    )


def several(key: str, label: str, options: Iterable[Choice]) -> tuple[Choice, ...]:
    """Ask for any of a few options, all by default."""
    check_options(key, list(options))
    chosen = st.pills(
        label,
        list(options),
        default=list(options),
        selection_mode="multi",
        key=key,
        bind="query-params",
    )
    return tuple(option for option in options if option in chosen)


def one_of_many(key: str, label: str, options: Sequence[str], default: str) -> str:
    """Ask for one of many options."""
    check_options(key, options)
    return st.selectbox(label, options, options.index(default), key=key, bind="query-params")


def whole_number(
    key: str,
    label: str,
    low: int,
    high: int,
    default: int,
    hint: str = "",
) -> int:
    """Ask for a whole number; the browser itself refuses what is out of range."""
    _check_range(key, low, high)
    accepted = f"A whole number from {low:,} to {high:,}. {hint}"
    return int(
        st.number_input(label, low, high, default, key=key, help=accepted, bind="query-params")
    )


def slider(key: str, label: str, low: int, high: int, default: int) -> int:
    """Ask for a whole number by a slider."""
    _check_range(key, low, high)
    return int(st.slider(label, low, high, default, key=key, bind="query-params"))


def scale(key: str, label: str, options: Sequence[int], default: int) -> int:
    """Ask for one of many whole numbers in order, by a slider."""
    check_options(key, [str(option) for option in options])
    return st.select_slider(label, options, default, key=key, bind="query-params")


def set_inputs(**values: object) -> None:
    """Set inputs from a callback, as if the reader had done it."""
    st.session_state.update(values)


def check_options(key: str, options: Sequence[str]) -> None:
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
