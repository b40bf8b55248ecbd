"""A Plotly figure in the browser, redrawn in place, whose cells can be chosen."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Protocol

import streamlit as st

from pages.widgets.browser import component

LIBRARY = f"lib/plotly.min.js?{version('plotly')}"  # a new version is a new address
KEYS = "Arrow keys move from cell to cell, with Shift ten at a time."
_plot = component("plot", "plot/plot", isolate_styles=False)


class Layout(Protocol):
    """How a figure lies."""

    height: int  # pixels


class Figure(Protocol):
    """What can be drawn: a figure of Plotly."""

    layout: Layout

    def to_json(self) -> str | None:
        """Return the figure as Plotly's library reads it."""


def plot(
    figure: Figure,
    *,
    key: str,
    alt: str,
    cells: bool = False,
    on_click: Callable[[float, float], None] | None = None,
) -> None:
    """Draw a figure; show its numbers as a text or table beside it.

    ``alt`` says what it shows, ``cells`` whether it has heat maps, over whose cells the keyboard
    walks. A cell that is clicked, or chosen with the keyboard, is told to ``on_click`` by its x and
    y, in a callback.
    """

    def chosen() -> None:
        cell = st.session_state[key]["chosen"]
        if on_click and cell:
            on_click(cell["x"], cell["y"])

    keys = f"{KEYS} Enter chooses one." if on_click else KEYS
    _plot(
        key=key,
        data={
            "figure": figure.to_json() or "{}",
            "library": LIBRARY,
            "height": figure.layout.height,
            "alt": f"{alt} {keys}" if cells else alt,
            "clickable": on_click is not None,
        },
        on_chosen_change=chosen,
    )
