"""Figures of several plots; the browser puts them side by side or below each other."""

import plotly.graph_objects as go  # type: ignore[import-untyped]

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


def write_above(figure: go.Figure, i: int, text: str, color: str = theme.TEXT) -> None:
    """Write the title of plot i, in Plotly's HTML."""
    number = i + 1 if i else ""
    figure.add_annotation(
        text=text,
        font={"color": color},
        showarrow=False,
        xref=f"x{number} domain",
        yref=f"y{number} domain",
        x=0,
        y=1,
        xanchor="left",
        yanchor="bottom",
    )


def axis(letter: str, i: int) -> str:
    """Return the name of the x or y axis of plot i in a layout."""
    return f"{letter}axis{i + 1 if i else ''}"


def axes(i: int) -> dict[str, str]:
    """Return the axes of plot i, for a trace."""
    return {f"{letter}axis": f"{letter}{i + 1 if i else ''}" for letter in "xy"}
