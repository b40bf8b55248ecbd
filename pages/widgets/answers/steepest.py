"""The live picture of which step is the steepest, by which length."""

from core.answers.steepest import Kind
from core.looks import NAMES
from core.notation import LARGEST_NUMBER, SMALLEST_NUMBER
from core.strategies import Strategy
from core.vector.comparison import Comparison
from pages.widgets import live
from pages.widgets.answers.memory import moved, offer_the_way_back, taker

LAYERS = (2,)  # one layer of two numbers, which is a plane
LENGTHS = {  # what each measures a step by, in words
    Strategy.GLOBAL: "Euclidean length (l2)",
    Strategy.VALUE: "largest number (l∞)",
}

_stage = live.register("steepest", "answers/steepest")


def steepest(key: str, it: Comparison, label: str) -> None:
    """Show a gradient of two numbers and, in the ball of each length, the step that it prefers.

    The ``label`` says to a screen reader which picture it is.
    """
    data = {
        "gradient": it.gradient,
        "threshold": it.thresholds.by_value,
        "kind": Kind.CLIPPED,
        **moved(key),
        "layers": LAYERS,
        "balls": list(LENGTHS),
        "lengths": LENGTHS,
        "kinds": {kind: kind.label for kind in Kind},
        "names": {strategy: NAMES[strategy] for strategy in LENGTHS},
        "strategies": live.strategies(LAYERS),
        "limits": [SMALLEST_NUMBER, LARGEST_NUMBER],
    }
    _stage(f"answer {key}", data, taker(key), label)
    offer_the_way_back(key)
