"""The landing page, run on the server from the links a reader would share."""

import re
from functools import partial
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.vector.examples import FIXED, OF_N, Example
from tests.conftest import ROOT, released_links, run_page, told

LINKS = released_links("vector")
HOSTILE = [
    *["", " ", "abc", "nan", "inf", "-Infinity", "1e400", "1e-400", "1,,2", "|", "1|", "1 2 |"],
    *["0x10", "1_000", "٣", "\x00", "<script>alert(1)</script>", "`$x$`", "1,5;2", "[[1]", "😀"],
    *["1e99999999", "--1", "1.2.3", "\u202e1", "1 " * 65, "9" * 100_000, "9" * 2_000 + "x"],
]


open_link = partial(run_page, "vector.py")


def stage(page: AppTest) -> dict[str, Any]:
    return told(page, "stage")


@pytest.mark.parametrize(
    "released", LINKS, ids=lambda released: released["link"] or "no parameters"
)
def test_a_released_link_shows_what_it_showed(released: dict[str, Any]) -> None:
    page = open_link(released["link"])
    drawn = stage(page)
    assert {name: drawn[name] for name in released["shows"]} == released["shows"]
    assert not page.warning


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("key", ["gradient", "layers", "threshold"])
def test_what_cannot_be_read_leaves_the_picture_and_says_what_is_accepted(
    key: str, text: str
) -> None:
    if key == "layers" and not text.strip():
        pytest.skip("no layer sizes: the bars tell the layers")
    page = open_link("?gradient=3,4&threshold=2")
    before = stage(page)
    page.text_input(key=key).set_value(text).run()
    assert not page.exception
    assert stage(page) == before
    (warning,) = page.warning
    assert re.search("Accepted: .* Still shown: ", warning.value)
    page.text_input(key=key).set_value(
        {"gradient": "5 6", "layers": "1 1", "threshold": "3"}[key]
    ).run()
    assert not page.warning
    assert stage(page) != before


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_link_shows_the_default_and_says_so(text: str) -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "shell.py"))
    page.query_params["gradient"] = page.query_params["threshold"] = text
    page.run()
    assert not page.exception
    assert len(page.warning) == 2
    assert stage(page)["gradient"] == [3.2, 1.1]


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("rule", "Rule"),
        ("matching", "Thresholds matched by"),
        ("shown", "Strategies shown"),
        ("picture", "Drawn as"),
    ],
)
def test_an_unknown_option_in_a_link_is_said_with_what_is_accepted(key: str, label: str) -> None:
    page = open_link(f"?{key}=bogus")
    (warning,) = page.warning
    assert f"The link's {key} ({label}) cannot be used. Accepted: " in warning.value


@pytest.mark.parametrize("label", [*FIXED, *OF_N])
def test_a_ready_made_gradient_is_shown_as_it_is(label: str) -> None:
    page = open_link("?gradient=1,2,3&layers=1,2&threshold=7&picture=bars")
    (button,) = [
        button for button in page.button if button.label.startswith(label[:1].upper() + label[1:])
    ]
    button.click().run()
    example: Example = FIXED[label]() if label in FIXED else OF_N[label](16, 1)
    drawn = stage(page)
    assert drawn["gradient"] == list(example.gradient)
    assert drawn["layers"] == list(example.layers)
    assert drawn["threshold"] == example.threshold
    assert not page.warning


@pytest.mark.parametrize("from_link", [True, False])
def test_of_too_many_numbers_the_largest_are_offered_and_said_to_be_just_these(
    from_link: bool,
) -> None:
    small, large = " ".join(["0.1"] * 36), " ".join(["1"] * 32)
    text = f"{large} | {small} | -{large}"
    page = open_link(f"?gradient={text.replace(' ', '+')}" if from_link else "?threshold=1")
    if not from_link:
        page.text_input(key="gradient").set_value(text).run()
    (warning,) = page.warning
    assert "The gradient has 100 numbers. Accepted: 1 to 64 numbers" in warning.value
    next(button for button in page.button if button.label == "Take the 64 largest").click().run()
    assert stage(page)["gradient"] == [*[1] * 32, -1, *[1] * 31]
    assert stage(page)["layers"] == [32, 32]
    (warning,) = page.warning
    assert warning.value == (
        "These are the 64 largest of 100 numbers. They have 99.7% of the length of all."
    )
    page.text_input(key="threshold").set_value("2").run()
    assert page.warning
    page.text_input(key="gradient").set_value("3 4").run()
    assert not page.warning


def test_the_size_and_the_seed_of_a_drawn_gradient_are_the_readers_choice() -> None:
    page = open_link()
    page.number_input(key="n").set_value(40).run()
    page.number_input(key="seed").set_value(3).run()
    next(button for button in page.button if button.label.startswith("Gaussian")).click().run()
    assert stage(page)["gradient"] == list(OF_N["Gaussian"](40, 3).gradient)


def test_the_tables_hold_every_number_of_the_picture() -> None:
    page = open_link("?gradient=3,4+|+.3,.4")
    measured, coordinates = (table.value for table in page.table)
    assert list(measured["angle"]) == ["15.9°", "20.9°", "0.0°"]
    assert list(coordinates["per layer"]) == ["0.6", "0.8", "0.3", "0.4"]
    assert list(coordinates["layer"]) == [1, 1, 2, 2]


def test_the_formula_and_the_code_use_the_matched_threshold() -> None:
    page = open_link("?gradient=3,4&threshold=1&matching=same+worst+length&shown=global")
    assert "max_norm=1.414" in page.code[0].value
    assert "1.41" in page.latex[0].value
