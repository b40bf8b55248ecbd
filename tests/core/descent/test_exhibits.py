"""The exhibits: each claims what is true, and the page opens each as it is."""

import math
import os
import re

import pytest

from core.descent.descend import TOLERANCE, goal_words
from core.descent.exhibits import EXHIBITS, STEPS
from core.descent.optimizer_measurements import ROUNDINGS
from core.descent.report import report
from core.runs import NONE
from core.strategies import Strategy
from core.work import Work

CLAIMS = [(label, claim) for label, exhibit in EXHIBITS.items() for claim in exhibit.claims]
# Tens of thousands of steps, or hundreds of runs over the cliff: test_measurements.py holds
# the same numbers, mostly in the browser's loop, which is quick. Measured here on request.
SLOW = os.environ.get("SLOW") == "true"


@pytest.mark.parametrize(
    ("label", "claim"), CLAIMS, ids=[f"{label}: {claim.words}" for label, claim in CLAIMS]
)
def test_what_is_measured_is_what_is_claimed(label, claim):
    if claim.seconds and not SLOW:
        pytest.skip(f"takes about {claim.seconds} seconds: set SLOW=true")
    work = Work(1)
    measured = claim.measure(work)
    assert 0 <= work.done <= 1
    assert claim.expected.allows(measured), (measured, claim.expected)


COUNTED = {  # the claim that says what the table says, for a run
    "Recurrent cliff": {Strategy.GLOBAL: f"{STEPS}, by norm at 0.2"},
    "Long bowl": {Strategy.GLOBAL: f"{STEPS}, by norm: fewest of 7 rotations"},
    "Fourth power": {Strategy.GLOBAL: f"{STEPS}, clipped, learning rate 0.1"},
    "Plateau": {NONE: f"{STEPS}, in 2000, without clipping"},
    "Plateau, normalized": {
        Strategy.GLOBAL: f"{STEPS}, the whole normalized",
        Strategy.VALUE: "… the sign",
    },
    "Adam after long gradients": {
        Strategy.VALUE: f"{STEPS}, by value",
        Strategy.GLOBAL: "… by norm",
    },
    "Recurrent cliff under Adam": {
        Strategy.GLOBAL: f"{STEPS}, by norm at 0.2: fewest of {ROUNDINGS} roundings"
    },
}


def test_steps_are_counted_to_one_tolerance_which_is_named():
    for label, exhibit in EXHIBITS.items():
        texts = [exhibit.shows, *(claim.words for claim in exhibit.claims)]
        named = re.findall(r"teps to a (?:loss|slope|gradient) of ([\d.e-]*\d)", " ".join(texts))
        assert all(float(tolerance) == TOLERANCE for tolerance in named)
        assert any(STEPS in text for text in texts) == (label in COUNTED)
        if label in COUNTED:
            assert STEPS.endswith(goal_words(exhibit.experiment.surface))


@pytest.mark.parametrize("label", COUNTED)
def test_the_table_counts_the_steps_that_are_claimed(label):
    exhibit = EXHIBITS[label]
    rows = {row.run: row.steps_to_goal for row in report(exhibit.experiment)}
    for run, words in COUNTED[label].items():
        (claim,) = (claim for claim in exhibit.claims if claim.words == words)
        assert claim.expected.allows(math.inf if rows[run] is None else rows[run])
