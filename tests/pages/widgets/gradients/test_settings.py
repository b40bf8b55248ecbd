"""What is set is what core is asked for, what the picture opens at, and the report, too."""

import json
import math
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.gradients.files import read_gradients
from core.gradients.over_steps import results_at
from core.gradients.recommendation import recommend, recommend_for_norms
from core.gradients.samples import SAMPLES, spiking
from core.gradients.target import Quantity, Reach, Target
from pages.widgets.gradients.keep import page as report
from tests.conftest import run_page, told

RECORDED = "adding problem"
TARGETS = [
    ("wanted=angle+turned&most_angle=30", Target(Quantity.ANGLE, math.pi / 6, Reach.MOST)),
    (
        "wanted=angle+turned&most_angle=5&on_steps=half+of+the+steps",
        Target(Quantity.ANGLE, math.pi / 36, Reach.HALF),
    ),
    ("wanted=length+lost&most_loss=25", Target(Quantity.LOSS, 0.25, Reach.MOST)),
    (
        "wanted=length+lost&most_loss=50&on_steps=every+step",
        Target(Quantity.LOSS, 0.5, Reach.EVERY),
    ),
    ("wanted=steps+it+acts+on&most_steps=40", Target(Quantity.SHARE, 0.4, Reach.EVERY)),
]


@pytest.fixture(scope="module")
def gradients() -> Any:
    sample = SAMPLES[RECORDED]
    return read_gradients(sample.data(), sample.file)


def open_sample(name: str, link: str) -> AppTest:
    return run_page("gradients.py", f"?sample={name}&{link}")


def sentences(page: AppTest) -> list[str]:
    return [it.value for it in page.markdown]


@pytest.mark.parametrize(("link", "target"), TARGETS)
def test_a_limit_is_asked_of_core_in_its_unit(link: str, target: Target, gradients: Any) -> None:
    shown = sentences(open_sample(RECORDED, link))
    for found in recommend(gradients, target).values():
        assert found.sentence in shown


@pytest.mark.parametrize(("link", "target"), TARGETS)
def test_a_limit_is_asked_of_norms_too(link: str, target: Target) -> None:
    norms = [float(f"{norm:.5g}") for norm in spiking()]
    assert recommend_for_norms(norms, target).sentence in sentences(open_sample("spiking", link))


@pytest.mark.parametrize("threshold", [1.0, 0.03, 7.5])
def test_results_are_those_at_the_threshold_that_is_set(threshold: float, gradients: Any) -> None:
    now = told(open_sample(RECORDED, f"threshold={threshold:g}"), "gradients")["now"]
    assert now["threshold"] == threshold
    for strategy, result in results_at(gradients, threshold).items():
        assert now["results"][strategy] == {
            "share": result.acts,
            "angle": result.angle,
            "loss": result.magnitude_loss,
            "clipped": result.clipped_fraction,
        }


def test_a_threshold_that_is_recommended_is_set_by_its_button() -> None:
    page = open_sample("spiking", "wanted=length+lost&most_loss=25&threshold=7")
    (button,) = (it for it in page.button if it.label.startswith("See "))
    button.click().run()
    text = button.label.split()[1]
    assert page.text_input(key="threshold").value == text
    assert told(page, "gradients")["threshold"] == float(text) != 7


@pytest.mark.parametrize("sample", ["spiking", RECORDED])
def test_the_report_opens_at_the_threshold_that_was_set(sample: str) -> None:
    picture = told(open_sample(sample, "threshold=0.25&full=true"), "gradients")
    html = report("own.csv", picture, [])
    found = re.search(r'<script type="application/json" id="baked">(.*?)</script>', html, re.S)
    assert found is not None
    baked = json.loads(found[1])
    assert baked["opens"] == {"threshold": "0.25"}
    assert set(baked["inputs"]) == {"threshold"}
    assert baked["told"]["full"] is False
    for part in ("ground", "now", "shown", "threshold"):
        assert baked["told"][part] == picture[part]
