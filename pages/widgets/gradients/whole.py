"""What there is to see of whole gradients."""

from urllib.parse import urlencode

import streamlit as st

from core.clipping import block_norms
from core.excerpt import shown
from core.gradients import gradient_sections as recorded
from core.gradients import norm_sections as norms
from core.gradients.diagnosis import diagnose
from core.gradients.drawn import ground_of_gradients, of_gradients, said
from core.gradients.gradients import Gradients
from core.gradients.grouped import depths, grouped
from core.gradients.layer_table import layer_table
from core.gradients.over_steps import OverSteps, curves_over_steps, results_at
from core.gradients.recommendation import recommend
from core.gradients.replays.replay import Replay
from core.gradients.sections import Section, as_csv
from core.notation import MOST_NUMBERS, write_number
from core.strategies import Array
from pages.widgets.gradients import memory, settings
from pages.widgets.gradients.keep import keep
from pages.widgets.gradients.recommended import ask_for_threshold
from pages.widgets.gradients.rules import lines, replayed
from pages.widgets.gradients.sections import show
from pages.widgets.gradients.stage import stage
from pages.widgets.waiting import whole

EXACT = 10**7  # numbers of all steps; of more, what a threshold does is read off the curves
ALL = "all steps"


def show_gradients(read: Gradients, name: str, about: str) -> None:
    """Show how gradients were read, and what thresholds do to them under every strategy.

    ``about`` is said before all else.
    """
    first = recorded.read_section(read)
    st.markdown(f"{about}{first.sentences[0]}")
    for warning in read.warnings:
        st.warning(warning)
    lead = st.container()
    st.subheader("Set it exactly")
    exact = settings.exact(has_steps=len(read.steps) > 1)
    depth = settings.DEPTH.ask() if len(depths(read.names)) > 1 else 0
    it = memory.remembered("grouped", lambda: grouped(read, depth), depth)
    try:
        with lead:
            curves = memory.remembered("curves", lambda: _curves(it), depth)
        told = memory.remembered("diagnosis", lambda: diagnose(it), depth)
    except ValueError as error:
        lead.info(str(error))
        return
    lengths = memory.remembered("lengths", lambda: it.lengths)
    replays = _replays(it, lengths, exact, depth)
    ground = ground_of_gradients(curves, lengths, it.steps, lines(replays, exact))
    results = results_at(it, exact.threshold) if it.values.size <= EXACT else None
    picture = of_gradients(curves, results, exact.threshold, ground, said(lengths, it.steps))
    diagnosis = recorded.diagnosis_section(told)
    with lead:
        st.header(diagnosis.title, anchor=False)
        stage(picture, full=exact.full)
    st.subheader("Why")
    show(diagnosis, titled=False)
    st.markdown(recorded.way(told.exhibit))
    found = [
        first,
        diagnosis,
        *ask_for_threshold(lambda target: recommend(it, target), depth),
    ]
    layers = _layers(it, depth, exact.threshold)
    found.append(layers)
    if replays:
        found.append(norms.rules_section(replays))
        show(found[-1])
    facts = {"file": name, "format": it.format, "threshold": exact.threshold}
    csvs = {
        "Steps as CSV": lambda: norms.steps_csv(lengths, it.steps, replays),
        "Layers as CSV": lambda: as_csv(layers.columns),
    }
    keep(name, picture, facts, found, csvs)


def _curves(it: Gradients) -> OverSteps:
    count = f"the curves of {it.values.size:,} numbers"
    return whole(lambda work: curves_over_steps(it, work=work), 100, count)


def _replays(it: Gradients, lengths: Array, exact: settings.Exact, depth: int) -> dict[str, Replay]:
    """Replay the rules over the steps, if there are several; those per layer over its layers."""
    if len(it.steps) == 1:
        return {}
    of_layers = memory.remembered("of layers", lambda: block_norms(it.values, it.layers), depth)
    return replayed(lengths, exact, depth, of_layers)


def _layers(it: Gradients, depth: int, threshold: float) -> Section:
    """Show what is large in which layer, of one step or of all."""
    place = st.container()
    chosen = ALL
    if len(it.steps) > 1:
        chosen = st.selectbox("Step", [ALL, *map(str, it.steps)], key="layers_of")
    step = None if chosen not in map(str, it.steps) else int(chosen)
    table = memory.remembered("layers", lambda: layer_table(it, step), (depth, step))
    section = recorded.layers_section(table, step)
    with place:
        show(section, sortable=True)
    first = it.steps[0] if step is None else step
    row = it.values[it.steps.index(first)]
    if gradient := shown(row, it.layers):
        query = urlencode({"gradient": gradient, "threshold": write_number(threshold)})
        which = f"{min(MOST_NUMBERS, len(row))} largest numbers of step {first}"
        st.link_button(f"Open the {which} on the first page, in a new tab", f"./?{query}")
    return section
