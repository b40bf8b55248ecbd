"""A section of what was found, as the page shows it."""

import streamlit as st

from core.gradients.sections import Section


def introduce(read: Section, about: str) -> None:
    """Say how a file was read, after what is to be said ``about`` it, and what is suspicious."""
    said, *warnings = read.sentences
    st.markdown(f"{about}{said}")
    for warning in warnings:
        st.warning(warning)


def show(section: Section, *, titled: bool = True, sortable: bool = False) -> None:
    """Show a section; a sortable table may hold names of the reader's, which stay plain text."""
    if titled:
        st.header(section.title, anchor=False)
    for sentence in section.sentences:
        st.markdown(sentence)
    if section.columns and sortable:
        st.dataframe(
            {it.name: it.values for it in section.columns},
            hide_index=True,
            width="stretch",
            column_config={
                it.name: st.column_config.NumberColumn(format="percent")
                for it in section.columns
                if it.is_share
            },
        )
    elif section.columns:
        st.table({it.name: it.written for it in section.columns})
    if section.code:
        for tab, text in zip(st.tabs(list(section.code)), section.code.values(), strict=True):
            tab.code(text, language=None)
    for sentence in section.after:
        st.caption(sentence)
