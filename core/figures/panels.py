"""Figures of several plots; the browser puts them side by side or below each other."""

from typing import Any

import plotly.graph_objects as go

from core.figures import theme

HEIGHT = 460  # pixels of one row


def side_by_side(count: int, height: int = HEIGHT) -> go.Figure:
    """Return an empty figure of so many plots."""
    return go.Figure(
        layout={
            "template": theme.template(),
            "height": height,
            "margin": {"l": 56, "r": 12, "t": 72, "b": 116},
            "grid": {"rows": 1, "columns": count, "pattern": "independent", "ygap": 0.35},
            "legend": {"yref": "container", "y": 1, "yanchor": "top", "x": 0},
        }
    )


def above(i: int, text: str, color: str = theme.TEXT) -> dict[str, Any]:
    """Return the annotation that is the title of plot i, in Plotly's HTML."""
    return within(i) | {
        "text": text,
        "font": {"color": color},
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
    }


def within(i: int) -> dict[str, Any]:
    """Return what places an annotation in plot i, from 0 to 1 on both axes."""
    x, y = axes(i).values()
    return {"showarrow": False, "xref": f"{x} domain", "yref": f"{y} domain"}


def axis(letter: str, i: int) -> str:
    """Return the name of the x or y axis of plot i in a layout."""
    return f"{letter}axis{i + 1 if i else ''}"


def axes(i: int) -> dict[str, str]:
    """Return the axes of plot i, for a trace."""
    return {f"{letter}axis": f"{letter}{i + 1 if i else ''}" for letter in "xy"}
