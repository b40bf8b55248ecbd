"""An answer: what is said about clipping, how true it is, and by what numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from core.descent.experiment import Experiment
from core.strategies import Strategy
from core.vector.comparison import Comparison

Numbers: TypeAlias = Mapping[str, str]  # as a reader sees them, by their names in a text


class Verdict(StrEnum):
    """How true a claim is."""

    TRUE = "true"
    FALSE = "false"
    DEPENDS = "it depends"


@dataclass(frozen=True)
class Gradient:
    """A picture of one gradient."""

    comparison: Comparison
    shown: tuple[Strategy, ...] = (Strategy.VALUE, Strategy.GLOBAL)
    bars: bool = False


@dataclass(frozen=True)
class Paths:
    """A picture of descents, side by side if there are more."""

    experiments: tuple[Experiment, ...]


@dataclass(frozen=True)
class Steepest:
    """The picture of what is steepest in which norm."""

    comparison: Comparison  # of two numbers in one layer


Picture: TypeAlias = Gradient | Paths | Steepest


@dataclass(frozen=True)
class Answer:
    """One claim, and what is true of it."""

    claim: str  # in the words that people use
    verdict: Verdict
    gist: str  # the verdict in a sentence
    why: str  # a paragraph, with ``{names}`` where numbers belong
    measure: Callable[[], Numbers]  # computes them
    picture: Picture
    source: str  # in Markdown

    def reason(self) -> str:
        """Return the paragraph with its numbers, computed now."""
        return self.why.format(**self.measure())
