"""What happens to this gradient?"""

import streamlit as st

from pages.widgets import controls, numbers
from pages.widgets.examples import examples, second_layer
from pages.widgets.share import share
from pages.widgets.stage import stage

WHY_TWO_LAYERS = (
    "With one layer, per layer and global norm are the same: one block. By value and per layer are "
    "the same when every layer is a single number. Two layers of two numbers are the fewest that "
    "tell all three strategies apart and can still be drawn, one plane for each layer."
)

st.title("Does clipping turn the gradient?")
st.markdown(
    "Drag the arrow, the edge of a region, or the threshold. Clipping shortens a gradient until it "
    "fits: **by value** into a square, **per layer** into a disc for each layer, **by global "
    "norm** into one ball for all. A square has corners, so what is pressed into it can turn."
)
notices, toolbar = st.container(), st.container(horizontal=True)
picture, inputs = st.container(), st.container()
with inputs:
    st.subheader("Set it exactly")
    comparison = controls.comparison(notices)
    with st.container(horizontal=True, gap="large"):
        shown = controls.shown(notices)
        drawn_as = controls.picture(notices, comparison.layers)
with toolbar:
    examples()
    second_layer(comparison.gradient, comparison.layers)
    st.space("stretch")
    share()
with picture:
    stage(comparison, shown, drawn_as)
    st.caption(WHY_TWO_LAYERS)
numbers.formulas(comparison, shown)
numbers.tables(comparison, shown)
