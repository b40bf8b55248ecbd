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
shown, settings = st.container(), st.container()
with chosen:
    task, fault = training.task(notices)
with settings:
    st.header("Set it exactly", anchor=False)
    training.about(task)
    it = training.training(notices, task, fault)
    runs = training.runs(notices)
with toolbar:
    training.exhibits()
    share()
with buttons:
    trained.buttons(it, runs)
    st.markdown(training.shows(it))
found = trained.present()
with shown:
    if found:
        trained.watch(found)
        run, shows = trained.looked_at(notices, found)
        trained.look(found, run, shows)
        if found.rests(run):
            results.numbers(found, run)
            steps.threshold_helper(notices, found, run)
            steps.one_step(notices, found, run)
    else:
        trained.preview(it)
