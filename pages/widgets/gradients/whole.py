"""What there is to see of whole gradients."""

import streamlit as st

from core.clipping import block_norms
from core.gradients import gradient_sections as recorded
from core.gradients import norm_sections as norms
from core.gradients.diagnosis import diagnose
from core.gradients.drawn import ground_of_gradients, of_gradients, said
from core.gradients.gradients import Gradients
from core.gradients.grouped import depths, grouped
from core.gradients.layer_table import layer_table
from core.gradients.over_steps import OverSteps, Result, curves_over_steps, results_at
from core.gradients.reasons import counted
from core.gradients.recommendation import recommend
from core.gradients.replays.replay import Replay
from core.gradients.sections import Section, as_csv
from core.strategies import Array, Strategy
from pages.widgets.gradients import memory, settings
from pages.widgets.gradients.keep import keep
from pages.widgets.gradients.recommended import ask_for_threshold
from pages.widgets.gradients.rules import lines, not_drawn, replayed, rules_of
from pages.widgets.gradients.sections import introduce, show
from pages.widgets.gradients.stage import stage
from pages.widgets.waiting import whole

EXACT, MANY = 10**7, 200  # numbers and steps; of more, what is done is read off the curves
ALL = "all steps"
MEDIANS = "Medians and shares of the steps are those of a step: of two in the middle, the smaller."


def show_gradients(read: Gradients, name: str, about: str) -> None:
    """Show how gradients were read, and what thresholds do to them under every strategy.

    ``about`` is said before all else.
    """
    first = recorded.read_section(read)
    introduce(first, about)
    lead = st.container()
    st.subheader("Set it exactly")
    exact = settings.exact(has_steps=len(read.steps) > 1)
    several = memory.remembered("depths", lambda: depths(read.names))
    depth = settings.DEPTH.ask() if len(several) > 1 else 0
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
    results = _results(it, exact.threshold, depth)
    picture = of_gradients(curves, results, exact.threshold, ground, said(lengths, it.steps))
    diagnosis = recorded.diagnosis_section(told)
    with lead:
        if curves.not_finite:
            lost = f"{curves.not_finite:,} of {counted(len(it.steps), 'step')}"
            st.warning(f"NaN or infinite numbers: {lost} cannot be clipped, and are left out.")
        st.header(diagnosis.title, anchor=False)
        stage(picture, full=exact.full)
        if replays:
            st.caption(f"{not_drawn(replays, exact)} {MEDIANS}")
    st.subheader("Why")
    show(diagnosis, titled=False)
    st.markdown(recorded.way(told.exhibit))
    found = [first, diagnosis]
    found += ask_for_threshold(lambda target: recommend(it, target), depth, told.strategy)
    layers = _layers(it, depth)
    found.append(layers)
    if replays:
        found.append(norms.rules_section(rules_of(exact), replays))
        show(found[-1])
    facts = {
        "file": name,
        "format": it.format,
        "threshold": exact.threshold,
        "percentile": exact.percentile,
        "depth": depth,
    }
    csvs = {
        "Steps as CSV": lambda: norms.steps_csv(lengths, it.steps, replays),
        "Layers as CSV": lambda: as_csv(layers.columns),
    }
    keep(name, picture, facts, found, csvs)


def _curves(it: Gradients) -> OverSteps:
    count = f"the curves of {it.values.size:,} numbers"
    return whole(lambda work: curves_over_steps(it, work=work), 100, count)


def _results(it: Gradients, threshold: float, depth: int) -> dict[Strategy, Result] | None:
    if it.values.size > EXACT or len(it.steps) > MANY:
        return None
    return memory.remembered("results", lambda: results_at(it, threshold), (depth, threshold))


def _replays(it: Gradients, lengths: Array, exact: settings.Exact, depth: int) -> dict[str, Replay]:
    """Replay the rules over the steps, if there are several; those per layer over its layers."""
    if len(it.steps) == 1:
        return {}
    of_layers = memory.remembered("of layers", lambda: block_norms(it.values, it.layers), depth)
    return replayed(lengths, exact, depth, of_layers)


def _layers(it: Gradients, depth: int) -> Section:
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
    return section
