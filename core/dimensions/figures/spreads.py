"""Pictures of how far random gradients turn."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core import looks
from core.dimensions.growth import Spread
from core.dimensions.population import Measured
from core.figures import theme
from core.figures.panels import above, axes, axis, side_by_side
from core.strategies import Array, Strategy

BINS = 60
RIGHT_ANGLE = 90  # degrees
TINY = 1e-6  # degrees, or percent: rounding
LINES = {"limit": "dot", "worst case": "solid"}

Lines = Mapping[str, Mapping[Strategy, float]]  # of which kind, and where; radians, or shares


def histograms(
    found: Measured, lines: tuple[Lines, Lines], names: Mapping[Strategy, str]
) -> go.Figure:
    """Draw how often which angle and which loss of length came up, for the strategies named.

    ``lines`` are marked in the first and in the second plot.
    """
    figure = side_by_side(2, 400)
    quantities = (
        ("Angle turned", "degrees", found.angle, 180 / np.pi, RIGHT_ANGLE),
        ("Length lost", "percent", found.magnitude_loss, 100, 100),
    )
    for i, (title, unit, values, scale, most) in enumerate(quantities):
        shown = {s: scale * values[s] for s in names}
        marked = {kind: {s: scale * x for s, x in at.items()} for kind, at in lines[i].items()}
        moving = [v for v in shown.values() if np.nanmax(v) > TINY]
        low, high = (
            min((np.nanmin(v) for v in moving), default=0),
            max(map(np.nanmax, moving), default=most),
        )
        reach = max([high, *(x for at in marked.values() for x in at.values())])
        end = float(min(1.05 * reach, most))
        edges = np.linspace(low, high, BINS + 1)
        tallest = 0.0
        for strategy, name in names.items():
            if _still(shown[strategy]):
                continue  # the note above the plot says so
            counts, _ = np.histogram(shown[strategy], edges)
            share = 100 * counts / len(shown[strategy])
            tallest = max(tallest, float(share.max()))
            first, last = np.flatnonzero(counts)[[0, -1]]
            share, ends = share[first : last + 1], edges[first : last + 2]
            figure.add_scatter(
                **axes(i),
                x=np.repeat(ends, 2),
                y=np.concatenate([[0], np.repeat(share, 2), [0]]),
                mode="lines",
                line=theme.line(strategy),
                fill="tozeroy",
                fillcolor="rgba(128,128,128,0.08)",
                name=name,
                legendgroup=strategy,
                showlegend=i == 0 or _still(scale * found.angle[strategy]),
                hovertemplate=f"<b>{name}</b><br>%{{x:.3~g}} {unit}: %{{y:.2~f}} % of the draws"
                "<extra></extra>",
            )
        still = [name for s, name in names.items() if _still(shown[s])]
        note = f" (always 0: {', '.join(still)})" if still else ""
        figure.add_annotation(above(i, f"<b>{title}</b>{note}"))
        for kind, at in marked.items():
            _mark(figure, i, kind, at, tallest or 1, end)
        figure.update_layout(
            {
                axis("x", i): {"title": {"text": unit}, "range": [0, end]},
                axis("y", i): {
                    "title": {"text": "percent of the draws"},
                    "range": [0, 1.25 * (tallest or 1)],
                },
            }
        )
    return figure.update_layout(uirevision="histograms", margin={"b": 60})


def growth(found: Spread, limit: float | None, names: Mapping[Strategy, str]) -> go.Figure:
    """Draw the angle against the number of coordinates: the median, and quartiles as a band."""
    figure = _spread(found, names)
    if limit is not None:
        _level(figure, [found.at[0], found.at[-1]], [limit, limit], "limit of clip by value")
    return figure.update_layout(
        xaxis={"title": {"text": "numbers in the gradient"}, "type": "log", "dtick": 1}
    )


def against_threshold(
    found: Spread,
    unit: str,
    limits: Sequence[float] | None,
    at: float,
    names: Mapping[Strategy, str],
) -> go.Figure:
    """Draw the angle against the threshold, told in units, and mark the one that is set ``at``.

    ``limits`` are angles in radians.
    """
    figure = _spread(found, names)
    if found.at[0] <= at <= found.at[-1]:
        figure.add_vline(at, line={"color": theme.TEXT, "width": 1, "dash": "dot"})
    if limits is not None:
        _level(figure, found.at, limits, "limit of clip by value")
    return figure.update_layout(
        xaxis={"title": {"text": f"threshold, in {unit}"}, "type": "log", "dtick": 1}
    )


def _spread(found: Spread, names: Mapping[Strategy, str]) -> go.Figure:
    figure = side_by_side(1, 420)
    for strategy, name in names.items():
        low, middle, high = np.degrees(found.quartiles[strategy])
        color = looks.color(strategy)
        figure.add_scatter(
            x=np.concatenate([found.at, found.at[::-1]]),
            y=np.concatenate([low, high[::-1]]),
            fill="toself",
            fillcolor=color,
            opacity=0.18,
            mode="none",
            hoverinfo="skip",
            showlegend=False,
        )
        figure.add_scatter(
            x=found.at,
            y=middle,
            mode="lines",
            line=theme.line(strategy),
            name=name,
            customdata=np.stack([low, high], axis=-1),
            hovertemplate=f"<b>{name}</b> at %{{x:.3~g}}<br>median %{{y:.2f}}°, half of the draws "
            "from %{customdata[0]:.2f}° to %{customdata[1]:.2f}°<extra></extra>",
        )
    return figure.update_layout(
        yaxis={"title": {"text": "angle turned, degrees"}, "rangemode": "tozero"},
        margin={"b": 60},
        uirevision="spread",
    )


def _level(figure: go.Figure, x: Any, angles: Any, name: str) -> None:
    figure.add_scatter(
        x=x,
        y=np.degrees(angles),
        mode="lines",
        line={"color": theme.TEXT, "width": 1.5, "dash": LINES["limit"]},
        name=name,
        hovertemplate=f"{name}: %{{y:.2f}}°<extra></extra>",
    )


def _mark(
    figure: go.Figure, i: int, kind: str, at: Mapping[Strategy, float], height: float, end: float
) -> None:
    """Mark numbers by labeled lines; a label stands on the side where there is room."""
    for strategy, x in at.items():
        level = (1.1 if kind == "limit" else 1.0) * height
        figure.add_scatter(
            **axes(i),
            x=[x, x],
            y=[0, level],
            mode="lines+text",
            text=["", f"{kind} "],
            textposition="top left" if x > end / 2 else "top right",
            textfont={"color": looks.color(strategy)},
            line={"color": looks.color(strategy), "width": 1.5, "dash": LINES[kind]},
            hovertemplate=f"{kind} {strategy}: %{{x:.2f}}<extra></extra>",
            showlegend=False,
        )


def _still(values: Array) -> bool:
    return bool(np.nanmax(values) <= TINY)
