"""Does it matter for the path?"""

import streamlit as st

from pages.widgets import descent, exhibits, inputs, maps, outcomes
from pages.widgets.share import share

st.title("Does the turn matter for the path?")
st.markdown(
    "Drag the start, the threshold or the learning rate: every run goes down anew, at once; the "
    "thin line is the run without clipping. Arrows point down the gradient, before and after "
    "clipping: as long as the threshold is always the same length, and longer ones are cut off."
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
    descent.about(where)
    outcomes.outcomes(experiment)
    exhibits.claims(experiment)
    maps.rate_threshold_map(notices, experiment, descent.choose)
    maps.starts_map(notices, experiment)
