"""Figures of a training: they grow while it runs, so a line is drawn with few points."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import plotly.graph_objects as go  # type: ignore[import-untyped]
from numpy.typing import ArrayLike, NDArray

from core.clipping import Array, Strategy
from core.experiment import Run
from core.figures import theme
from core.tasks import TASKS
from core.trained import longest
from core.training import Step, Training

HEIGHT, ROW = 300, 26  # pixels: of a panel; of a layer
MARKS = ("line-ns-open", "circle-open", "diamond-open", "square-open")  # before, and strategies
POINTS, COLUMNS = 400, 160  # most points of a line, most columns of a map
Steps = Sequence[Step]
Trained = Mapping[Run, Steps]
Names = Mapping[Run, str]


class Shows(StrEnum):
    """What the colors of the map of layers and steps show."""

    NORM = "norm"
    LOST = "length lost"


TITLES = {Shows.NORM: "<b>Norm of each layer</b>", Shows.LOST: "<b>Length that each layer lost</b>"}


def losses(training: Training, trained: Trained, names: Names) -> go.Figure:
    """Draw the loss of every run, and beside it what was measured on unseen examples."""
    task = TASKS[training.task]
    figure = _panels(2)
    for run, steps in trained.items():
        look = {"name": names[run], "line": _line(run)}
        _add(figure, 0, _column(steps, "loss"), **look)
        metric = _column(steps, "metric")
        measured = np.flatnonzero(~np.isnan(metric))
        _add(figure, 1, metric[measured], measured, **look, showlegend=False)
    _title(figure, 0, f"Loss of each batch: {task.loss}")
    _title(figure, 1, f"{task.metric.capitalize()} on unseen examples")
    rate = task.metric == "accuracy"
    share = {"tickformat": ".0%", "range": [0, 1.02]} if rate else {"type": "log"}
    _all_steps(figure, 2, training)
    return figure.update_layout(yaxis={"type": "log"}, yaxis2=share, uirevision=training.task)


def norms(training: Training, trained: Trained, names: Names) -> go.Figure:
    """Draw for every run the norm before and after clipping, and the longest that can remain."""
    figure = _panels(len(trained))
    for i, (run, steps) in enumerate(trained.items()):
        before, after = (_column(steps, f"norm_{when}") for when in ("before", "after"))
        _add(figure, i, before, line={"color": theme.MUTED, "width": 1}, showlegend=False)
        _title(figure, i, names[run], theme.color(run))
        figure.update_layout(
            {_axis("y", i): {"type": "log", "matches": "y"} if i else {"type": "log"}}
        )
        if run is Run.NONE:
            continue
        clipped = np.array([step.clipped for step in steps])
        dots = thinned(before)
        dots = dots[clipped[dots]]
        dot = {"color": theme.color(run), "size": 3}
        _add(figure, i, before[dots], dots, mode="markers", marker=dot, showlegend=False)
        _add(figure, i, after, line=_line(run), showlegend=False)
        limit = {"color": theme.TEXT, "width": 1, "dash": "dot"}
        _add(figure, i, longest(training, run, steps), line=limit, showlegend=False)
    for name, look in {
        "before clipping": {"mode": "lines", "line": {"color": theme.MUTED, "width": 1}},
        "clipped step": {"mode": "markers", "marker": {"color": theme.TEXT, "size": 4}},
        "after clipping": {"mode": "lines", "line": {"color": theme.TEXT, "width": 2}},
        "longest possible": {
            "mode": "lines",
            "line": {"color": theme.TEXT, "width": 1, "dash": "dot"},
        },
    }.items():
        figure.add_scatter(x=[None], y=[None], name=name, hoverinfo="skip", **look)
    _all_steps(figure, len(trained), training)
    return figure.update_layout(uirevision=f"{training.task} {list(trained)}")


def effects(training: Training, steps: Steps, names: Names) -> go.Figure:
    """Draw what each strategy does to the very same gradients, those of one run."""
    figure = _panels(2)
    for i, (name, scale) in enumerate((("angles", 180 / np.pi), ("magnitude_losses", 1))):
        told = np.array([getattr(step, name) for step in steps]) * scale
        for strategy, values in zip(Strategy, told.T, strict=True):
            run = Run(strategy)
            _add(figure, i, values, name=names[run], line=_line(run), showlegend=not i)
    _title(figure, 0, "Turned by")
    _title(figure, 1, "Length lost")
    _all_steps(figure, 2, training)
    return figure.update_layout(
        yaxis={"ticksuffix": "°", "rangemode": "tozero"},
        yaxis2={"tickformat": ".3~p"} | ({"range": [0, 1.02]} if _least(told) >= 0 else {}),
        uirevision="effects",
    )


def layer_map(training: Training, steps: Steps, shows: Shows) -> go.Figure:
    """Draw the layers of one run over its steps; a column shows the greatest of its steps."""
    before, after = (
        np.array([getattr(step, f"layer_norms_{when}") for step in steps], np.float64)
        for when in ("before", "after")
    )
    with np.errstate(all="ignore"):
        told = np.log10(before) if shows is Shows.NORM else 1 - after / before
    told = np.where(np.isfinite(told), told, np.nan)
    width = -(-len(steps) // COLUMNS)
    told = np.fmax.reduceat(told, np.arange(0, len(steps), width), axis=0)
    figure = go.Figure(layout={"template": theme.template()})
    words = "10<sup>%{z:.1f}</sup>" if shows is Shows.NORM else "%{z:.1%}"
    span = f" to {width - 1} more" if width > 1 else ""
    figure.add_heatmap(
        z=told.T.astype(np.float32),
        x=np.arange(len(told)) * width,
        y=list(training.layers),
        colorscale=theme.LOSS,
        name="",
        hovertemplate=f"%{{y}}<br>step %{{x}}{span}<br>{shows} {words}<extra></extra>",
        **({} if shows is Shows.NORM else {"zmin": min(0.0, _least(told)), "zmax": 1}),
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
            "nticks": 5,
            "tickprefix": "10<sup>" if shows is Shows.NORM else "",
            "ticksuffix": "</sup>" if shows is Shows.NORM else "",
            "tickformat": "d" if shows is Shows.NORM else ".0%",
        },
    )
    return figure.update_layout(
        height=120 + 22 * len(training.layers),
        title={"text": TITLES[shows], "font": {"size": 13}, "x": 0, "xref": "paper", "y": 1}
        | {"yref": "container", "yanchor": "top", "pad": {"t": 4}},
        margin={"l": _room(training), "r": 12, "t": 76, "b": 44},
        xaxis={"title": {"text": "step", "standoff": 4}},
        yaxis={"autorange": "reversed"},
        uirevision=f"{training.task} {shows}",
    )


def layers(
    training: Training, step: Step, after: Mapping[Strategy, ArrayLike], names: Names
) -> go.Figure:
    """Draw the norm of every layer of one gradient, before and after each strategy."""
    figure = go.Figure(layout={"template": theme.template()})
    figure.add_scatter(x=step.layer_norms_before, name="before", marker=_mark(theme.MUTED, 0))
    for i, (strategy, lengths) in enumerate(after.items(), 1):
        run = Run(strategy)
        figure.add_scatter(x=lengths, name=names[run], marker=_mark(theme.color(run), i))
    figure.update_traces(
        mode="markers",
        y=list(training.layers),
        hovertemplate="%{y}<br>%{fullData.name} %{x:.3~g}<extra></extra>",
    )
    return figure.update_layout(
        height=110 + ROW * len(training.layers),
        margin={"l": _room(training), "r": 12, "t": 48, "b": 44},
        legend={"yref": "container", "y": 1, "yanchor": "top", "x": 0, "traceorder": "normal"},
        xaxis={"title": {"text": "norm of the layer", "standoff": 4}, "type": "log"},
        yaxis={"autorange": "reversed", "showgrid": True, "gridcolor": theme.FAINT},
        uirevision="layers",
    )


def thinned(values: Array, most: int = POINTS) -> NDArray[np.intp]:
    """Return which of the values (steps,) to draw: of equal stretches the lowest and highest."""
    width = -(-2 * len(values) // most)
    if len(values) <= most:
        return np.arange(len(values))
    stretches = np.pad(values, (0, -len(values) % width), "edge").reshape(-1, width)
    unknown = np.isnan(stretches)
    low = np.where(unknown, np.inf, stretches).argmin(axis=1)
    high = np.where(unknown, -np.inf, stretches).argmax(axis=1)
    places = np.arange(len(stretches)) * width + np.stack([low, high])
    return np.unique(np.minimum(places, len(values) - 1))


def _add(figure: go.Figure, i: int, values: Array, at: Array | None = None, **look: Any) -> None:
    """Add a line to a panel; ``at`` are its steps, if not all from the first."""
    drawn = thinned(values)
    figure.add_scatter(
        x=(drawn if at is None else at[drawn]).astype(np.int32),
        y=np.where(np.isfinite(values[drawn]), values[drawn], np.nan).astype(np.float32),
        **{"mode": "lines"} | look,
        hovertemplate="step %{x}: %{y:.3~g}" + (f"<extra>{look.get('name', '')}</extra>"),
        **{f"{letter}axis": f"{letter}{i + 1 if i else ''}" for letter in "xy"},
    )


def _panels(count: int) -> go.Figure:
    return go.Figure(
        layout={
            "template": theme.template(),
            "height": HEIGHT,
            "margin": {"l": 52, "r": 12, "t": 64, "b": 44},
            "grid": {"rows": 1, "columns": count, "pattern": "independent", "ygap": 0.3},
            "legend": {"yref": "container", "y": 1, "yanchor": "top", "x": 0},
        }
    )


def _title(figure: go.Figure, i: int, text: str, color: str = theme.TEXT) -> None:
    """Write what a panel shows above it, and what is across below it."""
    number = i + 1 if i else ""
    place = {"showarrow": False, "xref": f"x{number} domain", "yref": f"y{number} domain"}
    above = {"x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom"}
    figure.add_annotation(text=f"<b>{text}</b>", font={"color": color}, **place, **above)
    below = {"x": 1, "y": 0, "xanchor": "right", "yanchor": "top", "yshift": -20}
    figure.add_annotation(text="step", **place, **below)


def _all_steps(figure: go.Figure, count: int, training: Training) -> None:
    """Show room for all steps from the first look on: lines grow, and what is drawn stays."""
    for i in range(count):
        figure.update_layout({_axis("x", i): {"range": [0, training.steps]}})


def _mark(color: str, i: int) -> dict[str, Any]:
    """Return a mark that is told apart by its form, too, and lets what lies below it be seen."""
    return {"color": color, "symbol": MARKS[i], "size": 11, "line": {"width": 2, "color": color}}


def _room(training: Training) -> int:
    """Return the pixels that the names of the layers need; Plotly's own measuring lags behind."""
    return 14 + 7 * max(map(len, training.layers))


def _axis(letter: str, i: int) -> str:
    return f"{letter}axis{i + 1 if i else ''}"


def _line(run: Run) -> dict[str, Any]:
    return {"color": theme.color(run), "dash": theme.dash(run), "width": 1.5}


def _column(steps: Steps, name: str) -> Array:
    return np.array([getattr(step, name) for step in steps], np.float64)


def _least(numbers: Array) -> float:
    known = numbers[~np.isnan(numbers)]
    return float(known.min()) if known.size else 0.0
