"""The tables of norms hold, below each heading, what it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clipping import Clipper
from core.gradients.norm_sections import (
    IDLE,
    LONGEST,
    longest_section,
    percentiles_section,
    reading_section,
    recommendation_section,
    rules_section,
    steps_csv,
)
from core.gradients.reading import first_reading
from core.gradients.recommendation import recommend_for_norms
from core.gradients.replays.fixed import Fixed
from core.gradients.replays.percentile import Percentile
from core.gradients.replays.running_mean import RunningMean
from core.gradients.target import Quantity, Reach, Target
from core.pytorch import pytorch
from core.strategies import Strategy
from tests.cases import ordinary_sizes

NORMS = np.array([0.5, 4.0, np.nan, 2.0])


def table(section):
    return {column.name: list(column.values) for column in section.columns}


def written(section):
    return [column.written for column in section.columns]


def test_the_longest_gradients_by_hand():
    section = longest_section(np.array([1.0, 4.0, np.inf, 8.0, np.nan, 0.0]), None, 2.0)
    places, norms, kept = (list(column.values) for column in section.columns)
    assert places == [4, 2, 1, 6]
    assert norms == [8, 4, 1, 0]
    assert kept == [0.25, 0.5, 1, 1]
    assert written(section)[2] == ["25.0%", "50.0%", "100.0%", "100.0%"]
    assert "threshold 2:" in section.sentences[0]


@given(st.lists(ordinary_sizes | st.sampled_from([1.0, np.nan]), min_size=1, max_size=30))
def test_no_gradient_is_longer_than_the_longest_and_of_equal_ones_the_first_is_told(norms):
    steps = np.arange(len(norms)) * 10 + 5
    at, told = list(longest_section(np.array(norms), steps, 1.0).columns)[:2]
    ordered = sorted(
        (step for step, norm in zip(steps, norms, strict=True) if np.isfinite(norm)),
        key=lambda step: (-norms[(step - 5) // 10], step),
    )
    if len(steps) > 1:
        assert list(at.values) == ordered[:LONGEST]
    assert list(told.values) == sorted((x for x in norms if x == x), reverse=True)[:LONGEST]


def test_rules_by_hand():
    rule = Fixed(1.0)
    section = rules_section({"fixed": rule}, {"fixed": rule.replay(NORMS)})
    told = table(section)
    assert told["rule: clips"] == ["at a fixed threshold"]
    assert told["parameters"] == ["threshold 1"]
    assert told["acts on"] == [2 / 3]
    assert told["takes on average"] == [pytest.approx((0 + 0.75 + 0.5) / 3)]
    assert told["at worst"] == [0.75]
    assert told["last threshold"] == [1]
    assert written(section)[2:] == [["66.7%"], ["41.7%"], ["75.0%"], ["1"]]


def test_the_last_threshold_is_that_after_the_last_step_or_one_a_layer():
    rules = {"percentile": Percentile(50), "running mean": RunningMean()}
    replays = {
        "percentile": rules["percentile"].replay([1.0, 5.0]),
        "running mean": rules["running mean"].replay([[1.0, 2.0], [3.0, 4.0]]),
    }
    section = rules_section(rules, replays)
    assert written(section)[-1] == ["3", "one a layer"]
    assert table(section)["parameters"][0] == "p 50"


def test_a_reading_tells_the_mean_and_the_worst():
    (sentence,) = reading_section(first_reading(NORMS, 1.0)).sentences
    assert "41.7% of the length on average, 75.0% at worst" in sentence


def test_percentiles_by_hand():
    percents, norms = table(percentiles_section(np.arange(1.0, 1001))).values()
    assert percents == [50, 75, 90, 95, 99, 99.9, 100]
    assert norms == [500, 750, 900, 950, 990, 999, 1000]


def test_a_line_for_each_step_by_hand():
    replays = {"fixed": Fixed(1.0).replay(NORMS), "percentile": Percentile(50).replay(NORMS)}
    lines = steps_csv(NORMS, np.array([10.0, 20.0, 30.0, 40.0]), replays).splitlines()
    assert lines[0] == (
        "number,step,norm,fixed threshold,fixed norm after,AutoClip threshold,AutoClip norm after"
    )
    # The medians so far are 0.5, 2.25 and 2; where a norm is not finite the last one stays.
    assert lines[1:] == [
        "1,10,0.5,1.0,0.5,0.5,0.5",
        "2,20,4.0,1.0,1.0,2.25,2.25",
        "3,30,nan,1.0,nan,2.25,nan",
        "4,40,2.0,1.0,1.0,2.0,2.0",
    ]


def test_without_steps_the_lines_are_counted_and_rules_for_each_layer_have_no_column():
    per_layer = RunningMean().replay(np.ones((2, 3)))
    assert steps_csv(np.array([1.0, 2.0]), None, {"running mean": per_layer}) == (
        "number,norm\n1,1.0\n2,2.0\n"
    )


def test_steps_that_are_not_whole_or_not_there_stay_so():
    text = steps_csv(np.ones(4), np.array([0.5, 1.0, np.nan, 1e300]), {})
    steps = [line.split(",")[1] for line in text.splitlines()[1:]]
    assert steps[:3] == ["0.5", "1", "nan"]
    assert float(steps[3]) == 1e300


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (Target(Quantity.SHARE, 0.25), "acts on at most 25.0% of the steps"),
        (Target(Quantity.ANGLE, np.pi / 6, Reach.HALF), "at most 30.0° on half of the steps"),
        (Target(Quantity.LOSS, 0.2), "at most 20.0% of the length on every step"),
    ],
)
def test_a_recommendation_says_what_is_wanted_and_gives_the_code(target, said):
    found = recommend_for_norms([1.0, 2.0, 4.0], target)
    section = recommendation_section({Strategy.GLOBAL: found}, target, Strategy.GLOBAL)
    assert said in section.sentences[0]
    assert section.sentences[1] == found.sentence
    if found.threshold is None:
        assert not section.code
    else:
        lines = pytorch(Clipper(Strategy.GLOBAL, found.threshold))
        assert section.code == {Strategy.GLOBAL.label: lines}


def test_the_strategy_that_is_asked_for_comes_first():
    target = Target(Quantity.LOSS, 0.2)
    found = dict.fromkeys(Strategy, recommend_for_norms([1.0, 2.0, 4.0], target))
    section = recommendation_section(found, target, Strategy.LAYER)
    assert next(iter(section.code or {})) == Strategy.LAYER.label
    assert len(section.code or {}) == len(Strategy)


@pytest.mark.parametrize(("limit", "idle"), [(0.0, True), (0.5, False)])
def test_it_says_where_no_threshold_acts(limit, idle):
    target = Target(Quantity.SHARE, limit)
    found = {Strategy.GLOBAL: recommend_for_norms([1.0, 2.0, 4.0], target)}
    section = recommendation_section(found, target, Strategy.GLOBAL)
    assert (IDLE in section.sentences) is idle
