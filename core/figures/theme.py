"""How figures look: one color for one meaning, in light and in dark.

Colors that follow the page are its own variables, which the plot component resolves in the browser.
"""

import plotly.graph_objects as go

from core.looks import LOOKS
from core.runs import NONE, Run

TEXT = "var(--st-text-color)"
BACKGROUND = "var(--st-background-color)"
MUTED = "var(--muted)"
FAINT = "var(--faint)"

LOSS = "Viridis_r"  # low is bright, as converged is; high is dark, as diverged is


def color(run: Run) -> str:
    """Return the color of a run: its strategy's; the text's without clipping."""
    if run is NONE:
        return TEXT
    return f"var(--{run}, {LOOKS[run]['light']})"  # the second is for outside of the page


def dash(run: Run) -> str:
    """Return the dashes of a run's line, as Plotly writes them."""
    lengths = "none" if run is NONE else LOOKS[run]["dash"]
    return "solid" if lengths == "none" else ",".join(f"{x}px" for x in lengths.split())


def line(run: Run, width: float = 2) -> dict[str, object]:
    """Return how the line of a run looks."""
    return {"color": color(run), "dash": dash(run), "width": width}


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
