"""The live picture of which step is the steepest, by which length."""

from collections.abc import Sequence

import streamlit as st

from core.answers.steepest import Kind
from core.looks import NAMES
from core.notation import LARGEST_NUMBER, SMALLEST_NUMBER
from core.strategies import Strategy
from pages.widgets import live

LAYERS = (2,)  # one layer of two numbers, which is a plane
LENGTHS = {  # what each measures a step by, in words
    Strategy.GLOBAL: "Euclidean length (l2)",
    Strategy.VALUE: "largest number (l∞)",
}
MOVED = ("gradient", "threshold", "kind")  # by the reader

_stage = live.register("steepest", "answers/steepest")


def steepest(
    gradient: Sequence[float], threshold: float, *, key: str = "steepest", label: str = ""
) -> None:
    """Show a gradient of two numbers and, in the ball of each length, the step that it prefers.

    It begins with this gradient and threshold; what the reader moves stays for the session, under
    a name of its own for every ``key``. Several on one page need a ``key`` and a ``label`` each.
    """
    memory = f"{key} moved"
    begins = {"gradient": list(gradient), "threshold": threshold, "kind": Kind.CLIPPED}

    def take(edit: live.Edit) -> None:
        moved = {name: edit[name] for name in MOVED if name in edit}
        st.session_state[memory] = st.session_state.get(memory, {}) | moved

    data = {
        **begins,
        **st.session_state.get(memory, {}),
        "layers": LAYERS,
        "balls": list(LENGTHS),
        "lengths": LENGTHS,
        "kinds": {kind: kind.label for kind in Kind},
        "names": {strategy: NAMES[strategy] for strategy in LENGTHS},
        "strategies": live.strategies(LAYERS),
        "limits": [SMALLEST_NUMBER, LARGEST_NUMBER],
    }
    _stage(key, data, take, label)
