"""Does it matter for a real network?"""

import streamlit as st

from pages.widgets import notices, slots, story
from pages.widgets.share import share
from pages.widgets.training import exhibits, report, settings, steps, watch

toolbar = slots.heading("training", "Does it matter for a real network?")
st.container(key="introduction").markdown(
    "Train the same network without clipping and with each strategy: the same first weights, the "
    "same batches (a **batch** is the examples that one step looks at). Training lowers the "
    "**loss**, which says how wrong the network is. At every step you see what each strategy would "
    "do to the very same gradient."
)
notices.place()
task, fault = settings.task()
with st.expander("Set it exactly"):
    settings.about(task)
    it = settings.training(task, fault)
    runs = settings.runs()
with toolbar:
    exhibits.exhibits()
    share()
with st.container(horizontal=True, vertical_alignment="center"):
    watch.buttons(it, runs)
    st.markdown(exhibits.shows(it) or settings.words(it))
    if former := watch.former(it, runs):
        st.caption(former)
found = watch.present()
watch.watch(it)
if found and found.training.task == task:
    run, shows = watch.looked_at(found)
    watch.look(found, run, shows)
    if found.rests(run):
        report.numbers(found, run)
        steps.threshold_helper(found, run)
        steps.one_step(found, run)
story.onward("training")
