"""The page of what to type: code, what it computes, edge cases, traps."""

from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from core.clipping import Clipper, Rule
from core.frameworks.lab import cases
from core.frameworks.precisions import Precision
from core.frameworks.registry import FRAMEWORKS, SETTINGS
from core.frameworks.traps import TRAPS
from core.strategies import Strategy
from tests.browsing import PHONE, Visit
from tests.conftest import run_page
from tests.hands import inputs

open_link = partial(run_page, "frameworks.py")


def column(page: AppTest, table: int, name: str) -> list[str]:
    return list(page.table[table].value[name])


def computed(page: AppTest) -> dict[str, str]:
    """Return what comes out for the gradient, by framework."""
    at = next(i for i, it in enumerate(page.table) if "what comes out" in it.value)
    return dict(zip(column(page, at, "framework"), column(page, at, "what comes out"), strict=True))


@pytest.mark.parametrize("strategy", Strategy)
@pytest.mark.parametrize("rule", Rule)
def test_every_strategy_and_rule_has_code_in_every_framework(strategy: str, rule: str) -> None:
    page = open_link(f"?strategy={strategy}&rule={rule}&gradient=3,4|.3,.4")
    assert not page.exception
    assert not page.warning
    assert len(page.code) == len(FRAMEWORKS) + len(SETTINGS)


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("strategy", Strategy)
def test_the_code_stands_in_its_place_with_its_traps(strategy: str, rule: str) -> None:
    page = open_link(f"?strategy={strategy}&rule={rule}&threshold=2")
    clipper = Clipper(strategy, 2.0, rule)
    steps = [framework.code(clipper).step for framework in FRAMEWORKS.values()]
    assert [code.value for code in page.code][: len(steps)] == steps
    said = [it.value for it in page.caption if it.value.startswith("[Traps](#traps) here")]
    for name, words in zip([*FRAMEWORKS, *SETTINGS], said, strict=True):
        assert {trap.name for trap in TRAPS if name in trap.where} == {
            trap.name for trap in TRAPS if trap.name in words
        }
    apart = (strategy, rule) not in ((Strategy.GLOBAL, Rule.CLIP), (Strategy.GLOBAL, Rule.RADIAL))
    alone = [it.value for it in page.markdown if "by the global norm alone" in it.value]
    assert len(alone) == apart * len(SETTINGS)


def test_a_row_is_computed_in_the_type_that_is_chosen() -> None:
    page = open_link("?row=300,400&row_threshold=1e5&precision=float16")
    assert any("in float16" in it.value for it in page.markdown)
    at = [i for i, it in enumerate(page.table) if "what comes out" in it.value][-1]
    found = dict(
        zip(column(page, at, "framework"), column(page, at, "what comes out"), strict=True)
    )
    assert found["PyTorch"] == "300, 400"
    assert "inf" in found["Keras"] or "nan" in found["Keras"]


@pytest.mark.parametrize("precision", Precision)
@pytest.mark.parametrize("threshold", ["1e39", "1e-46", "1e300", "1e-300"])
def test_a_threshold_beyond_the_type_is_no_error(threshold: str, precision: str) -> None:
    page = open_link(f"?row=3,4&row_threshold={threshold}&precision={precision}")
    assert not page.exception
    assert not page.warning


def test_the_projection_is_exact_in_every_type() -> None:
    for precision in Precision:
        found = computed(open_link(f"?gradient=3,4&threshold=1&precision={precision}"))
        assert found["*the exact projection*"] == "0.6, 0.8"


def test_pytorch_adds_to_the_norm_and_the_page_marks_it() -> None:
    found = computed(open_link("?gradient=3,4&threshold=5"))
    assert found["*the exact projection*"] == "3, 4"
    assert found["PyTorch"] == "**2.9999993, 3.999999**"
    assert found["TensorFlow"] == "3, 4"


@pytest.mark.parametrize("case", [case.name for case in cases()])
@pytest.mark.parametrize("strategy", Strategy)
def test_every_edge_case_is_shown(case: str, strategy: str) -> None:
    page = open_link(f"?case={case}&strategy={strategy}")
    assert not page.exception
    assert not page.warning


@pytest.mark.parametrize(
    ("row", "threshold", "says"),
    [
        ("3, nan | None | -inf", "0", "Your row: clipped by global norm at 0, in float32"),
        ("3e38, 1", "nan", "clipped by global norm at nan"),
        ("[]", "-1", "clipped by global norm at -1"),
    ],
)
def test_a_reader_types_a_row(row: str, threshold: str, says: str) -> None:
    page = open_link()
    page.text_input(key="row").set_value(row)
    page.text_input(key="row_threshold").set_value(threshold).run()
    assert not page.exception
    assert not page.warning
    assert any(says in it.value for it in page.markdown)


@pytest.mark.parametrize("text", ["x", "1,,2", "<b>", "1e999", "9" * 30_000, "[", "|"])
def test_a_row_that_cannot_be_read_is_refused_in_a_sentence(text: str) -> None:
    page = open_link()
    page.text_input(key="row").set_value(text).run()
    assert not page.exception
    (warning,) = page.warning
    assert "Accepted: " in warning.value


@pytest.mark.parametrize("text", ["", "x", "1 2", "1e999", "1_000"])
def test_a_threshold_of_a_row_that_cannot_be_read_is_refused(text: str) -> None:
    page = open_link("?row=3,4")
    page.text_input(key="row_threshold").set_value(text).run()
    assert not page.exception
    (warning,) = page.warning
    assert "Accepted: " in warning.value


def test_a_threshold_for_each_group_turns_the_gradient() -> None:
    page = open_link("?gradient=3,4|3,4&group_thresholds=.5,2")
    assert any("(" not in it.value and "it turns by **31.0°**" in it.value for it in page.markdown)
    page.text_input(key="group_thresholds").set_value("1").run()
    assert any("Given: 1 threshold for 2 layers" in it.value for it in page.warning)


@pytest.mark.browser
def test_the_way_from_the_first_page_takes_the_gradient_along(visit: Visit) -> None:
    page = visit("?gradient=3,4|.3,.4&threshold=2&rule=normalize")
    way = page.get_by_role("link", name="In other frameworks").first
    way.scroll_into_view_if_needed()
    with page.context.expect_page() as opened:
        way.click()
    there = opened.value
    expect(there.get_by_role("textbox", name="Gradient", exact=True)).to_have_value(
        "3, 4 | 0.3, 0.4"
    )
    expect(there.get_by_role("textbox", name="Threshold", exact=True)).to_have_value("2")
    assert inputs(there)["strategy"] == "value"
    assert inputs(there)["rule"] == "normalize"


@pytest.mark.browser
def test_gradient_and_threshold_stay_from_page_to_page(visit: Visit) -> None:
    page = visit("?gradient=5,6&threshold=3")
    page.get_by_role("link", name="What to type", exact=True).first.click()
    expect(page.get_by_role("textbox", name="Gradient", exact=True)).to_have_value("5,6")
    expect(page.get_by_role("textbox", name="Threshold", exact=True)).to_have_value("3")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(visit: Visit, scheme: str) -> None:
    page = visit("frameworks", stage=False, color_scheme=scheme)
    expect(page.get_by_text("Advice in five lines")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.browser
def test_it_does_not_scroll_sideways_on_a_phone(visit: Visit) -> None:
    page = visit("frameworks", stage=False, viewport=PHONE)
    expect(page.get_by_text("Advice in five lines")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 390
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("e => e.scrollWidth <= e.clientWidth")
