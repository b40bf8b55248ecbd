"""What happens to this gradient?"""

from contextlib import nullcontext

import streamlit as st

from pages.widgets import controls, notices, slots, story
from pages.widgets.share import share
from pages.widgets.vector import card, report, settings
from pages.widgets.vector.examples import examples, second_layer
from pages.widgets.vector.stage import stage

READING = {
    (2,): "With one layer, per layer and global norm are the same, so their arrows lie on each "
    "other. A second layer tells all three strategies apart.",
    (2, 2): "An arc is the turn of one layer by itself; the large numbers are the turn of the "
    "whole. × is the factor by which a strategy shortens a layer: per layer it differs between "
    "the two, so the whole turns although neither layer does. The dotted circle is what the ball "
    "of the global norm leaves over for this layer beside the other.",
}

toolbar = slots.heading("vector", "Does clipping turn the gradient?")
st.container(key="introduction").markdown(
    "Drag the arrow, the edge of a region, or the threshold. **By value** turns a gradient when "
    "its numbers are shortened by different factors, **per layer** when its layers are (a layer "
    "is a part of a network, and here the numbers that belong to it), **by global norm** never: "
    "there is one factor for all."
)
notices.place()
picture = slots.slot("vector_picture")
choices, reading = st.container(horizontal=True, gap="medium"), st.container()
st.subheader("Set it exactly")
comparison = settings.comparison(choices)
with choices:
    shown = controls.SHOWN.ask()
    drawn_as = settings.picture(comparison.layers)
    full = controls.FULL.ask()
    ask = controls.ASK.ask()
with toolbar:
    examples()
    second_layer(comparison.gradient, comparison.layers)
    share(card.of(comparison, shown, drawn_as, ask=ask))
with picture:
    stage(comparison, shown, drawn_as, full=full, ask=ask)
with reading:
    controls.explain(comparison.thresholds)
    if comparison.layers in READING:
        st.caption(READING[comparison.layers])
    st.markdown(story.QUESTION)
if slots.drawn():
    with st.expander("The answer in formulas") if ask else nullcontext():
        report.formulas(comparison, shown)
    report.tables(comparison, shown)
story.onward("vector")
