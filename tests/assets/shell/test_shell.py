"""What is seen at once in frames of many sizes: on telephones, zoomed, or in another page."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from serving.shell import PAGES
from tests.browsing import DESKTOP, LECTURE, PHONE, Visit

EMBEDDED: ViewportSize = {"width": 600, "height": 450}
WIDTHS = (600, 768, 900, 1200)  # of embedded pictures
ZOOMED: ViewportSize = {"width": 640, "height": 400}  # a laptop at 200 %


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).last.bounding_box()
    assert box, selector
    return box["y"] + box["height"]


@pytest.mark.browser
@pytest.mark.parametrize("frame", [PHONE, EMBEDDED, ZOOMED], ids=["phone", "embedded", "zoomed"])
@pytest.mark.parametrize("path", PAGES)
def test_all_pages_are_in_sight(visit: Visit, path: str, frame: ViewportSize) -> None:
    link = f"{path}?embed=true" if frame is EMBEDDED else path
    page = visit(link, stage=path in ("", "descent"), viewport=frame)
    for title in PAGES.values():
        link_to = page.get_by_role("link", name=title, exact=True)
        expect(link_to).to_have_count(1)
        expect(link_to).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="A network", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Does it matter for a real network?")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("link", "controls"),
    [
        ("?embed=true", '[name="threshold"]'),
        ("?embed=true&gradient=3,4+|+1,2", '[name="threshold"]'),
        ("descent?embed=true", '[name="learning_rate"]'),
    ],
)
def test_an_embedded_picture_is_seen_whole_with_its_slider_and_numbers(
    visit: Visit, link: str, controls: str
) -> None:
    page = visit(link, viewport=EMBEDDED)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": EMBEDDED["height"]})
        expect(page.locator(".stage")).to_have_class(re.compile(r"\blow\b"))
        page.evaluate(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        for part in (".pictures svg", ".card", f".slider{controls}"):
            assert bottom(page, part) <= EMBEDDED["height"], (width, part)


@pytest.mark.browser
def test_a_frame_that_becomes_low_and_high_again_is_drawn_anew(visit: Visit) -> None:
    page = visit("", viewport={"width": 1000, "height": 900})
    high = bottom(page, ".pictures svg")
    page.set_viewport_size({"width": 1000, "height": 450})
    expect(page.locator(".stage")).to_have_class(re.compile(r"\blow\b"))
    page.set_viewport_size({"width": 1000, "height": 900})
    expect(page.locator(".stage")).not_to_have_class(re.compile(r"\blow\b"))
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert bottom(page, ".pictures svg") == high


@pytest.mark.browser
@pytest.mark.parametrize("frame", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_focus_of_a_page_link_is_seen(visit: Visit, frame: ViewportSize) -> None:
    page = visit("", viewport=frame)
    link = page.get_by_role("link", name="The path")
    link.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(link).to_be_focused()
    expect(link).to_have_css("outline-style", "solid")


@pytest.mark.browser
@pytest.mark.parametrize("link", ["", "?gradient=3,4+|+1,2", "descent"])
def test_on_a_large_screen_the_picture_is_large(visit: Visit, link: str) -> None:
    page = visit(link, viewport=LECTURE)
    plane = page.locator(".pictures svg").first.bounding_box()
    assert plane
    assert plane["width"] == plane["height"] >= 600
    cards = page.locator(".card:not([hidden])").last.bounding_box()
    assert cards
    assert cards["x"] + cards["width"] >= 1700


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "descent"])
def test_the_picture_fills_the_screen_by_link_and_key_and_leaves_it(
    visit: Visit, path: str
) -> None:
    page = visit(f"{path}?full=true")
    stage = page.locator(".stage")
    filled = "stage => stage.matches(':popover-open') && stage.clientWidth === innerWidth"
    assert stage.evaluate(filled)
    page.locator(".tip").first.press("ArrowUp")
    page.wait_for_url(re.compile("gradient=|start="))
    page.locator(".tip").first.press("Escape")
    page.wait_for_url(lambda url: "full" not in url)
    assert not stage.evaluate(filled)
    page.get_by_text("Fill the screen").click()
    page.wait_for_url(re.compile("full=true"))
    page.wait_for_function("stage => stage.matches(':popover-open')", arg=stage.element_handle())
    page.get_by_role("button", name="Close").click()
    page.wait_for_url(lambda url: "full" not in url)


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "descent"])
def test_no_frame_leaves_more_room_blank_above_the_picture_than_a_line(
    visit: Visit, path: str
) -> None:
    page = visit(path)
    for width in range(320, 1301, 20):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("new Promise(requestAnimationFrame)")
        above = page.locator("[class*=_heading] button").last.bounding_box()
        below = page.locator(".st-key-introduction").bounding_box()
        assert above
        assert below
        assert below["y"] - above["y"] - above["height"] <= 32 + 25, width
