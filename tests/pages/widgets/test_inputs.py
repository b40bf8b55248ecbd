"""Every input is declared once, shows its default on a fresh page, and Reset brings that back.

What links without an input mean is frozen in a table: it makes this file long.
"""

from importlib import import_module
from pkgutil import walk_packages
from time import process_time
from typing import Any
from urllib.parse import urlencode

import pytest
from streamlit.testing.v1 import AppTest

from core.clipping import Rule
from pages import widgets
from pages.widgets import controls
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
    ("answers.py", {}),
    ("gradients.py", {}),
    ("gradients.py", {"sample": "digits", "wanted": "angle turned"}),
    ("gradients.py", {"sample": "calm", "wanted": "steps it acts on"}),
    ("frameworks.py", {}),
]
for module in walk_packages(widgets.__path__, "pages.widgets."):
    import_module(module.name)  # so that all inputs are declared

HOSTILE = [  # what no input accepts
    *["inf", "-inf", "nan", "1e400", "-1e400", "9" * 400, "1e-400", "0x10", "1_000", "٣", "5--"],
    *["1e", "1e 400", "null", "true!", "bogus", " ", "\x00", "<script>alert(1)</script>", "😀"],
]
NOT_FINITE = {"inf", "-inf", "nan"}
OF_THE_LAB = {"row", "row_threshold"}  # the only ones that take such numbers
SOON = 2.0  # seconds of a processor until a page is there
OF_NO_LINK = {"n", "seed", "log_field", "layers_of"}  # of ready-made gradients and of a file


def open_all(script: str, link: dict[str, str]) -> AppTest:
    """Open a link that is understood; on the page that trains, train."""
    page = train(script, run_page(script, urlencode(link)))
    assert not page.warning
    return page


def train(script: str, page: AppTest) -> AppTest:
    if script == "training.py":
        press(page, "Run")
        while "Stop" in [button.label for button in page.button]:
            page.run()
    assert not page.exception
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


def is_default(key: str, value: object, page: AppTest) -> bool:
    last = key == "step" and page.session_state["steps"]  # no step beyond the last is shown
    return value == (last or default(key))


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
        assert key in link or is_default(key, value, page), key
        page.session_state[key] = another(DECLARED[key])
    press(page, "Reset")
    assert not page.exception
    still = shown(page)
    assert still
    for key, value in still.items():
        assert is_default(key, value, page), key


def test_every_input_is_on_a_page() -> None:
    assert {key for link in LINKS for key in shown(open_all(*link))} == DECLARED.keys()


def test_no_key_is_declared_twice() -> None:
    with pytest.raises(ValueError, match="'rule' is declared twice"):
        Choice("rule", "Another", Rule, Rule.RADIAL)
    assert DECLARED["rule"] is controls.RULE


STRATEGIES = ("value", "layer", "global")
RUNS = ("none", *STRATEGIES)
RELEASED = {  # what links that do not name an input mean by that
    "gradient": "3.2, 1.1",
    "layers": "",
    "threshold": "1",
    "rule": "clip",
    "matching": "same number",
    "shown": STRATEGIES,
    "picture": "arrows",
    "full": False,
    "ask": False,
    "surface": "Rosenbrock",
    "formula": "(1 - x)^2 + 100*(y - x^2)^2",
    "phi": 0,
    "second": "none",
    "start": "",
    "learning_rate": "0.01",
    "descent_optimizer": "plain",
    "steps": 500,
    "step": 2000,
    "runs": RUNS,
    "noise": "none",
    "noise_scale": "1",
    "noise_seed": 0,
    "play": False,
    "map": False,
    "map_shows": "final loss",
    "starts_of": "closed",
    "distribution": "Gaussian",
    "nu": "3",
    "coordinates": 100,
    "layer_count": 4,
    "sizes": "",
    "unit": "standard deviations",
    "draws": "",
    "draw_seed": 0,
    "basis": "own axes",
    "view": "histograms",
    "reach": "10",
    "worst_n": 10,
    "worst_ratio": "10",
    "task": "adding problem",
    "fault": "none",
    "optimizer": "its own",
    "layering": "tensor",
    "training_threshold": "",
    "training_rate": "",
    "training_steps": "",
    "batch": "",
    "training_seed": 0,
    "training_matching": "same worst length",
    "training_runs": RUNS,
    "training_run": "value",
    "training_map": "norm",
    "training_step": 0,
    "percentile": 10,
    "aid_large": "single numbers",
    "aid_often": "now and then",
    "aid_optimizer": "SGD, with or without momentum",
    "aid_diverges": "no",
    "sample": "spiking",
    "rules": ("AutoClip", "ZClip"),
    "autoclip": 10,
    "depth": 0,
    "wanted": "length lost",
    "on_steps": "95% of the steps",
    "most_steps": "5",
    "most_angle": "10",
    "most_loss": "10",
    "strategy": "global",
    "precision": "float32",
    "case": "one infinity",
    "row": "",
    "row_threshold": "1",
    "group_thresholds": "",
}


def test_what_links_mean_that_do_not_name_an_input_is_frozen() -> None:
    assert {key: it.default for key, it in DECLARED.items()} == RELEASED


def pictures(page: AppTest) -> list[str]:
    """Return what the browser is told to draw."""
    return [it.proto.json for it in page.get("bidi_component")]


def sentences(page: AppTest) -> list[str]:
    return [warning.value for warning in page.warning]


def expected(keys: set[str]) -> int:
    """Return how many sentences are said of wrong inputs: one each, but one for a gradient."""
    return len(keys) - ({"gradient", "layers"} <= keys)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(("script", "link"), LINKS)
def test_of_whatever_cannot_be_read_every_page_says_so_and_shows_the_default(
    script: str, link: dict[str, str], text: str
) -> None:
    keys = shown_by(script, link)
    if not text.strip():
        keys = {key for key in keys if DECLARED[key].default != ""}  # nothing is something there
    if text in NOT_FINITE:
        keys = keys - OF_THE_LAB
    start = process_time()
    page = run_page(script, urlencode(link | dict.fromkeys(keys, text)))
    assert process_time() - start < SOON
    train(script, page)
    said = sentences(page)
    assert len(said) == expected(keys)
    assert all("Accepted: " in sentence for sentence in said)
    assert pictures(page) == pictures(open_all(script, link))


SHOWN: dict[tuple[object, ...], set[str]] = {}


def shown_by(script: str, link: dict[str, str]) -> set[str]:
    """Return the keys of the inputs that a link shows, without its own."""
    asked = (script, *link.items())
    if asked not in SHOWN:
        SHOWN[asked] = set(shown(open_all(script, link))) - set(link)
    return SHOWN[asked]


@pytest.mark.parametrize("text", ["", *HOSTILE])
@pytest.mark.parametrize("script", dict(LINKS))
def test_also_of_what_decides_which_inputs_there_are(script: str, text: str) -> None:
    keys = {key for page, link in LINKS if page == script for key in link}
    keys = {key for key in keys if text.strip() or DECLARED[key].default != ""}
    page = run_page(script, urlencode(dict.fromkeys(keys, text)))
    assert len(sentences(page)) == expected(keys)
    assert pictures(page) == pictures(run_page(script))


@pytest.mark.parametrize("key", DECLARED)
def test_nothing_is_a_choice_of_several_and_an_empty_text_and_else_refused(key: str) -> None:
    script, link = next(at for at in LINKS if key in shown_by(*at) | set(at[1]))
    page = run_page(script, urlencode(link | {key: ""}))
    if key != training.RUNS_TRAINED.key:
        train(script, page)
    may = isinstance(DECLARED[key], Several) or DECLARED[key].default == ""
    assert len(sentences(page)) == (not may)


@pytest.mark.parametrize(("script", "link"), LINKS)
def test_what_is_said_of_a_link_stays_until_the_reader_sets_that_input(
    script: str, link: dict[str, str]
) -> None:
    deciding = {"second", "runs", "task", "view", "wanted"}  # of other inputs
    keys = shown_by(script, link) - deciding
    page = train(script, run_page(script, urlencode(link | dict.fromkeys(keys, "bogus"))))
    said = sentences(page)
    assert sentences(page.run()) == said
    for key in keys:
        page.session_state[key] = another(DECLARED[key])
    page.run()
    assert not page.exception
    assert not set(said) & set(sentences(page))
    for key in keys:
        page.session_state[key] = default(key)
    assert not sentences(page.run())


def test_what_is_said_of_a_link_goes_with_the_page_and_on_reset() -> None:
    page = run_page("vector.py", "?rule=bogus&threshold=bogus")
    assert len(sentences(page)) == 2
    assert not sentences(page.switch_page("descent.py").run())
    page = run_page("vector.py", "?rule=bogus&threshold=bogus")
    assert not sentences(press(page, "Reset"))


@pytest.mark.parametrize(
    ("key", "given", "read"),
    [
        ("threshold", "1e+3", "1e+3"),
        ("gradient", "3,+4,1E+3|-1e+2", "3, 4,1E+3|-1e+2"),
        ("start", "+1e+0,+2", " 1e+0, 2"),
        ("learning_rate", "2.e+0", "2.e+0"),
        ("formula", "1e+3*x^2", "1e+3*x^2"),
        ("training_rate", "1e+1", "1e+1"),
        ("steps", "1e+2", 100),
        ("steps", "+7", 7),
        ("phi", "+45", 45),
        ("layer_count", "2.0", 2),
        ("surface", "rosenbrock", "Rosenbrock"),
        ("map", "TRUE", True),
    ],
)
def test_a_link_is_read_as_generously_as_nothing_else_can_be_meant(
    key: str, given: str, read: object
) -> None:
    script, link = next(at for at in LINKS if key in shown_by(*at) | set(at[1]))
    page = run_page(
        script, f"{urlencode({k: v for k, v in link.items() if k != key})}&{key}={given}"
    )
    assert not page.warning
    assert shown(page)[key] == read


def test_of_a_plus_that_may_be_missing_it_is_said_how_it_is_written() -> None:
    page = run_page("descent.py", "?surface=your+own&formula=x^2+y^2")
    assert "a plus is written %2B" in page.warning[0].value


def travel(page: AppTest, script: str) -> dict[str, Any]:
    page.switch_page(script).run()
    assert not page.exception
    assert not page.warning
    return shown(page)


def test_what_means_the_same_travels_between_pages_and_numbers_do_not() -> None:
    rule, matching, shown_ = "radial", "same worst length", ["global"]
    link = {"threshold": "500", "gradient": "3,4", "rule": rule, "matching": matching}
    page = run_page("vector.py", urlencode(link | {"shown": shown_}, doseq=True))
    path = travel(page, "descent.py")
    assert (path["threshold"], path["rule"], path["matching"]) == ("1", rule, matching)
    page.text_input(key="threshold").set_value("7").run()
    many = travel(page, "dimensions.py")
    assert (many["threshold"], many["matching"], many["shown"]) == ("1", matching, shown_)
    assert travel(page, "training.py")["rule"] == rule
    assert travel(page, "descent.py")["threshold"] == "7"
    first = travel(page, "vector.py")
    assert (first["threshold"], first["gradient"], first["shown"]) == ("500", "3,4", shown_)


def test_what_cannot_be_read_on_one_page_is_no_fault_of_another() -> None:
    page = run_page("vector.py", "?threshold=5")
    page.text_input(key="threshold").set_value("x").run()
    assert "Still shown: 5." in page.warning[0].value
    assert travel(page, "descent.py")["threshold"] == "1"
    page.text_input(key="threshold").set_value("y").run()
    assert "Still shown: 1." in page.warning[0].value
    page.switch_page("vector.py").run()
    assert "Still shown: 5." in page.warning[0].value


def test_reset_sets_back_what_its_page_asks_for_and_nothing_else() -> None:
    page = run_page("vector.py", "?threshold=5&gradient=3,4&picture=bars&rule=radial")
    travel(page, "descent.py")
    page.text_input(key="learning_rate").set_value("0.1").run()
    press(page, "Reset")
    assert shown(page)["learning_rate"] == "0.01"
    assert shown(page)["rule"] == "clip"
    first = travel(page, "vector.py")
    assert (first["threshold"], first["gradient"], first["picture"]) == ("5", "3,4", "bars")
    press(page, "Reset")
    assert {shown(page)[key] == default(key) for key in first} == {True}


@pytest.mark.parametrize("key", DECLARED)
def test_inputs_that_several_pages_ask_for_mean_the_same_or_are_parted(key: str) -> None:
    scripts = {at[0] for at in LINKS if key in shown_by(*at) | set(at[1])}
    same = isinstance(DECLARED[key], Choice | Several | Positive | Toggle)
    assert len(scripts) == 1 or same or key in ("gradient", "layers")
