"""Back and Forward in a real browser: an entry of the history brings back what was seen there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Visit, idle
from tests.hands import center, drag, inputs

pytestmark = pytest.mark.browser

LEFT = "?threshold=0.5&gradient=3,4&rule=radial"
TITLES = {
    "One gradient": "Does clipping turn the gradient?",
    "The path": "Does the turn matter for the path?",
    "Many dimensions": "How far does it turn in many dimensions?",
    "A network": "Does it matter for a real network?",
}
STAGES = ("One gradient", "The path")


@pytest.fixture
def visit(first_visit: Visit) -> Visit:
    """Open a path in a fresh profile: a tab that is kept stops counting at 50 entries."""
    return first_visit


def follow(page: Page, name: str) -> None:
    """Follow the link to a page."""
    page.get_by_role("link", name=name, exact=True).click()
    arrived(page, name)


def arrived(page: Page, name: str) -> None:
    """Wait until a page is there."""
    expect(page.get_by_role("heading", name=TITLES[name])).to_be_visible()
    idle(page, name in STAGES)


def shows(page: Page, name: str, **texts: str) -> None:
    """See to it that a page shows these texts of its inputs and has the others in no link."""
    arrived(page, name)
    for label, text in texts.items():
        field = page.get_by_role("textbox", name=label.replace("_", " ").capitalize(), exact=True)
        expect(field).to_have_value(text)
    idle(page, name in STAGES)
    given = {key: value for key, value in inputs(page).items() if key in ("threshold", "gradient")}
    assert given == {key: text for key, text in texts.items() if text != "1"}


def type_in(page: Page, label: str, text: str) -> None:
    field = page.get_by_role("textbox", name=label, exact=True)
    field.fill(text)
    field.press("Enter")
    page.wait_for_url(re.compile(f"{label.lower()}={text}(&|$)"))
    idle(page, stage=False)


def go(page: Page, steps: str) -> None:
    page.evaluate(f"() => {{ {steps} }}")


def entries(page: Page) -> int:
    count: int = page.evaluate("history.length")
    return count


def test_back_brings_back_the_view_and_its_link(visit: Visit) -> None:
    page = visit(LEFT)
    follow(page, "The path")
    shows(page, "The path", threshold="1")
    assert inputs(page) == {"rule": "radial"}  # it means the same there
    page.go_back()
    shows(page, "One gradient", threshold="0.5", gradient="3,4")
    assert inputs(page)["rule"] == "radial"
    page.go_forward()
    shows(page, "The path", threshold="1")
    assert inputs(page) == {"rule": "radial"}


def three_changes(visit: Visit) -> Page:
    page = visit(LEFT)
    follow(page, "The path")
    type_in(page, "Threshold", "7")
    follow(page, "Many dimensions")
    type_in(page, "Threshold", "0.3")
    follow(page, "A network")
    return page


def test_every_page_has_its_own_entry_with_the_edits_made_there(visit: Visit) -> None:
    page = three_changes(visit)
    for _ in range(2):
        page.go_back()
        shows(page, "Many dimensions", threshold="0.3")
        page.go_back()
        shows(page, "The path", threshold="7")
        page.go_back()
        shows(page, "One gradient", threshold="0.5", gradient="3,4")
        page.go_forward()
        shows(page, "The path", threshold="7")
        page.go_forward()
        shows(page, "Many dimensions", threshold="0.3")
        page.go_forward()
        arrived(page, "A network")


@pytest.mark.parametrize("pause", [0, 50, 150, 300])
def test_two_quick_backs_end_where_two_slow_ones_do(visit: Visit, pause: int) -> None:
    page = three_changes(visit)
    go(page, f"history.back(); setTimeout(() => history.back(), {pause});")
    shows(page, "The path", threshold="7")
    go(page, f"history.forward(); setTimeout(() => history.forward(), {pause});")
    arrived(page, "A network")
    page.go_back()
    shows(page, "Many dimensions", threshold="0.3")


def test_a_page_that_is_loaded_again_has_the_same_history(visit: Visit) -> None:
    page = three_changes(visit)
    page.go_back()
    shows(page, "Many dimensions", threshold="0.3")
    page.reload()
    shows(page, "Many dimensions", threshold="0.3")
    page.go_back()
    shows(page, "The path", threshold="7")
    page.go_back()
    shows(page, "One gradient", threshold="0.5", gradient="3,4")


def test_a_page_that_is_opened_again_by_its_link_is_as_it_was(visit: Visit) -> None:
    page = three_changes(visit)
    follow(page, "One gradient")
    shows(page, "One gradient", threshold="0.5", gradient="3,4")
    follow(page, "The path")
    shows(page, "The path", threshold="7")


def test_one_drag_is_one_entry_and_back_takes_it_back(visit: Visit) -> None:
    page = visit(LEFT)
    before = entries(page)
    x, y = center(page.locator(".tip").first)
    drag(page, (x, y), (x - 60, y + 30))
    page.wait_for_function("() => !location.search.includes('3%2C4') && location.search")
    expect(page.get_by_role("textbox", name="Gradient")).not_to_have_value("3,4")
    idle(page)
    assert entries(page) == before + 1
    page.go_back()
    shows(page, "One gradient", threshold="0.5", gradient="3,4")


def test_reset_is_one_entry_and_back_takes_it_back(visit: Visit) -> None:
    page = visit(LEFT)
    before = entries(page)
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("textbox", name="Gradient")).to_have_value("3.2, 1.1")
    page.wait_for_function("() => !location.search")
    idle(page)
    assert entries(page) == before + 1
    page.go_back()
    shows(page, "One gradient", threshold="0.5", gradient="3,4")


def test_reset_on_one_page_leaves_the_numbers_of_another(visit: Visit) -> None:
    page = visit(LEFT)
    follow(page, "The path")
    type_in(page, "Threshold", "7")
    page.get_by_role("button", name="Reset").click()
    shows(page, "The path", threshold="1")
    follow(page, "One gradient")
    shows(page, "One gradient", threshold="0.5", gradient="3,4")


def test_what_the_app_corrects_in_a_link_is_no_entry(visit: Visit) -> None:
    page = visit("?rule=bogus&threshold=1e+3&picture=bars")
    before = entries(page)
    idle(page)
    assert inputs(page) == {"threshold": "1e+3", "picture": "bars"}
    notice = page.get_by_text("The link's rule (Rule) cannot be used.")
    expect(notice).to_be_visible()
    page.get_by_text("normalize", exact=True).click()
    expect(notice).to_have_count(0)
    assert entries(page) == before


def test_a_finished_training_is_still_there_on_the_way_back(visit: Visit) -> None:
    page = visit("training?training_steps=3&batch=8", stage=False)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    follow(page, "The path")
    page.go_back()
    arrived(page, "A network")
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    expect(page.get_by_text("4 runs of 3 steps in")).to_be_visible()
    assert inputs(page) == {"training_steps": "3", "batch": "8"}
