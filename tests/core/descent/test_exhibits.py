"""The exhibits: each claims what is true, and the page opens each as it is."""

import os

import pytest

from core.descent.exhibits import EXHIBITS
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
