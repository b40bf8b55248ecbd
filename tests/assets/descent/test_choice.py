"""What is said of the reader's choice: which run ends with the lowest loss."""

import json

import pytest
import quickjs

from core.assets import ASSETS
from core.looks import NAMES
from pages.widgets.browser import script

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(script(ASSETS / "descent" / "choice.js"))


def verdict(chosen: str, losses: dict[str, float | None]) -> str:
    """Return what is said of runs of one step; one that has no loss left the finite numbers."""
    view = {
        "runs": list(losses),
        "names": NAMES,
        "steps": 1,
        "traces": {
            run: {"heights": [9, 0.001 if loss is None else loss], "taken": int(loss is not None)}
            for run, loss in losses.items()
        },
    }
    call = f"descent_choice.verdict({json.dumps(chosen)}, {json.dumps(view)})"
    return str(JAVASCRIPT.eval(call))


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ({"none": 3.0, "value": 2.0, "layer": 1.0}, "the lowest is per layer, at 1.00."),
        ({"none": None, "value": 2.0}, "the lowest is by value, at 2.00."),
        ({"none": 3.0, "value": -2.0, "layer": 1.0}, "the lowest is by value, at -2.00."),
        (
            {"none": 3.0, "value": 1.0001, "layer": 1.0},
            "by value and per layer end alike, lowest at 1.00.",
        ),
        (
            {"none": 1.0, "value": 1.0, "global": 1.0},
            "without clipping, by value and by global norm end alike, lowest at 1.00.",
        ),
        ({"value": 1.01, "layer": 1.0}, "the lowest is per layer, at 1.00."),
        ({"value": None, "layer": None}, "no run ends with a finite loss."),
    ],
)
def test_the_lowest_run_is_named_or_those_that_end_alike(
    losses: dict[str, float | None], words: str
) -> None:
    assert verdict("value", losses) == f"You chose by value; {words}"
