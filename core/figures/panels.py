"""Figures of several plots; the browser puts them side by side or below each other."""

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from core.figures import theme

HEIGHT = 460  # pixels of one row
MOST_TICKS, FEW_POWERS, PLAIN = 6, 2, 3  # of a logarithmic axis; powers that are written in full


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


def ticks(values: ArrayLike) -> dict[str, Any]:
    """Return the ticks of a logarithmic axis: powers of ten; over few powers, 2 and 5 times them.

    Plotly's own would leave the power out beside 2 and 5.
    """
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known) & (known > 0)]
    low, high = (
        (math.floor(math.log10(known.min())), math.ceil(math.log10(known.max())))
        if known.size
        else (0, 1)
    )
    every = -(-(high - low) // MOST_TICKS) or 1
    times = (1, 2, 5) if high - low <= FEW_POWERS else (1,)
    marks = [(m, k) for k in range(low, high + 1, every) for m in times]
    return {
        "tickvals": [m * 10.0**k for m, k in marks],
        "ticktext": [
            f"{m * 10.0**k:g}"
            if abs(k) <= PLAIN
            else f"{'' if m == 1 else f'{m}·'}10<sup>{k}</sup>"
            for m, k in marks
        ],
    }


def axis(letter: str, i: int) -> str:
    """Return the name of the x or y axis of plot i in a layout."""
    return f"{letter}axis{i + 1 if i else ''}"


def axes(i: int) -> dict[str, str]:
    """Return the axes of plot i, for a trace."""
    return {f"{letter}axis": f"{letter}{i + 1 if i else ''}" for letter in "xy"}
