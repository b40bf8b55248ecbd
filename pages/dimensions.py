"""How bad does it get in n dimensions?"""

import streamlit as st

from pages.widgets import controls, notices, slots
from pages.widgets.dimensions import bounds, settings, views
from pages.widgets.dimensions.settings import View
from pages.widgets.share import share

toolbar = slots.heading("dimensions", "How far does it turn in many dimensions?")
st.markdown(
    "Clip by value turns two numbers by 45 degrees at the most, and n numbers by up to "
    "arccos(1/√n), which is nearly a right angle. Draw gradients at random and see how far they "
    "do turn: it is the distribution that decides."
)
notices.place()
view = settings.VIEW.ask()
numbers, picture, below = st.container(), slots.slot("dimensions_picture"), st.container()
with below:
    st.header("Set it exactly")
drawn = settings.draws(numbers, below)
with below:
    shown = controls.SHOWN.ask()
with toolbar:
    share()
with picture:
    match view:
        case View.DIRECTIONS:
            bounds.directions()
        case View.WORST:
            bounds.worst_case()
        case _ if not shown:
            st.caption("No strategy is shown. Choose one below.")
        case View.HISTOGRAMS:
            views.histograms(drawn, shown)
        case View.COORDINATES:
            views.growth(drawn, shown)
        case View.THRESHOLDS:
            views.against_threshold(drawn, shown)
