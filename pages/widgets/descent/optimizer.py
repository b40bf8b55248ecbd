"""What follows the clipped gradients: the input, and words about it."""

import streamlit as st

from core.descent.experiment import Experiment
from core.optimizers import BETAS, MOMENTUM, Optimizer
from pages.widgets.inputs import Choice

OPTIMIZER = Choice(
    "descent_optimizer",
    "Optimizer",
    Optimizer,
    Optimizer.PLAIN,
    "What follows the clipped gradients: plain descent goes by the newest alone, momentum, "
    "Nesterov's and Adam by the earlier ones, too.",
)
ARROWS = (
    "The arrows are minus the gradient: without color before clipping, in color after it. One as "
    "long as the threshold is drawn always at the same length, and longer ones are cut off."
)
AVERAGED = [f"{1 / (1 - beta):,.0f}" for beta in BETAS]  # gradients, about
MEANINGS = {  # of what does not go along the arrows
    Optimizer.MOMENTUM: "Momentum goes by the sum of all clipped gradients so far, each counting "
    f"{MOMENTUM} times as much as the next.",
    Optimizer.NESTEROV: "Nesterov's momentum goes by the sum of all clipped gradients so far, each "
    f"counting {MOMENTUM} times as much as the next, and looks one step ahead: the newest counts "
    f"{1 + MOMENTUM} times, the others {MOMENTUM} times.",
    Optimizer.ADAM: "Adam goes, in every coordinate, by the mean of about the last "
    f"{AVERAGED[0]} clipped gradients, divided by the root of the mean square of about the last "
    f"{AVERAGED[1]}.",
}


def explain(optimizer: Optimizer) -> None:
    """Say what the arrows are, and what goes by them."""
    meaning = MEANINGS.get(optimizer)
    st.caption(f"{ARROWS} {meaning} So the path need not follow them." if meaning else ARROWS)


def under(it: Experiment) -> str:
    """Name the optimizer in a sentence, where it is not plain descent."""
    return "" if it.optimizer is Optimizer.PLAIN else f" with {it.optimizer}"
