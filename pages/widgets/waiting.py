"""Waiting for long work, in sight of the reader."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import ParamSpec, TypeVar

import streamlit as st

from core.work import Work

LOOK = 0.2  # seconds between two looks at how far it is

P = ParamSpec("P")
T = TypeVar("T")


def remembered(compute: Callable[P, T]) -> Callable[P, T]:
    """Keep what is computed, whoever waits for it."""
    return st.cache_data(max_entries=128, show_spinner=False, hash_funcs={Work: lambda _: None})(
        compute
    )


def whole(compute: Callable[[Work], T], steps: int, what: str) -> T:
    """Show how far a computation of so many steps is, until it is whole; ``what`` says of what.

    It is computed aside: only where something is shown can Streamlit stop a script, when the
    reader moves on, and then the work is called off.
    """
    place, work = st.empty(), Work(steps)
    pool = ThreadPoolExecutor(1)
    found = pool.submit(compute, work)
    try:
        while not wait([found], LOOK).done:
            place.progress(work.done, f"{work.done:.0%} of {what}")
    finally:
        work.called_off = True
        pool.shutdown(wait=False)  # it ends at its next step: nobody need wait for that
    place.empty()
    return found.result()
