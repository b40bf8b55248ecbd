"""Cards: what they say of a link is what the app says, and they ask for nothing.

They are compared with the app on a table of links, then opened as files: that makes this file long.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
import quickjs
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect

from core.assets import ASSETS
from core.bounds import worst_angle_of
from core.descent.exhibits import EXHIBITS
from core.strategies import Strategy
from pages.widgets import live
from pages.widgets.browser import script
from pages.widgets.card import registry
from pages.widgets.descent import card as descent
from pages.widgets.vector import card as vector
from serving.cards import write_cards
from tests.conftest import run_page, told

BAKED = re.compile(r'<script type="application/json" id="baked">(.*?)</script>', re.DOTALL)
HEIGHTS = re.compile(r"<script>(const HEIGHTS = .*?\n\};)\n", re.DOTALL)
LINKS = {
    "vector": [
        *[
            "",
            "gradient=3,4|.3,.4",
            "gradient=1 2 3&layers=1,2&picture=bars",
            "gradient=",
            "layers=1",
        ],
        *["gradient=x&layers=2", "gradient=3,4&gradient=5,6", "threshold=2&rule=RADIAL", "rule="],
        *["threshold=0", "threshold=1e+1", "threshold=1&threshold=x", "matching=same worst length"],
        *["shown=", "shown=value&shown=bogus", "shown=global&shown=value", "picture=arrows"],
        *[
            "gradient=[[3, 4], [5, 6]]",
            "gradient=tensor([1., 2.])&rule=foo",
            "gradient=" + "1 " * 65,
        ],
        *[
            "gradient=1,2,3,4&layers=2,2&matching=same output length",
            "threshold=1,5",
            "ask=TRUE",
            "ask=true&ask=1",
            "nobody=knows",
        ],
    ],
    "descent": [
        *["", "surface=ridge", "surface=RIDGE&start=1,1", "surface=bogus", "start=1", "start=1|2"],
        *["start=1,2,3,4", "start= ", "start=x&surface=saddle", "learning_rate=.5&threshold=3"],
        *["learning_rate=-1", "runs=value", "runs=", "runs=bogus", "steps=100", "steps=1e400"],
        *["steps=2001", "step=7", "steps=50&step=70", "step=-1", "steps=3e1&step=2.0"],
        *["rule=normalize&matching=same output length&surface=Beale&steps=30", "start=1e+1,2"],
        *["ask=true&play=true", "play=TRUE&runs=value", "play=1&ask=", "ask=false&play=false"],
        *["descent_optimizer=Adam&steps=30", "descent_optimizer=nesterov&descent_optimizer=x"],
        *["rule=radial&rule=x", "steps=30&steps=x", "steps=x&steps=30"],
    ],
}


def javascript(name: str, page: str) -> quickjs.Context:
    """Return the card's script, which knows what Python made it of."""
    context = quickjs.Context()
    context.eval(script(ASSETS / name / "card.js"))
    heights = HEIGHTS.search(page)
    context.eval(heights[1] if heights else "const HEIGHTS = {};")
    context.eval(f"const card = {name}_card.card({BAKED.search(page)[1]}, HEIGHTS);")
    return context


PAGES = {"vector": vector.page, "descent": descent.page}
CARDS = {name: javascript(name, page()) for name, page in PAGES.items()}


def of_card(name: str, link: str) -> tuple[dict[str, Any], list[str]]:
    """Return what the card's stage is told, and what the reader is."""
    pairs = json.dumps(parse_qsl(link, keep_blank_values=True))
    found = CARDS[name].eval(
        f"JSON.stringify((() => {{ const {{ values, notices }} = card.read({pairs});"
        "return [card.data(values), notices]; })())"
    )
    data, notices = json.loads(found)
    return data, notices


def query(pairs: list[list[str]]) -> str:
    return urlencode([(key, text) for key, text in pairs])


def of_app(name: str, link: str) -> tuple[dict[str, Any], list[str]]:
    page = run_page(f"{name}.py", f"?{urlencode(parse_qsl(link, keep_blank_values=True))}")
    data = told(page, {"vector": "stage"}.get(name, name))
    return data, [warning.value for warning in page.warning]


@pytest.mark.parametrize(("name", "link"), [(name, link) for name in LINKS for link in LINKS[name]])
def test_a_card_shows_and_says_what_the_app_does(name: str, link: str) -> None:
    shown, said = of_card(name, link)
    expected, warned = of_app(name, link)
    ground = json.loads(expected.pop("ground", "{}"))
    drawn = json.loads(shown.pop("ground", "{}"))
    for key in expected.keys() - {
        "ack",
        "awaited",
        "full",
        "label",
        "small",
        "strategies",
        "worst",
    }:
        assert shown[key] == expected[key], key
    for key in ground.keys() - {"contours", "javascript"}:
        assert drawn[key] == ground[key], key
    assert sorted(said) == sorted(warned)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8).map(tuple))
def test_blocks_and_bounds_are_those_of_the_app(layers: tuple[int, ...]) -> None:
    context = CARDS["vector"]
    for strategy, sent in live.strategies(layers).items():
        entry = json.dumps(registry()[strategy])
        call = f"live_blocks.blocksOf({entry}, {json.dumps(layers)})"
        assert json.loads(context.eval(f"JSON.stringify({call})")) == sent
        worst = context.eval(f"live_blocks.worstAngle({call})")
        assert worst == pytest.approx(worst_angle_of(Strategy(strategy), layers), rel=1e-14)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_what_a_card_writes_into_its_link_it_reads_again(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(LINKS)))
    link = data.draw(st.sampled_from(LINKS[name]))
    pairs = json.dumps(parse_qsl(link, keep_blank_values=True))
    written = json.loads(CARDS[name].eval(f"JSON.stringify(card.write(card.read({pairs}).values))"))
    assert of_card(name, query(written)) == (of_card(name, link)[0], [])


@pytest.mark.parametrize("name", LINKS)
def test_the_full_page_opens_where_the_card_is(name: str) -> None:
    for link in LINKS[name][::4]:
        pairs = json.dumps(parse_qsl(link, keep_blank_values=True))
        full = json.loads(CARDS[name].eval(f"JSON.stringify(card.full(card.read({pairs}).values))"))
        (shown, _), (expected, warned) = of_card(name, link), of_app(name, query(full))
        assert not warned
        for key in expected.keys() & {
            "gradient",
            "start",
            "threshold",
            "rule",
            "steps",
            "runs",
            "optimizer",
        }:
            assert shown[key] == expected[key], (link, key)


def test_what_a_card_cannot_show_goes_along_to_the_full_page() -> None:
    link = "surface=your own&formula=x^2&phi=30&noise=Gaussian&noise_seed=7&steps=60"
    pairs = json.dumps(parse_qsl(link))
    found = json.loads(CARDS["descent"].eval(f"JSON.stringify(card.read({pairs}))"))
    assert found["notices"] == [
        "A card cannot show what the link says of surface, phi, noise: the full page can."
    ]
    full = json.loads(
        CARDS["descent"].eval(f"JSON.stringify(card.full(card.read({pairs}).values))")
    )
    assert dict(full) == dict(parse_qsl(link))


def test_a_saved_card_keeps_the_last_step_and_its_noise() -> None:
    it = replace(EXHIBITS["Heavy-tailed noise"].experiment, steps=60)
    saved = javascript("descent", descent.page("", it, {"step": 20}))
    read = (
        "JSON.stringify(card.read(card.write({ ...card.read([]).values, step: 60 })).values.step)"
    )
    assert saved.eval("card.read([]).values.step") == 20
    assert saved.eval(read) == "60"
    assert "60 to 60" in saved.eval('card.read([["steps", "30"]]).notices[0]')
    assert "noise_seed" in saved.eval('card.read([["noise_seed", "5"]]).notices[0]')


# In a browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("cards")
    write_cards(place)
    return place


@pytest.fixture
def opened(browser: Browser) -> Iterator[Any]:
    """Open a card's file; see that it asks for nothing else and raises no error."""
    context = browser.new_context()
    asked: list[str] = []
    errors: list[str] = []
    files: set[str] = set()

    def open_file(file: Path, link: str = "", width: int = 600, height: int = 450) -> Page:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda entry: errors.append(entry.text) if entry.type == "error" else None
        )
        page.set_viewport_size({"width": width, "height": height})
        files.add(file.as_uri())
        page.goto(f"{file.as_uri()}#{link}")
        page.locator(".stage.drawn svg").first.wait_for()
        return page

    yield open_file
    assert not errors
    assert set(asked) == files
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("size", [(600, 450), (320, 420)])
def test_picture_slider_and_numbers_fit_a_frame(
    opened: Any, folder: Path, name: str, size: tuple[int, int]
) -> None:
    page = opened(folder / f"{name}.html", "", *size)
    parts = [".pictures svg", '.slider[name="threshold"]']
    for part in [*parts, *([".card"] if size[0] == 600 else [])]:
        box = page.locator(part).last.bounding_box()
        assert box
        assert box["y"] + box["height"] <= size[1]
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]


@pytest.mark.browser
def test_a_drag_is_written_into_the_link_and_read_again(opened: Any, folder: Path) -> None:
    page = opened(folder / "vector.html")
    page.locator(".tip").press("ArrowUp")
    page.wait_for_url(re.compile("gradient="))
    shown = page.locator(".tip").get_attribute("aria-valuetext")
    page.reload()
    expect(page.locator(".tip")).to_have_attribute("aria-valuetext", shown)
    page.get_by_label("Rule").select_option("normalize")
    page.wait_for_url(re.compile("rule=normalize"))
    page.get_by_label("by value").uncheck()
    page.wait_for_url(re.compile("shown=layer&shown=global"))
    page.get_by_label("Ready-made gradients").select_option("The textbook: (0.9, 100)")
    page.wait_for_url(re.compile("gradient=0.9%2C\\+100"))


@pytest.mark.browser
def test_a_card_asks_as_its_link_says_and_keeps_that_in_it(opened: Any, folder: Path) -> None:
    page = opened(folder / "vector.html", "ask=true")
    expect(page.get_by_role("group", name="How far does clipping by value")).to_be_visible()
    page.locator(".tip").press("ArrowUp")
    page.wait_for_url(re.compile("gradient=.*ask=true"))
    expect(page.locator(".card.value")).to_be_hidden()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".verdict")).to_contain_text("You guessed 45°; it turns by ")
    before = page.url
    page.locator(".tip").press("ArrowUp")
    page.wait_for_url(lambda url: url != before)
    expect(page.locator(".card.value")).to_be_visible()
    page.get_by_label("Ready-made gradients").select_option("The textbook: (0.9, 100)")
    expect(page.locator(".card.value")).to_be_hidden()


@pytest.mark.browser
def test_a_card_plays_at_once_as_its_link_says_and_once(opened: Any, folder: Path) -> None:
    page = opened(folder / "descent.html", "play=true&steps=2000")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_url(re.compile(r"step=\d"))
    page.get_by_label("Rule").select_option("normalize")
    page.wait_for_url(re.compile("rule=normalize"))
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


@pytest.mark.browser
def test_hostile_links_are_told(opened: Any, folder: Path) -> None:
    hostile = "gradient=<script>alert(1)</script>&rule=__proto__&threshold=" + "9" * 4000
    page = opened(folder / "vector.html", hostile)
    said = page.get_by_role("alert").locator("p")
    expect(said).to_have_count(3)
    assert all("Accepted: " in text for text in said.all_inner_texts())


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", LINKS)
def test_axe_finds_no_violation(opened: Any, folder: Path, name: str, scheme: str) -> None:
    page = opened(folder / f"{name}.html", "", 1280, 800)
    page.emulate_media(color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.browser
def test_every_page_of_the_index_opens_as_its_exhibit(opened: Any, folder: Path) -> None:
    files = sorted(folder.glob("*.html"))
    exhibits = {
        f"{re.sub('[^a-z]+', '-', label.lower())}.html": exhibit.experiment
        for label, exhibit in EXHIBITS.items()
    }
    assert exhibits.keys() < {file.name for file in files}
    index = (folder / "index.html").read_text()
    assert {file.name for file in files} == {*re.findall(r'href="(.+?)"', index), "index.html"}
    for file in files:
        if file.name != "index.html":
            page = opened(file)
            expect(page.get_by_role("alert")).to_be_empty()
            words = page.locator(".words").inner_text()
            if file.name in exhibits:
                it = exhibits[file.name]
                start = re.search(r"from \((.+?)\)", words)
                assert start
                assert [float(x) for x in start[1].split(",")] == pytest.approx(it.start, rel=0.01)
                assert f"{it.steps} steps" in words
                assert page.locator(".card:not([hidden])").count() == len(it.runs)
            page.close()


@pytest.mark.browser
def test_the_start_of_a_descent_is_the_readers(opened: Any, folder: Path) -> None:
    page = opened(folder / "descent.html", "start=-1,3&surface=Beale")
    expect(page.locator(".words")).to_contain_text("from (-1.00, 3.00)")
    page.locator(".tip").press("ArrowRight")
    page.wait_for_url(re.compile("start=-0"))
    moved = page.locator(".words").inner_text()
    assert "from (-1.00, 3.00)" not in moved
    page.reload()
    expect(page.locator(".words")).to_have_text(moved)
