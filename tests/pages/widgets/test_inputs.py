"""Every input is declared once, shows its default on a fresh page, and Reset brings that back."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.clipping import Rule
from pages.widgets import controls
from pages.widgets.descent import settings as descent
from pages.widgets.inputs import (
    DECLARED,
    Choice,
    Input,
    OneOfMany,
    Positive,
    Scale,
    Several,
    Slider,
    Text,
    Toggle,
    WholeNumber,
    defaults,
)
from pages.widgets.training import settings as training
from tests.conftest import run_page

LINKS = [  # together they show every input, and set only what shows others, or what is quick
    ("vector.py", {}),
    ("descent.py", {"surface": "your own", "noise": "Gaussian", "map": "true", "steps": "1"}),
    ("dimensions.py", {"distribution": "Student t", "draws": "1"}),
    ("dimensions.py", {"view": "all directions"}),
    ("dimensions.py", {"view": "worst case"}),
    ("training.py", {"training_steps": "2", "batch": "1"}),
]
OF_NO_LINK = {"n", "seed"}  # of the ready-made gradients


def open_all(script: str, link: dict[str, str]) -> AppTest:
    """Open a link; on the page that trains, train."""
    page = run_page(script, "&".join(f"{key}={value}" for key, value in link.items()))
    if script == "training.py":
        press(page, "Run")
        while "Stop" in [button.label for button in page.button]:
            page.run()
    assert not page.exception
    assert not page.warning
    return page


def press(page: AppTest, label: str) -> AppTest:
    (button,) = [button for button in page.button if button.label == label]
    return button.click().run()


def shown(page: AppTest) -> dict[str, Any]:
    """Return the values of the inputs that a page shows."""
    kinds = [page.text_input, page.number_input, page.slider, page.select_slider]
    kinds += [page.toggle, page.selectbox, page.button_group]
    return {it.key: it.value for kind in kinds for it in kind if it.key not in OF_NO_LINK}


def default(key: str) -> object:
    return defaults([DECLARED[key]])[key]


def another(it: Input) -> object:
    """Return a value that is not the default."""
    match it:
        case Text() | Positive():
            return "2"
        case WholeNumber() | Slider():
            return it.low if it.default != it.low else it.low + 1
        case Toggle():
            return not it.default
        case Several():
            return []
        case Choice() | OneOfMany() | Scale():
            return next(option for option in it.options if option != it.default)
    raise TypeError(it)


@pytest.mark.parametrize(("script", "link"), LINKS)
def test_a_fresh_page_shows_every_default_and_reset_brings_it_back(
    script: str, link: dict[str, str]
) -> None:
    page = open_all(script, link)
    found = shown(page)
    for key, value in found.items():
        if key not in link:
            assert value == default(key), key
        page.session_state[key] = another(DECLARED[key])
    press(page, "Reset")
    assert not page.exception
    still = shown(page)
    assert still
    for key, value in still.items():
        assert value == default(key), key


def test_every_input_is_on_a_page() -> None:
    assert {key for link in LINKS for key in shown(open_all(*link))} == DECLARED.keys()


def test_no_key_is_declared_twice() -> None:
    with pytest.raises(ValueError, match="'rule' is declared twice"):
        Choice("rule", "Another", Rule, Rule.RADIAL)
    assert DECLARED["rule"] is controls.RULE


def test_what_links_without_strategies_show_is_frozen() -> None:
    assert controls.SHOWN.default == ("value", "layer", "global")
    for runs in descent.RUNS_SHOWN, training.RUNS_TRAINED:
        assert runs.default == ("none", "value", "layer", "global")
