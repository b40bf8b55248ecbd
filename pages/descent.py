"""Does it matter for the path?"""

import streamlit as st

from pages.widgets import descent, exhibits, inputs, outcomes
from pages.widgets.share import share

st.title("Does the turn matter for the path?")
st.markdown(
    "Drag the start, the threshold or the learning rate: every run goes down anew, at once. Dark: "
    "without clipping. Arrows point down the gradient, before and after clipping; one threshold is "
    "always as long, and longer arrows are cut off."
)
notices, toolbar = st.container(), st.container(horizontal=True)
picture, table, settings = st.container(), st.container(), st.container()
with settings:
    st.subheader("Set it exactly")
    where = descent.landscape(notices)
    experiment = descent.experiment(notices, where)
    most = descent.MOST_STEPS
    step = inputs.whole_number(notices, "step", "Step shown", 0, most, most)
with toolbar:
    exhibits.exhibits()
    st.space("stretch")
    share()
with picture:
    descent.stage(experiment, min(step, experiment.steps))
with table:
    outcomes.outcomes(experiment)
    exhibits.claims(experiment)
