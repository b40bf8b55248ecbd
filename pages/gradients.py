"""What would a threshold do to the reader's own training?"""

import streamlit as st

from core.gradients.norm_log import NormLog
from pages.widgets import notices, slots, story
from pages.widgets.gradients import recorder, source
from pages.widgets.gradients.log import show_log
from pages.widgets.gradients.whole import show_gradients
from pages.widgets.share import share

OWN = "This is yours; the link holds the settings alone, and shows others a sample. "

toolbar = slots.heading("gradients", "What would a threshold do to your training?")
st.markdown(
    "Bring a log with the norms of its gradients before clipping, or whole gradients; leave with a "
    "threshold. What you bring stays in the memory of this session, on no disk and in no link."
)
notices.place()
brought = source.ask()
if brought is not None:
    about = f"A sample: {brought.sample}. " if brought.sample else OWN
    if isinstance(brought.read, NormLog):
        show_log(brought.read, brought.name, about)
    else:
        show_gradients(brought.read, brought.name, about)
recorder.show()
with toolbar:
    share()
story.onward("gradients")
