"""The plot component in a real browser, on a page of its own."""

import re
import urllib.request
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from core.strategies import Strategy
from tests.browsing import PHONE, Device, Visit
from tests.conftest import serving_page

pytestmark = pytest.mark.browser
PAGE = """
import plotly.graph_objects as go
import streamlit as st

from core import looks
from core.figures import theme
from core.strategies import Strategy
from pages.widgets.plot import plot

power = st.number_input("Power", 1, 9, 1, key="power")
maps = st.number_input("Maps", 1, 2, 2, key="maps")
x, y = [0.01, 0.1, 1, 10], [1, 10, 100]
layout = {"template": theme.template(), "height": 300, "uirevision": "kept"}
layout |= {"grid": {"rows": 1, "columns": maps, "pattern": "independent"}}
figure = go.Figure(layout=layout)
for i in range(maps):
    z = [[(a * b) ** power for a in x] for b in y]
    axes = {"xaxis": f"x{i + 1}", "yaxis": f"y{i + 1}"} if i else {}
    figure.add_heatmap(x=x, y=y, z=z, name=f"map {i}", **axes, showscale=False,
                       hovertemplate="rate %{x}<br>threshold %{y}<extra></extra>")
    figure.update_layout({f"{a}axis{i + 1 if i else ''}": {"type": "log"} for a in "xy"})
figure.add_scatter(x=[0.1], y=[10], hoverinfo="skip", showlegend=False,
                   marker_color=looks.color(Strategy.VALUE))
figure.update_layout(meta={"cursor": [0.09, 11]})
plot(figure, key="p", alt="A map.", cells=True,
     on_click=lambda a, b: st.session_state.update(told=(a, b)))
st.write(f"told {st.session_state.get('told')}, power {power}")
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_page(tmp_path_factory.mktemp("plot"), PAGE) as address:
        yield address


@pytest.fixture
def page(visit: Visit, address: str) -> Page:
    page = visit(address=address, stage=False)
    canvas(page).locator(".heatmaplayer image").first.wait_for()
    return page


@pytest.mark.parametrize(
    ("kind", "begins"), [("PNG", b"\x89PNG"), ("SVG", b"<svg"), ("data", b"{")]
)
def test_a_plot_is_saved(page: Page, kind: str, begins: bytes) -> None:
    with page.expect_download() as download:
        page.get_by_role("button", name=kind, exact=True).click()
    assert download.value.path().read_bytes().startswith(begins)


def canvas(page: Page) -> Locator:
    return page.locator(".plot .canvas")


def cell(page: Page, column: int, row: int, which: int = 0) -> tuple[float, float]:
    """Return where on the screen the middle of a cell is."""
    x, y = canvas(page).evaluate(
        """(canvas, [column, row, which]) => {
            const map = canvas._fullData.filter(t => t.type === "heatmap")[which];
            const axis = id => canvas._fullLayout[id[0] + "axis" + id.slice(1)];
            const place = (a, value) => a._offset + a.d2p(value);
            const { x, y } = canvas.getBoundingClientRect();
            return [
                x + place(axis(map.xaxis), map.x[column]),
                y + place(axis(map.yaxis), map.y[row]),
            ];
        }""",
        [column, row, which],
    )
    return x, y


def test_a_click_tells_the_values_of_the_cell(page: Page) -> None:
    page.mouse.click(*cell(page, 2, 1))
    expect(page.get_by_text("told (1, 10)")).to_be_visible()
    page.mouse.click(*cell(page, 3, 2, which=1))
    expect(page.get_by_text("told (10, 100)")).to_be_visible()
    page.mouse.click(*cell(page, 1, 1))  # a mark lies upon this one
    expect(page.get_by_text("told (0.1, 10)")).to_be_visible()


def test_the_keyboard_walks_over_cells_speaks_them_and_chooses(page: Page) -> None:
    page.get_by_role("spinbutton", name="Maps").focus()
    for _ in range(9):
        page.keyboard.press("Tab")
        if canvas(page).evaluate("c => c === document.activeElement"):
            break
    spoken, frame = page.locator(".plot .spoken"), page.locator(".plot .cell")
    expect(spoken).to_have_text("rate 0.1, threshold 10")  # the one that the page marks
    expect(frame).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(spoken).to_have_text("rate 1, threshold 10")
    page.keyboard.press("ArrowUp")
    expect(spoken).to_have_text("rate 1, threshold 100")
    box, (x, y) = frame.bounding_box(), cell(page, 2, 2)
    assert box
    assert abs(box["x"] + box["width"] / 2 - x) < box["width"] / 2
    assert box["y"] <= y <= box["y"] + box["height"]
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")  # over the edge, into the second map
    page.keyboard.press("ArrowDown")
    expect(spoken).to_have_text("rate 0.01, threshold 10")
    page.keyboard.press("Enter")
    expect(page.get_by_text("told (0.01, 10)")).to_be_visible()
    expect(canvas(page)).to_be_focused()


def test_a_redraw_keeps_the_zoom_and_never_blanks(page: Page) -> None:
    left, right = cell(page, 1, 0), cell(page, 2, 2)
    page.mouse.move(*left)
    page.mouse.down()
    page.mouse.move(*right, steps=5)
    page.mouse.up()
    zoom = "canvas => JSON.stringify(canvas._fullLayout.xaxis.range.map(x => x.toFixed(6)))"
    wide = page.wait_for_function(
        "() => { const c = document.querySelector('.plot .canvas');"
        " return c._fullLayout.xaxis.range[1] < 1 && 'zoomed'; }"
    )
    assert wide.json_value() == "zoomed"
    zoomed = canvas(page).evaluate(zoom)
    image = canvas(page).locator(".heatmaplayer image").first
    drawn = image.get_attribute("href") or image.get_attribute("xlink:href")
    canvas(page).evaluate(
        """canvas => {
            window.blank = 0; window.frames_seen = 0;
            const look = () => {
                frames_seen++;
                if (!canvas.isConnected || !canvas.querySelector(".heatmaplayer image")) blank++;
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    page.get_by_role("spinbutton", name="Power").fill("4")
    page.keyboard.press("Enter")
    expect(page.get_by_text("power 4")).to_be_visible()
    page.wait_for_function(
        "z => document.querySelector('.plot .canvas')._fullData[0].z[2][3] === z", arg=1000**4
    )
    assert (image.get_attribute("href") or image.get_attribute("xlink:href")) != drawn
    assert canvas(page).evaluate(zoom) == zoomed
    assert page.evaluate("() => frames_seen") > 0
    assert page.evaluate("() => blank") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colors_are_those_of_the_page(visit: Visit, address: str, scheme: str) -> None:
    page = visit(address=address, stage=False, color_scheme=scheme)
    canvas(page).locator(".heatmaplayer image").first.wait_for()
    look = getattr(Strategy.VALUE.look, scheme)
    rgb = ", ".join(str(int(look[i : i + 2], 16)) for i in (1, 3, 5))
    seen = canvas(page).evaluate(
        "c => [c.data.at(-1).marker.color, c.layout.template.layout.font.color]"
    )
    text = page.locator("[data-testid=stApp]").evaluate("e => getComputedStyle(e).color")
    assert seen == [f"rgb({rgb})", text]
    found = Axe().run(page, ".plot").response["violations"]
    assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


def test_on_a_phone_the_maps_stand_below_each_other(visit: Visit, address: str) -> None:
    page = visit(address=address, stage=False, device=Device.TOUCH_SCREEN, viewport=PHONE)
    canvas(page).locator(".heatmaplayer image").first.wait_for()
    (one, top), (other, below) = cell(page, 0, 0), cell(page, 0, 0, which=1)
    assert one == pytest.approx(other, abs=1)
    assert below > top
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_the_library_is_packed_kept_and_loaded_once(first_visit: Visit, address: str) -> None:
    asked: list[str] = []
    page = first_visit(
        address=address,
        stage=False,
        prepare=lambda page: page.on(
            "request", lambda r: "plotly" in r.url and asked.append(r.url)
        ),
    )
    canvas(page).locator(".heatmaplayer image").first.wait_for()
    (library,) = asked
    assert re.fullmatch(rf"{address}/lib/plotly\.min\.js\?[\d.]+", library)
    for accepted, encoding in (("gzip", "gzip"), ("identity", None)):
        ask = urllib.request.Request(library, headers={"Accept-Encoding": accepted})
        with urllib.request.urlopen(ask) as answer:
            assert answer.headers["Content-Encoding"] == encoding
            assert "immutable" in answer.headers["Cache-Control"]
            assert "javascript" in answer.headers["Content-Type"]
