"""Every input once. Its key is its name in the link, so keys, options and defaults never change."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.clipping import Rule, Strategy
from core.comparison import Comparison
from core.matching import Matching
from core.notation import read_gradient, read_threshold, write_gradient, write_number

DEFAULTS = {"gradient": "3.2, 1.1", "layers": "", "threshold": "1"}
RULES = {
    Rule.CLIP: "Each block alone is shortened to at most the threshold.",
    Rule.RADIAL: "One factor shortens everything, until the longest block fits. Nothing turns.",
    Rule.NORMALIZE: "Each block is brought to the threshold, be it longer or shorter.",
}
MATCHINGS = {
    Matching.NUMBER: "Every strategy clips at the same number.",
    Matching.OUTPUT_LENGTH: "Every clipped gradient is as long as the one clipped by value.",
    Matching.WORST_LENGTH: "No gradient can come out longer under one strategy than another.",
}


class Picture(StrEnum):
    """How the gradient is drawn."""

    ARROWS = "arrows"
    BARS = "bars"


T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)


def comparison(notices: DeltaGenerator) -> Comparison:
    """Ask for a gradient, its layers, a threshold, a rule and a matching.

    What is wrong with a link is said in ``notices``, where the reader of the picture sees it; what
    is wrong with what the reader types is said beside the input.
    """
    numbers, choices = st.container(), st.container()
    wide, small, least = numbers.columns([3, 1, 1])
    gradient, layers = _gradient(wide, small, notices)
    with least:
        clip_value = threshold(notices)
    left, right = choices.columns(2)
    with left:
        chosen_rule = rule(notices)
    with right:
        return Comparison(gradient, layers, clip_value, chosen_rule, matching(notices))


def threshold(notices: DeltaGenerator) -> float:
    """Ask for the threshold of clip by value."""
    text = _text("threshold", "Threshold", "The clip value: what is longer gets shortened to it.")
    default = read_threshold(DEFAULTS["threshold"])
    return _accepted(notices, "threshold", default, lambda: read_threshold(text), write_number)


def rule(notices: DeltaGenerator) -> Rule:
    """Ask for the rule."""
    chosen = _choice(notices, "rule", "Rule", Rule, Rule.CLIP)
    st.caption(RULES[chosen])
    return chosen


def matching(notices: DeltaGenerator) -> Matching:
    """Ask how the thresholds of the strategies are matched."""
    chosen = _choice(notices, "matching", "Thresholds matched by", Matching, Matching.NUMBER)
    st.caption(MATCHINGS[chosen])
    return chosen


def shown(notices: DeltaGenerator) -> list[Strategy]:
    """Ask which strategies are shown."""
    _check_options(notices, "shown", Strategy)
    chosen = st.pills(
        "Strategies shown",
        list(Strategy),
        default=list(Strategy),
        selection_mode="multi",
        key="shown",
        bind="query-params",
    )
    return [strategy for strategy in Strategy if strategy in chosen]


def picture(notices: DeltaGenerator, layers: tuple[int, ...]) -> Picture:
    """Ask how the gradient is drawn; arrows need one plane, or one plane for each of two layers."""
    chosen = _choice(notices, "picture", "Drawn as", Picture, Picture.ARROWS)
    if sum(layers) == 2 or layers == (2, 2):
        return chosen
    if chosen is Picture.ARROWS:
        st.caption("Arrows need two numbers, or two layers of two. Others are drawn as bars.")
    return Picture.BARS


def set_inputs(**texts: str) -> None:
    """Set inputs from a callback, as if the reader had typed them."""
    st.session_state.update(texts)


def reset() -> None:
    """Set every input back to its default, from a callback."""
    set_inputs(**DEFAULTS)
    st.session_state.update(
        rule=Rule.CLIP,
        matching=Matching.NUMBER,
        shown=list(Strategy),
        picture=Picture.ARROWS,
    )


Layered = tuple[tuple[float, ...], tuple[int, ...]]


def _gradient(wide: DeltaGenerator, small: DeltaGenerator, notices: DeltaGenerator) -> Layered:
    with wide:
        text = _text(
            "gradient", "Gradient", "Numbers with commas or spaces; a bar | between layers."
        )
    with small:
        sizes = _text("layers", "Layer sizes", "Such as 2, 2. Leave it empty if bars tell them.")
    with wide:
        return _accepted(
            notices,
            "gradient",
            _layered(DEFAULTS["gradient"], DEFAULTS["layers"]),
            lambda: _layered(text, sizes),
            lambda it: write_gradient(*it),
        )


def _layered(text: str, sizes: str) -> Layered:
    gradient, layers = read_gradient(text, sizes)
    return tuple(map(float, gradient)), layers


def _text(key: str, label: str, hint: str) -> str:
    return st.text_input(label, DEFAULTS[key], key=key, help=hint, bind="query-params") or ""


def _accepted(
    notices: DeltaGenerator, key: str, default: T, read: Callable[[], T], write: Callable[[T], str]
) -> T:
    """Return what was read; if it cannot be read, say why and return what was accepted last."""
    memory = f"accepted {key}"
    try:
        accepted = read()
    except ValueError as error:
        from_link = memory not in st.session_state
        accepted = default if from_link else st.session_state[memory]
        (notices if from_link else st).warning(f"{error} Still shown: {write(accepted)}.")
    st.session_state[memory] = accepted
    return accepted


def _choice(
    notices: DeltaGenerator, key: str, label: str, options: type[Choice], default: Choice
) -> Choice:
    _check_options(notices, key, options)
    return st.segmented_control(
        label,
        list(options),
        default=default,
        required=True,
        key=key,
        bind="query-params",
        wrap=True,
    )


def _check_options(notices: DeltaGenerator, key: str, options: type[StrEnum]) -> None:
    """Say it when a link holds an option that there is not; Streamlit itself drops it silently."""
    unknown = [text for text in st.query_params.get_all(key) if text and text not in list(options)]
    if unknown:
        notices.warning(f"The link has an unknown {key}. Accepted: {', '.join(options)}.")
