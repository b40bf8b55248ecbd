"""What there is to see of a log of norms."""

import math
from dataclasses import replace

import streamlit as st

from core.gradients import norm_sections as norms
from core.gradients.drawn import ground_of_norms, of_norms
from core.gradients.norm_log import NormLog
from core.gradients.reading import first_reading
from core.gradients.reasons import norms_cannot_tell
from core.gradients.recommendation import recommend_for_norms
from core.strategies import Strategy
from pages.widgets.gradients import memory, settings
from pages.widgets.gradients.keep import keep
from pages.widgets.gradients.recommended import ask_for_threshold
from pages.widgets.gradients.rules import lines, not_drawn, replayed, rules_of
from pages.widgets.gradients.sections import introduce, show
from pages.widgets.gradients.stage import stage


def show_log(log: NormLog, name: str, about: str) -> None:
    """Show how a log was read, what is suspicious, and what a threshold does to it.

    ``about`` is said before all else.
    """
    read = norms.read_section(log)
    introduce(read, about)
    lead = st.container()
    st.subheader("Set it exactly")
    exact = settings.exact()
    try:
        reading = first_reading(log.norms, exact.threshold)
        replays = replayed(log.norms, exact, log.field)
        ground = memory.remembered(
            "ground",
            lambda: ground_of_norms(log.norms, log.steps, exact.threshold, lines(replays, exact)),
            (log.field, math.floor(math.log10(exact.threshold)), exact.percentile, exact.rules),
        )
        picture = of_norms(log.norms, log.steps, exact.threshold, ground)
    except ValueError as error:
        lead.info(str(error))
        return
    first = norms.reading_section(reading)
    with lead:
        st.header(first.title, anchor=False)
        stage(picture, full=exact.full)
        st.caption(not_drawn(replays, exact))
    found = [read, replace(first, title=f"As it was saved: {first.title}")]
    found += ask_for_threshold(
        lambda target: {Strategy.GLOBAL: recommend_for_norms(log.norms, target)}, log.field
    )
    st.caption(norms_cannot_tell())
    for section in (
        norms.rules_section(rules_of(exact), replays),
        norms.longest_section(log.norms, log.steps, exact.threshold),
        norms.percentiles_section(log.norms),
    ):
        show(section)
        found.append(section)
    facts = {
        "file": name,
        "format": log.format,
        "field": log.field,
        "threshold": exact.threshold,
        "percentile": exact.percentile,
    }
    steps = {"Steps as CSV": lambda: norms.steps_csv(log.norms, log.steps, replays)}
    keep(name, picture, facts, found, steps)
