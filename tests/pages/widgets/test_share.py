"""What is saved or copied is what is seen."""

import re
import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Visit
from tests.hands import TWO_LAYERS

PATH = (
    "descent?surface=ridge&start=1,1&runs=value&runs=global&phi=30&noise=Gaussian&steps=60&step=9"
)
SVG = "{http://www.w3.org/2000/svg}"


def opened(page: Page) -> Page:
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    return page


def saved(page: Page, button: str) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    return download.value.path()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("link", [f"{TWO_LAYERS}&threshold=0.7", PATH])
def test_a_saved_picture_holds_the_planes_the_sentence_and_the_colors(
    visit: Visit, link: str, scheme: str
) -> None:
    page = opened(visit(link, color_scheme=scheme))
    text = saved(page, "Save the picture as SVG").read_text()
    root = ElementTree.fromstring(text)
    assert len(root.findall(f"{SVG}svg")) == page.locator(".pictures svg").count()
    caption = "".join("".join(line.itertext()) for line in root.findall(f"{SVG}text"))
    assert caption == page.locator(".words").inner_text()
    colors = {part.get("fill") for part in root.iter(f"{SVG}tspan")} - {None}
    inks = page.locator(".words strong").evaluate_all(
        "all => all.map(each => getComputedStyle(each).color)"
    )
    assert colors == set(inks)
    assert "@font-face" in text
    assert "url(data:" in text
    assert not re.findall(r'(?:class|href)="', text)
    png = saved(page, "Save the picture as PNG").read_bytes()
    width, height = struct.unpack(">II", png[16:24])
    assert [width, height] == [3 * int(float(root.get(side) or 0)) for side in ("width", "height")]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("link", "embedded"),
    [
        (f"{TWO_LAYERS}&threshold=0.7&rule=radial&shown=value", True),
        ("descent?surface=Beale&start=-2,-2&steps=100&step=40", True),
        (PATH, False),
    ],
)
def test_a_saved_web_page_and_the_embedded_card_show_the_same(
    visit: Visit, browser: Browser, link: str, embedded: bool
) -> None:
    page = opened(visit(link))
    numbers = page.locator(".card:not([hidden])").all_inner_texts()
    file = saved(page, "Save as a web page")
    alone = browser.new_page()
    alone.set_content(file.read_text())
    alone.locator(".stage.drawn svg").first.wait_for()
    assert alone.locator(".card:not([hidden])").all_inner_texts() == numbers
    address = str(alone.locator(".home").get_attribute("href"))
    alone.goto(address)
    alone.locator(".stage.drawn svg").first.wait_for()
    assert alone.locator(".card:not([hidden])").all_inner_texts() == numbers
    alone.close()
    if not embedded:
        expect(page.get_by_role("button", name="Copy the code")).to_be_hidden()
        expect(page.get_by_text("To embed a rotated loss")).to_be_visible()
        return
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the code").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    code = page.evaluate("() => navigator.clipboard.readText()")
    frame = browser.new_page()
    frame.set_content(code)
    card = frame.frame_locator("iframe")
    expect(card.locator(".stage.drawn svg").first).to_be_visible()
    assert card.locator(".card:not([hidden])").all_inner_texts() == numbers
    frame.close()
