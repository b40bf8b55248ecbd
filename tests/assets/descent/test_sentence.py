"""The sentence of the descents tells of a run that left the finite numbers that it did."""

import json

import quickjs

from core.assets import ASSETS
from pages.widgets.browser import script

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(script(ASSETS / "descent" / "sentence.js"))
VIEW = {
    "runs": ["none", "value"],
    "names": {"none": "without clipping", "value": "by value"},
    "traces": {
        "none": {"heights": [8, 1e105], "taken": 1},
        "value": {"heights": [8, 4, 2, 1], "taken": 3},
    },
    "start": [3, 4],
    "steps": 3,
    "optimizer": "plain",
}


def say(step: int, **others: object) -> str:
    view = json.dumps({**VIEW, "step": step, **others})
    pieces = json.loads(JAVASCRIPT.eval(f"JSON.stringify(descent_sentence.sentence({view}))"))
    assert {piece.get("strategy") for piece in pieces} == {None, *VIEW["runs"]}
    return "".join(piece["text"] for piece in pieces)


def test_of_a_run_that_left_the_finite_numbers_the_last_loss_is_told_and_that_it_left() -> None:
    end = "without clipping 1.00e105 until it left the finite numbers at step 2; by value 1.00."
    assert say(3) == f"After 3 steps from (3.00, 4.00), the loss is: {end}"
    at_two = "without clipping 1.00e105 until it left the finite numbers at step 2; by value 2.00."
    assert say(2) == f"At step 2 from (3.00, 4.00), the loss is: {at_two} After 3 steps: {end}"


def test_an_optimizer_is_named_where_it_is_not_plain_descent() -> None:
    plain = "After 3 steps from (3.00, 4.00), the loss is: "
    assert say(3).startswith(plain)
    assert say(3, optimizer="Adam") == say(3).replace("3 steps", "3 steps with Adam")
    assert say(1, optimizer="Adam").replace(" with Adam", "") == say(1)
    assert say(1, optimizer="Adam") != say(1)


def test_until_then_it_has() -> None:
    assert say(1).startswith(
        "At step 1 from (3.00, 4.00), the loss is: without clipping 1.00e105; by value"
    )
