"""The browser is told what core found, under the right names, as JSON that it can read."""

import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from core.gradients.drawn import (
    ground_of_gradients,
    ground_of_norms,
    of_gradients,
    of_norms,
    said,
)
from core.gradients.gradients import Gradients
from core.gradients.outline import COLUMNS
from core.gradients.over_steps import curves_over_steps, results_at
from core.gradients.reading import first_reading
from core.strategies import Strategy
from tests.cases import layered_gradients, thresholds

NAMES = {"angle": "angle", "loss": "magnitude_loss", "clipped": "clipped_fraction"}
ROUNDED = 1e-7  # more than half of the seventh decimal

EDGES = [0.0, 5e-324, 1e-40, 1.0, 1e40, 1.7e308, np.nan, np.inf]


def gradients_of(values, layers):
    names = tuple(str(i) for i in range(len(layers)))
    shapes = tuple((size,) for size in layers)
    steps = tuple(range(1, 1 + len(values)))
    return Gradients(names, shapes, steps, np.array(values, np.float64), "a test")


def ground_of(gradients, lines):
    found = curves_over_steps(gradients, count=9)
    return found, read(ground_of_gradients(found, gradients.lengths, gradients.steps, lines))


def read(text):
    """Read JSON as a browser does, which has no word for what is not finite."""

    def refuse(word):
        raise AssertionError(f"no browser reads {word}")

    return json.loads(text, parse_constant=refuse)


@given(layered_gradients(4))
def test_every_curve_is_that_of_core_under_its_name(case):
    values, layers = case
    assume(values.any())
    found, ground = ground_of(gradients_of(values, layers), {})
    assert ground["thresholds"] == found.thresholds.tolist()
    assert list(ground["curves"]) == [*Strategy]
    for strategy, effect in found.effects.items():
        curves = ground["curves"][strategy]
        assert set(curves) == {"share", *NAMES}
        assert curves["share"] == {"middle": effect.acts.tolist()}
        for name, quantity in NAMES.items():
            band = getattr(effect, quantity)
            edges = {"low": band.low, "middle": band.median, "high": band.high}
            assert set(curves[name]) == set(edges)
            for edge, drawn in curves[name].items():
                assert_allclose(drawn, edges[edge], rtol=0, atol=ROUNDED)


def test_bands_by_hand():
    # Norms of one number are brought to the threshold: the longest loses most.
    _, ground = ground_of(gradients_of([[4], [1.5], [-8], [2]], (1,)), {})
    t = np.array(ground["thresholds"])
    for curves in ground["curves"].values():
        for edge, norm in (("low", 1.5), ("middle", 2), ("high", 8)):
            assert_allclose(curves["loss"][edge], np.maximum(1 - t / norm, 0), atol=ROUNDED)
            assert_array_equal(curves["clipped"][edge], t < norm)
            assert not np.any(curves["angle"][edge])
    assert_allclose(ground["norms"]["high"], [4, 1.5, 8, 2])
    assert ground["norms"]["at"] == [1, 2, 3, 4]
    assert ground["norms"]["range"] == [1, 10]


def test_one_step_has_no_band_and_no_course():
    gradients = gradients_of([[3, 4]], (1, 1))
    _, ground = ground_of(gradients, {"AutoClip": np.ones(1)})
    for curves in ground["curves"].values():
        assert all(set(curve) == {"middle"} for curve in curves.values())
    assert (ground["several"], ground["norms"], ground["rules"]) == (False, None, [])


def test_results_by_hand():
    gradients = gradients_of([[3, 4]], (1, 1))
    found = curves_over_steps(gradients, count=9)
    told = of_gradients(found, results_at(gradients, 3.5), 3.5, "", "")
    results = json.loads(json.dumps(told))["now"]["results"]
    # By global norm the length 5 becomes 3.5; by value (3, 4) becomes (3, 3.5).
    assert results["global"] == pytest.approx({"share": 1, "angle": 0, "loss": 0.3, "clipped": 1})
    turned = np.arctan2(4, 3) - np.arctan2(3.5, 3)
    lost = 1 - np.hypot(3, 3.5) / 5
    assert results["value"] == pytest.approx(
        {"share": 1, "angle": turned, "loss": lost, "clipped": 0.5}
    )
    assert told["threshold"] == told["now"]["threshold"] == 3.5


def test_without_results_it_is_told_none():
    found = curves_over_steps(gradients_of([[3, 4]], (1, 1)), count=9)
    told = of_gradients(found, None, 3.5, "the ground", "what is seen")
    assert told["now"] is None
    assert (told["ground"], told["says"]) == ("the ground", "what is seen")


@given(
    st.lists(thresholds | st.sampled_from(EDGES), min_size=1, max_size=20),
    thresholds,
)
def test_the_curves_of_norms_are_what_each_threshold_does(norms, threshold):
    given_ = np.array(norms)
    assume((np.isfinite(given_) & (given_ > 0)).any())
    ground = read(ground_of_norms(given_, None, threshold, {}))
    curves = ground["curves"]["global"]
    for i, t in enumerate(ground["thresholds"]):
        reading = first_reading(given_, t)
        assert curves["share"]["middle"][i] == reading.share
        assert curves["meanLoss"]["middle"][i] == pytest.approx(reading.mean_loss, abs=1e-9)
    assert ground["sweep"]["longest"] == max(x for x in norms if np.isfinite(x))
    assert ground["sweep"]["total"] == np.isfinite(given_).sum()


def test_a_sweep_by_hand():
    ground = read(ground_of_norms(np.array([1.5, 2.0, 5.0, np.nan]), None, 1.0, {}))
    assert ground["sweep"]["decades"] == [0, 1]
    assert ground["range"] == [1, 10]
    at = 400 - 100  # of thresholds from 1.00 on, the one of 4.00
    assert ground["sweep"]["counts"][at] == 1
    assert ground["sweep"]["losses"][at] == pytest.approx(0.2 / 3, abs=ROUNDED)
    assert ground["norms"]["percentiles"] == [[50, 2], [90, 5], [99, 5]]
    assert ground["norms"]["notFinite"] == [4]


def test_what_is_told_of_norms_by_hand():
    told = of_norms(np.array([1.0, 2.0, 4.0, np.inf]), None, 1.6, "the ground")
    result = told["now"]["results"]["global"]
    expected = {"count": 2, "share": 2 / 3, "meanLoss": (0 + 0.2 + 0.6) / 3, "worst": 0.6}
    assert result == pytest.approx(expected)
    assert (told["ground"], told["threshold"], told["shown"]) == ("the ground", 1.6, ["global"])


@pytest.mark.parametrize("of", ["norms", "gradients"])
def test_rules_are_drawn_where_they_have_a_threshold(of):
    lines = {"ZClip": np.array([np.inf, 2.0, 3.0]), "none yet": np.full(3, np.inf)}
    norms = np.array([1.0, 2.0, 4.0])
    if of == "norms":
        ground = read(ground_of_norms(norms, [10, 20, 40], 1.0, lines))
        at = [20, 40]
    else:
        _, ground = ground_of(gradients_of(norms[:, np.newaxis], (1,)), lines)
        at = [2, 3]
    assert ground["rules"] == [{"name": "ZClip", "at": at, "thresholds": [2, 3]}]


def test_a_line_of_many_steps_has_no_more_points_than_can_be_seen_and_both_ends():
    thresholds = np.arange(1.0, 2001)
    ground = read(ground_of_norms(np.ones(2000), None, 1.0, {"AutoClip": thresholds}))
    (line,) = ground["rules"]
    assert line["at"] == line["thresholds"]
    assert len(line["at"]) == COLUMNS
    assert (line["at"][0], line["at"][-1]) == (1, 2000)


def test_what_is_said_of_the_picture():
    words = said(np.array([1.0, 2.0, 4.0, np.nan]), [5, 6, 7, 8])
    assert words.startswith("4 norms ")
    assert " 5 to 8:" in words
    assert "50% at most 2, 90% at most 4, 99% at most 4, the largest 4" in words
    assert words.endswith(" 1 are not finite.")
