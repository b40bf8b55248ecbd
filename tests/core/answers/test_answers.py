"""Every answer's numbers, against the literature's and by other ways."""

import math
import string

import numpy as np
import pytest

from core.answers import paths, turning
from core.answers.answer import Answer, Paths, Verdict
from core.answers.answers import ANSWERS
from core.answers.references import REFERENCES, cite
from core.clipping import clip
from core.descent.exhibits import EXHIBITS
from core.notation import write_degrees

VERDICTS = {
    "direction": Verdict.FALSE,
    "sign": Verdict.TRUE,
    "steepest": Verdict.DEPENDS,
    "descent": Verdict.FALSE,
    "progress": Verdict.DEPENDS,
    "normalize": Verdict.DEPENDS,
    "layers": Verdict.FALSE,
    "alike": Verdict.DEPENDS,
    "slower": Verdict.DEPENDS,
    "tails": Verdict.DEPENDS,
    "bias": Verdict.DEPENDS,
    "parts": Verdict.FALSE,
    "adam": Verdict.DEPENDS,
    "trial": Verdict.DEPENDS,
}


def test_the_answers_lead_in_this_order_to_these_verdicts() -> None:
    assert {key: answer.verdict for key, answer in ANSWERS.items()} == VERDICTS
    assert list(ANSWERS) == list(VERDICTS)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_every_number_of_a_text_is_computed_and_every_one_computed_is_shown(
    answer: Answer,
) -> None:
    named = {name for _, name, _, _ in string.Formatter().parse(answer.why) if name}
    given = answer.measure()
    assert named <= set(given)
    if answer is not ANSWERS["trial"]:  # which looks back at another
        assert named == set(given)
    assert "{" not in answer.reason()


@pytest.mark.parametrize("key", REFERENCES)
def test_every_reference_is_cited_or_names_its_place(key: str) -> None:
    it = REFERENCES[key]
    assert it.link.startswith("https://")
    assert any(it.link in answer.source for answer in ANSWERS.values()), key
    assert str(it.year) in cite(key)


def test_the_angles_are_those_of_the_literature() -> None:
    found = turning.direction()
    assert found["two"] == "45.0°"
    assert found["three"] == "54.7°"
    assert found["hundred"] == "84.3°"
    # by hand: (10, 1) lies at arctan(1/10), what is clipped to (1, 1) at 45 degrees
    assert found["turned"] == write_degrees(math.pi / 4 - math.atan(0.1))
    assert turning.layers()["turned"] == "20.9°"
    assert turning.layers()["each"] == "0.0°"
    assert turning.parts()["running"] == "18.4°"  # of (1, 2) from (1, 1)
    assert turning.parts()["samples"] == "39.3°"


def test_both_norms_have_the_steepest_direction_that_a_search_finds() -> None:
    gradient = np.array(turning.DOWNHILL.gradient)
    around = np.linspace(0, 2 * np.pi, 100_001)
    directions = np.stack([np.cos(around), np.sin(around)], axis=-1)
    boxed = directions / np.abs(directions).max(axis=-1, keepdims=True)
    found = turning.norms()
    assert float(found["l2"]) == pytest.approx((directions @ gradient).max(), rel=5e-3)
    assert float(found["most"]) == pytest.approx((boxed @ gradient).max(), rel=5e-3)


def test_signs_are_kept_though_the_gradient_turns_far() -> None:
    before = np.array(turning.SIGNS.gradient)
    after = np.clip(before, -0.1, 0.1)
    cosine = before @ after / np.sqrt(before @ before) / np.sqrt(after @ after)
    assert turning.signs()["kept"] == "6 of 6"
    assert turning.signs()["turned"] == write_degrees(math.acos(cosine))


def test_every_step_falls_at_least_as_smoothness_promises() -> None:
    found = paths.descends()
    steps, of_all = found["steps"].split(" of ")
    assert steps == of_all
    assert float(found["least"]) >= 1


def test_the_ridges_end_as_their_exhibits_say() -> None:
    found = paths.ridges()
    assert found["steps"] == "66"
    assert float(found["diagonal"]) == pytest.approx(1, abs=1e-3)
    assert found["norm"] == found["diagonal_norm"]
    assert found["plain"] == "66"  # without clipping, too, but in leaps
    assert float(found["leap"]) == 100
    assert float(found["small"]) < 0.2
    assert float(found["norm"]) > 0.9  # it needs 69,075 steps


def test_the_fourth_power_takes_what_its_exhibit_says() -> None:
    found = paths.slower()
    assert found["with"] == "129"
    assert float(found["plain"]) < float(found["stable"])
    assert 129 < int(found["without"]) < 1000
    assert float(found["stable"]) == pytest.approx(1 / (2 * 10**2), rel=5e-3)


def test_normalizing_cannot_settle_and_clipping_cannot_leave_the_plateau() -> None:
    found = paths.normalizing()
    assert found["clipped"] == "converged"
    assert found["normalized"] == "limit cycle"
    assert float(found["clipped_loss"]) < 1e-3 < float(found["normalized_loss"])
    assert float(found["away"]) < 1e-3 < float(found["plateau"])


def test_smooth_is_alike_and_the_cliff_is_not() -> None:
    found = paths.alike()
    assert (found["norm"], found["value"]) == ("1,284", "1,022 to 1,255")
    assert found["over"] == "278"
    assert float(found["stuck"]) > 1e-3 > float(found["loosely"])


@pytest.mark.parametrize("kind", ["none", "heavy", "coordinate", "batch"])
def test_under_noise_by_value_is_at_least_as_good(kind: str) -> None:
    found = {way: float(paths.tails()[f"{kind}_{way}"]) for way in ("plain", "norm", "value")}
    if kind == "none":
        assert len(set(found.values())) == 1
    else:
        assert found["value"] <= found["norm"] < found["plain"]


def test_the_bias_is_that_of_the_source() -> None:
    assert paths.bias() == {"tight": "-1", "wide": "1", "plain": "1"}


def test_what_is_clipped_part_by_part_points_where_by_value_points() -> None:
    samples = np.array([[10.0, 0.0], [0.0, 1.0]])
    by_norm = clip(samples, (2,), 1.0).sum(axis=0)
    np.testing.assert_array_equal(by_norm, np.clip(samples.sum(axis=0), -1, 1))


def test_every_picture_of_paths_is_an_exhibit_but_the_normalized_bowl() -> None:
    shown = {
        it
        for answer in ANSWERS.values()
        if isinstance(answer.picture, Paths)
        for it in answer.picture.experiments
    }
    known = {exhibit.experiment for exhibit in EXHIBITS.values()}
    assert shown - known == {paths.NORMALIZED_BOWL}
