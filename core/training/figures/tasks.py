"""Pictures of what the networks learn from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from core.figures import theme
from core.training.tasks import MODULUS, TASKS, unseen_sums

HEIGHT = 290  # pixels
SIDE = 8  # pixels of an image of a digit, across and up
IN_A_ROW = 5  # images
EXAMPLES = 200  # digits, among which there is one of every class
SHADES = [[0.0, theme.BACKGROUND], [1.0, theme.TEXT]]


@dataclass(frozen=True)
class Picture:
    """What a task is learned from."""

    figure: go.Figure
    words: str  # what is drawn
    cells: bool = False  # whether it is a map of cells


def picture(task: str) -> Picture:
    """Draw what one of `TASKS` is learned from, and say what is drawn."""
    it = PICTURES[task]()
    it.figure.update_layout(
        template=theme.template(),
        height=HEIGHT,
        margin={"l": 52, "r": 12, "t": 16, "b": 44},
        showlegend=False,
        uirevision=task,
    )
    return it


def _digits() -> Picture:
    inputs, targets = TASKS["digits"].batch(np.random.default_rng(0), EXAMPLES)
    classes, first = np.unique(targets, return_index=True)
    rows = len(classes) // IN_A_ROW
    framed = np.full((rows, SIDE + 1, IN_A_ROW, SIDE + 1), np.nan)  # with a gap around each
    framed[:, :SIDE, :, :SIDE] = (
        inputs[first].reshape(rows, IN_A_ROW, SIDE, SIDE).transpose(0, 2, 1, 3)
    )
    cells = framed.reshape(rows * (SIDE + 1), IN_A_ROW * (SIDE + 1))
    hidden = {"visible": False, "constrain": "domain"}
    up = {"autorange": "reversed", "scaleanchor": "x", "constraintoward": "top"}
    figure = go.Figure(
        go.Heatmap(
            z=cells.astype(np.float32),
            colorscale=SHADES,
            showscale=False,
            hovertemplate="brightness %{z:.2f}<extra></extra>",
        ),
        {"xaxis": hidden | {"constraintoward": "left"}, "yaxis": hidden | up},
    )
    return Picture(figure, f"One image of each digit, {SIDE} x {SIDE} pixels.", cells=True)


def _addition() -> Picture:
    inputs, targets = TASKS["adding problem"].batch(np.random.default_rng(2), 1)
    numbers, marks = inputs[:, 0].T
    marked = marks > 0
    figure = go.Figure(
        go.Bar(
            x=np.arange(len(numbers)),
            y=numbers,
            marker={"color": np.where(marked, theme.TEXT, theme.FAINT)},
            text=[f"{x:.2f}" if mark else "" for x, mark in zip(numbers, marked, strict=True)],
            textposition="outside",
            textangle=0,
            cliponaxis=False,
            hovertemplate="place %{x}: %{y:.2f}<extra></extra>",
        ),
        {"xaxis": {"title": {"text": "place in the sequence", "standoff": 4}}},
    )
    terms = " + ".join(f"{x:.2f}" for x in numbers[marked])
    words = f"One sequence: add the two marked numbers. {terms} = {targets[0]:.2f}."
    return Picture(figure, words)


def _modular_addition() -> Picture:
    table = np.add.outer(np.arange(MODULUS), np.arange(MODULUS)) % MODULUS
    pairs, _ = unseen_sums()
    known = table.astype(np.float32)
    known[tuple(pairs.T)] = np.nan
    figure = go.Figure(
        go.Heatmap(
            z=known,
            colorscale="Twilight",  # it ends where it begins, as the numbers do
            showscale=False,
            hovertemplate=f"%{{y}} + %{{x}} = %{{z}} (mod {MODULUS})<extra></extra>",
        ),
        {
            "xaxis": {"title": {"text": "second number", "standoff": 4}, "constrain": "domain"}
            | {"constraintoward": "left"},
            "yaxis": {"title": {"text": "first number", "standoff": 4}, "scaleanchor": "x"},
        },
    )
    words = f"All sums modulo {MODULUS}, a color for each result; the blank ones, "
    words += f"{len(pairs) / table.size:.0%}, are never trained on."
    return Picture(figure, words, cells=True)


PICTURES: Mapping[str, Callable[[], Picture]] = {
    "digits": _digits,
    "adding problem": _addition,
    "modular addition": _modular_addition,
}
