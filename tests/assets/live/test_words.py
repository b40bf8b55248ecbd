"""Numbers as the reader sees them."""

import json
import math

import pytest
import quickjs
from hypothesis import example, given
from hypothesis import strategies as st

from core.assets import ASSETS
from core.notation import write_share
from pages.widgets.browser import script

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(script(ASSETS / "live" / "words.js"))


def say(name: str, *arguments: object) -> str:
    plain = json.dumps(arguments)  # NaN stays NaN, which JavaScript reads
    return json.loads(JAVASCRIPT.eval(f"JSON.stringify(live_words.{name}(...{plain}))"))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (1, "1.00"),
        (-3.14159, "-3.14"),
        (999.7, "1000"),
        (12345, "12345"),
        (0.00123, "0.00123"),
        (1e-30, "1.00e-30"),
        (1e30, "1.00e30"),
        (0.0009999, "1.00e-3"),
    ],
)
def test_numbers_have_three_significant_digits(number: float, written: str) -> None:
    assert say("digits", number) == written


SHARES = [
    (0, "0.0%"),
    (0.0123, "1.2%"),
    (0.1225, "12.3%"),
    (0.5, "50.0%"),
    (0.999, "99.9%"),
    (0.99999, "more than 99.9%"),
    (1, "100.0%"),
    (1e-20, "less than 0.1%"),
    (-0.25, "-25.0%"),
    (-0.0, "0.0%"),
    (-1e-16, "0.0%"),
    (-0.1, "-10.0%"),
]


@pytest.mark.parametrize(("share", "written"), SHARES)
def test_a_share_has_one_decimal_and_a_little_is_not_nothing(share: float, written: str) -> None:
    assert say("percent", share) == write_share(share) == written


@given(st.floats(-2, 2) | st.integers(0, 4000).map(lambda k: k / 2000) | st.just(math.nan))
@example(0.0005)
@example(0.9995)
def test_a_share_is_written_one_way_in_the_picture_and_beside_it(share: float) -> None:
    assert say("percent", share) == write_share(share)


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (0.5, "0.5"), (100, "100"), (300, "300"), (2e10, "2e10"), (5e-30, "5e-30")],
)
def test_a_number_on_an_axis_keeps_its_zeros(number: float, written: str) -> None:
    assert say("tick", number) == written
