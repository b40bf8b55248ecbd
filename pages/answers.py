"""So why would anyone clip elementwise?"""

import streamlit as st

from core.answers.answers import ANSWERS
from pages.widgets import controls, notices, slots, story
from pages.widgets.answers import aid, answer
from pages.widgets.descent.settings import PLAY
from pages.widgets.share import share

toolbar = slots.heading("answers", "So why would anyone clip elementwise?")
st.container(key="introduction").markdown(
    "“The gradient is the direction of steepest descent. Clipping elementwise changes that "
    "direction; why would we clip instead of normalize?” What is said about it, how true it is, "
    "and pictures to try it by hand. The results are computed here, not typed."
)
notices.place()
with toolbar:
    ask, play = controls.ASK.ask(), PLAY.ask()
    share()
st.header("What is said, and how true it is", anchor="claims")
for key in ANSWERS:
    answer.show(key, play=play, ask=ask)
st.header("Which one, then?", anchor="decide")
aid.decide()
st.header("The words", anchor="words")
aid.glossary()
st.header("References", anchor="references")
aid.references()
story.onward("answers")
