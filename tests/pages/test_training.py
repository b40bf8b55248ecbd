"""The page that trains a network: its inputs on the server, its trainings in a real browser.

It is trained, watched, stopped, shared and looked at step by step: that makes this file long.
"""

import gc
import json
import re
import subprocess
import sys
import weakref
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from safetensors import safe_open
from streamlit.testing.v1 import AppTest

from core.matching import Matching
from core.notation import read_gradient
from core.runs import RUNS
from core.strategies import Strategy
from core.training.exhibits import EXHIBITS
from core.training.faults import Fault
from core.training.tasks import TASKS
from pages.widgets.training.trainer import Trainer
from tests.browsing import PHONE, Visit, idle
from tests.conftest import ROOT, all_told, released_links, run_page, serving
from tests.hands import inputs

FEW = "training_steps=3&batch=8"
LONG = "training?training_steps=2000"

open_link = partial(run_page, "training.py")


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def finish(page: AppTest) -> Trainer:
    """Look until nothing is trained any more, as the browser does."""
    while "Stop" in labels(page):
        page.run()
        assert not page.exception
    return page.session_state["trainer"]


@pytest.mark.parametrize(
    "released", released_links("training"), ids=lambda released: released["link"] or "no parameters"
)
def test_a_released_link_offers_what_it_offered(released: dict[str, Any]) -> None:
    page = open_link(released["link"])
    assert not page.warning
    assert "trainer" not in page.session_state  # a link alone trains nothing
    press(page, "Run")
    if "plots" in released:
        finish(page)
    trainer = page.session_state["trainer"]
    assert trainer.training.told() == released["shows"]
    assert list(trainer.steps) == released["runs"]
    if "plots" in released:
        for told, said in zip(all_told(page, "plot"), released["plots"], strict=True):
            assert told["alt"].startswith(said)
    written = "".join(markdown.value for markdown in page.markdown)
    assert all(said in written for said in released.get("says", []))
    press(page, "Stop" if "Stop" in labels(page) else "Reset")


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("fault", Fault)
def test_every_task_trains_whatever_goes_wrong(task: str, fault: str) -> None:
    page = open_link(f"?{FEW}&task={quote(task)}&fault={quote(fault)}")
    press(page, "Run")
    finish(page)
    assert not page.warning
    assert len(page.table[0].value) == 4


@pytest.mark.parametrize(
    "link",
    [
        "?task=bogus",
        "?fault=bogus",
        "?optimizer=bogus",
        "?layering=bogus",
        "?rule=bogus",
        "?training_matching=bogus",
        "?training_runs=bogus",
        "?training_threshold=0",
        "?training_threshold=-1",
        "?training_threshold=nan",
        "?training_rate=inf",
        "?training_rate=1e400",
        "?training_rate=1,2",
        "?training_steps=0",
        "?training_steps=2001",
        "?training_steps=-1",
        "?training_steps=1e2",
        "?training_steps=" + "9" * 4000,
        "?batch=0",
        "?batch=1025",
        "?batch=٣",
        "?batch=<script>",
        "?training_seed=-1",
        "?training_seed=x",
    ],
)
def test_what_is_wrong_with_a_link_is_said_in_a_sentence(link: str) -> None:
    page = open_link(link)
    (warning,) = page.warning
    assert "Accepted: " in warning.value
    assert "Run" in labels(page)


@pytest.mark.parametrize("rate", ["1e30", "1e-30"])
@pytest.mark.parametrize("matching", ["same number", "same output length", "same worst length"])
def test_extreme_settings_are_trained_without_an_error(rate: str, matching: str) -> None:
    extreme = f"training_rate={rate}&training_threshold={rate}&training_steps=20&batch=1"
    page = open_link(f"?{extreme}&training_matching={quote(matching)}&optimizer=SGD")
    press(page, "Run")
    finish(page)


def test_no_run_is_answered_in_a_sentence() -> None:
    page = open_link("?training_runs=")
    assert next(button for button in page.button if button.label == "Run").disabled
    assert "Choose at least one run." in [caption.value for caption in page.caption]


def test_stopping_and_continuing_takes_the_same_steps() -> None:
    page = open_link("?training_steps=300")
    press(page, "Run")
    press(page, "Stop")
    stopped = page.session_state["trainer"]
    assert 0 < stopped.taken < 1200
    page.run()
    assert "Continue" in labels(page)
    assert not stopped.going
    before = stopped.taken
    press(page, "Continue")
    assert stopped.taken > before
    press(page, "Stop")


def test_other_settings_stop_the_training_and_are_not_mistaken_for_it() -> None:
    page = open_link("?training_steps=2000")
    press(page, "Run")
    page.text_input(key="training_threshold").set_value("0.5").run()
    assert not page.session_state["trainer"].going
    assert any("Shown are the runs of the former settings: " in c.value for c in page.caption)
    assert "Continue" not in labels(page)
    page.text_input(key="training_threshold").set_value("").run()
    assert "Continue" in labels(page)


def test_another_task_shows_what_it_is_learned_from_and_forgets_nothing() -> None:
    page = open_link(f"?{FEW}")
    press(page, "Run")
    finish(page)
    page.selectbox(key="task").set_value("digits").run()
    (told,) = all_told(page, "plot")
    assert told["alt"].startswith("One image of each digit")
    page.selectbox(key="task").set_value("adding problem").run()
    assert len(all_told(page, "plot")) == 5
    assert "Run again" in labels(page)


def test_a_third_reader_waits_and_is_told_so() -> None:
    readers = [open_link(f"?training_steps=2000&training_seed={seed}") for seed in range(3)]
    for page in readers:
        press(page, "Run")
    first, _, third = readers
    assert third.session_state["trainer"].taken == 0
    assert all_told(third, "plot")[0]["alt"].startswith("One sequence")  # while one waits
    third.run()
    assert "within about 60 seconds" in third.get("progress")[0].proto.text
    press(third, "Stop")
    third.run()
    assert "Busy" not in third.get("progress")[0].proto.text
    press(third, "Continue")
    assert "Busy" in third.get("progress")[0].proto.text
    press(first, "Stop")
    third.run()
    assert third.session_state["trainer"].taken > 0
    for page in readers[1:]:
        press(page, "Stop")


def test_leaving_the_page_ends_the_work() -> None:
    page = open_link("?training_steps=2000")
    press(page, "Run")
    trainer = page.session_state["trainer"]
    page.switch_page("descent.py").run()
    taken = trainer.taken
    page.run()
    assert trainer.taken == taken
    page.switch_page("training.py").run()  # back at once, it goes on
    assert trainer.taken > taken
    press(page, "Stop")


def test_a_new_run_repeats_the_former_one_and_lets_go_of_it() -> None:
    page = open_link(f"?{FEW}")
    press(page, "Run")
    first = weakref.ref(finish(page))
    before = losses(first())
    press(page, "Run again")
    assert losses(finish(page)) == before
    page.run()  # Streamlit keeps the callbacks of one run before
    gc.collect()
    assert first() is None


def losses(trainer: Trainer | None) -> list[float]:
    assert trainer
    return [step.loss for steps in trainer.steps.values() for step in steps]


def test_the_helper_sets_the_threshold_in_the_link() -> None:
    page = open_link(f"?{FEW}")
    press(page, "Run")
    finish(page)
    label = next(label for label in labels(page) if label.startswith("Set the threshold to "))
    press(page, label)
    assert page.text_input(key="training_threshold").value == label.split()[-1]
    assert any("Shown are the runs of the former settings: " in c.value for c in page.caption)


def test_the_gradient_nearest_to_the_step_is_shown_and_the_longest_is_offered() -> None:
    page = open_link("?task=modular+addition&training_steps=40&training_step=39")
    press(page, "Run")
    trainer = finish(page)
    steps = trainer.steps[Strategy.VALUE]
    kept = [step.step for step in steps if step.gradient is not None]

    def looked_at() -> int:
        alt = all_told(page, "plot")[-1]["alt"]
        return int(re.search(r"at step (\d+)", alt)[1])

    assert len(kept) < len(steps)
    assert looked_at() == 39
    missing = next(k for k in range(40) if k not in kept)
    page.slider(key="training_step").set_value(missing).run()
    assert abs(looked_at() - missing) == min(abs(k - missing) for k in kept)
    press(page, next(label for label in labels(page) if label.startswith("Longest gradient")))
    assert steps[looked_at()].norm_before == max(step.norm_before for step in steps)


def test_a_step_beyond_the_last_of_the_next_training_becomes_the_last() -> None:
    page = open_link("?training_steps=20&batch=4&training_step=12")
    for steps in ("20", "5", "1", "30"):
        page.text_input(key="training_steps").set_value(steps).run()
        press(page, next(label for label in ("Run", "Run again") if label in labels(page)))
        finish(page)
        assert not page.warning
        last = min(int(steps) - 1, 12 if steps == "20" else 4 if steps == "5" else 1)
        shown = all_told(page, "plot")[-1]["alt"]
        assert f"at step {min(last, int(steps) - 1)}," in shown


@pytest.mark.parametrize("link", ["training_step=3", "training_step=x", "percentile=0"])
def test_what_is_wrong_with_a_look_is_said_when_there_is_something_to_look_at(link: str) -> None:
    page = open_link(f"?{FEW}&{link}")
    press(page, "Run")
    finish(page)
    (warning,) = page.warning
    assert "Accepted: a whole number from" in warning.value


@pytest.mark.parametrize("name", EXHIBITS)
def test_an_exhibit_sets_all_that_decides_the_training(name: str) -> None:
    others = "fault=label+noise&training_threshold=9&training_rate=9&training_steps=9&batch=9"
    choices = "optimizer=SGD&rule=radial&layering=module&training_seed=9&training_runs=value"
    page = open_link(f"?{others}&{choices}&training_matching=same+number")
    press(page, name)
    press(page, "Run")
    trainer = page.session_state["trainer"]
    assert trainer.training == EXHIBITS[name].training
    assert set(trainer.steps) == set(RUNS)
    assert any(name in markdown.value for markdown in page.markdown)
    press(page, "Stop")


@pytest.mark.parametrize("matching", Matching)
def test_an_exhibit_says_what_becomes_of_it_under_the_matching_that_is_set(matching: str) -> None:
    page = open_link(
        f"?task=digits&fault=learning+rate+too+high&training_matching={matching}".replace(" ", "+")
    )
    says = EXHIBITS["Too high a learning rate"].otherwise
    assert matching in says
    assert any(says in markdown.value for markdown in page.markdown)


def test_the_page_loads_no_pytorch_before_it_trains() -> None:
    code = (
        "import sys; from tests.conftest import run_page; run_page('training.py');"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def run_to_the_end(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text(re.compile("runs? of . steps in"))).to_be_visible()
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    page.locator(".plot .main-svg").nth(4).wait_for()
    idle(page, stage=False)


@pytest.mark.browser
def test_the_example_stands_once_while_pytorch_starts(first_visit: Visit, tmp_path: Path) -> None:
    with serving(tmp_path / "log.txt") as address:  # a server that has not yet trained
        page = first_visit(f"training?{FEW}", address, stage=False)
        example = "[aria-label^='One sequence']"
        page.locator(f"{example} .main-svg").first.wait_for()
        page.evaluate(
            f"""() => {{
                window.most = 0;
                const count = () => {{
                    most = Math.max(most, document.querySelectorAll("{example}").length);
                    requestAnimationFrame(count);
                }};
                count();
            }}"""
        )
        run_to_the_end(page)
        assert page.evaluate("window.most") == 1
        page.context.close()


@pytest.mark.browser
def test_a_gradient_is_opened_on_the_landing_page(visit: Visit) -> None:
    page = visit(f"training?{FEW}&rule=radial&training_threshold=0.25", stage=False)
    run_to_the_end(page)
    page.get_by_role("slider", name="Step").press("ArrowLeft")
    idle(page, stage=False)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open this gradient on the first page").click()
    first = opened.value
    idle(first)
    first.locator("svg.bars").wait_for()
    shown = inputs(first)
    assert len(read_gradient(shown["gradient"])[0]) == 64
    assert shown["threshold"] == "0.25"
    assert "rule=radial" in first.url
    assert "matching=same+worst+length" in first.url.replace("%20", "+")


@pytest.mark.browser
def test_the_kept_gradients_are_a_file(visit: Visit) -> None:
    page = visit(f"training?{FEW}", stage=False)
    run_to_the_end(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="kept gradients as safetensors").click()
    with safe_open(download.value.path(), "numpy") as file:
        assert {name.partition("/")[0] for name in file.offset_keys()} == {"0", "1", "2"}
        assert json.loads(file.metadata()["training"])["batch_size"] == 8


@pytest.mark.browser
def test_the_plots_grow_in_place_until_it_is_stopped(visit: Visit) -> None:
    page = visit(LONG, stage=False)
    page.get_by_role("button", name="Run", exact=True).click()
    grown = "[aria-label^='The loss of every run']"
    canvas = page.locator(grown)
    canvas.locator(".main-svg").first.wait_for()
    drawn = "canvas => canvas._fullData?.[0].x.length ?? 0"
    canvas.evaluate("canvas => (canvas.dataset.same = 'yes')")
    few = canvas.evaluate(drawn)
    page.wait_for_function(f'few => ({drawn})(document.querySelector("{grown}")) > few', arg=few)
    expect(canvas).to_have_attribute("data-same", "yes")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    expect(page.get_by_text("Stopped after")).to_be_visible()
    expect(page.get_by_role("heading", name="One gradient")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_before_and_after_a_run(visit: Visit, scheme: str) -> None:
    page = visit(f"training?{FEW}", stage=False, color_scheme=scheme)
    for prepare in (lambda: None, lambda: run_to_the_end(page)):
        prepare()
        found = Axe().run(page).response["violations"]
        assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.browser
def test_the_training_page_does_not_scroll_sideways_on_a_phone(visit: Visit) -> None:
    page = visit(f"training?{FEW}", stage=False, viewport=PHONE)
    run_to_the_end(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_chosen_is_written_as_strongly_as_the_rest(visit: Visit, scheme: str) -> None:
    page = visit("training", stage=False, color_scheme=scheme)
    page.get_by_text("Set it exactly").click()
    chosen, other = (
        page.get_by_role("radio", name=name, exact=True).locator("p") for name in ("clip", "radial")
    )
    expect(page.get_by_role("radio", name="clip", exact=True)).to_be_checked()
    color = other.evaluate("text => getComputedStyle(text).color")
    expect(chosen).to_have_css("color", color)


@pytest.mark.browser
def test_a_button_that_does_nothing_can_be_read(visit: Visit) -> None:
    page = visit("training?training_runs=", stage=False)
    run = page.get_by_role("button", name="Run", exact=True)
    expect(run).to_be_disabled()
    expect(run.locator("p")).not_to_have_css("color", "rgb(255, 255, 255)")
