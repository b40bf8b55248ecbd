"""The sentence under the picture names the steps, their falls and their angles."""

import json

import pytest
import quickjs

from core.answers.steepest import Kind, fall, steepest, step_of
from core.assets import ASSETS
from core.geometry import angle
from core.strategies import Strategy
from pages.widgets.answers.steepest import LAYERS, LENGTHS
from pages.widgets.browser import script
from pages.widgets.live import strategies

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(script(ASSETS / "answers" / "sentence.js"))
NUMBERS = (3.2, 1.1)


def sentence(gradient: tuple[float, ...], threshold: float, kind: Kind) -> str:
    steps = {ball: threshold * steepest(gradient, LAYERS, ball) for ball in LENGTHS}
    steps |= {"third": step_of(kind, gradient, threshold)}
    results = {
        name: {
            "step": step.tolist(),
            "angle": float(angle(gradient, step)),
            "falls": {ball: float(fall(gradient, step, LAYERS, ball)) for ball in LENGTHS},
        }
        for name, step in steps.items()
    }
    view = {
        "gradient": gradient,
        "threshold": threshold,
        "kind": kind,
        "balls": list(LENGTHS),
        "lengths": LENGTHS,
        "names": {strategy: strategy.label for strategy in Strategy},
        "strategies": strategies(LAYERS),
        "results": results,
    }
    told = json.dumps(view).replace("NaN", "null")
    said = JAVASCRIPT.eval(f"JSON.stringify(answers_sentence.sentence({told}))")
    return "".join(piece["text"] for piece in json.loads(said))


def test_both_are_the_steepest_by_their_own_lengths() -> None:
    said = sentence(NUMBERS, 1.0, Kind.CLIPPED)
    assert said == (
        "The gradient (3.20, 1.10) points uphill; the loss is taken for a tilted plane, its linear "
        "model. Of the steps in the disc, with a Euclidean length (l2) of at most 1.00, the "
        "steepest is by global norm: it lowers the loss by 3.38 per unit of that length and lies "
        "straight downhill. Of the steps in the square, with a largest number (l∞) of at most "
        "1.00, the steepest is by value: it lowers the loss by 4.30 per unit of that length and "
        "lies 26.0° from straight downhill. Of the two, each is the steepest by its own length. "
        "Clipped by value, the step has the direction of the signs alone: 26.0° from straight "
        "downhill. All angles are under 90°, so every step leads downhill."
    )


@pytest.mark.parametrize(
    ("threshold", "kind", "words"),
    [
        (2.0, Kind.CLIPPED, "between the plain step (0.0°) and the signs alone (26.0°): 9.8° from"),
        (4.0, Kind.CLIPPED, "changes nothing here: the gradient lies in the square"),
        (2.0, Kind.PLAIN, "The plain step is minus the gradient: straight downhill"),
        (2.0, Kind.SIGN, "are the step that the square prefers: 26.0° from straight downhill"),
    ],
)
def test_the_third_step_is_said(threshold: float, kind: Kind, words: str) -> None:
    assert words in sentence(NUMBERS, threshold, kind)


def test_a_zero_number_leaves_a_whole_edge_as_good() -> None:
    assert "all of an edge of the square is as good" in sentence((2.0, 0.0), 1.0, Kind.SIGN)


def test_a_zero_gradient_has_no_direction() -> None:
    assert "no step leads downhill" in sentence((0.0, 0.0), 1.0, Kind.PLAIN)
