"""The descent page: its live stage in a real browser, and its inputs on the server.

Losses, runs, steps and maps are each set, dragged and shared: that makes this file long.
"""

import json
import re
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote_plus

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from core.descent.experiment import Experiment, Landscape
from core.descent.report import report
from core.looks import NAMES
from core.matching import Thresholds
from core.notation import read_gradient
from core.optimizers import Optimizer
from core.runs import RUNS
from core.surfaces.table import SURFACES
from tests.browsing import PHONE, Visit, idle
from tests.conftest import all_told, released_links, run_page, told
from tests.hands import center, drag, inputs

BOWL = "descent?surface=long+bowl&learning_rate=0.005&steps=300"
PLAYED = "descent?steps=2000&step=0"  # so many steps that it plays until it is stopped


open_link = partial(run_page, "descent.py")


def stage(page: AppTest) -> dict[str, Any]:
    data = told(page, "descent")
    return data | json.loads(data["ground"])


def path(page: Page, run: str) -> str:
    return page.locator(f".path.{run}").first.get_attribute("d") or ""


@pytest.mark.parametrize(
    "released", released_links("descent"), ids=lambda released: released["link"] or "no parameters"
)
def test_a_released_link_shows_what_it_showed(released: dict[str, Any]) -> None:
    page = open_link(released["link"])
    drawn = stage(page)
    assert {name: drawn[name] for name in released["shows"]} == released["shows"]
    for drawn, said in zip(all_told(page, "plot"), released.get("maps", []), strict=True):
        assert drawn["alt"].startswith(said)
    assert not page.warning


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_has_its_page(surface: str) -> None:
    page = open_link(f"?surface={surface}&steps=20".replace(" ", "+"))
    drawn = stage(page)
    assert drawn["start"] == list(SURFACES[surface].start)
    assert drawn["contours"][0]
    assert not page.warning
    assert len(page.table[0].value) == 4


def test_a_readers_own_formula_travels_in_the_link() -> None:
    page = open_link("?surface=your+own&formula=x%5E2%2B3*y%5E2&start=1,2")
    assert stage(page)["start"] == [1, 2]
    assert stage(page)["lowest"] is None  # nobody knows its minima
    assert len(page.table[0].value) == 4


@pytest.mark.parametrize(
    "formula",
    ["", "x +", "import os", "x**99", "__import__('os')", "z", "x" * 999, "1/0", "(" * 50],
)
def test_a_formula_that_cannot_be_read_is_refused_in_a_sentence(formula: str) -> None:
    page = open_link("?surface=your+own&formula=x%5E2%2By%5E2")
    before = stage(page)
    page.text_input(key="formula").set_value(formula).run()
    assert not page.exception
    assert stage(page)["javascript"] == before["javascript"]
    assert "Still shown: x^2+y^2." in page.warning[0].value


@pytest.mark.parametrize(
    "link",
    [
        "?start=1",
        "?start=1,2,3",
        "?start=nan,1",
        "?learning_rate=0",
        "?threshold=-1",
        "?surface=bogus",
        "?phi=999",
        "?phi=--5",
        "?starts_of=bogus",
        "?map=bogus",
        "?steps=0",
        "?steps=x",
        "?noise=bogus",
        "?runs=bogus",
        "?second=bogus",
        "?noise=Gaussian&noise_scale=inf",
        "?surface=your+own&formula=import",
        "?step=-1",
        "?descent_optimizer=bogus",
    ],
)
def test_what_is_wrong_with_a_link_is_said_beside_the_picture(link: str) -> None:
    page = open_link(link)
    (warning,) = page.warning
    assert re.search("Accepted: ", warning.value)


@pytest.mark.parametrize(("start", "outside"), [("1e9,1e9", True), ("0,1", False), ("", False)])
def test_a_start_outside_of_the_picture_is_said(start: str, outside: bool) -> None:
    page = open_link(f"?start={start}&steps=20")
    assert any("outside of the picture" in said.value for said in page.caption) == outside


@pytest.mark.parametrize("optimizer", Optimizer)
def test_an_optimizer_decides_all_that_is_told_of_the_runs(optimizer: str) -> None:
    page = open_link(f"?surface=round+bowl&steps=50&starts_of=none&descent_optimizer={optimizer}")
    assert stage(page)["optimizer"] == optimizer
    it = Experiment(Landscape("round bowl"), (3, 1), 0.01, Thresholds(1), steps=50)
    rows = report(replace(it, optimizer=Optimizer(optimizer)))
    losses = [f"{row.final_loss:.4g}" for row in rows]
    assert list(page.table[0].value["final loss"]) == losses
    said = [text.value for text in page.caption if f"with {optimizer}" in text.value]
    assert len(said) == (0 if optimizer == "plain" else 2)  # of the table and of the map


def test_a_start_of_two_planes_is_kept_apart_from_that_of_one() -> None:
    page = open_link("?surface=Himmelblau&second=ridge&start=1,2+|+0.5,1")
    assert stage(page)["start"] == [1, 2, 0.5, 1]
    assert stage(page)["layers"] == [2, 2]
    page.selectbox(key="second").set_value("none").run()
    assert not page.exception
    assert stage(page)["layers"] == [2]


@pytest.mark.parametrize("run", RUNS)
def test_the_map_of_a_run_that_is_no_longer_shown_is_closed(run: str) -> None:
    page = open_link(f"?starts_of={run}&runs={run}&steps=5")
    page.button_group(key="runs").set_value([]).run()
    assert not page.exception
    assert page.selectbox(key="starts_of").value == "closed"


@pytest.mark.parametrize("formula", ["tanh(1000000*x)", "0*x", "1/x", "sqrt(x)", "-x^2-y^2-1"])
def test_a_strange_formula_is_drawn_without_an_error(formula: str) -> None:
    page = open_link(f"?surface=your+own&start=-1,0&steps=20&formula={quote_plus(formula)}")
    assert not page.warning
    assert len(page.table[0].value) == 4


@pytest.mark.browser
@pytest.mark.parametrize(
    "link",
    [
        "descent?surface=your+own&formula=-x%5E2-y%5E2-1&steps=50",
        "descent?surface=round+bowl&learning_rate=10&step=100&steps=500&runs=none",
        "descent?surface=your+own&formula=exp(-x)&start=-700,0&learning_rate=1000&step=1",
        "descent?surface=your+own&formula=1%2Fx&start=0,0",
    ],
)
def test_what_leaves_every_scale_is_drawn_without_an_error(visit: Visit, link: str) -> None:
    page = visit(link)  # an error in the console fails
    drawn = page.locator(".stage").evaluate("stage => stage.innerHTML")
    assert "NaN" not in drawn
    assert "Infinity 2" not in drawn


@pytest.mark.browser
@pytest.mark.parametrize("rotation", [0, 45])
def test_a_run_that_leaps_out_of_the_picture_is_drawn_to_its_edge(
    visit: Visit, rotation: int
) -> None:
    page = visit(f"descent?surface=ridge&phi={rotation}&learning_rate=0.1")
    plane = page.locator("svg.landscape")
    way = plane.locator("path.path.none").bounding_box()
    frame = plane.bounding_box()
    assert way
    assert frame
    assert way["x"] < frame["x"] or way["x"] + way["width"] > frame["x"] + frame["width"]


@pytest.mark.browser
def test_reset_stops_the_playing(visit: Visit) -> None:
    page = visit(f"{PLAYED}&threshold=2")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page).to_have_url(re.compile("descent$"))


@pytest.mark.browser
def test_the_browser_goes_where_core_goes(visit: Visit) -> None:
    noisy = "descent?surface=Himmelblau&second=saddle&noise=asymmetric&noise_seed=7&steps=200"
    for link, experiment in {
        BOWL: Experiment(Landscape("long bowl"), (10, 1), 0.005, Thresholds(1), steps=300),
        noisy: Experiment(
            Landscape("Himmelblau", second="saddle"),
            (-0.5, -1, 2, 1e-6),
            0.01,
            Thresholds(1),
            steps=200,
            noise="asymmetric",
            seed=7,
        ),
        **{
            f"{BOWL}&descent_optimizer={optimizer}": Experiment(
                Landscape("long bowl"),
                (10, 1),
                0.005,
                Thresholds(1),
                steps=300,
                optimizer=optimizer,
            )
            for optimizer in Optimizer
        },
    }.items():
        page = visit(link)
        words = page.locator(".words").inner_text()
        for row in report(experiment):
            if "left the finite" not in words:
                said = re.search(rf"After.*{re.escape(NAMES[row.run])} ([-\d.e]+)[;.]", words)
                assert said
                assert float(said[1].rstrip(".")) == pytest.approx(row.final_loss, rel=6e-3)


@pytest.mark.browser
@pytest.mark.parametrize("degrees", [0, 45])
def test_on_a_ridge_the_trace_shows_how_far_each_run_has_come(visit: Visit, degrees: int) -> None:
    it = Experiment(Landscape("ridge", degrees=degrees), (0, 0), 0.1, Thresholds(1))
    page = visit(f"descent?surface=ridge&phi={degrees}&learning_rate=0.1")
    trace = page.locator(".traces").first
    expect(trace).to_have_attribute("aria-label", re.compile("^Distance, slow direction"))
    words = trace.get_attribute("aria-label") or ""
    for row in report(replace(it, start=it.surface.start)):
        said = re.search(rf"{re.escape(NAMES[row.run])} ([-\d.e]+\d)", words)
        assert said
        assert float(said[1]) == pytest.approx(row.along, rel=6e-3, abs=1e-14)
    page = visit(BOWL)
    expect(page.locator(".traces").first).to_have_attribute("aria-label", re.compile("^Loss above"))


@pytest.mark.browser
def test_the_optimizer_is_chosen_beside_the_rule_and_ends_in_the_link(visit: Visit) -> None:
    page = visit(BOWL)
    before = {run: path(page, run) for run in RUNS}
    page.get_by_role("radio", name="Adam").click()
    page.wait_for_url("**descent_optimizer=Adam*")
    for run in RUNS:
        expect(page.locator(f".path.{run}")).not_to_have_attribute("d", before[run])
    expect(page.locator(".words")).to_contain_text("After 300 steps with Adam from")


@pytest.mark.browser
@pytest.mark.parametrize("link", [BOWL, f"{BOWL}&descent_optimizer=Adam"])
def test_dragging_the_start_redraws_every_path_before_the_release(visit: Visit, link: str) -> None:
    page = visit(link)
    before = {run: path(page, run) for run in RUNS}
    x, y = center(page.locator(".tip"))
    drag(page, (x, y), (x - 80, y - 60), release=False)
    for run in RUNS:
        expect(page.locator(f".path.{run}")).not_to_have_attribute("d", before[run])
    assert "start=" not in page.url
    page.wait_for_timeout(400)  # the hand rests: what is drawn by turns has to be there
    said = page.locator(".words, .card, .label").all_text_contents()
    page.mouse.up()
    page.wait_for_url("**start=**")
    assert page.locator(".words, .card, .label").all_text_contents() == said
    assert read_gradient(inputs(page)["start"])[0][0] < 10


def test_the_step_shown_is_one_of_the_steps_and_the_last_stays_the_last() -> None:
    for link in ("?steps=300", "?steps=300&step=2000"):
        page = open_link(link)
        assert not page.warning
        assert page.number_input(key="step").value == stage(page)["step"] == 300
        for key, number, shown in (
            ("steps", 800, 800),
            ("step", 500, 500),
            ("steps", 900, 500),
            ("steps", 400, 400),
        ):
            page.number_input(key=key).set_value(number).run()
            assert page.number_input(key="step").value == stage(page)["step"] == shown


@pytest.mark.browser
def test_a_step_that_goes_along_with_the_last_is_no_entry_of_the_history(
    first_visit: Visit,
) -> None:
    page = first_visit(f"{BOWL}&step=250".replace("steps=300", "steps=400"))
    before = page.evaluate("history.length")
    page.get_by_role("spinbutton", name="Steps", exact=True).fill("200")
    page.keyboard.press("Enter")
    page.wait_for_url("**steps=200*")
    expect(page.get_by_role("spinbutton", name="Step shown")).to_have_value("200")
    idle(page)
    assert "step=" not in page.url
    assert page.evaluate("history.length") <= before + 1
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("key", ["threshold", "learning_rate", "step"])
def test_the_sliders_answer_the_keyboard_and_end_in_the_link(visit: Visit, key: str) -> None:
    page = visit(f"{BOWL}&step=100")
    before = {"threshold": "1", "learning_rate": "0.005", "step": "100"}[key]
    page.locator(f".slider[name={key}]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([key, before]) => (new URLSearchParams(location.search).get(key) ?? before) !== before",
        arg=[key, before],
    )
    assert float(inputs(page)[key]) > float(before)


@pytest.mark.browser
def test_while_the_steps_play_the_numbers_are_those_of_the_step(visit: Visit) -> None:
    it = Experiment(Landscape("long bowl"), (10, 1), 0.005, Thresholds(1), steps=300)
    heights = it.descend().height
    page = visit(f"{BOWL}&step=0")
    page.get_by_role("button", name="Play").click()
    seen: set[int] = set()
    while len(seen) <= 5 and max(seen, default=0) < it.steps:
        shown, *losses = page.locator(".stage").evaluate(
            """(stage) => new Promise(requestAnimationFrame).then(() => [
                stage.querySelector(".slider[name=step]").ariaValueText,
                ...[...stage.querySelectorAll(".card .loss")].map((it) => it.textContent)])"""
        )
        step = int(shown.split()[0])
        seen.add(step)
        for run, loss in zip(it.runs, losses, strict=True):
            assert float(loss) == pytest.approx(heights[step, it.runs.index(run)], rel=6e-3)
    assert len(seen) > 5


@pytest.mark.browser
def test_playing_moves_the_step_and_pausing_keeps_it_in_the_link(visit: Visit) -> None:
    page = visit(PLAYED)
    page.get_by_role("button", name="Play").click()
    expect(page.locator(".slider[name=step]")).not_to_have_attribute("aria-valuetext", "0 of 2000")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_url(re.compile(r"step=[1-9]"))
    shown = inputs(page)["step"]
    page.get_by_role("button", name="One step on").click()
    page.wait_for_url(re.compile(rf"step={int(shown) + 1}(&|$)"))


STEP = ".slider[name=step]"


def step(page: Page) -> int:
    return int((page.locator(STEP).get_attribute("aria-valuetext") or "").split(" of ")[0])


@pytest.mark.browser
def test_a_link_that_plays_at_once_begins_at_the_start_and_plays_on(visit: Visit) -> None:
    page = visit("descent?steps=2000&play=true")  # and the page runs twice until it is idle
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    first = step(page)
    page.wait_for_function(
        "([slider, first]) => parseInt(slider.getAttribute('aria-valuetext')) > first",
        arg=[page.locator(STEP).element_handle(), first],
    )
    assert step(page) < 2000
    page.get_by_role("button", name="Pause").click()
    page.wait_for_url(re.compile(r"step=[1-9]"))
    assert inputs(page)["play"] == "true"


@pytest.mark.browser
def test_it_plays_at_once_only_once_and_again_when_that_is_chosen_again(visit: Visit) -> None:
    page = visit("descent?steps=2000&play=true")
    page.get_by_role("button", name="Pause").click()
    page.wait_for_url(re.compile(r"step=[1-9]"))
    idle(page)
    play = page.get_by_role("button", name="Play", exact=True)
    page.get_by_text("normalize", exact=True).click()
    page.wait_for_url(re.compile("rule=normalize"))
    idle(page)
    expect(play).to_be_visible()
    page.get_by_text("Play at once").click()
    page.wait_for_url(lambda url: "play" not in url)
    idle(page)
    expect(play).to_be_visible()
    page.get_by_text("Play at once").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_while_asking_the_runs_are_hidden_and_a_choice_shows_them(
    visit: Visit, scheme: str
) -> None:
    page = visit("descent?ask=true&steps=500", color_scheme=scheme)
    answers = [".path.layer", ".end.layer", ".arrow.value", ".card.value", ".traces", ".words"]
    for part in answers:
        expect(page.locator(part).last).to_be_hidden()
    expect(page.locator(".spoken")).to_have_text("Which run ends with the lowest loss?")
    question = page.get_by_role("group", name="Which run ends with the lowest loss?")
    names = [NAMES[run] for run in RUNS]
    assert question.get_by_role("button").all_inner_texts() == names
    expect(page.get_by_text(re.compile(r"0\.0940|0\.09397")).filter(visible=True)).to_have_count(0)
    assert "0.09" not in page.locator("body").aria_snapshot()
    assert not Axe().run(page).response["violations"]
    question.get_by_role("button", name="by value").press("Enter")
    verdict = page.locator(".verdict")
    expect(verdict).to_have_text(
        "You chose by value; per layer and by global norm end alike, lowest at 0.0940."
    )
    expect(verdict).to_be_focused()
    for part in answers:
        expect(page.locator(part).last).to_be_visible()
    expect(page.locator(".spoken")).to_contain_text("After 500 steps")
    assert not Axe().run(page).response["violations"]
    page.locator(".tip").press("ArrowUp")
    page.wait_for_url("**start=**")
    idle(page)
    expect(verdict).to_be_visible()
    page.get_by_role("textbox", name="Start").fill("0, 2")
    page.get_by_role("textbox", name="Start").press("Enter")
    expect(question).to_be_visible()
    expect(page.locator(".card.value")).to_be_hidden()


@pytest.mark.browser
def test_every_run_that_is_shown_can_be_chosen(visit: Visit) -> None:
    page = visit("descent?ask=true&runs=value&runs=layer")
    buttons = page.locator(".question button")
    expect(buttons).to_have_text(["by value", "per layer"])
    page.get_by_role("button", name="global", exact=True).click()
    expect(buttons).to_have_text(["by value", "per layer", "by global norm"])


@pytest.mark.browser
def test_a_question_that_plays_waits_for_the_choice(visit: Visit) -> None:
    page = visit("descent?ask=true&play=true&steps=2000")
    page.wait_for_timeout(300)
    assert step(page) == 2000
    page.get_by_role("group", name="Which run").get_by_role("button").first.click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    assert step(page) < 2000


@pytest.mark.browser
def test_calm_playing_shows_few_pictures(visit: Visit) -> None:
    page = visit(f"{BOWL}&step=0", reduced_motion="reduce")
    page.locator(".slider[name=step]").evaluate("""slider => {
        window.seen = [];
        new MutationObserver(() => window.seen.push(slider.getAttribute("aria-valuetext")))
            .observe(slider, { attributeFilter: ["aria-valuetext"] });
    }""")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => window.seen.length >= 3")
    assert page.evaluate("window.seen")[:3] == ["15 of 300", "30 of 300", "45 of 300"]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_on_the_descent_page(visit: Visit, scheme: str) -> None:
    page = visit(f"{BOWL}&noise=Gaussian", color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.browser
def test_the_descent_page_does_not_scroll_sideways_on_a_phone(visit: Visit) -> None:
    for link in (BOWL, f"{BOWL}&second=ridge"):
        page = visit(link, viewport=PHONE)
        assert page.evaluate("() => document.documentElement.scrollWidth") == 390
        main = page.locator("[data-testid=stMain]")
        assert main.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.browser
def test_a_reader_who_moves_on_cancels_a_map(visit: Visit) -> None:
    page = visit("descent?surface=recurrent+cliff&steps=2000")
    page.get_by_text("Map of learning rates and thresholds").click()
    expect(page.get_by_role("progressbar")).to_be_visible()  # for minutes, if nobody cancels it
    steps = page.locator(".st-key-steps input")
    steps.fill("20")
    steps.press("Enter")
    page.wait_for_url(re.compile(r"steps=20(&|$)"))
    idle(page)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.locator(".plot .canvas")).to_have_attribute("aria-label", re.compile("^Maps of"))
