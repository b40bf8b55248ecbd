"""What to type, and what it really computes."""

import streamlit as st

from pages.widgets import notices, slots, story
from pages.widgets.frameworks import settings, views
from pages.widgets.share import share

toolbar = slots.heading("frameworks", "What do you type, and what does it compute?")
st.markdown(
    "The same word means other things elsewhere: one framework clips each variable alone, another "
    "all together; a threshold of 0 makes every gradient zero, or is off. Set what you want, and "
    "read the code in its place, and what comes out to the last digit."
)
notices.place()
chosen = settings.chosen()
st.header("The code", anchor="code")
views.codes(chosen)
st.header("What each really computes", anchor="computes")
views.computed(chosen)
st.header("Edge cases", anchor="edges")
views.lab(chosen)
st.header("Traps", anchor="traps")
views.traps()
views.groups(chosen)
st.header("Advice in five lines", anchor="advice")
st.markdown(views.ADVICE)
with toolbar:
    share()
story.onward("frameworks")
