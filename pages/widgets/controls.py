"""Every input once. Its key is its name in the link, so keys, options and defaults never change."""

import streamlit as st

from core.clipping import Rule
from core.descent.experiment import NO_NOISE
from core.dimensions.distributions import Distribution
from core.dimensions.population import Basis
from core.matching import Matching
from core.notation import read_threshold, write_number
from core.runs import RUNS
from core.strategies import Strategy
from pages.widgets import inputs

PERCENTILE = 10  # what AutoClip's authors found best
DEFAULTS: dict[str, object] = {
    "gradient": "3.2, 1.1",
    "layers": "",
    "threshold": "1",
    "rule": Rule.CLIP,
    "matching": Matching.NUMBER,
    "shown": list(Strategy),
    "picture": "arrows",
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


def threshold() -> float:
    """Ask for the threshold of clip by value."""
    default = str(DEFAULTS["threshold"])
    hint = "The clip value: what is longer gets shortened to it."
    text = inputs.text("threshold", "Threshold", default, hint)
    return inputs.accepted(
        "threshold", read_threshold(default), lambda: read_threshold(text), write_number
    )


def positive(key: str, label: str) -> float:
    """Ask for another positive number."""
    default = str(DEFAULTS[key])
    text = inputs.text(key, label, default, "A positive number.")
    return inputs.accepted(
        key,
        read_threshold(default),
        lambda: read_threshold(text, label.lower()),
        write_number,
    )


def rule() -> Rule:
    """Ask for the rule."""
    return inputs.choice("rule", "Rule", Rule, Rule.CLIP)


def matching() -> Matching:
    """Ask how the thresholds of the strategies are matched."""
    label = "Thresholds matched by"
    return inputs.choice("matching", label, Matching, Matching.NUMBER)


def explain(chosen_rule: Rule, chosen_matching: Matching) -> None:
    """Say what the chosen rule and matching do."""
    st.caption(f"{RULES[chosen_rule]} {MATCHINGS[chosen_matching]}")


def shown() -> tuple[Strategy, ...]:
    """Ask which strategies are shown."""
    return inputs.several("shown", "Strategies shown", Strategy)


def reset() -> None:
    """Set every input of the page back to its default, from a callback."""
    here = {key: default for key, default in DEFAULTS.items() if key in st.session_state}
    inputs.set_inputs(**here)
