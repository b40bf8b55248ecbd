"""Pictures of how far clip by value turns, over all directions."""

import numpy as np
import plotly.graph_objects as go

from core.bounds import worst_angle
from core.dimensions.directions import on_circle, on_sphere, seen
from core.figures import theme
from core.strategies import Strategy

AROUND = 360  # directions
ACROSS = 181  # places on the sphere, from one edge to the other


def circle(length: float) -> go.Figure:
    """Draw how far clip by value turns a gradient of two numbers, in every direction."""
    directions, angles = on_circle(length, AROUND)
    figure = go.Figure(layout={"template": theme.template(), "height": 420})
    figure.add_scatterpolar(
        theta=np.degrees(directions),
        r=np.degrees(angles),
        mode="lines",
        line=theme.line(Strategy.VALUE),
        hovertemplate="direction %{theta:.1f}°<br>turned by %{r:.1f}°<extra></extra>",
        showlegend=False,
    )
    ring = {"gridcolor": theme.FAINT, "linecolor": theme.FAINT, "tickfont": {"color": theme.MUTED}}
    return figure.update_layout(
        polar={
            "bgcolor": "rgba(0,0,0,0)",
            "radialaxis": ring | {"range": [0, 46], "tickvals": [15, 30, 45], "ticksuffix": "°"},
            "angularaxis": ring | {"dtick": 45},
        },
        margin={"l": 40, "r": 40, "t": 40, "b": 40},
        uirevision="circle",
    )


def sphere(length: float) -> go.Figure:
    """Draw how far clip by value turns a gradient of three numbers, on the sphere of directions."""
    places, angles = on_sphere(length, ACROSS)
    figure = go.Figure(layout={"template": theme.template(), "height": 420})
    figure.add_heatmap(
        x=places,
        y=places,
        z=np.degrees(angles).round(2),
        zmin=0,
        zmax=np.degrees(worst_angle(3)),
        colorscale="Cividis",
        colorbar={"ticksuffix": "°", "thickness": 10, "outlinewidth": 0},
        hovertemplate="turned by %{z:.1f}°<extra></extra>",
        hoverongaps=False,
    )
    ends = seen(np.eye(3))
    for name, (x, y) in zip("xyz", ends, strict=True):
        figure.add_annotation(
            text=f"{name} axis",
            x=x,
            y=y,
            ay=-24 if y > 0 else 24,
            ax=0,
            font={"color": theme.TEXT},
            bgcolor=theme.BACKGROUND,
            arrowcolor=theme.TEXT,
            arrowhead=6,
        )
    # The cells are square: a rim as wide as they are makes the sphere round.
    rim = {"color": theme.BACKGROUND, "width": 5}
    figure.add_shape(type="circle", x0=-1.01, y0=-1.01, x1=1.01, y1=1.01, line=rim)
    hidden = {"visible": False, "range": [-1.15, 1.15]}
    return figure.update_layout(
        xaxis=hidden,
        yaxis=hidden | {"scaleanchor": "x"},
        margin={"l": 8, "r": 8, "t": 40, "b": 40},
        uirevision="sphere",
    )
