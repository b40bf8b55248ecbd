"""Maps of what becomes of runs: over learning rates and thresholds, and over starts.

Two maps, their colors, scales, marks and legends make this file long.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core import looks
from core.descent.maps import Outcomes, RateThresholdMap, StartsMap
from core.descent.outcomes import Outcome
from core.figures import theme
from core.figures.panels import HEIGHT, above, axes, axis, side_by_side, within
from core.runs import Run
from core.strategies import Array
from core.surfaces.surface import Surface

# Told apart with every kind of color vision, and from each other: a map shows both.
OUTCOMES = {
    Outcome.CONVERGED: "#f2cc57",
    Outcome.ON_ITS_WAY: "#9060a0",
    Outcome.STALLED: "#a3a7ae",
    Outcome.LIMIT_CYCLE: "#c0392b",
    Outcome.GROWING: "#701020",
    Outcome.DIVERGED: "#33254a",
}
MINIMA = ("#fff3b0", "#d9a400", "#1f5fd0", "#8fd8ff")
LOW = 1e-6  # losses below are all alike: a thousandth of what counts as converged
MOST_SHOWN = 90  # percent of the losses that the color scale tells apart
MARK = {"symbol": "circle", "size": 13, "color": "rgba(0,0,0,0)"}
COLOR_TITLE = {  # above the color bar, where Plotly would write it upon the bar
    "text": "final loss above the minimum",
    "font": {"size": 13},
    "x": 0,
    "y": 0,
    "yref": "container",
    "yanchor": "bottom",
    "pad": {"b": 44, "l": 56},
}


class MapShows(StrEnum):
    """What the colors of a map over learning rates and thresholds show."""

    LOSS = "final loss"
    OUTCOME = "outcome"


def rate_threshold_map(
    found: RateThresholdMap, shows: MapShows, at: tuple[float, float], names: Mapping[Run, str]
) -> go.Figure:
    """Draw one map for each run side by side, with log axes.

    ``at`` is the learning rate and threshold that is marked; ``names`` are the runs' names.
    """
    figure = side_by_side(len(found.runs))
    for i, run in enumerate(found.runs):
        of_map = axes(i)
        outcomes = found.outcome[i]
        figure.add_heatmap(
            **of_map,
            **(
                _by_outcome(outcomes)
                if shows is MapShows.OUTCOME
                else {"z": _log_loss(found.above[i], outcomes), "coloraxis": "coloraxis"}
            ),
            x=found.rates,
            y=found.thresholds,
            text=outcomes,
            customdata=_light(found.above[i]),
            name=names[run],
            hovertemplate=f"<b>{names[run]}</b><br>learning rate %{{x:.3~g}}"
            "<br>threshold %{y:.3~g}<br>%{text}<br>loss above the minimum %{customdata:.3~g}"
            "<extra></extra>",
        )
        _mark(figure, of_map, [at[0]], [at[1]])
        _titles(figure, i, names[run], looks.color(run))
        figure.update_layout(
            {
                axis("x", i): _log_axis("x"),
                axis("y", i): _log_axis("y") | {"title": {"text": "threshold"}},
            }
        )
    if shows is MapShows.LOSS:
        figure.update_layout(coloraxis=_color_axis(found), title=COLOR_TITLE)
    present = [o for o in Outcome if (found.outcome == o).any()]
    shown = present if shows is MapShows.OUTCOME else [o for o in present if o is Outcome.DIVERGED]
    _legend(figure, {o.value: OUTCOMES[o] for o in shown})
    return figure.update_layout(
        plot_bgcolor=OUTCOMES[Outcome.DIVERGED],
        uirevision="rate threshold",
        meta={"cursor": list(at)},
    )


def starts_map(found: StartsMap, surface: Surface, start: Sequence[float]) -> go.Figure:
    """Draw where runs end, by where they start: in which minimum, or with which outcome.

    Every minimum has its color where there are a few; the present start is marked.
    """
    few = 1 < len(surface.minima) <= len(MINIMA)
    minima = [f"minimum {i + 1} at {_point(m)}" for i, m in enumerate(surface.minima) if few]
    categories = dict(zip(minima, MINIMA, strict=False))
    categories |= {o.value: c for o, c in OUTCOMES.items()}
    words: Outcomes = found.outcome.astype(object)
    for i, minimum in enumerate(minima):
        words = np.where(found.minimum == i, minimum, words)
    figure = side_by_side(1)
    figure.add_heatmap(
        **_by_category(words, categories),
        x=found.x,
        y=found.y,
        text=words,
        customdata=_light(found.height),
        name="",
        hovertemplate="start (%{x:.3~g}, %{y:.3~g})<br>%{text}"
        "<br>final loss %{customdata:.3~g}<extra></extra>",
    )
    figure.add_scatter(
        x=[m[0] for m in surface.minima],
        y=[m[1] for m in surface.minima],
        mode="markers+text" if few else "markers",
        text=[f" {i + 1}" for i in range(len(surface.minima))],
        textposition="middle right",
        textfont={"color": "#000000", "weight": 700},
        marker={
            "symbol": "diamond",
            "size": 12,
            "color": [*categories.values()][: len(minima)] if few else theme.BACKGROUND,
            "line": {"color": "#000000", "width": 1.5},
        },
        hoverinfo="skip",
        showlegend=False,
    )
    _mark(figure, {}, [start[0]], [start[1]])
    _legend(figure, {word: c for word, c in categories.items() if (words == word).any()})
    (left, right), (bottom, top) = surface.window[:2]
    return figure.update_layout(
        xaxis={"title": {"text": "start, x"}, "range": [left, right], "constrain": "domain"},
        yaxis={
            "title": {"text": "start, y"},
            "range": [bottom, top],
            "scaleanchor": "x",
            "constrain": "domain",
        },
        height=HEIGHT + 140,
        uirevision=str(surface.window[:2]),
        meta={"cursor": list(start[:2])},
    )


def _log_axis(letter: str) -> dict[str, Any]:
    return {"type": "log", "matches": letter, "dtick": 1}


def _titles(figure: go.Figure, i: int, text: str, color: str) -> None:
    """Write the name above a map, and what is across: Plotly writes that upon the ticks."""
    figure.add_annotation(above(i, f"<b>{text}</b>", color))
    across = {"text": "learning rate", "x": 0.5, "y": 0, "xanchor": "center", "yanchor": "top"}
    figure.add_annotation(within(i) | across, yshift=-24)


def _mark(figure: go.Figure, of_map: dict[str, str], x: list[float], y: list[float]) -> None:
    """Mark what is set now with a ring that is seen on every color."""
    for width, color in ((5, theme.BACKGROUND), (2, theme.TEXT)):
        figure.add_scatter(
            **of_map,
            x=x,
            y=y,
            mode="markers",
            marker={**MARK, "line": {"width": width, "color": color}},
            hoverinfo="skip",
            showlegend=False,
        )


def _by_outcome(outcomes: Outcomes) -> dict[str, Any]:
    return _by_category(outcomes, {o.value: color for o, color in OUTCOMES.items()})


def _by_category(words: Outcomes, colors: Mapping[str, str]) -> dict[str, Any]:
    """Return a heat map's numbers, one for each word, and its color scale with a step for each."""
    codes = np.full(words.shape, np.nan, np.float32)
    for code, word in enumerate(colors):
        codes[words == word] = code
    steps = np.linspace(0, 1, len(colors) + 1)
    scale = [
        (float(place), color)
        for color, *ends in zip(colors.values(), steps[:-1], steps[1:], strict=True)
        for place in ends
    ]
    return {
        "z": codes,
        "zmin": -0.5,
        "zmax": len(colors) - 0.5,
        "colorscale": scale,
        "showscale": False,
    }


def _light(numbers: Array) -> Array:
    """Return numbers in half the bytes; three digits are shown, and no overflow."""
    most = np.finfo(np.float32).max
    return np.clip(numbers, -most, most).astype(np.float32)


def _log_loss(above: Array, outcomes: Outcomes) -> Array:
    """Return exponents of ten; nothing where the run diverged, whatever its height."""
    with np.errstate(all="ignore"):
        exponents = np.log10(np.maximum(above, LOW))
    return np.where(outcomes == Outcome.DIVERGED, np.nan, exponents).astype(np.float32)


def _color_axis(found: RateThresholdMap) -> dict[str, Any]:
    exponents = _log_loss(found.above, found.outcome)
    finite = exponents[np.isfinite(exponents)]
    low = int(np.floor(np.log10(LOW)))
    high = max(low + 1, int(np.ceil(np.percentile(finite, MOST_SHOWN))) if finite.size else 0)
    ticks = list(range(low, high + 1, max(1, (high - low) // 8)))
    words = [f"10<sup>{tick}</sup>".replace("-", "\N{MINUS SIGN}") for tick in ticks]
    words[0] = f"≤ {words[0]}"
    words[-1] += " or more" if finite.size and finite.max() > ticks[-1] else ""
    return {
        "colorscale": theme.LOSS,
        "cmin": low,
        "cmax": high,
        "colorbar": {
            "orientation": "h",
            "yref": "container",
            "y": 0,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
            "len": 0.6,
            "thickness": 10,
            "tickvals": ticks,
            "ticktext": words,
            "outlinewidth": 0,
        },
    }


def _legend(figure: go.Figure, colors: Mapping[str, str]) -> None:
    """Say what the colors mean: a heat map has no legend of its own for this."""
    for word, color in colors.items():
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            marker={
                "symbol": "square",
                "size": 13,
                "color": color,
                "line": {"width": 1, "color": theme.MUTED},
            },
            name=word,
            hoverinfo="skip",
        )


def _point(point: Sequence[float]) -> str:
    return f"({', '.join(f'{x:.3g}' for x in point)})"
