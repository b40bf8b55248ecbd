"""The page of the reader's own gradients: what is brought is read, or refused in words.

Logs, files, what is dragged and what is kept: that makes this file long.
"""

import io
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from streamlit.testing.v1 import AppTest

from core.gradients.reading import first_reading
from core.gradients.samples import SAMPLES
from tests.browsing import PHONE, Visit, idle
from tests.conftest import run_page, told
from tests.hands import center, drag, inputs

open_link = partial(run_page, "gradients.py")
LOG = "\n".join(f"step {i} grad_norm={0.5 + (i % 4)} d_grad_norm={9 + i}" for i in range(8))
HOSTILE = '<img src=x onerror="alert(1)">![x](http://127.0.0.1:9/x)$x$'


def stage(page: AppTest) -> dict[str, Any]:
    data = told(page, "gradients")
    return data | json.loads(data["ground"])


def paste(page: AppTest, text: str) -> AppTest:
    return page.text_area(key="pasted").set_value(text).run()


def settled(visit: Visit, path: str) -> Page:
    """Open the page; once its picture is there it is asked for a second time, and then it rests."""
    page = visit(path, stage=False)
    expect(page.locator(".card .share").first).to_be_visible()
    page.wait_for_timeout(500)
    idle(page, stage=False)
    return page


def npz(**tensors: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **tensors)
    return file.getvalue()


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_sample_has_its_page_and_says_what_it_is(sample: str) -> None:
    page = open_link(f"?sample={sample}")
    assert not page.exception
    assert any(SAMPLES[sample].label in it.value for it in page.markdown)


def test_a_pasted_log_is_read_and_its_field_can_be_chosen() -> None:
    page = paste(open_link("?threshold=2"), LOG)
    assert not page.exception
    assert not page.warning
    said = "8 norms with their steps, from the field `grad_norm`"
    assert any(said in it.value for it in page.markdown)
    assert "a step-size limiter: it acts on 50.0% of the steps" in page.header[0].value
    page.selectbox(key="log_field").set_value("d_grad_norm").run()
    assert not page.exception
    assert "a normalizer" in page.header[0].value


def test_the_picture_says_what_core_says() -> None:
    page = paste(open_link("?threshold=2"), LOG)
    norms = [0.5 + (i % 4) for i in range(8)]
    reading = first_reading(norms, 2.0)
    drawn = stage(page)
    assert drawn["now"]["results"]["global"] == {
        "count": 4,
        "share": reading.share,
        "meanLoss": reading.mean_loss,
        "worst": reading.worst_loss,
    }
    assert drawn["norms"]["high"] == norms


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("max_grad_norm=1.0", "Accepted: a log"),
        ("grad_norm\n0\n0\n0", "All norms are zero"),
        ("grad_norm\nnan\nnan", "No norm is a finite number"),
    ],
)
def test_what_is_wrong_is_said(text: str, says: str) -> None:
    page = paste(open_link(), text)
    assert not page.exception
    assert any(says in warning.value for warning in page.warning)


@pytest.mark.parametrize(
    "link",
    [
        *["?wanted=angle+turned&most_angle=400", "?wanted=length+lost&most_loss=200"],
        *["?wanted=steps+it+acts+on&most_steps=101", "?wanted=steps+it+acts+on&most_steps=1e30"],
    ],
)
@pytest.mark.parametrize("sample", ["calm", "adding+problem"])
def test_a_limit_out_of_range_is_refused_in_a_sentence(link: str, sample: str) -> None:
    page = open_link(f"{link}&sample={sample}")
    assert not page.exception
    assert any("out of range. Accepted" in warning.value for warning in page.warning)


@pytest.mark.parametrize("link", ["?most_loss=0", "?most_angle=x&wanted=angle+turned", "?rules=x"])
def test_a_hostile_link_leaves_the_picture(link: str) -> None:
    page = open_link(link)
    assert not page.exception
    assert stage(page)["norms"]


@pytest.mark.parametrize("wanted", ["steps it acts on", "angle turned", "length lost"])
@pytest.mark.parametrize("reach", ["every step", "95% of the steps", "half of the steps"])
@pytest.mark.parametrize("sample", ["spiking", "adding problem"])
def test_every_target_has_an_answer_with_code(wanted: str, reach: str, sample: str) -> None:
    page = open_link(f"?sample={sample}&wanted={wanted}&on_steps={reach}")
    assert not page.exception
    assert not page.warning
    answers = [it.value for it in page.markdown if "clipping by global norm" in it.value]
    assert len(answers) == 1


@pytest.mark.browser
def test_a_threshold_that_is_dragged_is_read_before_the_release(visit: Visit) -> None:
    page = settled(visit, "gradients")
    line = page.locator(".norms .limit")
    before = page.locator(".card .share").text_content()
    line.scroll_into_view_if_needed()
    x, y = center(line)
    drag(page, (x, y), (x, y + 40), release=False)
    expect(page.locator(".card .share")).not_to_have_text(before or "")
    assert "threshold=" not in page.url
    page.wait_for_timeout(400)  # the hand rests: what is drawn by turns has to be there
    said = page.locator(".words, .card, .norms .label").all_text_contents()
    page.mouse.up()
    page.wait_for_url("**threshold=**")
    idle(page, stage=False)
    assert page.locator(".words, .card, .norms .label").all_text_contents() == said
    assert float(inputs(page)["threshold"]) < 1


@pytest.mark.browser
def test_the_slider_answers_the_keyboard(visit: Visit) -> None:
    page = settled(visit, "gradients?sample=adding+problem")
    page.locator(".slider[name=threshold]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**threshold=**")
    assert float(inputs(page)["threshold"]) > 1


@pytest.mark.browser
def test_files_are_uploaded_and_names_in_them_are_text(visit: Visit, tmp_path: Path) -> None:
    page = settled(visit, "gradients")
    rng = np.random.default_rng(0)
    tensors = {f"{step}/{HOSTILE}": rng.normal(size=(3, 4)) for step in (1, 2)}
    own = {"name": "own.npz", "mimeType": "application/zip", "buffer": npz(**tensors)}
    page.locator("input[type=file]").set_input_files(own)
    expect(page.get_by_text("12 numbers in 1 tensor, at 2 steps")).to_be_visible()
    idle(page, stage=False)
    assert page.locator("img[src=x]").count() == 0
    assert page.locator("img[src*='127.0.0.1:9']").count() == 0
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as a web page").click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    page.goto(file.as_uri())
    assert page.locator("td", has_text="onerror").count() == 1
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.browser
def test_the_readouts_are_those_of_the_file_that_is_shown(visit: Visit) -> None:
    page = settled(visit, "gradients")
    expect(page.locator(".card .name")).to_have_text(["by global norm"])
    page.get_by_role("combobox", name="Or try it with a sample").click()
    page.get_by_role("option", name="digits").click()
    expect(page.locator(".card .name")).to_have_text(["by value", "per layer", "by global norm"])
    page.get_by_role("combobox", name="Or try it with a sample").click()
    page.get_by_role("option", name="calm").click()
    expect(page.locator(".card .name")).to_have_text(["by global norm"])


@pytest.mark.browser
def test_a_file_stays_while_its_reader_looks_at_another_page(visit: Visit) -> None:
    page = settled(visit, "gradients")
    log = {"name": "own.csv", "mimeType": "text/csv", "buffer": b"step,grad_norm\n1,2\n2,3\n"}
    page.locator("input[type=file]").set_input_files(log)
    said = page.get_by_text("Read as CSV: 2 norms")
    expect(said).to_be_visible()
    page.get_by_role("link", name="Answers", exact=True).first.click()
    expect(page.get_by_role("heading", name="So why would anyone")).to_be_visible()
    page.get_by_role("link", name="Your gradients", exact=True).first.click()
    expect(said).to_be_visible()
    page.get_by_role("button", name="Take away own.csv").click()
    expect(page.get_by_text("A sample: ")).to_be_visible()


@pytest.mark.browser
def test_a_report_is_a_page_that_can_be_dragged_without_a_server(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    page = settled(visit, "gradients?threshold=2")
    with page.expect_download() as download:
        page.get_by_role("button", name="Report as a web page").click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    tab = browser.new_page()
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    errors: list[str] = []
    tab.on("console", lambda entry: errors.append(entry.text) if entry.type == "error" else None)
    tab.goto(file.as_uri())
    expect(tab.get_by_role("heading", name="Rules, replayed over these norms")).to_be_visible()
    before = tab.locator(".card .share").text_content()
    x, y = center(tab.locator(".norms .limit"))
    drag(tab, (x, y), (x, y + 30))
    expect(tab.locator(".card .share")).not_to_have_text(before or "")
    assert asked == [file.as_uri()]
    assert not errors
    found = Axe().run(tab).response["violations"]
    tab.close()
    assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sample", ["exploding", "digits"])
def test_axe_finds_no_violation_of_ours(visit: Visit, scheme: str, sample: str) -> None:
    page = visit(f"gradients?sample={sample}", stage=False, color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    # Streamlit's place to drop a file has a button in what it calls a mere picture.
    ours = [rule for rule in found if rule["id"] != "presentation-role-conflict"]
    assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in ours]


@pytest.mark.browser
@pytest.mark.parametrize("sample", ["spiking", "digits"])
def test_it_does_not_scroll_sideways_on_a_phone(visit: Visit, sample: str) -> None:
    page = visit(f"gradients?sample={sample}", stage=False, viewport=PHONE)
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_the_page_does_not_run_again_for_its_picture() -> None:
    assert told(open_link(), "gradients")["awaited"] is False
