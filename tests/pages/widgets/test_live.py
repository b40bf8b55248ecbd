"""Several live stages on one page of their own, in a real browser."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browsing import Visit, idle
from tests.conftest import serving_page
from tests.hands import center, drag

pytestmark = pytest.mark.browser
PAGE = """
from functools import partial

import streamlit as st

from core.matching import Thresholds
from core.notation import read_gradient, write_gradient
from core.strategies import Strategy
from core.vector.comparison import Comparison
from pages.widgets.vector.settings import Picture
from pages.widgets.vector.stage import stage

def take(name, edit):
    if "gradient" in edit:
        st.session_state[name] = write_gradient(edit["gradient"], edit["layers"])
    if "threshold" in edit:
        st.session_state[f"{name} threshold"] = edit["threshold"]

for name, gradient in {"first": "3,1", "second": "1,2"}.items():
    text = st.text_input(name, gradient, key=name)
    threshold = st.session_state.get(f"{name} threshold", 1.0)
    numbers, layers = read_gradient(text)
    it = Comparison(tuple(map(float, numbers)), layers, Thresholds(threshold))
    stage(it, tuple(Strategy), Picture.ARROWS,
          key=f"{name}_stage", label=f"The {name}", take=partial(take, name))
    st.write(f"{name} at {threshold}")
"""
PLAYERS = """
import streamlit as st

from core.descent.experiment import Experiment, Landscape
from core.matching import Thresholds
from core.runs import RUNS
from pages.widgets.descent.stage import stage

def again():
    st.session_state.play = st.session_state.get("play", 0) + 1

st.button("Both", on_click=again)
st.toggle("Something else", key="else")
for name in ("first", "second"):
    where = Landscape("ridge")
    it = Experiment(where, where.built.start, 0.01, Thresholds(1.0), RUNS, 2000)
    stage(it, 2000, play=st.session_state.get("play", 0), key=name, label=f"The {name}",
          take=lambda edit: None)
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_page(tmp_path_factory.mktemp("live"), PAGE) as address:
        yield address


@pytest.fixture(scope="module")
def players(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_page(tmp_path_factory.mktemp("players"), PLAYERS) as address:
        yield address


@pytest.fixture
def page(visit: Visit, address: str) -> Page:
    page = visit(address=address, stage=False, viewport={"width": 1280, "height": 2400})
    for name in ("first", "second"):
        expect(stage(page, name).locator("svg.plane")).to_be_visible()
    return page


def stage(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=f"The {name}", exact=True)


def tip(page: Page, name: str) -> Locator:
    return stage(page, name).locator(".tip")


def test_each_of_several_stages_changes_only_what_is_its_own(page: Page) -> None:
    for name, other, moved in (("first", "second", 40), ("second", "first", 20)):
        before = tip(page, other).get_attribute("aria-valuetext")
        said = stage(page, other).locator(".words").inner_text()
        x, y = center(tip(page, name))
        drag(page, (x, y), (x + moved, y))
        field = page.get_by_role("textbox", name=name)
        expect(field).not_to_have_value("3,1" if name == "first" else "1,2")
        numbers = ", ".join(f"{float(x):.2f}" for x in field.input_value().split(","))
        expect(tip(page, name)).to_have_attribute("aria-valuetext", f"({numbers})")
        assert tip(page, other).get_attribute("aria-valuetext") == before
        assert stage(page, other).locator(".words").inner_text() == said


def test_each_of_several_stages_takes_its_edits_one_after_another(page: Page) -> None:
    for presses in (1, 2, 3):
        for name in ("first", "second"):
            threshold = page.get_by_text(f"{name} at ")
            before = threshold.inner_text()
            stage(page, name).get_by_role("slider", name="Threshold").focus()
            for _ in range(presses):
                page.keyboard.press("ArrowRight")
            expect(threshold).not_to_have_text(before)
    shown = [
        page.get_by_text(f"{name} at ").inner_text().split()[-1] for name in ("first", "second")
    ]
    assert shown[0] == shown[1] == "1.07"  # six steps of 1.2 %


def test_each_of_several_stages_speaks_for_itself(page: Page) -> None:
    for name, length in (("first", "3.16"), ("second", "2.24")):
        expect(stage(page, name).get_by_role("status")).to_contain_text(f"length {length}")


def test_axe_finds_no_violation_in_several_stages(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


def test_stages_that_get_a_new_number_at_once_begin_to_play_together(
    visit: Visit, players: str
) -> None:
    page = visit(address=players, stage=False, viewport={"width": 1280, "height": 2400})
    both = [stage(page, name) for name in ("first", "second")]
    for _ in range(2):  # the second number begins anew
        for each in both:
            expect(each.get_by_role("button", name="Play", exact=True)).to_be_visible()
        page.get_by_role("button", name="Both").click()
        for each in both:
            expect(each.get_by_role("button", name="Pause")).to_be_visible()
            steps = each.locator(".slider[name=step]").get_attribute("aria-valuetext")
            assert steps
            assert int(steps.split()[0]) < 2000
        page.get_by_text("Something else").click()
        idle(page, stage=False)
        for each in both:
            each.get_by_role("button", name="Pause").click()
