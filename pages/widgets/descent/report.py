"""What became of the runs, in words and numbers."""

from math import isfinite

import streamlit as st

from core.clipping import Rule
from core.descent.descend import HOLD, TOLERANCE, goal_words
from core.descent.experiment import NO_NOISE, Experiment
from core.descent.outcomes import Outcome
from core.descent.report import DEFINITIONS, MEANINGS, Row, csv, report
from core.looks import NAMES
from core.notation import write_share
from core.optimizers import Optimizer
from pages.widgets.descent.optimizer import under


def outcomes(it: Experiment) -> None:
    """Show what became of every run, what the words mean, and offer the paths as CSV."""
    if not it.runs:
        return
    rows = _report(it)
    changed = "changed" if it.thresholds.rule is Rule.NORMALIZE else "clipped"
    st.table(
        {
            "run": [NAMES[row.run] for row in rows],
            "outcome": [row.outcome for row in rows],
            "final loss": [_number(row.final_loss) for row in rows],
            **(
                {
                    f"mean of the last {min(HOLD, it.steps)} steps": [
                        _number(row.late_loss) for row in rows
                    ]
                }
                if it.noise != NO_NOISE
                else {}
            ),
            f"steps to {goal_words(it.surface)}": [_steps(row.steps_to_goal) for row in rows],
            **_along(it, rows),
            f"steps {changed}": [write_share(row.clipped_share) for row in rows],
        }
    )
    if it.optimizer is not Optimizer.PLAIN:
        st.caption(f"All runs are taken{under(it)}.")
    ends = [it for it in Outcome if it in {row.outcome for row in rows}]
    meanings = "; ".join(f"**{end.capitalize()}**: {MEANINGS[end]}" for end in ends)
    st.caption(
        f"In the last {HOLD} steps: {meanings}. A dash: it was not there for {HOLD} steps in a row."
    )
    sensitive = [NAMES[row.run] for row in rows if row.sensitive]
    if sensitive:
        st.caption(
            f"Sensitive to rounding: {', '.join(sensitive)}. A start that differs in the twelfth "
            "digit ends elsewhere, so the picture, which the browser computes, may too."
        )
    with st.expander("What the outcomes mean"):
        st.markdown(DEFINITIONS)
    st.download_button("Paths as CSV", lambda: csv(it), "clipscope-paths.csv", "text/csv")


def _along(it: Experiment, rows: list[Row]) -> dict[str, list[str]]:
    """Where a direction is slow, show how far the runs have come along it."""
    if not it.surface.slow:
        return {}
    return {
        "distance along the slow direction": [_number(row.along or 0) for row in rows],
        f"steps along to {TOLERANCE:g}": [_steps(row.steps_along) for row in rows],
    }


def _steps(steps: int | None) -> str:
    return "–" if steps is None else str(steps)


def _number(loss: float) -> str:
    return f"{loss:.4g}" if isfinite(loss) else "–"


@st.cache_data(max_entries=64, show_spinner=False)
def _report(it: Experiment) -> list[Row]:
    return report(it)
