"""The threshold for what the reader wants."""

from collections.abc import Callable, Mapping

import streamlit as st

from core.gradients.norm_sections import RECOMMENDED, recommendation_section
from core.gradients.recommendation import Recommendation
from core.gradients.sections import Section
from core.gradients.target import Target
from core.strategies import Strategy
from pages.widgets.gradients import memory, settings
from pages.widgets.gradients.sections import show


def ask_for_threshold(
    find: Callable[[Target], Mapping[Strategy, Recommendation]], of: object
) -> list[Section]:
    """Ask what the reader wants, and show the thresholds that keep it; return what is shown.

    ``of`` tells what they are found for from else that lies in the same file.
    """
    st.header(RECOMMENDED, anchor=False)
    try:
        target = settings.target()
        found = memory.remembered("recommended", lambda: find(target), (of, target))
    except ValueError as error:
        st.warning(str(error))
        return []
    section = recommendation_section(found)
    show(section, titled=False)
    return [section]
