"""Small live pictures: what a reader drags on one stays in the session, and is in no link."""

from dataclasses import replace
from typing import TypeVar

import streamlit as st

from core.answers.answer import Gradient
from core.descent.experiment import Experiment
from pages.widgets.descent import stage as paths
from pages.widgets.live import Edit
from pages.widgets.vector import stage as gradients
from pages.widgets.vector.settings import Picture

T = TypeVar("T")


def gradient(key: str, picture: Gradient, label: str, *, ask: bool = False) -> None:
    """Show one gradient; the ``label`` says to a screen reader which picture it is."""
    it = _kept(key, picture.comparison)

    def take(edit: Edit) -> None:
        dragged = it
        if "gradient" in edit:
            dragged = replace(dragged, gradient=tuple(edit["gradient"]))
        if "threshold" in edit:
            thresholds = replace(dragged.thresholds, by_value=edit["threshold"])
            dragged = replace(dragged, thresholds=thresholds)
        _keep(key, dragged)

    gradients.stage(
        it,
        picture.shown,
        Picture.BARS if picture.bars else Picture.ARROWS,
        small=True,
        ask=ask,
        key=f"answer {key}",
        label=label,
        take=take,
    )
    _back(key)


def path(key: str, experiment: Experiment, label: str, *, play: int = 0, ask: bool = False) -> None:
    """Show a descent; the ``label`` says to a screen reader which picture it is."""
    it, step = _kept(key, (experiment, experiment.steps))

    def take(edit: Edit) -> None:
        dragged = it
        if "start" in edit:
            dragged = replace(dragged, start=tuple(edit["start"]))
        if "threshold" in edit:
            thresholds = replace(dragged.thresholds, by_value=edit["threshold"])
            dragged = replace(dragged, thresholds=thresholds)
        if "learning_rate" in edit:
            dragged = replace(dragged, learning_rate=edit["learning_rate"])
        _keep(key, (dragged, edit.get("step", step)))

    # Where the loss tells nothing of the slow way, a plot has to.
    small = not it.surface.slow
    paths.stage(
        it, step, small=small, ask=ask, play=play, key=f"answer {key}", label=label, take=take
    )
    _back(key)


def _kept(key: str, first: T) -> T:
    found: T = st.session_state.get(_memory(key), first)
    return found


def _back(key: str) -> None:
    """Offer the way back, below a picture that was dragged."""
    if _memory(key) in st.session_state:
        st.button("Back to the case of the text", key=f"back {key}", on_click=_forget, args=[key])


def _keep(key: str, value: object) -> None:
    st.session_state[_memory(key)] = value


def _forget(key: str) -> None:
    st.session_state.pop(_memory(key), None)


def _memory(key: str) -> str:
    return f"dragged {key}"
