"""The reader's log: brought, read, and never kept, in no link and on no disk."""

import streamlit as st

from core.gradients.norm_log import NormLog, read_norm_log

MOST_PASTED = 2_000_000  # characters
READ = "log that was read"
NAMES = "upload_log", "pasted_log"  # of the widgets; they are not in the link


def ask() -> NormLog | None:
    """Ask for a log; return what was read of it, None where there is none or it is refused."""
    left, right = st.columns(2, gap="large")
    with left:
        file = st.file_uploader(
            "A log with norms of gradients",
            key=NAMES[0],
            help="CSV, TSV, JSON, JSON lines, a trainer state, or what a training printed.",
        )
    with right:
        pasted = st.text_area(
            "Or paste it", key=NAMES[1], max_chars=MOST_PASTED, placeholder="grad_norm: 0.53"
        )
    if file is None and not (pasted or "").strip():
        return None
    data, name = (pasted.encode(), "") if file is None else (file.getvalue(), file.name)
    try:
        log = _read(data, name)
        if len(log.candidates) > 1:
            field = st.selectbox("Norms are in", log.candidates, key="log_field")
            log = _read(data, name, field) if field != log.field else log
    except ValueError as error:
        st.warning(str(error))
        return None
    return log


def _read(data: bytes, name: str, field: str = "") -> NormLog:
    """Read a log once for a session, and again for another field; nobody else sees it."""
    file, logs = st.session_state.get(READ, (None, {}))
    if file != (data, name):
        logs = {}
        st.session_state[READ] = (data, name), logs
    if field not in logs:
        logs[field] = read_norm_log(data, name, field)
    log: NormLog = logs[field]
    return log
