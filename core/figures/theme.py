"""How figures look: one color for one meaning, in light and in dark.

Colors that follow the page are its own variables, which the plot component resolves in the browser.
"""

import plotly.graph_objects as go

from core import looks
from core.runs import Run

TEXT = looks.TEXT
BACKGROUND = "var(--st-background-color)"
MUTED = "var(--muted)"
FAINT = "var(--faint)"

LOSS = "Viridis_r"  # low is bright, as converged is; high is dark, as diverged is


def dash(run: Run) -> str:
    """Return the dashes of a run's line, as Plotly writes them."""
    lengths = looks.dash(run)
    return "solid" if lengths == "none" else ",".join(f"{x}px" for x in lengths.split())


def line(run: Run, width: float = 2) -> dict[str, object]:
    """Return how the line of a run looks."""
    return {"color": looks.color(run), "dash": dash(run), "width": width}


def template() -> go.layout.Template:
    """Return the template of every figure."""
    axis = {
        "showgrid": False,
        "zeroline": False,
        "ticks": "outside",
        "tickcolor": FAINT,
        "linecolor": FAINT,
        "showline": True,
        "mirror": True,
        "tickfont": {"color": MUTED},
        "exponentformat": "power",
    }
    return go.layout.Template(
        layout={
            "font": {"color": TEXT, "size": 12},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "hoverlabel": {
                "bgcolor": BACKGROUND,
                "bordercolor": MUTED,
                "font": {"color": TEXT, "size": 13},
                "align": "left",
            },
            "hovermode": "closest",
            "legend": {"orientation": "h", "itemclick": False, "itemdoubleclick": False},
            "xaxis": axis,
            "yaxis": axis,
        }
    )
