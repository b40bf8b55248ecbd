"""The inputs of the reader's own gradients, but for the file."""

import math
from dataclasses import dataclass
from enum import StrEnum

import streamlit as st

from core.gradients.replays.percentile import Percentile
from core.gradients.target import Quantity, Reach, Target
from pages.widgets.controls import FULL, THRESHOLD
from pages.widgets.inputs import Choice, Positive, Several, Slider, WholeNumber


class Wanted(StrEnum):
    """What the reader sets a limit to."""

    STEPS = "steps it acts on"
    ANGLE = "angle turned"
    LOSS = "length lost"


class Drawn(StrEnum):
    """Rules whose thresholds are drawn over the norms, as they are called for short."""

    AUTOCLIP = "AutoClip"
    ZCLIP = "ZClip"
    ADAGC = "AdaGC"


RULES = Several("rules", "Rules drawn", Drawn, (Drawn.AUTOCLIP, Drawn.ZCLIP))
PERCENTILE = Slider("autoclip", "AutoClip's percentile", 1, 99, int(Percentile().p))
DEPTH = WholeNumber(
    "depth",
    "Parts of a name that make a layer",
    0,
    9,
    0,
    "With 0 every tensor is a layer. With 1 all tensors are one layer whose names are the same up "
    "to the first dot; and so on.",
)
WANTED = Choice("wanted", "Keep small", Wanted, Wanted.LOSS)
REACH = Choice(
    "on_steps", "On", Reach, Reach.MOST, "The part of the steps on which the limit holds."
)
MOST = {
    Wanted.STEPS: Positive("most_steps", "At most, in percent of the steps", "5"),
    Wanted.ANGLE: Positive("most_angle", "At most, in degrees", "10"),
    Wanted.LOSS: Positive("most_loss", "At most, in percent of the length", "10"),
}


@dataclass(frozen=True)
class Exact:
    """What is set below the picture."""

    threshold: float
    full: bool
    rules: tuple[Drawn, ...]
    percentile: int


def exact(*, has_steps: bool = True) -> Exact:
    """Ask for the threshold, and for the rules that are drawn where there are several steps."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        threshold = THRESHOLD.ask()
        full = FULL.ask()
    if not has_steps:
        return Exact(threshold, full, (), PERCENTILE.default)
    with st.container(horizontal=True, gap="medium"):
        return Exact(threshold, full, RULES.ask(), PERCENTILE.ask())


def target() -> Target:
    """Ask for a limit that a recommendation has to keep.

    Raises ValueError with a sentence for the reader where the limit is out of range.
    """
    with st.container(horizontal=True, gap="medium"):
        wanted = WANTED.ask()
        reach = Reach.EVERY if wanted is Wanted.STEPS else REACH.ask()
    most = MOST[wanted].ask()
    match wanted:
        case Wanted.STEPS:
            return Target(Quantity.SHARE, most / 100, reach)
        case Wanted.ANGLE:
            return Target(Quantity.ANGLE, math.radians(most), reach)
        case Wanted.LOSS:
            return Target(Quantity.LOSS, most / 100, reach)
