"""What would a threshold do to the reader's own training?"""

import streamlit as st

from pages.widgets import controls, notices, slots, story
from pages.widgets.gradients import log, views
from pages.widgets.share import share

toolbar = slots.heading("gradients", "What would a threshold do to your training?")
st.markdown(
    "Bring the log of a training with the norms of its gradients before clipping, and read how "
    "often a threshold acts on them. The log stays in the memory of this session: it is written "
    "to no disk, and is never in the link."
)
notices.place()
read = log.ask()
threshold = controls.THRESHOLD.ask()
if read is not None:
    views.show(read, threshold)
with toolbar:
    share()
story.onward("gradients")
