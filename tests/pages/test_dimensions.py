"""The page of many dimensions: its inputs, its views, its links."""

import re
from functools import partial
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from core.dimensions.distributions import Distribution
from pages.widgets.dimensions.settings import View
from tests.browsing import PHONE, Visit, idle
from tests.conftest import all_told, released_links, run_page
from tests.hands import inputs

open_link = partial(run_page, "dimensions.py")


@pytest.mark.parametrize(
    "released",
    released_links("dimensions"),
    ids=lambda released: released["link"] or "no parameters",
)
def test_a_released_link_shows_what_it_showed(released: dict[str, Any]) -> None:
    page = open_link(released["link"])
    assert not page.warning
    shows = released["shows"]
    said = [re.split("[;.]", told["alt"])[0] for told in all_told(page, "plot")]
    assert said == shows["plots"]
    if "table" in shows:
        table = page.table[0].value
        assert [list(row) for row in table.itertuples(index=False)] == shows["table"]
    for sentence in shows.get("says", []):
        assert any(sentence in each.value for each in page.markdown)


@pytest.mark.parametrize("distribution", Distribution)
def test_every_distribution_has_its_page(distribution: str) -> None:
    page = open_link(f"?distribution={distribution}&draws=50&coordinates=20".replace(" ", "+"))
    assert not page.warning
    assert len(page.table[0].value) == 3


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize(
    "link", ["coordinates=1", "shown=", "draws=1", "matching=same+output+length"]
)
def test_every_view_has_its_page(view: str, link: str) -> None:
    page = open_link(f"?view={view}&{link}&threshold=0.5".replace(" ", "+"))
    assert not page.warning


@pytest.mark.parametrize(
    "link",
    [
        "?distribution=bogus",
        "?coordinates=7",
        "?coordinates=x",
        "?threshold=0",
        "?unit=bogus",
        "?sizes=0",
        "?sizes=1,x",
        "?sizes=1000001",
        "?sizes=" + "9" * 4000,
        "?sizes=" + "1," * 1200 + "1",
        "?layer_count=0",
        "?draws=0",
        "?draws=1e9",
        "?coordinates=1000000&draws=100000",
        "?draw_seed=-1",
        "?basis=bogus",
        "?matching=bogus",
        "?distribution=Student+t&nu=0",
        "?distribution=Student+t&nu=inf",
        "?distribution=Student+t&nu=1e-30",
        "?draws=1000000",
        "?view=bogus",
        "?view=all+directions&reach=-1",
        "?view=worst+case&worst_n=1",
        "?view=worst+case&worst_ratio=x",
        "?shown=bogus",
    ],
)
def test_what_is_wrong_with_a_link_is_said_beside_the_picture(link: str) -> None:
    page = open_link(link)
    (warning,) = page.warning
    assert re.search("Accepted: ", warning.value)


def test_more_numbers_than_there_is_room_for_are_refused_with_the_bound() -> None:
    page = open_link("?coordinates=1000000&draws=201&shown=")
    (warning,) = page.warning
    assert "201 gradients of 1,000,000 numbers are too many: 200,000,000" in warning.value
    assert "Accepted: a whole number from 1 to 200, or nothing." in warning.value
    assert "Still shown: 20 gradients." in warning.value


def test_with_more_numbers_fewer_gradients_are_drawn_unless_the_reader_says_how_many() -> None:
    page = open_link("?coordinates=1000000&shown=")
    assert not page.warning


@pytest.mark.parametrize("view", [View.HISTOGRAMS, View.COORDINATES, View.THRESHOLDS])
def test_the_heaviest_tails_are_drawn(view: str) -> None:
    page = open_link(f"?distribution=Student+t&nu=0.1&draws=20&view={view}".replace(" ", "+"))
    assert not page.warning


@pytest.mark.parametrize(("basis", "climbs"), [("own axes", True), ("rotated", False)])
def test_what_is_said_of_heavy_tails_is_said_where_it_is_true(basis: str, climbs: bool) -> None:
    link = f"?distribution=Student+t&nu=1&draws=20&view=number+of+coordinates&basis={basis}"
    page = open_link(link.replace(" ", "+"))
    assert any("climbs to 90" in caption.value for caption in page.caption) == climbs
    last = page.table[0].value.iloc[-1]["by value: median (quartiles)"]
    assert (float(last.split("°")[0]) > 89) == climbs


def test_inputs_that_play_no_part_in_a_view_are_not_shown_and_keep_what_they_held() -> None:
    page = open_link("?coordinates=30&draws=20&distribution=Laplace")
    for view, hidden in (
        (View.COORDINATES, {"coordinates"}),
        (View.WORST, {"distribution", "coordinates", "draws", "threshold", "shown", "matching"}),
        (View.DIRECTIONS, {"distribution", "coordinates", "draws", "threshold", "shown"}),
        (View.THRESHOLDS, {"reach", "worst_n"}),
        (View.HISTOGRAMS, {"reach", "worst_n"}),
    ):
        page.button_group(key="view").set_value(view).run()
        assert not page.exception
        kinds = [page.text_input, page.selectbox, page.select_slider, page.button_group]
        assert not hidden & {it.key for kind in kinds for it in kind}
    assert page.select_slider(key="coordinates").value == 30
    assert page.text_input(key="draws").value == "20"
    assert page.selectbox(key="distribution").value == "Laplace"


def test_reset_sets_every_input_back() -> None:
    page = open_link("?distribution=Laplace&coordinates=30&draws=20&sizes=1,2&basis=rotated")
    page.button[0].click().run()
    assert not page.exception
    assert page.selectbox(key="distribution").value == "Gaussian"
    assert page.text_input(key="sizes").value == ""
    assert page.table[0].value["limit"][0] == "18.1°"


def test_the_threshold_counts_in_what_is_chosen() -> None:
    laplace = "?distribution=Laplace&draws=50&threshold=2"
    in_deviations, absolute = (
        open_link(laplace + unit).table[0].value["threshold"][0] for unit in ("", "&unit=absolute")
    )
    assert (in_deviations, absolute) == ("2.828", "2")


def test_without_a_standard_deviation_the_threshold_is_absolute_and_that_is_said() -> None:
    page = open_link("?distribution=Student+t&nu=2&draws=50&threshold=3")
    assert page.table[0].value["threshold"][0] == "3"
    assert page.table[0].value["limit"][0] == "90.0°"
    assert any("no finite standard deviation" in caption.value for caption in page.caption)


def test_a_rotation_is_set_beside_the_draws_along_their_own_axes() -> None:
    page = open_link("?distribution=sparse+spikes&draws=100&basis=rotated&threshold=0.1")
    own, rotated = (list(page.table[1].value[name]) for name in ("along their own axes", "rotated"))
    assert own[0] != rotated[0]
    assert own[2] == rotated[2] == "0.0° (0.0° to 0.0°)"


@pytest.mark.browser
def test_the_worst_case_opens_on_the_first_page(visit: Visit) -> None:
    page = visit("dimensions?view=worst+case&worst_n=3&worst_ratio=4", stage=False)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open it on the first page").click()
    first = opened.value
    idle(first)
    assert inputs(first)["gradient"] == "4, 1, 1"
    expect(first.locator(".card.value .angle")).to_have_text("35.3°")


@pytest.mark.browser
@pytest.mark.parametrize("view", View)
def test_every_view_is_drawn_and_fits_a_phone(visit: Visit, view: str) -> None:
    page = visit(f"dimensions?view={view}".replace(" ", "+"), stage=False, viewport=PHONE)
    if view != View.WORST:
        page.locator(".plot .main-svg").first.wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", [View.HISTOGRAMS, View.DIRECTIONS])
def test_axe_finds_no_violation_on_the_page(visit: Visit, view: str, scheme: str) -> None:
    page = visit(f"dimensions?view={view}".replace(" ", "+"), stage=False, color_scheme=scheme)
    page.locator(".plot .main-svg").first.wait_for()
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]
