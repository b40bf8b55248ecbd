"""The sentence under the picture says what core measures, in words."""

import json

import quickjs

from core.assets import ASSETS
from core.clipping import Rule
from core.looks import NAMES
from core.matching import Matching, Thresholds
from core.strategies import Strategy
from core.vector.comparison import Comparison
from pages.widgets.browser import script
from pages.widgets.live import strategies

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(script(ASSETS / "vector" / "sentence.js"))


def sentence(comparison: Comparison, shown: tuple[Strategy, ...] = tuple(Strategy)) -> str:
    readouts = {strategy: comparison.readout(strategy) for strategy in Strategy}
    view = {
        "gradient": comparison.gradient,
        "layers": comparison.layers,
        "threshold": comparison.thresholds.by_value,
        "rule": comparison.thresholds.rule,
        "matching": comparison.thresholds.matching,
        "shown": shown,
        "names": NAMES,
        "strategies": strategies(comparison.layers),
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
    said = JAVASCRIPT.eval(f"JSON.stringify(vector_sentence.sentence({json.dumps(view)}))")
    return "".join(piece["text"] for piece in json.loads(said))


def test_the_sentence_names_every_strategy_and_what_it_did() -> None:
    shown = (Strategy.VALUE, Strategy.LAYER, Strategy.GLOBAL)
    said = sentence(Comparison((3.0, 4.0, 0.3, 0.4), (2, 2), Thresholds(1.0)), shown)
    assert said == (
        "Clipping a gradient of 4 numbers and length 5.02 at 1.00: by value turns it by 15.9° and "
        "keeps 29.9% of its length, though every sign is kept; per layer turns it by 20.9° and "
        "keeps 22.2% of its length, though every layer keeps its direction; by global norm does "
        "not turn it and keeps 19.9% of its length."
    )


def test_one_number_cannot_turn() -> None:
    said = sentence(Comparison((-10.0,), (1,), Thresholds(1.0)), (Strategy.VALUE,))
    assert "does not turn it and keeps 10.0% of its length (one number has only a sign" in said


def test_a_short_gradient_is_left_alone() -> None:
    assert sentence(Comparison((0.3, 0.4), (2,), Thresholds(1.0))).count("changes nothing") == len(
        Strategy
    )


def test_normalizing_a_short_gradient_lengthens_it() -> None:
    said = sentence(
        Comparison((0.3, 0.4), (2,), Thresholds(1.0, Rule.NORMALIZE)), (Strategy.GLOBAL,)
    )
    assert "makes it 2.00 times as long" in said


def test_matched_thresholds_are_said() -> None:
    said = sentence(
        Comparison((3.0, 4.0), (2,), Thresholds(1.0, Rule.CLIP, Matching.OUTPUT_LENGTH))
    )
    assert "(thresholds matched: same output length)" in said


def test_a_zero_gradient_has_no_direction() -> None:
    assert "no direction" in sentence(Comparison((0.0, 0.0), (2,), Thresholds(1.0)))


def test_no_strategy_shown_is_said() -> None:
    assert "No strategy is shown" in sentence(Comparison((3.0, 4.0), (2,), Thresholds(1.0)), ())
