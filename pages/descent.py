"""Does it matter for the path?"""

import streamlit as st

from pages.widgets import controls, descent, exhibits, maps, outcomes, slots
from pages.widgets.share import share

INTRODUCTION = (
    "Drag the start, the threshold or the learning rate, and every run descends anew; the thin "
    "line is the run without clipping."
)

toolbar = slots.heading("descent", "Does the turn matter for the path?")
lead = slots.slot("descent_lead")
notices, picture = st.container(), slots.slot("descent_picture")
choices, reading = st.container(horizontal=True, gap="medium"), st.container()
st.subheader("Set it exactly")
where = descent.landscape(notices)
experiment, step = descent.experiment(notices, choices, where)
with toolbar:
    exhibits.exhibits()
    share()
with lead:
    st.markdown(exhibits.shows(experiment) or INTRODUCTION)
with picture:
    descent.stage(experiment, step)
with reading:
    controls.explain(experiment.rule, experiment.matching)
    st.caption(
        "The arrows are minus the gradient: plain before clipping, in color after it. One as long "
        "as the threshold is drawn always at the same length, and longer ones are cut off."
    )
    exhibits.claims(experiment)
    st.caption(where.built.teaches)
    formula = slots.slot("descent_formula")
if slots.drawn():
    with formula:
        st.latex(where.built.latex)
    st.subheader("What became of the runs")
    outcomes.outcomes(experiment)
    maps.rate_threshold_map(notices, experiment, descent.choose)
    maps.starts_map(notices, experiment)
