import math

import pytest

from core.descent.claims import NEVER, SOME, about, claims, exactly, rounded
from core.descent.measurements import off_the_plateau
from core.runs import unclipped
from core.work import CalledOff, Work


@pytest.mark.parametrize(
    ("expected", "right", "wrong"),
    [
        (exactly(66), 66, 67),
        (rounded("8.85"), 8.8451, 8.8551),
        (rounded("-2.181"), -2.1805, -2.1804),
        (rounded("1.96e7"), 19_650_000, 19_650_001),
        (about(345, 5), 350, 351),
        (exactly(66), 66, math.nan),
        (SOME, 1, 0),
        (SOME, 99, 100),
    ],
)
def test_an_expectation_is_a_range(expected, right, wrong):
    assert expected.allows(right)
    assert not expected.allows(wrong)


def test_a_measurement_is_taken_once_and_only_when_asked():
    taken = []
    found = claims(lambda work: taken.append(1) or [1, 2], ("a", exactly(1)), ("b", exactly(2)))
    assert not taken
    assert [claim.measure(Work(1)) for claim in found] == [1, 2]
    assert len(taken) == 1


def test_a_measurement_that_is_called_off_ends_and_is_taken_anew_by_the_next():
    (claim,) = claims(off_the_plateau([unclipped]), ("a", NEVER))
    nobody_waits = Work(1)
    nobody_waits.called_off = True
    with pytest.raises(CalledOff):
        claim.measure(nobody_waits)
    assert claim.measure(Work(1)) == math.inf
