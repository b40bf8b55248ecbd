"""What a session remembers of the reader's file: on no disk, in no link, for nobody else."""

from collections.abc import Callable
from typing import TypeVar, cast

import streamlit as st

T = TypeVar("T")
MEMORY = "memory of the file"


def of(identity: object) -> bool:
    """Forget all that was remembered of another file; return whether it was another."""
    is_other = bool(st.session_state.get(MEMORY, (None,))[0] != identity)
    if is_other:
        st.session_state[MEMORY] = identity, {}
    return is_other


def remembered(name: str, make: Callable[[], T], depends: object = None) -> T:
    """Return what was made of the file under this name; make it anew for another ``depends``.

    Of each name one thing is kept: what a reader tries out does not pile up.
    """
    _, made = st.session_state[MEMORY]
    if name not in made or made[name][0] != depends:
        made[name] = depends, make()
    return cast(T, made[name][1])
