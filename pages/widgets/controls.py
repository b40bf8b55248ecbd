"""Every input once. Its key is its name in the link, so keys, options and defaults never change."""

from enum import StrEnum

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.clipping import Rule, Strategy
from core.comparison import Comparison
from core.distributions import Distribution
from core.experiment import NO_NOISE
from core.matching import Matching
from core.notation import read_gradient, read_threshold, write_gradient, write_number
from core.population import Basis
from core.runs import RUNS
from pages.widgets import inputs


class Picture(StrEnum):
    """How the gradient is drawn."""

    ARROWS = "arrows"
    BARS = "bars"


PERCENTILE = 10  # what AutoClip's authors found best
DEFAULTS: dict[str, object] = {
    "gradient": "3.2, 1.1",
    "layers": "",
    "threshold": "1",
    "rule": Rule.CLIP,
    "matching": Matching.NUMBER,
    "shown": list(Strategy),
    "picture": Picture.ARROWS,
    "surface": "Rosenbrock",
    "formula": "(1 - x)^2 + 100*(y - x^2)^2",
    "phi": 0,
    "second": "none",
    "start": "",
    "learning_rate": "0.01",
    "steps": 500,
    "step": 2000,
    "runs": list(RUNS),
    "noise": NO_NOISE,
    "noise_scale": "1",
    "noise_seed": 0,
    "map": False,
    "map_shows": "final loss",
    "starts_of": "closed",
    "distribution": Distribution.GAUSSIAN,
    "nu": "3",
    "coordinates": 100,
    "layer_count": 4,
    "sizes": "",
    "unit": "standard deviations",
    "draws": "",
    "draw_seed": 0,
    "basis": Basis.OWN,
    "view": "histograms",
    "reach": "10",
    "worst_n": 10,
    "worst_ratio": "10",
    "task": "adding problem",
    "fault": "none",
    "optimizer": "its own",
    "layering": "tensor",
    "training_threshold": "",
    "training_rate": "",
    "training_steps": "",
    "batch": "",
    "training_seed": 0,
    "training_matching": Matching.WORST_LENGTH,
    "training_runs": list(RUNS),
    "training_run": Strategy.VALUE,
    "training_map": "norm",
    "training_step": 0,
    "percentile": PERCENTILE,
}
RULES = {
    Rule.CLIP: "Each block alone is shortened to at most the threshold.",
    Rule.RADIAL: "One factor shortens everything, until the longest block fits. Nothing turns.",
    Rule.NORMALIZE: "Each block is brought to the threshold, be it longer or shorter.",
}
MATCHINGS = {
    Matching.NUMBER: "Every strategy clips at the same number.",
    Matching.OUTPUT_LENGTH: "Every clipped gradient is as long as the one clipped by value.",
    Matching.WORST_LENGTH: "The longest possible result is the same for all strategies.",
}


def comparison(notices: DeltaGenerator, choices: DeltaGenerator) -> Comparison:
    """Ask for a gradient, its layers and a threshold; in ``choices`` for a rule and a matching."""
    wide, small, least = st.columns([3, 1, 1])
    gradient, layers = _gradient(wide, small, notices)
    with least:
        clip_value = threshold(notices)
    with choices:
        return Comparison(gradient, layers, clip_value, rule(notices), matching(notices))


def threshold(notices: DeltaGenerator) -> float:
    """Ask for the threshold of clip by value."""
    default = str(DEFAULTS["threshold"])
    hint = "The clip value: what is longer gets shortened to it."
    text = inputs.text("threshold", "Threshold", default, hint)
    return inputs.accepted(
        notices, "threshold", read_threshold(default), lambda: read_threshold(text), write_number
    )


def positive(notices: DeltaGenerator, key: str, label: str) -> float:
    """Ask for another positive number."""
    default = str(DEFAULTS[key])
    text = inputs.text(key, label, default, "A positive number.")
    return inputs.accepted(
        notices,
        key,
        read_threshold(default),
        lambda: read_threshold(text, label.lower()),
        write_number,
    )


def rule(notices: DeltaGenerator) -> Rule:
    """Ask for the rule."""
    return inputs.choice(notices, "rule", "Rule", Rule, Rule.CLIP)


def matching(notices: DeltaGenerator) -> Matching:
    """Ask how the thresholds of the strategies are matched."""
    label = "Thresholds matched by"
    return inputs.choice(notices, "matching", label, Matching, Matching.NUMBER)


def explain(chosen_rule: Rule, chosen_matching: Matching) -> None:
    """Say what the chosen rule and matching do."""
    st.caption(f"{RULES[chosen_rule]} {MATCHINGS[chosen_matching]}")


def shown(notices: DeltaGenerator) -> tuple[Strategy, ...]:
    """Ask which strategies are shown."""
    return inputs.several(notices, "shown", "Strategies shown", Strategy)


def picture(notices: DeltaGenerator, layers: tuple[int, ...]) -> Picture:
    """Ask how the gradient is drawn; arrows need one plane, or one plane for each of two layers."""
    chosen = inputs.choice(notices, "picture", "Drawn as", Picture, Picture.ARROWS)
    if sum(layers) == 2 or layers == (2, 2):
        return chosen
    if chosen is Picture.ARROWS:
        st.caption("Arrows need two numbers, or two layers of two. Others are drawn as bars.")
    return Picture.BARS


def reset() -> None:
    """Set every input of the page back to its default, from a callback."""
    here = {key: default for key, default in DEFAULTS.items() if key in st.session_state}
    inputs.set_inputs(**here)


Layered = tuple[tuple[float, ...], tuple[int, ...]]


def _gradient(wide: DeltaGenerator, small: DeltaGenerator, notices: DeltaGenerator) -> Layered:
    default, no_sizes = str(DEFAULTS["gradient"]), str(DEFAULTS["layers"])
    with wide:
        hint = "Numbers with commas or spaces; a bar | between layers."
        text = inputs.text("gradient", "Gradient", default, hint)
    with small:
        hint = "Such as 2, 2. Leave it empty if bars tell them."
        sizes = inputs.text("layers", "Layer sizes", no_sizes, hint)
    with wide:
        return inputs.accepted(
            notices,
            "gradient",
            _layered(default, no_sizes),
            lambda: _layered(text, sizes),
            lambda it: write_gradient(*it),
        )


def _layered(text: str, sizes: str) -> Layered:
    gradient, layers = read_gradient(text, sizes)
    return tuple(map(float, gradient)), layers
