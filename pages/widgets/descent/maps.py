"""Maps of many runs: over learning rates and thresholds, and over starts.

They are computed when the reader opens them, and called off when the reader changes an input
meanwhile. The ends of whole runs stay in a cache, so that nothing is computed twice.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

import streamlit as st

from core.descent.experiment import Experiment
from core.descent.figures import maps as figures
from core.descent.figures.maps import MapShows
from core.descent.maps import axis, cells, ends, rate_threshold, starts
from core.descent.outcomes import Outcome
from core.looks import NAMES
from core.notation import write_share
from core.runs import NONE, RUNS
from pages.widgets.descent.optimizer import under
from pages.widgets.inputs import Choice, OneOfMany, Toggle
from pages.widgets.plot import plot
from pages.widgets.waiting import remembered, whole

CELLS = 80  # along a side
STARTS = 60
LEAST_RATE, MOST_RATE = 1e-5, 10.0
LEAST_THRESHOLD, MOST_THRESHOLD = 1e-3, 1e3
NO_STARTS = "closed"

MAP = Toggle("map", "Map of learning rates and thresholds")
MAP_SHOWS = Choice("map_shows", "Colors show", MapShows, MapShows.LOSS)
STARTS_OF = OneOfMany("starts_of", "Map of many starts, for the run", [NO_STARTS, *RUNS], NO_STARTS)

_cells, _ends = remembered(cells), remembered(ends)


def rate_threshold_map(experiment: Experiment, choose: Callable[[float, float], None]) -> None:
    """Offer a map over learning rates and thresholds; ``choose`` gets those of a chosen cell.

    ``choose`` is a callback: it may set bound inputs.
    """
    if not MAP.ask():
        return
    if not experiment.runs:
        st.caption("No run is shown, so there is nothing to map.")
        return
    shows = MAP_SHOWS.ask()
    axes = (
        axis(LEAST_RATE, MOST_RATE, CELLS, experiment.learning_rate),
        axis(LEAST_THRESHOLD, MOST_THRESHOLD, CELLS, experiment.thresholds.by_value),
    )
    found = whole(
        lambda work: rate_threshold(experiment, *axes, work, _cells),
        experiment.steps * len(experiment.runs),
        f"{CELLS * CELLS * len(experiment.runs):,} runs",
    )
    at = experiment.learning_rate, experiment.thresholds.by_value
    st.caption(
        f"Every cell is a run of {experiment.steps} steps{under(experiment)} from the start. The "
        "ring marks the present learning rate and threshold; choose a cell to set both."
    )
    plot(
        figures.rate_threshold_map(found, shows, at, NAMES),
        key="rate_threshold_map",
        alt=f"Maps of the {shows} of every run, by learning rate (across) and threshold (up).",
        cells=True,
        on_click=choose,
    )
    with st.expander("The map in numbers"):
        best = [found.best(run) for run in found.runs]
        st.table(
            {
                "run": [NAMES[run] for run in found.runs],
                **_shares([outcomes.flat for outcomes in found.outcome]),
                "lowest end at learning rate": ["–" if b is None else f"{b[0]:g}" for b in best],
                "and threshold": [
                    "–" if b is None else "any" if run is NONE else f"{b[1]:g}"
                    for run, b in zip(found.runs, best, strict=True)
                ],
            }
        )
        st.download_button(
            "All cells as CSV", found.csv, "clipscope-map.csv", "text/csv", on_click="ignore"
        )


def starts_map(experiment: Experiment) -> None:
    """Offer a map of where a run ends, by where it starts."""
    surface = experiment.surface
    # Plain strings: Streamlit fails where a chosen member of an enum is offered no more.
    chosen = STARTS_OF.ask([NO_STARTS, *map(str, experiment.runs)])
    if chosen == NO_STARTS:
        return
    run = next(run for run in experiment.runs if run == chosen)
    others = experiment.start[2:]  # the map goes over the first plane
    key = replace(experiment, start=surface.start[:2] + others, runs=())
    found = whole(
        lambda work: starts(key, run, STARTS, work, _ends),
        experiment.steps,
        f"{STARTS * STARTS:,} runs",
    )
    st.caption(
        f"Every cell is a start, its color where the run {NAMES[run]} ends after "
        f"{experiment.steps} steps{under(experiment)}. Diamonds are minima; the ring is the "
        "present start."
    )
    plot(
        figures.starts_map(found, surface, experiment.start),
        key="starts_map",
        alt=f"A map of where the run {NAMES[run]} ends, by the start.",
        cells=True,
    )
    with st.expander("The map of starts in numbers"):
        reached = Counter(found.minimum.ravel().tolist())
        st.table(
            {
                "run": [NAMES[run]],
                **_shares([found.outcome.flat]),
                **{
                    f"minimum {i + 1}": [write_share(reached[i] / found.minimum.size)]
                    for i in range(len(surface.minima))
                },
            }
        )


def _shares(outcomes: list[Iterable[str]]) -> dict[str, list[str]]:
    counts = [Counter(map(str, each)) for each in outcomes]
    return {o: [write_share(count[o] / count.total()) for count in counts] for o in Outcome}
