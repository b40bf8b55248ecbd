"""The sentence under the picture says what core measures, in words."""

import json

import pytest
import quickjs

from core.clipping import Rule, Strategy
from core.looks import NAMES
from core.matching import Matching
from core.vector.comparison import Comparison
from pages.widgets.browser import ASSETS, as_scope

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(as_scope(ASSETS / "stage" / "words.js"))


def say(name: str, *arguments: object) -> str:
    plain = json.dumps(arguments)  # NaN stays NaN, which JavaScript reads
    answer = JAVASCRIPT.eval(f"JSON.stringify(wordsModule.{name}(...{plain}))")
    said = json.loads(answer)
    return said if isinstance(said, str) else "".join(piece["text"] for piece in said)


def sentence(comparison: Comparison, shown: tuple[Strategy, ...] = tuple(Strategy)) -> str:
    readouts = {strategy: comparison.readout(strategy) for strategy in Strategy}
    view = {
        "gradient": comparison.gradient,
        "layers": comparison.layers,
        "threshold": comparison.threshold,
        "rule": comparison.rule,
        "matching": comparison.matching,
        "shown": shown,
        "names": NAMES,
        "results": {
            strategy: {
                "after": list(readout.after),
                "angle": readout.angle,
                "kept": 1 - readout.magnitude_loss,
                "clipped": readout.clipped_fraction,
                "signs": readout.signs_kept,
            }
            for strategy, readout in readouts.items()
        },
    }
    return say("sentence", view)


def test_the_sentence_names_every_strategy_and_what_it_did() -> None:
    said = sentence(Comparison((3.0, 4.0, 0.3, 0.4), (2, 2), 1.0))
    assert said == (
        "Clipping a gradient of 4 numbers and length 5.02 at 1.00: by value turns it by 15.9° and "
        "keeps 30% of its length, though every sign is kept; per layer turns it by 20.9° and keeps "
        "22% of its length, though every layer keeps its direction; by global norm does not turn "
        "it and keeps 20% of its length."
    )


def test_one_number_cannot_turn() -> None:
    said = sentence(Comparison((-10.0,), (1,), 1.0), (Strategy.VALUE,))
    assert "does not turn it and keeps 10% of its length (one number has only a sign" in said


def test_a_short_gradient_is_left_alone() -> None:
    assert sentence(Comparison((0.3, 0.4), (2,), 1.0)).count("changes nothing") == 3


def test_normalizing_a_short_gradient_lengthens_it() -> None:
    said = sentence(Comparison((0.3, 0.4), (2,), 1.0, Rule.NORMALIZE), (Strategy.GLOBAL,))
    assert "makes it 2.00 times as long" in said


def test_matched_thresholds_are_said() -> None:
    said = sentence(Comparison((3.0, 4.0), (2,), 1.0, Rule.CLIP, Matching.OUTPUT_LENGTH))
    assert "(thresholds matched: same output length)" in said


def test_a_zero_gradient_has_no_direction() -> None:
    assert "no direction" in sentence(Comparison((0.0, 0.0), (2,), 1.0))


def test_no_strategy_shown_is_said() -> None:
    assert "No strategy is shown" in sentence(Comparison((3.0, 4.0), (2,), 1.0), ())


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (1, "1.00"),
        (-3.14159, "-3.14"),
        (999.7, "1000"),
        (12345, "12345"),
        (0.00123, "0.00123"),
        (1e-30, "1.00e-30"),
        (1e30, "1.00e30"),
        (0.0009999, "1.00e-3"),
    ],
)
def test_numbers_have_three_significant_digits(number: float, written: str) -> None:
    assert say("digits", number) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0, "0%"),
        (0.0123, "1.2%"),
        (0.0996, "10%"),
        (0.5, "50%"),
        (0.999, "99.9%"),
        (0.99999, "more than 99.9%"),
        (1, "100%"),
        (1e-20, "less than 0.1%"),
    ],
)
def test_small_shares_have_one_decimal(share: float, written: str) -> None:
    assert say("percent", share) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (0.5, "0.5"), (100, "100"), (300, "300"), (2e10, "2e10"), (5e-30, "5e-30")],
)
def test_a_number_on_an_axis_keeps_its_zeros(number: float, written: str) -> None:
    assert say("tick", number) == written
