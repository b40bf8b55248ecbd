"""Live stages: pictures that are dragged in the browser, and tell on release what became of them.

A stage can stand several times on a page, each with a key of its own.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

import streamlit as st

from core.strategies import Layers, Strategy
from pages.widgets import slots
from pages.widgets.browser import component

Edit: TypeAlias = Mapping[str, Any]  # what was changed, by its name in the data, and the layers


class Stage(Protocol):
    """A kind of stage."""

    def __call__(
        self, key: str, data: Mapping[str, Any], take: Callable[[Edit], None], label: str = ""
    ) -> None:
        """Show one; ``take`` is called back with what the reader changes on it.

        ``label`` says to a screen reader which one it is, where there are several.
        """


def register(name: str, place: str, *, awaited: bool = True) -> Stage:
    """Register a kind of stage: its script, controls and styles lie at ``place`` in assets.

    Whether it is ``awaited``: then the page runs again when its first picture is there, and what a
    reader does in that moment waits for it.
    """
    mount = component(name, place, frame="live/stage")

    def show(
        key: str, data: Mapping[str, Any], take: Callable[[Edit], None], label: str = ""
    ) -> None:
        ack = f"{key} ack"  # the number of the last edit that was taken

        def on_edit() -> None:
            edit = st.session_state[key]["edit"]
            st.session_state[ack] = edit["n"]
            take(edit)

        told = {
            "label": label,
            "ack": st.session_state.get(ack, 0),
            "awaited": awaited and not slots.drawn(),
        }
        mount(
            key=key,
            data={**data, **told},
            on_edit_change=on_edit,
            on_drawn_change=slots.on_drawn,
        )

    return show


def strategies(layers: Layers) -> dict[str, dict[str, Any]]:
    """Return what a stage draws of each strategy, in their order.

    Every block may be so many thresholds long as its unit says.
    """

    def blocks(strategy: Strategy) -> dict[str, Any]:
        sizes = strategy.blocks(layers)
        units = strategy.units(layers).tolist()
        each = units * (len(sizes) // len(units))  # one stands for all where they are alike
        return {"partition": strategy.partition_by, "sizes": [*sizes], "units": each}

    return {strategy: blocks(strategy) for strategy in Strategy}
