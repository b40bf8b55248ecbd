"""Does it matter for a real network?"""

import streamlit as st

from pages.widgets import results, slots, steps, trained, training
from pages.widgets.share import share

toolbar = slots.heading("training", "Does it matter for a real network?")
st.markdown(
    "Train the same network without clipping and with each strategy: the same first weights, the "
    "same batches. At every step you see what each strategy would do to the very same gradient."
)
notices, chosen = st.container(), st.container()
buttons = st.container(horizontal=True, vertical_alignment="center")
shown, settings, details = st.container(), st.container(), st.container()
with chosen:
    task, fault = training.task(notices)
with settings:
    st.header("Set it exactly", anchor=False)
    status = st.empty()
    training.about(task)
    it = training.training(notices, task, fault)
    runs = training.runs(notices)
with toolbar:
    training.exhibits()
    share()
with buttons:
    trained.buttons(it, runs)
    if says := training.shows(it):
        st.markdown(says)
if former := trained.former(it, runs):
    for place in buttons, status:
        place.caption(former)
found = trained.present()
if not found or found.training.task != task:
    with shown:
        trained.preview(it)
else:
    with shown:
        trained.watch(found)
        run, shows = trained.looked_at(notices, found)
        trained.look(found, run, shows)
    if found.rests(run):
        with details:  # below the settings, so that these stay where they are
            results.numbers(found, run)
            steps.threshold_helper(notices, found, run)
            steps.one_step(notices, found, run)
