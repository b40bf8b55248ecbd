"""One answer: the claim, its verdict, why, a picture to drag, and the way to its page."""

from collections.abc import Mapping
from contextlib import nullcontext

import streamlit as st

from core.answers.answer import Answer, Gradient, Paths, Steepest
from core.answers.answers import ANSWERS
from core.descent.exhibits import EXHIBITS
from core.descent.experiment import Experiment
from core.strategies import Strategy
from pages.widgets.answers import pictures
from pages.widgets.answers.steepest import steepest
from pages.widgets.descent.exhibits import inputs_of as descent_inputs
from pages.widgets.inputs import query
from pages.widgets.vector.settings import Picture
from pages.widgets.vector.settings import inputs_of as vector_inputs

GUESS = "Which step is the steepest? Guess, then look"


def show(key: str, *, play: bool = False, ask: bool = False) -> None:
    """Show the answer of this key, which is its anchor, too.

    Paths side by side may ``play`` at once; ``ask`` hides the answer at first.
    """
    answer = ANSWERS[key]
    with st.container(key=f"answer_{key}"):
        st.subheader(f"“{answer.claim}”", anchor=key)
        if isinstance(answer.picture, Paths) and len(answer.picture.experiments) > 1:
            _words(key, answer, ask)
            _picture(key, _played(key, play), ask)
        else:
            left, right = st.columns([2, 3], gap="large")
            with left:
                _words(key, answer, ask)
            with right:
                _picture(key, 0, ask)


def _words(key: str, answer: Answer, ask: bool) -> None:
    with st.expander("The answer") if ask else nullcontext():
        st.markdown(f"**{answer.verdict.capitalize()}.** {answer.gist}")
        st.markdown(_reason(key))
        st.caption(f"Source: {answer.source}")
    ways = " · ".join(f"[{label}]({address})" for label, address in links(answer).items())
    st.markdown(f"In a new tab: {ways}")


def _played(key: str, at_once: bool) -> int:
    """Offer to play paths side by side; return a new number where they are to begin, else 0."""
    times = f"plays of {key}"
    before = int(st.session_state.get(times, 0))
    if st.button("Play both", key=f"play {key}"):
        st.session_state[times] = before + 1
        return before + 2  # 1 is for the page that opens
    return int(at_once and not before)


@st.cache_data(show_spinner="Computing the numbers …")
def _reason(key: str) -> str:
    return ANSWERS[key].reason()


@st.fragment
def _picture(key: str, play: int, ask: bool) -> None:
    claim = ANSWERS[key].claim
    match ANSWERS[key].picture:
        case Gradient() as gradient:
            pictures.gradient(key, gradient, claim, ask=ask)
        case Paths(experiments):
            for k, place in enumerate(st.columns(len(experiments))):
                with place:
                    it = experiments[k]
                    pictures.path(f"{key} {k}", it, f"{claim} {_label(it)}", play=play, ask=ask)
        case Steepest(comparison):
            with st.expander(GUESS) if ask else nullcontext():
                steepest(key, comparison, claim)


def links(answer: Answer) -> Mapping[str, str]:
    """Return the addresses of the full pages at just this case, by what to call them."""
    match answer.picture:
        case Gradient(comparison, shown, bars):
            drawn = Picture.BARS if bars else Picture.ARROWS
            return _of_gradient(vector_inputs(comparison, shown, drawn))
        case Paths(experiments):
            return {
                f"{_label(it)} on the page of paths": f"./descent?{query(descent_inputs(it))}"
                for it in experiments
            }
        case Steepest(comparison):
            return _of_gradient(vector_inputs(comparison, tuple(Strategy)))


def _of_gradient(values: Mapping[str, object]) -> Mapping[str, str]:
    return {"this gradient on its page": f"./?{query(values)}"}


def _label(it: Experiment) -> str:
    named = [label for label, exhibit in EXHIBITS.items() if exhibit.experiment == it]
    return f"“{named[0]}”" if named else "this descent"
