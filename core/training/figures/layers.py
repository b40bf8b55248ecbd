"""Figures of the layers of a training's gradients: over all steps, and at one."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from core import looks
from core.figures import theme
from core.figures.panels import ticks
from core.runs import NONE, Run
from core.strategies import Strategy
from core.training.training import Step, Training

COLUMNS = 160  # most columns of a map
CELL, ROW = 22, 26  # pixels of a layer: in the map, in one gradient


class LayerMapShows(StrEnum):
    """What the colors of the map of layers and steps show."""

    NORM = "norm"
    LOST = "length lost"
    CLIPPED = "share clipped"


TITLES = {
    LayerMapShows.NORM: "<b>Norm of each layer</b>",
    LayerMapShows.LOST: "<b>Length that each layer lost</b>",
    LayerMapShows.CLIPPED: "<b>Share of each layer's numbers that clipping changed</b>",
}


def layer_map(training: Training, steps: Sequence[Step], shows: LayerMapShows) -> go.Figure:
    """Draw the layers of one run over its steps; a column shows the greatest of its steps."""
    before, after, clipped = (
        np.array([getattr(step, f"layer_{name}") for step in steps], np.float64)
        for name in ("norms_before", "norms_after", "clipped")
    )
    with np.errstate(all="ignore"):
        told = {
            LayerMapShows.NORM: np.log10(before),
            LayerMapShows.LOST: 1 - after / before,
            LayerMapShows.CLIPPED: clipped,
        }[shows]
    told = np.where(np.isfinite(told), told, np.nan)
    width = -(-len(steps) // COLUMNS)
    first = np.arange(0, len(steps), width)
    middle = (first + np.append(first[1:], len(steps)) - 1) / 2
    told = np.fmax.reduceat(told, first, axis=0)
    marks: dict[str, Any] = {"tickformat": ".0%", "nticks": 5}
    if shows is LayerMapShows.NORM:
        drawn = ticks(10.0**told)
        marks = {"tickvals": np.log10(drawn["tickvals"]), "ticktext": drawn["ticktext"]}
    figure = go.Figure(layout={"template": theme.template()})
    words = "10<sup>%{z:.1f}</sup>" if shows is LayerMapShows.NORM else "%{z:.1%}"
    least = float(np.nanmin(told, initial=0.0))  # below zero where normalizing makes longer
    scale = {} if shows is LayerMapShows.NORM else {"zmin": least, "zmax": 1}
    around = "around step %{x:.0f}" if width > 1 else "step %{x}"
    figure.add_heatmap(
        z=told.T.astype(np.float32),
        x=middle,
        y=list(training.layers),
        colorscale=theme.LOSS,
        name="",
        hovertemplate=f"%{{y}}<br>{around}<br>{shows} {words}<extra></extra>",
        **scale,
        colorbar={
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "yref": "container",
            "y": 1,
            "yanchor": "top",
            "ypad": 26,
            "len": 0.7,
            "thickness": 10,
            "outlinewidth": 0,
            **marks,
        },
    )
    return figure.update_layout(
        height=120 + CELL * len(training.layers),
        title={"text": TITLES[shows], "font": {"size": 13}, "x": 0, "xref": "paper", "y": 1}
        | {"yref": "container", "yanchor": "top", "pad": {"t": 4}},
        margin={"l": _room(training), "r": 12, "t": 76, "b": 44},
        xaxis={"title": {"text": "step", "standoff": 4}, "range": [-0.5, training.steps - 0.5]},
        yaxis={"autorange": "reversed"},
        uirevision=f"{training.task} {shows}",
    )


def layers(
    training: Training, step: Step, after: Mapping[Strategy, ArrayLike], names: Mapping[Run, str]
) -> go.Figure:
    """Draw the norm of every layer of one gradient, before and after each strategy."""
    figure = go.Figure(layout={"template": theme.template()})
    figure.add_scatter(x=step.layer_norms_before, name="before", marker=_mark(NONE, theme.MUTED))
    for strategy, lengths in after.items():
        marker = _mark(strategy, looks.color(strategy))
        figure.add_scatter(x=lengths, name=names[strategy], marker=marker)
    figure.update_traces(
        mode="markers",
        y=list(training.layers),
        hovertemplate="%{y}<br>%{fullData.name} %{x:.3~g}<extra></extra>",
    )
    return figure.update_layout(
        height=110 + ROW * len(training.layers),
        margin={"l": _room(training), "r": 12, "t": 48, "b": 44},
        legend={"yref": "container", "y": 1, "yanchor": "top", "x": 0, "traceorder": "normal"},
        xaxis={"title": {"text": "norm of the layer", "standoff": 4}, "type": "log"}
        | ticks(np.concatenate([step.layer_norms_before, *after.values()])),
        yaxis={"autorange": "reversed", "showgrid": True, "gridcolor": theme.FAINT},
        uirevision="layers",
    )


def _mark(run: Run, color: str) -> dict[str, Any]:
    """Return a mark that is told apart by its form, too, and lets what lies below it be seen."""
    line = {"width": 2, "color": color}
    return {"color": color, "symbol": looks.mark(run), "size": 11, "line": line}


def _room(training: Training) -> int:
    """Return the pixels that the names of the layers need; Plotly's own measuring lags behind."""
    return 14 + 7 * max(map(len, training.layers))
