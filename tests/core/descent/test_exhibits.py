"""The exhibits: each claims what is true, and the page opens each as it is."""

import math
import os

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.clipping import Clipper, Rule
from core.descent.arrivals import Trip, first_steps
from core.descent.claims import NEVER, about, between, claims, exactly, rounded
from core.descent.descend import descend, within
from core.descent.exhibits import EXHIBITS
from core.descent.measurements import off_the_plateau
from core.runs import unclipped
from core.strategies import Strategy
from core.surfaces.table import SURFACES
from core.work import CalledOff, Work
from pages.widgets.descent.exhibits import inputs_of
from pages.widgets.descent.settings import MOST_STEPS
from tests.conftest import ROOT

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


@pytest.mark.parametrize("name", ["round bowl", "plateau"])
def test_first_steps_are_those_of_one_long_descent(name):
    surface = SURFACES[name]
    clippers = [unclipped] + [Clipper(s, 0.3, rule) for s in Strategy for rule in Rule]
    starts = np.array([surface.start, np.add(surface.start, 0.1)])
    goal, most = within(surface), 900
    found = first_steps(Trip(surface, starts, clippers, 0.05, goal), most, Work(1))
    whole = descend(surface, starts, clippers, 0.05, most + 200, goal=goal)
    reached = np.where((whole.reached < 0) | (whole.reached > most), math.inf, whole.reached)
    np.testing.assert_array_equal(found, reached)
    assert np.isfinite(found).any()


@pytest.mark.parametrize(
    ("expected", "right", "wrong"),
    [
        (exactly(66), 66, 67),
        (rounded("8.85"), 8.8451, 8.8551),
        (rounded("-2.181"), -2.1805, -2.1804),
        (rounded("1.96e7"), 19_650_000, 19_650_001),
        (about(345, 5), 350, 351),
        (between(1366, 1599), 1366, 1365),
        (exactly(66), 66, math.nan),
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


@pytest.mark.parametrize("label", EXHIBITS)
def test_an_exhibit_fits_the_page(label):
    experiment = EXHIBITS[label].experiment
    assert 1 <= experiment.steps <= MOST_STEPS
    assert np.shape(experiment.start) == np.shape(experiment.surface.start)


@pytest.fixture(scope="module")
def page():
    return open_page({})


def open_page(link):
    page = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=60)
    page.switch_page("descent.py")
    page.query_params.update(link)
    page.run()
    assert not page.exception
    assert not page.warning
    return page


def shown(page):
    """Return the label of the exhibit that the page says it shows: it compares every input."""
    return [label for label, it in EXHIBITS.items() for m in page.markdown if it.shows in m.value]


@pytest.mark.parametrize("label", EXHIBITS)
def test_a_button_opens_the_exhibit(page, label):
    page.button(key=f"exhibit {label}").click().run()
    assert not page.exception
    assert not page.warning
    assert shown(page) == [label]


@pytest.mark.parametrize(
    "label", ["Recurrent cliff", "Ridge on the diagonal", "Three samples", "Heavy-tailed noise"]
)
def test_a_link_opens_the_exhibit(label):
    values = inputs_of(EXHIBITS[label].experiment)
    link = {key: value if key == "runs" else str(value) for key, value in values.items()}
    assert shown(open_page(link)) == [label]


def test_another_experiment_is_no_exhibit(page):
    page.button(key="exhibit Saddle").click().run()
    page.text_input(key="threshold").set_value("0.2").run()
    assert not shown(page)


def test_the_measured_numbers_stand_beside_the_expected_ones(page):
    page.button(key="exhibit Saddle").click().run()
    for _ in range(2):  # the second time from the cache
        next(button for button in page.button if button.label == "Measure").click().run()
        assert not page.exception
        (table,) = [table.value for table in page.table if "expected" in table.value]
        assert list(table["expected"]) == list(table["measured"]) == ["139", "161", "321"]
