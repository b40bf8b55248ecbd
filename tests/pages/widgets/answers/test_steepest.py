"""The picture of the steepest steps in a real browser: dragged, switched, kept."""

import pytest
from playwright.sync_api import Locator, Page, expect

from core.answers.answers import ANSWERS
from tests.browsing import PHONE, Device, Visit
from tests.conftest import run_page, told
from tests.hands import at, center, drag

BEGINS = "(3.20, 1.10)"
PLANE = 1  # of the page: the picture before it is another


def opened(visit: Visit, **look: object) -> Page:
    page = visit("answers", stage=False, **look)
    expect(stage(page).locator("svg.plane")).to_be_visible()
    stage(page).locator(".tip").scroll_into_view_if_needed()
    return page


def stage(page: Page) -> Locator:
    return page.get_by_role("group", name=ANSWERS["steepest"].claim)


def angle(page: Page, name: str) -> float:
    return float(stage(page).locator(f".card.{name} .angle").inner_text().removesuffix("°"))


def ends(page: Page, name: str) -> tuple[float, float]:
    """Return the direction in which an arrow points on the screen, upwards positive."""
    d = stage(page).locator(f".plane .arrow.{name} .shaft").get_attribute("d")
    assert d
    x, y = map(float, d.split("L")[1].split())
    return x, -y


def rerun(page: Page) -> None:
    """Go to another page and come back, which shows what the server has kept."""
    page.get_by_role("link", name="One gradient").first.click()
    expect(page.get_by_role("heading", name="Does clipping turn the gradient?")).to_be_visible()
    page.get_by_role("link", name="Answers").first.click()
    expect(stage(page).locator(".choice input").first).to_be_visible()


def test_the_server_tells_both_balls() -> None:
    data = told(run_page("answers.py"), "steepest")
    assert data["gradient"] == [3.2, 1.1]
    assert data["balls"] == ["global", "value"]
    assert data["kinds"].keys() == {"plain", "clipped", "sign"}


@pytest.mark.browser
def test_dragging_the_gradient_turns_both_steps(visit: Visit) -> None:
    page = opened(visit)
    assert (angle(page, "global"), angle(page, "value")) == (0, 26)
    drag(page, center(stage(page).locator(".tip")), at(page, -2.5, 2.5, PLANE), release=False)
    expect(stage(page).locator(".card.value .angle")).to_have_text("0.0°")
    x, y = ends(page, "global")  # downhill, against the gradient
    assert x == pytest.approx(-y, rel=0.02)
    assert x > 0
    page.mouse.up()
    expect(stage(page).locator(".words")).to_contain_text("lies straight downhill. Of the two")
    rerun(page)
    expect(stage(page).locator(".tip")).not_to_have_attribute("aria-valuetext", BEGINS)
    assert angle(page, "value") < 1


@pytest.mark.browser
def test_a_finger_drags_the_gradient(visit: Visit) -> None:
    page = opened(visit, device=Device.TOUCH_SCREEN)
    start, stop = center(stage(page).locator(".tip")), at(page, 3, 0, PLANE)
    client = page.context.new_cdp_session(page)
    for kind, spot in (("touchStart", start), ("touchMove", stop), ("touchEnd", None)):
        points = [{"x": spot[0], "y": spot[1]}] if spot else []
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(stage(page).locator(".card.value .angle")).to_have_text("0.0°")
    expect(stage(page).locator(".words")).to_contain_text("One number is zero")


@pytest.mark.browser
def test_the_switch_leads_from_plain_over_clipped_to_the_signs(visit: Visit) -> None:
    page = opened(visit)
    slider = stage(page).locator(".slider")
    slider.focus()
    page.keyboard.press("PageUp")  # between the two numbers
    angles = []
    for name in ("plain step", "clipped by value", "signs alone"):
        stage(page).get_by_role("radio", name=name).check()
        expect(stage(page).locator(".card.third .name")).to_have_text(name)
        angles.append(angle(page, "third"))
    plain, clipped, signs = angles
    assert plain == 0 < clipped < signs == angle(page, "value") < 90
    page.keyboard.press("ArrowUp")  # through the group
    expect(stage(page).locator(".card.third .name")).to_have_text("clipped by value")
    expect(stage(page).locator(".words")).to_contain_text("lies between the plain step")
    stage(page).get_by_role("radio", name="plain step").check()
    stage(page).locator(".tip").focus()  # away: the keys are at rest
    rerun(page)
    expect(stage(page).get_by_role("radio", name="plain step")).to_be_checked()
    assert stage(page).locator(".tip").get_attribute("aria-valuetext") == BEGINS


@pytest.mark.browser
def test_the_arrow_keys_move_the_gradient_and_zero_has_no_steps(visit: Visit) -> None:
    page = opened(visit)
    stage(page).locator(".tip").focus()
    page.keyboard.press("ArrowRight")
    expect(stage(page).locator(".tip")).to_have_attribute("aria-valuetext", "(3.24, 1.10)")
    drag(page, center(stage(page).locator(".tip")), at(page, 0, 0, PLANE))
    expect(stage(page).locator(".words")).to_contain_text("no step leads downhill")
    expect(stage(page).locator(".plane .arrow.value")).to_be_hidden()
    expect(stage(page).locator(".plane .downhill")).to_be_hidden()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways_on_a_phone(visit: Visit, scheme: str) -> None:
    page = opened(visit, viewport=PHONE, color_scheme=scheme)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert stage(page).locator(".choice label").first.evaluate("e => e.clientHeight") >= 24
