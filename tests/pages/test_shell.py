"""The frame around the pages: cold links, what is loaded, compression, errors, accessibility."""

import gzip
import re
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest
import streamlit
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize, expect

from serving.shell import PAGES
from tests.browsing import DESKTOP, LECTURE, PHONE, Visit
from tests.conftest import ROOT, serving, serving_page

LINK = "?gradient=3,4+|+0.3,0.4&threshold=2&rule=radial"
HEAVY = re.compile(r"\b(plotly|torch|sympy)\b", re.IGNORECASE)


@pytest.mark.browser
def test_a_link_is_right_as_the_first_request_to_a_cold_server(
    first_visit: Visit, tmp_path: Path
) -> None:
    with serving(tmp_path / "log.txt") as address:
        page = first_visit(LINK, address=address)
        assert page.get_by_role("textbox", name="Gradient").input_value() == "3,4 | 0.3,0.4"
        assert page.locator("svg.plane").count() == 2
        assert "radial" in page.url
        page.context.close()


@pytest.mark.browser
def test_the_landing_page_loads_no_plotly_torch_or_sympy(
    first_visit: Visit, tmp_path: Path
) -> None:
    requests: list[str] = []
    log = tmp_path / "log.txt"
    with serving(log, "-X", "importtime") as address:
        at_start = log.read_text()  # Streamlit itself imports Plotly where it is installed
        page = first_visit(
            LINK, address, lambda page: page.on("request", lambda r: requests.append(r.url))
        )
        page.get_by_role("button", name="Ready-made gradients").click()
        page.get_by_role("button", name="A real network's gradient").click()
        expect(page.locator("svg.bars")).to_be_visible()
        imported = log.read_text().removeprefix(at_start)
        page.context.close()
    assert "core.vector.comparison" in imported
    assert not HEAVY.findall(imported)
    assert not re.search(r"\b(torch|sympy)\b", at_start)
    assert requests
    assert not [url for url in requests if HEAVY.search(url)]
    assert not [url for url in requests if not url.startswith((address, "data:", "blob:"))]


@pytest.mark.browser
def test_an_uncaught_error_is_logged_and_the_reader_gets_a_way_back(
    browser: Browser, tmp_path: Path
) -> None:
    broken = 'raise RuntimeError("a secret")\n' + (ROOT / "pages" / "vector.py").read_text()
    with serving_page(tmp_path, broken) as address:
        page = browser.new_page()
        page.goto(f"{address}/{LINK}")
        expect(page.get_by_text("Something went wrong here")).to_be_visible()
        assert page.get_by_role("link", name="Start over").get_attribute("href") == "./"
        seen = page.locator("body").inner_text()
        page.close()
    assert "Traceback" not in seen
    assert "secret" not in seen
    assert "RuntimeError: a secret" in (tmp_path / "log.txt").read_text()


def test_the_streamlit_whose_internals_are_used_is_pinned() -> None:
    """They are used in `pages/widgets/link.py` and `assets/shell/history.js`."""
    pinned = (ROOT / "requirements.txt").read_text().splitlines()
    assert f"streamlit=={streamlit.__version__}" in pinned


def test_scripts_are_compressed_and_kept_by_the_browser(server: str) -> None:
    with urllib.request.urlopen(server) as answer:
        script = re.search(r"static/js/index[^\"]+\.js", answer.read().decode())
    assert script
    ask = urllib.request.Request(f"{server}/{script[0]}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(ask) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        packed = answer.read()
    assert len(packed) < len(gzip.decompress(packed)) / 2


@pytest.mark.parametrize(("name", "most"), [("vector", 40_000), ("descent", 120_000)])
def test_a_card_is_one_small_page_that_browsers_may_keep(server: str, name: str, most: int) -> None:
    for accepts in ("gzip", "identity"):
        ask = urllib.request.Request(
            f"{server}/card/{name}?threshold=2", headers={"Accept-Encoding": accepts}
        )
        with urllib.request.urlopen(ask) as answer:
            assert answer.headers["Content-Type"].startswith("text/html")
            assert "max-age" in answer.headers["Cache-Control"]
            body = answer.read()
            if accepts == "gzip":
                assert answer.headers["Content-Encoding"] == "gzip"
                assert len(body) <= most
                body = gzip.decompress(body)
            page = body.decode()
    assert "unsafe" not in page.split("Content-Security-Policy")[1].split(">")[0]
    assert 'data-address="../' in page


def test_nothing_outside_the_app_is_served(server: str) -> None:
    for path in ("/../requirements.txt", "/app.py", "/assets/live/clip.js", "/lib/"):
        with pytest.raises(HTTPError) as refused:
            urllib.request.urlopen(server + path)
        with refused.value as answer:  # which holds a socket
            assert answer.code in (400, 404)


PLACES = ["nonexistent", "pages/vector", "training/foo", "descent/a/b", "Descent", "index.html"]


@pytest.mark.browser
@pytest.mark.parametrize("path", PLACES)
def test_an_address_of_nothing_says_so_and_leads_on(
    browser: Browser, server: str, path: str
) -> None:
    page = browser.new_page()
    answer = page.goto(f"{server}/{path}?threshold=2")
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading")).to_have_text("There is no page at this address")
    found = Axe().run(page).response["violations"]
    assert not [rule["id"] for rule in found]
    assert page.get_by_role("link").all_inner_texts() == list(PAGES.values())
    page.get_by_role("link", name="A network").click()
    expect(page.get_by_role("heading", name="Does it matter for a real network?")).to_be_visible()
    assert page.url == f"{server}/training"
    page.close()


def test_the_address_of_a_page_is_the_app(server: str) -> None:
    for path in [*PAGES, "vector", "descent/", "?threshold=2"]:
        with urllib.request.urlopen(f"{server}/{path}") as answer:
            assert "<title>Streamlit</title>" in answer.read().decode()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("link", ["", LINK, "?gradient=1,2,3+|+-4,5&threshold=x"])
def test_axe_finds_no_violation(visit: Visit, scheme: str, link: str) -> None:
    page = visit(link, color_scheme=scheme)
    page.get_by_text("The numbers as tables").click()
    expect(page.get_by_text("⟨g, u⟩")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifted += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.browser
@pytest.mark.parametrize(
    "size",
    [DESKTOP, PHONE, {"width": 1024, "height": 768}, LECTURE],
    ids=["desktop", "phone", "tablet", "lecture"],
)
@pytest.mark.parametrize("path", ["", "descent"])
def test_nothing_jumps_while_a_page_loads(
    first_visit: Visit, path: str, size: dict[str, int]
) -> None:
    page = first_visit(path, prepare=lambda page: page.add_init_script(SHIFTS), viewport=size)
    assert page.evaluate("window.shifted") < 0.1  # what web.dev calls good


@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "descent"])
@pytest.mark.parametrize("size", [DESKTOP, LECTURE], ids=["desktop", "lecture"])
def test_what_is_chosen_most_is_seen_without_scrolling(
    visit: Visit, path: str, size: ViewportSize
) -> None:
    page = visit(path, viewport=size)
    for key in ("rule", "matching", "runs" if path else "shown"):
        box = page.locator(f".st-key-{key} button").last.bounding_box()
        assert box
        assert box["y"] + box["height"] <= size["height"]


MENUS = [
    ("", "Ready-made gradients", "The textbook: (0.9, 100)"),
    ("descent", "Exhibits", "Saddle"),
]
AT_ONCE = """async ([menu, choice]) => {
    const button = (words) =>
        [...document.querySelectorAll("button")].find((it) => it.innerText.startsWith(words));
    button(menu).click();
    while (!button(choice)) await new Promise(requestAnimationFrame);
    button(choice).click();
}"""


@pytest.mark.browser
@pytest.mark.parametrize(("path", "menu", "choice"), MENUS)
def test_a_menu_closes_after_a_choice(visit: Visit, path: str, menu: str, choice: str) -> None:
    page = visit(path)
    page.get_by_role("button", name=menu).click()
    page.get_by_role("button", name=choice, exact=True).click()
    page.wait_for_url("**threshold=**" if path else "**gradient=**")
    expect(page.get_by_role("button", name=choice, exact=True)).to_be_hidden()
    page.get_by_role("button", name=menu).click()
    expect(page.get_by_role("button", name=choice, exact=True)).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize(("path", "menu", "choice"), MENUS)
def test_a_menu_closes_after_a_choice_that_is_made_before_the_server_knows_it_is_open(
    visit: Visit, path: str, menu: str, choice: str
) -> None:
    page = visit(path)
    page.evaluate(AT_ONCE, [menu, choice])
    page.wait_for_url("**threshold=**" if path else "**gradient=**")
    expect(page.get_by_role("button", name=choice, exact=True)).to_be_hidden()
