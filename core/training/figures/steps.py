"""Figures of a training: they grow while it runs, so a line is drawn with few points.

Three figures, and what they draw in few points, make this file long.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core import looks
from core.figures import theme
from core.figures.panels import above, axes, axis, ticks
from core.matching import Matching
from core.runs import NONE, Run
from core.strategies import Array, Strategy
from core.training.report import longest
from core.training.tasks import ACCURACY, TASKS, baseline
from core.training.training import Step, Training

HEIGHT = 300  # pixels of a panel
POINTS = 400  # most points of a line
THICK = 1.5  # pixels
BOUND = "threshold × √blocks"  # no clipped gradient is longer
CONSTANT = "constant answer"
MOST = float(np.finfo(np.float32).max)
Steps = Sequence[Step]
Trained = Mapping[Run, Steps]
Names = Mapping[Run, str]


def losses(training: Training, trained: Trained, names: Names) -> go.Figure:
    """Draw the loss of every run, and beside it what was measured on unseen examples.

    There a line shows how good it is always to give the same answer.
    """
    task, traces = TASKS[training.task], []
    for run, steps in trained.items():
        look: dict[str, Any] = {"name": names[run], "line": theme.line(run, THICK)}
        metric = _column(steps, "metric")
        measured = np.flatnonzero(~np.isnan(metric))
        traces += [
            _trace(0, _column(steps, "loss"), **look),
            _trace(1, metric[measured], measured, **look, showlegend=False),
        ]
    ends = np.array([0, training.steps - 1])
    same = {"width": 1, "dash": "dot", "color": theme.MUTED}
    traces.append(_trace(1, np.full(2, baseline(task)), ends, name=CONSTANT, line=same))
    titles = {
        f"Loss of each batch: {task.loss}": theme.TEXT,
        f"{task.metric.capitalize()} on unseen examples": theme.TEXT,
    }
    rate = task.metric == ACCURACY
    share = {"tickformat": ".0%", "range": [0, 1.02]} if rate else _logarithmic(traces, 1)
    return _panels(training, titles, traces, [_logarithmic(traces, 0), share])


def norms(training: Training, trained: Trained, names: Names) -> go.Figure:
    """Draw for every run the norm before and after clipping, and the longest that can remain."""
    thin, dotted = {"width": 1}, {"width": 1, "dash": "dot", "color": theme.TEXT}
    look: dict[str, Any] = {"showlegend": False}
    traces = []
    for i, (run, steps) in enumerate(trained.items()):
        before, after = (_column(steps, f"norm_{when}") for when in ("before", "after"))
        traces.append(_trace(i, before, line=thin | {"color": theme.MUTED}, **look))
        if run is NONE:
            continue
        clipped = np.array([step.clipped for step in steps])
        marked = np.where(clipped, before, np.nan)  # thinned alone, so that a rare one is kept
        dots = thinned(marked)
        dots = dots[~np.isnan(marked[dots])]
        dot = {"color": looks.color(run), "size": 3}
        traces += [
            _trace(i, before[dots], dots, mode="markers", marker=dot, **look),
            _trace(i, after, line=theme.line(run, THICK), **look),
            _trace(i, longest(training, run, steps), line=dotted, **look),
        ]
    scale = _logarithmic(traces)
    meanings = {
        "before clipping": {"mode": "lines", "line": thin | {"color": theme.MUTED}},
        "clipped step": {"mode": "markers", "marker": {"color": theme.TEXT, "size": 4}},
        "after clipping": {"mode": "lines", "line": {"color": theme.TEXT, "width": 2}},
        BOUND: {"mode": "lines", "line": dotted},
    }
    for name, meaning in meanings.items():
        traces.append({"x": [None], "y": [None], "name": name, "hoverinfo": "skip", **meaning})
    titles = {_title(training, run, trained[run], names): looks.color(run) for run in trained}
    scales = [scale | ({"matches": "y"} if i else {}) for i in range(len(trained))]
    return _panels(training, titles, traces, scales)


def effects(training: Training, steps: Steps, names: Names) -> go.Figure:
    """Draw what each strategy does to the very same gradients, those of one run."""
    traces = []
    for i, (name, unit) in enumerate((("angles", 180 / np.pi), ("magnitude_losses", 1.0))):
        told = {s: np.array([getattr(step, name)[s] for step in steps]) * unit for s in Strategy}
        for strategy, values in told.items():
            line = theme.line(strategy, THICK)
            traces.append(_trace(i, values, name=names[strategy], line=line, showlegend=not i))
    least = min(map(_least, told.values()))
    whole = {"range": [0, 1.02]} if least >= 0 else {}  # normalizing makes some longer
    scales: list[dict[str, Any]] = [
        {"ticksuffix": "°", "rangemode": "tozero"},
        {"tickformat": ".3~p"} | whole,
    ]
    titles = {"Turned by": theme.TEXT, "Length lost": theme.TEXT}
    return _panels(training, titles, traces, scales)


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


def _trace(
    i: int, values: Array, at: NDArray[np.intp] | None = None, **look: Any
) -> dict[str, Any]:
    """Return a line in a panel; ``at`` are its steps, if not all from the first."""
    drawn = thinned(values)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": (drawn if at is None else at[drawn]).astype(np.int32),
        "y": np.where(np.abs(values[drawn]) <= MOST, values[drawn], np.nan).astype(np.float32),
        "hovertemplate": f"step %{{x}}: %{{y:.3~g}}<extra>{look.get('name', '')}</extra>",
        **axes(i),
        **look,
    }


def _panels(
    training: Training,
    titles: Mapping[str, str],
    traces: Sequence[Mapping[str, Any]],
    scales: Sequence[Mapping[str, Any]],
) -> go.Figure:
    """Return panels side by side, with titles in their colors; made at once, which is far faster.

    They have room for all steps from the first look on: lines grow, and what is drawn stays.
    """
    layout: dict[str, Any] = {
        "template": theme.template(),
        "height": HEIGHT,
        "margin": {"l": 52, "r": 12, "t": 64, "b": 44},
        "grid": {"rows": 1, "columns": len(titles), "pattern": "independent", "ygap": 0.4},
        "legend": {"yref": "container", "y": 1, "yanchor": "top", "x": 0},
        "uirevision": f"{training.task} {training.steps} {list(titles)}",
        "annotations": [
            above(i, f"<b>{title}</b>", color) for i, (title, color) in enumerate(titles.items())
        ],
    }
    for i, scale in enumerate(scales):
        across = {"title": {"text": "step", "standoff": 4}, "range": [0, training.steps]}
        layout[axis("x", i)] = across
        layout[axis("y", i)] = scale
    return go.Figure(data=list(traces), layout=layout)


def _logarithmic(traces: Sequence[Mapping[str, Any]], i: int | None = None) -> dict[str, Any]:
    """Return the axis of panel i, or of all panels together."""
    drawn = [trace["y"] for trace in traces if i is None or trace["yaxis"] == axes(i)["yaxis"]]
    return {"type": "log"} | ticks(np.concatenate(drawn))


def _title(training: Training, run: Run, steps: Steps, names: Names) -> str:
    """Name the run and its threshold, where that is the same at every step."""
    if run is NONE or training.thresholds.matching is Matching.OUTPUT_LENGTH:
        return names[run]
    threshold = steps[0].thresholds[run]
    return names[run] if np.isnan(threshold) else f"{names[run]}, at {threshold:.3g}"


def _column(steps: Steps, name: str) -> Array:
    return np.array([getattr(step, name) for step in steps], np.float64)


def _least(numbers: Array) -> float:
    known = numbers[~np.isnan(numbers)]
    return float(known.min()) if known.size else 0.0
