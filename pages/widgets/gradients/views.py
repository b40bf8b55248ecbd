"""What was read of a log, and what a threshold does to it, in words and a table."""

import streamlit as st

from core.gradients.decoding import shown
from core.gradients.norm_log import NormLog
from core.gradients.reading import first_reading
from core.notation import write_number, write_share


def show(log: NormLog, threshold: float) -> None:
    """Say how the log was read, what is suspicious, and the first reading."""
    steps = "" if log.steps is None else " with their steps"
    st.markdown(
        f"Read as {log.format}: {len(log.norms):,} norms{steps}, from the field {shown(log.field)}."
    )
    for warning in log.warnings:
        st.warning(warning)
    try:
        reading = first_reading(log.norms, threshold)
    except ValueError as error:
        st.info(str(error))
        return
    st.header(reading.sentence, anchor=False)
    st.markdown(
        f"Over all steps it takes {write_share(reading.mean_loss)} of the length on average, "
        f"{write_share(reading.worst_loss)} at worst."
    )
    st.table(
        {
            "percent of the steps": [write_number(percent) for percent, _ in reading.percentiles],
            "have a norm of at most": [f"{norm:.6g}" for _, norm in reading.percentiles],
        }
    )
