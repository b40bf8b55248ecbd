"""How bad does it get in n dimensions?"""

import streamlit as st

from pages.widgets import controls, notices, slots, story
from pages.widgets.dimensions import bounds, settings, views
from pages.widgets.dimensions.settings import View
from pages.widgets.share import share

toolbar = slots.heading("dimensions", "How far does it turn in many dimensions?")
st.container(key="introduction").markdown(
    "Clip by value turns two numbers by 45 degrees at the most, and n numbers by up to "
    "arccos(1/√n), which nears a right angle as n grows. Draw gradients at random and see how far "
    "they do turn: it is the distribution that decides."
)
notices.place()
view = settings.VIEW.ask()
numbers, picture, below = st.container(), slots.slot("dimensions_picture"), st.container()
if view in (View.DIRECTIONS, View.WORST):
    with picture:
        bounds.directions() if view is View.DIRECTIONS else bounds.worst_case()
else:
    below.header("Set it exactly")
    drawn = settings.draws(view, numbers, below)
    with below:
        shown = controls.SHOWN.ask()
    with picture:
        views.show(view, drawn, shown)
with toolbar:
    share()
story.onward("dimensions")
