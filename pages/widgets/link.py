"""The link, before Streamlit reads it into the inputs.

Of a link Streamlit reads what it can, drops the rest without a word, and trips over some of it. So
every input reads the link first, and leaves to Streamlit only what both read alike. Streamlit has
no public way to do that: this file alone uses its internals, those of the version that is pinned.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.query_params import QueryParams


def decides(key: str) -> bool:
    """Say whether an input takes its value from the link in this run."""
    context = get_script_run_ctx()
    return key not in st.session_state or bool(context and context.is_history_navigation)


def given(key: str) -> list[str]:
    """Return what the link holds for an input."""
    return st.query_params.get_all(key)


def correct(key: str, texts: list[str]) -> None:
    """Let the link hold this for an input, nothing if there are no texts."""
    with _query() as query:
        if texts:
            query._initial_query_params[key] = texts
            query.set_corrected_value(key, texts, "string_array_value")
        else:
            query._initial_query_params.pop(key, None)
            query.remove_param(key)


def read_again() -> None:
    """After Back or Forward, take all that the link holds.

    Streamlit drops what inputs of the page that was left have in common with this one (its issue
    13853), and the browser's history is mended in ``assets/shell/history.js``. Both can go when
    Streamlit's own mend is there: the tests of the history tell.
    """
    context = get_script_run_ctx()
    if context and context.is_history_navigation:
        with _query() as query:
            query.populate_from_query_string(context.query_string)
            query.set_initial_query_params(context.query_string)
            query._send_query_param_msg()


@contextmanager
def _query() -> Iterator[QueryParams]:
    context = get_script_run_ctx()
    assert context, "a page runs in a context"
    with context.session_state.query_params() as query:
        yield query
