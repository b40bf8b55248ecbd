"""The menu of exhibits: it opens each as it is, and the page knows which one it shows."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.descent.exhibits import EXHIBITS
from pages.widgets.descent.exhibits import inputs_of
from pages.widgets.descent.settings import MOST_STEPS
from tests.conftest import ROOT


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
