"""The answers page, run on the server, and every link of it opened."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from core.answers.aid import ADVICE, THRESHOLD, Advice, Diverges, Often, Optimizer, Where
from core.answers.answer import Gradient, Paths
from core.answers.answers import ANSWERS
from core.looks import NAMES
from pages.widgets.answers import aid
from pages.widgets.answers.answer import GUESS, links
from pages.widgets.inputs import Choice, query
from tests.browsing import PATIENT, PHONE, Visit
from tests.conftest import all_told, run_page, told
from tests.hands import center, drag

PICTURES = sum(
    len(it.picture.experiments) if isinstance(it.picture, Paths) else 1 for it in ANSWERS.values()
)


@pytest.fixture(scope="module")
def page() -> AppTest:
    return run_page("answers.py", "")


def text(page: AppTest) -> str:
    return "\n".join(each.value for each in page.markdown)


def test_asking_first_closes_every_answer() -> None:
    page = run_page("answers.py", "?ask=true")
    assert [each.label for each in page.expander].count("The answer") == len(ANSWERS)
    assert GUESS in [each.label for each in page.expander]
    drawn = [*all_told(page, "stage"), *all_told(page, "descent")]
    assert len(drawn) == PICTURES - 1
    assert all(each["ask"] for each in drawn)


def picture(page: AppTest, component: str, claim: str, k: int = 0) -> dict[str, Any]:
    labeled = [each for each in all_told(page, component) if each["label"].startswith(claim)]
    return labeled[k]


def test_the_page_shows_every_answer_with_its_verdict_and_numbers(page: AppTest) -> None:
    assert not page.exception
    assert [each.value for each in page.subheader] == [f"“{it.claim}”" for it in ANSWERS.values()]
    for answer in ANSWERS.values():
        assert f"**{answer.verdict.capitalize()}.** {answer.gist}" in text(page)
        assert answer.reason() in text(page)


def test_every_picture_shows_its_case(page: AppTest) -> None:
    for answer in ANSWERS.values():
        if isinstance(answer.picture, Gradient):
            drawn = picture(page, "stage", answer.claim)
            assert drawn["gradient"] == list(answer.picture.comparison.gradient)
            assert drawn["shown"] == list(answer.picture.shown)
        if isinstance(answer.picture, Paths):
            for k, it in enumerate(answer.picture.experiments):
                drawn = picture(page, "descent", answer.claim, k)
                assert drawn["start"] == list(it.start)
                assert drawn["steps"] == drawn["step"] == it.steps


@pytest.mark.parametrize("key", [key for key in ANSWERS if links(ANSWERS[key])])
def test_every_link_opens_the_full_page_at_just_this_case(key: str) -> None:
    picture = ANSWERS[key].picture
    for k, address in enumerate(links(ANSWERS[key]).values()):
        parts = urlsplit(address)
        if isinstance(picture, Gradient):
            assert parts.path == "./"
            drawn = told(run_page("vector.py", f"?{parts.query}"), "stage")
            assert drawn["gradient"] == list(picture.comparison.gradient)
            assert drawn["layers"] == list(picture.comparison.layers)
            assert drawn["threshold"] == picture.comparison.thresholds.by_value
            assert drawn["shown"] == list(picture.shown)
            assert drawn["picture"] == ("bars" if picture.bars else "arrows")
        elif isinstance(picture, Paths):
            assert parts.path == "./descent"
            it = picture.experiments[k]
            opened = run_page("descent.py", f"?{parts.query}")
            assert not opened.warning
            drawn = told(opened, "descent")
            assert drawn["start"] == list(it.start)
            assert drawn["learning_rate"] == it.learning_rate
            assert drawn["threshold"] == it.thresholds.by_value
            assert drawn["rule"] == it.thresholds.rule
            assert drawn["runs"] == list(it.runs)
            assert drawn["steps"] == it.steps


@pytest.mark.parametrize("advice", ADVICE.values(), ids=map(str, ADVICE))
def test_the_mechanism_of_an_advice_opens(advice: Advice) -> None:
    parts = urlsplit(aid.mechanism(advice)[1])
    page = {"./descent": "descent.py", "./": "vector.py"}[parts.path]
    opened = run_page(page, f"?{parts.query}")
    assert not opened.warning
    if advice.exhibit:
        assert any(advice.exhibit in each.value for each in opened.markdown)
    else:
        assert told(opened, "stage")["layers"] == [2, 2]


def decided(answers: dict[Choice[Any], object]) -> AppTest:
    link = query({it.key: answer for it, answer in answers.items()})
    page = run_page("answers.py", f"?{link}")
    assert not page.exception
    assert not page.warning
    return page


@pytest.mark.parametrize(("ends", "advice"), ADVICE.items(), ids=map(str, ADVICE))
def test_the_questions_lead_where_the_table_says(
    ends: tuple[Where, Diverges], advice: Advice
) -> None:
    where, diverges = ends
    page = decided({aid.WHERE: where, aid.DIVERGES: diverges})
    assert advice.why in text(page)
    if advice.strategy:
        assert f"**Clip {NAMES[advice.strategy]}.**" in text(page)
        assert page.code
    else:
        assert not page.code


@pytest.mark.parametrize(("often", "optimizer"), [*THRESHOLD])
def test_the_threshold_is_found_as_the_table_says(often: Often, optimizer: Optimizer) -> None:
    assert THRESHOLD[often, optimizer] in text(
        decided({aid.OFTEN: often, aid.OPTIMIZER: optimizer})
    )


def complete(page: Page) -> Page:
    """Wait until all answers are there: on a cold server their numbers are computed first."""
    expect(page.get_by_role("heading", name="References")).to_be_visible(timeout=PATIENT)
    expect(page.locator(".stage.drawn")).to_have_count(PICTURES, timeout=PATIENT)
    return page


@pytest.mark.browser
def test_a_picture_is_dragged_for_itself_and_not_into_the_link(visit: Visit) -> None:
    page = complete(visit("answers", stage=False))
    first, other = (
        page.get_by_role("group", name=ANSWERS[k].claim) for k in ("direction", "parts")
    )
    first.scroll_into_view_if_needed()
    before = other.locator(".words").inner_text()
    x, y = center(first.locator(".tip"))
    drag(page, (x, y), (x - 60, y - 90))
    expect(first.locator(".words")).not_to_have_text(before)
    changed = first.locator(".words").inner_text()
    page.wait_for_timeout(1000)
    assert first.locator(".words").inner_text() == changed
    assert other.locator(".words").inner_text() == before
    assert "?" not in page.url


@pytest.mark.browser
def test_an_address_with_an_anchor_leads_to_its_answer(first_visit: Visit) -> None:
    page = first_visit("answers#layers", stage=False)
    heading = page.get_by_role("heading", name=ANSWERS["layers"].claim)
    expect(heading).to_be_in_viewport(timeout=PATIENT)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_on_the_answers_page(visit: Visit, scheme: str) -> None:
    page = complete(visit("answers", stage=False, color_scheme=scheme))
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], rule["nodes"][0]["html"]) for rule in found]


@pytest.mark.browser
def test_the_answers_stand_in_one_column_on_a_phone(visit: Visit) -> None:
    page = complete(visit("answers", stage=False, viewport=PHONE))
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.browser
def test_the_links_at_the_end_of_the_pages_lead_through_the_argument(first_visit: Visit) -> None:
    page = first_visit("")
    for title in ("many dimensions", "the path", "a real network", "elementwise"):
        page.get_by_role("link", name=re.compile(f"Next: .*{title}")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(title, timeout=PATIENT)
