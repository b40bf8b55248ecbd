"""So why would anyone clip elementwise?"""

import streamlit as st

from core.answers.answers import ANSWERS
from pages.widgets import notices, slots, story
from pages.widgets.answers import aid, answer
from pages.widgets.share import share

toolbar = slots.heading("answers", "So why would anyone clip elementwise?")
st.container(key="introduction").markdown(
    "“The gradient is the direction of steepest descent. Clipping elementwise changes that "
    "direction; why would we clip instead of normalize?” What is said about it, how true it is, "
    "and pictures to try it by hand. Every number is computed as you open the page."
)
notices.place()
for key in ANSWERS:
    answer.show(key)
st.header("Which one, then?", anchor="decide")
aid.decide()
st.header("The words", anchor="words")
aid.glossary()
st.header("References", anchor="references")
aid.references()
with toolbar:
    share()
story.onward("answers")
