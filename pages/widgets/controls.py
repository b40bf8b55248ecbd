"""The inputs that several pages share."""

import streamlit as st

from core.clipping import Rule
from core.matching import Matching, Thresholds
from core.runs import RELEASED
from core.strategies import Strategy
from pages.widgets.inputs import Choice, Positive, Several, Toggle

THRESHOLD = Positive(
    "threshold", "Threshold", "1", "The clip value: what is longer gets shortened to it."
)
RULE = Choice(
    "rule",
    "Rule",
    Rule,
    Rule.CLIP,
    "Clip shortens each block alone; radial shortens all by one factor, along the gradient; "
    "normalize lengthens short blocks, too.",
)
MATCHING = Choice(
    "matching",
    "Thresholds matched by",
    Matching,
    Matching.NUMBER,
    "The same number for all; or so that all results are as long as the one by value, of this "
    "gradient; or so that the longest possible results are the same.",
)
STRATEGY = Choice("strategy", "Strategy", Strategy, Strategy.GLOBAL)
SHOWN = Several("shown", "Strategies shown", Strategy, RELEASED)
FULL = Toggle("full", "Fill the screen")
ASK = Toggle("ask", "Ask first")
BLOCK = "a number, a layer, or the whole gradient, as the strategy has it"
RULES = {
    Rule.CLIP: f"Each block ({BLOCK}) alone is shortened to at most the threshold.",
    Rule.RADIAL: "Radial means along the gradient: one factor shortens everything, until the "
    f"longest block ({BLOCK}) fits. Nothing turns.",
    Rule.NORMALIZE: f"Each block ({BLOCK}) is brought to the threshold, be it longer or shorter.",
}
MATCHINGS = {
    Matching.NUMBER: "All strategies have the same threshold.",
    Matching.OUTPUT_LENGTH: "Every clipped gradient is as long as the one clipped by value.",
    Matching.WORST_LENGTH: "The longest possible result is the same for all strategies.",
}


def explain(thresholds: Thresholds) -> None:
    """Say what the chosen rule and matching do."""
    st.caption(f"{RULES[thresholds.rule]} {MATCHINGS[thresholds.matching]}")
