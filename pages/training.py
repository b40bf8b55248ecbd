"""Does it matter for a real network?"""

import streamlit as st

from pages.widgets import notices, slots
from pages.widgets.share import share
from pages.widgets.training import exhibits, report, settings, steps, watch

toolbar = slots.heading("training", "Does it matter for a real network?")
st.markdown(
    "Train the same network without clipping and with each strategy: the same first weights, the "
    "same batches. At every step you see what each strategy would do to the very same gradient."
)
notices.place()
chosen = st.container()
buttons = st.container(horizontal=True, vertical_alignment="center")
shown, below, details = st.container(), st.container(), st.container()
with chosen:
    task, fault = settings.task()
with below:
    st.header("Set it exactly", anchor=False)
    status = st.empty()
    settings.about(task)
    it = settings.training(task, fault)
    runs = settings.runs()
with toolbar:
    exhibits.exhibits()
    share()
with buttons:
    watch.buttons(it, runs)
    if says := exhibits.shows(it):
        st.markdown(says)
if former := watch.former(it, runs):
    for place in buttons, status:
        place.caption(former)
found = watch.present()
if not found or found.training.task != task:
    with shown:
        watch.preview(it)
else:
    with shown:
        watch.watch(found)
        run, shows = watch.looked_at(found)
        watch.look(found, run, shows)
    if found.rests(run):
        with details:  # below the settings, so that these stay where they are
            report.numbers(found, run)
            steps.threshold_helper(found, run)
            steps.one_step(found, run)
