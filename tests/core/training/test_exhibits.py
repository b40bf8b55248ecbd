"""What ready-made trainings claim is what they come to."""

from dataclasses import replace

import pytest

from core.matching import Matching
from core.runs import NONE
from core.strategies import Strategy
from core.training.exhibits import EXHIBITS, SELDOM
from core.training.report import summary
from core.training.tasks import ACCURACY, TASKS, baseline
from core.training.train import train
from core.training.training import Training

CLAIMED = [
    (name, matching, run)
    for name, it in EXHIBITS.items()
    for matching in Matching
    for run in it.metrics[matching] | it.clipped[matching]
]


@pytest.mark.parametrize(("name", "matching", "run"), CLAIMED)
def test_an_exhibit_shows_what_it_claims(name, matching, run):
    exhibit = EXHIBITS[name]
    training = exhibit.under(matching)
    row = summary(training, run, list(train(training, run)))
    for claimed, found in (
        (exhibit.metrics[matching], row.metric),
        (exhibit.clipped[matching], row.clipped_share),
    ):
        low, high = claimed.get(run, (float("-inf"), float("inf")))
        assert low <= found <= high
    # What the page says of the run goes with what the exhibit says.
    if TASKS[exhibit.task].metric == ACCURACY:
        learned = exhibit.metrics[matching][run][0] > baseline(TASKS[exhibit.task])
        assert ("no better than" in row.words) != learned
    net = name == "One poisoned batch" and exhibit.clipped[matching].get(run) == SELDOM
    assert row.words.endswith("clipped: a safety net") == net


@pytest.mark.parametrize("name", EXHIBITS)
def test_an_exhibit_says_what_becomes_of_it_under_every_matching(name):
    exhibit = EXHIBITS[name]
    for matching in Matching:
        assert matching in exhibit.otherwise
        assert {Strategy.LAYER, Strategy.GLOBAL} <= exhibit.metrics[matching].keys()
    assert f"{exhibit.training.thresholds.matching}, the default" in exhibit.otherwise


def test_the_same_number_is_low_for_a_norm():
    training = EXHIBITS["One poisoned batch"].under(Matching.NUMBER)
    for run in (Strategy.LAYER, Strategy.GLOBAL):
        assert summary(training, run, list(train(training, run))).magnitude_loss > 0.9


def test_without_clipping_and_by_value_no_matching_counts():
    for run in (NONE, Strategy.VALUE):
        shown = [[step.loss for step in train(_short(matching), run)] for matching in Matching]
        assert shown[0] == shown[1] == shown[2]


def test_every_task_has_an_exhibit():
    assert {exhibit.task for exhibit in EXHIBITS.values()} == set(TASKS)


def _short(matching: Matching) -> Training:
    return replace(EXHIBITS["One poisoned batch"].under(matching), steps=8, fault_step=4)
