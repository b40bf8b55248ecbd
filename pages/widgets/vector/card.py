"""One gradient as a card."""

from collections.abc import Mapping

from core.looks import NAMES
from core.notation import LARGEST_NUMBER, SMALLEST_NUMBER
from core.strategies import Strategy
from core.vector.comparison import Comparison
from core.vector.examples import FIXED
from pages.widgets import card
from pages.widgets.controls import ASK, MATCHING, RULE, SHOWN, THRESHOLD
from pages.widgets.gradient import GRADIENT, LAYERS
from pages.widgets.vector.settings import PICTURE, Picture, inputs_of

NAME = "vector"
HEADING = "Does clipping turn the gradient?"


def of(
    comparison: Comparison, shown: tuple[Strategy, ...], picture: Picture, *, ask: bool = False
) -> card.Card:
    """Return the card that opens as the page is."""
    opens = inputs_of(comparison, shown, picture) | {ASK.key: ask}
    return card.Card(NAME, HEADING, lambda home: page(home, opens))


def page(home: str = "", opens: Mapping[str, object] | None = None) -> str:
    """Return the card's page; ``home`` is the address of the full page, if there is one.

    It ``opens`` with these values of its inputs, or else with their defaults.
    """
    made = {label: example() for label, example in FIXED.items()}
    names = {strategy: NAMES[strategy] for strategy in Strategy}
    baked = {
        "inputs": card.told([GRADIENT, LAYERS, THRESHOLD, RULE, MATCHING, SHOWN, PICTURE, ASK]),
        "opens": opens or {},
        "names": names,
        "strategies": card.registry(),
        "limits": [SMALLEST_NUMBER, LARGEST_NUMBER],
        "examples": {
            label: {"gradient": it.gradient, "layers": it.layers, "threshold": it.threshold}
            for label, it in made.items()
        },
    }
    controls = [
        card.examples("Ready-made gradients", made),
        card.select(RULE),
        card.select(MATCHING),
        card.boxes(SHOWN, names),
        card.select(PICTURE),
    ]
    return card.card(NAME, HEADING, baked, "".join(controls), home)
