"""Does it matter for the path?"""

from contextlib import nullcontext

import streamlit as st

from pages.widgets import controls, notices, slots, story
from pages.widgets.descent import card, exhibits, maps, optimizer, report, settings
from pages.widgets.descent.stage import stage
from pages.widgets.share import share

INTRODUCTION = (
    "Every run tries to lower the **loss**, here the height. Drag the start, the threshold or the "
    "**learning rate**, the step at a gradient of length 1. Thin: the run without clipping."
)

toolbar = slots.heading("descent", "Does the turn matter for the path?")
lead = slots.slot("descent_lead")
notices.place()
picture = slots.slot("descent_picture")
choices, reading = st.container(horizontal=True, gap="medium"), st.container()
st.subheader("Set it exactly")
where = settings.landscape()
experiment, step = settings.experiment(choices, where)
with choices:
    full = controls.FULL.ask()
    ask = controls.ASK.ask()
    play = settings.PLAY.ask()
with toolbar:
    exhibits.exhibits()
    share(card.of(experiment, step, ask=ask, play=play))
with lead:
    if (shows := exhibits.shows(experiment)) and not ask:
        st.markdown(shows)
    else:
        st.container(key="introduction").markdown(INTRODUCTION)
with picture:
    stage(experiment, step, full=full, ask=ask, play=int(play))
with reading:
    if shows and not ask:
        st.caption(INTRODUCTION)
    controls.explain(experiment.thresholds)
    optimizer.explain(experiment.optimizer)
    if not ask:
        exhibits.claims(experiment)
    st.caption(where.built.teaches)
    formula = slots.slot("descent_formula")
if slots.drawn():
    with formula:
        st.latex(where.built.latex)
    with st.expander("The answer in numbers") if ask else nullcontext():
        st.subheader("What became of the runs")
        report.outcomes(experiment)
    maps.rate_threshold_map(experiment, settings.choose)
    maps.starts_map(experiment)
story.onward("descent")
