"""What runs are called and how they look, in every picture: a color, and never color alone."""

from core.runs import NONE, Run
from core.strategies import Strategy

TEXT = "var(--st-text-color)"  # of the page
NAMES: dict[Run, str] = {NONE: "without clipping"} | {s: s.label for s in Strategy}


def color(run: Run) -> str:
    """Return a run's color as CSS: a variable of the page, which follows light and dark."""
    if run is NONE:
        return TEXT
    return f"var(--{run}, {run.look.light})"  # the second is for outside of the page


def dash(run: Run) -> str:
    """Return the dashes of a run's lines as SVG writes them: lengths in pixels, or none."""
    return "none" if run is NONE else run.look.dash


def mark(run: Run) -> str:
    """Return the form of a run's points, as Plotly names it."""
    return "line-ns-open" if run is NONE else run.look.mark
