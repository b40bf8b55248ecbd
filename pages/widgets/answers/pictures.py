"""The small live pictures of gradients and of paths."""

from dataclasses import replace

from core.answers.answer import Gradient
from core.descent.experiment import Experiment
from core.matching import Thresholds
from pages.widgets.answers.memory import moved, offer_the_way_back, taker
from pages.widgets.descent import stage as paths
from pages.widgets.live import Edit
from pages.widgets.vector import stage as gradients
from pages.widgets.vector.settings import Picture


def gradient(key: str, picture: Gradient, label: str, *, ask: bool = False) -> None:
    """Show one gradient; the ``label`` says to a screen reader which picture it is."""
    it, changes = picture.comparison, moved(key)
    gradients.stage(
        replace(
            it,
            gradient=tuple(changes.get("gradient", it.gradient)),
            thresholds=_thresholds(it.thresholds, changes),
        ),
        picture.shown,
        Picture.BARS if picture.bars else Picture.ARROWS,
        small=True,
        ask=ask,
        key=f"answer {key}",
        label=label,
        take=taker(key),
    )
    offer_the_way_back(key)


def path(key: str, it: Experiment, label: str, *, play: int = 0, ask: bool = False) -> None:
    """Show a descent; the ``label`` says to a screen reader which picture it is."""
    changes = moved(key)
    paths.stage(
        replace(
            it,
            start=tuple(changes.get("start", it.start)),
            learning_rate=changes.get("learning_rate", it.learning_rate),
            thresholds=_thresholds(it.thresholds, changes),
        ),
        changes.get("step", it.steps),
        small=not it.surface.slow,  # where the loss tells nothing of the slow way, a plot has to
        ask=ask,
        play=play,
        key=f"answer {key}",
        label=label,
        take=taker(key),
    )
    offer_the_way_back(key)


def _thresholds(usual: Thresholds, changes: Edit) -> Thresholds:
    return replace(usual, by_value=changes.get("threshold", usual.by_value))
