"""The sentence under the picture says what the readouts say, in words."""

import json

import pytest
import quickjs

from core.assets import ASSETS
from core.looks import NAMES
from pages.widgets.browser import script

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(script(ASSETS / "gradients" / "sentence.js"))


def sentence(results: dict[str, dict[str, float]], *, log: bool, several: bool = False) -> str:
    view = {
        "threshold": 0.5,
        "shown": list(results),
        "names": NAMES,
        "results": results,
        "ground": {"sweep": {} if log else None, "several": several},
    }
    said = JAVASCRIPT.eval(f"JSON.stringify(gradients_sentence.sentence({json.dumps(view)}))")
    return "".join(piece["text"] for piece in json.loads(said))


def test_of_a_log() -> None:
    acts = {"global": {"share": 0.25, "meanLoss": 0.1, "worst": 0.75}}
    assert sentence(acts, log=True) == (
        "At 0.500: by global norm acts on 25.0% of the steps, and takes 10.0% of the length on "
        "average, 75.0% at worst."
    )
    rests = {"global": {"share": 0, "meanLoss": 0, "worst": 0}}
    assert sentence(rests, log=True) == "At 0.500: by global norm acts on no step."


@pytest.mark.parametrize(
    ("several", "said"),
    [
        (
            False,
            "At 0.500: by value turns by 28.6° and takes 50.0% of the length; per layer changes "
            "nothing; by global norm turns hardly or not and takes 50.0% of the length.",
        ),
        (
            True,
            "At 0.500: by value turns by 28.6° and takes 50.0% of the length (medians); per layer "
            "leaves half of the steps or more alone; by global norm turns hardly or not and takes "
            "50.0% of the length (medians).",
        ),
    ],
)
def test_of_gradients(several: bool, said: str) -> None:
    results = {
        "value": {"angle": 0.5, "loss": 0.5, "clipped": 0.1},
        "layer": {"angle": 0, "loss": 0, "clipped": 0},
        "global": {"angle": 0, "loss": 0.5, "clipped": 1},
    }
    assert sentence(results, log=False, several=several) == said
