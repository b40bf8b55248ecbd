"""The threshold for what the reader wants."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.gradients.norm_sections import RECOMMENDED, recommendation_section
from core.gradients.recommendation import Recommendation
from core.gradients.sections import Section
from core.gradients.target import Target
from core.notation import write_number
from core.strategies import Strategy
from pages.widgets.controls import THRESHOLD
from pages.widgets.gradients import memory, settings
from pages.widgets.gradients.sections import show
from pages.widgets.inputs import set_inputs


def ask_for_threshold(
    find: Callable[[Target], Mapping[Strategy, Recommendation]],
    of: object,
    first: Strategy = Strategy.GLOBAL,
) -> list[Section]:
    """Ask what the reader wants, and show the thresholds that keep it; return what is shown.

    ``of`` tells what they are found for from else that lies in the same file; the strategy that is
    asked for comes ``first``.
    """
    st.header(RECOMMENDED, anchor=False)
    try:
        target = settings.target()
        found = memory.remembered("recommended", lambda: find(target), (of, target))
    except ValueError as error:
        st.warning(str(error))
        return []
    section = recommendation_section(found, target, first)
    show(section, titled=False)
    with st.container(horizontal=True):
        for strategy in (first, *(it for it in found if it is not first)):
            if (threshold := found[strategy].threshold) is not None:
                text = write_number(threshold)
                st.button(
                    f"See {text} in the picture",
                    key=f"see {strategy}",
                    help=f"Sets the threshold to that for clipping {strategy.label}.",
                    on_click=set_inputs,
                    kwargs={THRESHOLD.key: text},
                )
    return [section]
