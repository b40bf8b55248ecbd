"""The rules are replayed over the norms that are shown, with the parameters that are set."""

import io
import json
from math import inf
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from streamlit.testing.v1 import AppTest

from core.gradients.replays.fixed import Fixed
from core.gradients.replays.percentile import Percentile
from core.gradients.replays.replay import Replay
from core.gradients.replays.running_mean import RunningMean
from core.notation import write_share
from pages.widgets.gradients.rules import KEYS, lines, not_drawn
from pages.widgets.gradients.settings import Drawn, Exact
from tests.conftest import run_page, told

A, B = [0.5, 1.5, 2.5, 3.5], [30.0, 1.0, 20.0, 9.0]
LOG = "".join(
    f"step {i} grad_norm={a} d_grad_norm={b}\n" for i, (a, b) in enumerate(zip(A, B, strict=True))
)


def open_log(link: str) -> AppTest:
    return run_page("gradients.py", link).text_area(key="pasted").set_value(LOG).run()


def rows(page: AppTest) -> list[dict[str, Any]]:
    (table,) = (it.value for it in page.table if "acts on" in it.value)
    return list(table.to_dict("records"))


def drawn(page: AppTest) -> dict[str, list[float]]:
    ground = json.loads(told(page, "gradients")["ground"])
    return {line["name"]: line["thresholds"] for line in ground["rules"]}


def test_a_field_has_its_own_replays() -> None:
    page = open_log("?threshold=2&autoclip=50&rules=AutoClip")
    fixed, percentile = rows(page)[:2]
    assert (fixed["acts on"], fixed["last threshold"]) == ("50.0%", "2")
    assert percentile["last threshold"] == "2"
    assert_allclose(drawn(page)["AutoClip"], [np.median(A[:i]) for i in range(1, 5)])
    page.selectbox(key="log_field").set_value("d_grad_norm").run()
    fixed, percentile = rows(page)[:2]
    assert (fixed["acts on"], fixed["last threshold"]) == ("75.0%", "2")
    assert percentile["last threshold"] == "14.5"
    assert_allclose(drawn(page)["AutoClip"], [np.median(B[:i]) for i in range(1, 5)])


def test_a_percentile_and_a_threshold_that_are_set_are_those_of_the_rules() -> None:
    page = open_log("?threshold=2&autoclip=50&rules=AutoClip")
    page.slider(key="autoclip").set_value(75)
    page.text_input(key="threshold").set_value("3").run()
    fixed, percentile = rows(page)[:2]
    assert (fixed["acts on"], fixed["last threshold"]) == ("25.0%", "3")
    assert percentile["last threshold"] == "2.75"
    assert drawn(page)["AutoClip"][-1] == 2.75


def test_the_rules_that_are_chosen_are_drawn() -> None:
    page = open_log("?rules=AdaGC&rules=AutoClip")
    assert list(drawn(page)) == ["AutoClip", "AdaGC"]
    page.button_group(key="rules").set_value([]).run()
    assert drawn(page) == {}


def test_a_rule_for_each_layer_is_replayed_over_the_layers_of_the_depth() -> None:
    rng = np.random.default_rng(0)
    steps = RunningMean().warmup + 9
    norms = np.exp(rng.standard_normal((steps, 3)))
    tensors = {
        f"{step}/{name}": norms[step, [at]]
        for step in range(steps)
        for at, name in enumerate(("a.one", "a.two", "c.one"))
    }
    data = io.BytesIO()
    np.savez(data, allow_pickle=False, **tensors)
    page = run_page("gradients.py")
    page.file_uploader(key="upload").set_value(("own.npz", data.getvalue(), "")).run()
    of_modules = np.stack([np.hypot(norms[:, 0], norms[:, 1]), norms[:, 2]], axis=1)
    losses = []
    for depth, layers in ((0, norms), (1, of_modules)):
        page.number_input(key="depth").set_value(depth).run()
        losses.append(RunningMean().replay(layers).mean_loss)
        assert rows(page)[-1]["takes on average"] == write_share(losses[-1])
    assert write_share(losses[0]) != write_share(losses[1])


def replay_of(thresholds: list[Any]) -> Replay:
    at = np.array(thresholds)
    return Replay("made", at, np.ones(at.shape), 0, 0, 0, "")


@pytest.mark.parametrize(
    ("thresholds", "says"),
    [
        ([1.0, 2.0], ""),
        ([[1.0, 2.0], [1.0, 2.0]], "Not drawn: AdaGC has a threshold for each layer."),
        ([inf, inf], "Not drawn: AdaGC is still warming up."),
    ],
)
def test_it_is_said_which_rule_is_not_drawn(thresholds: list[Any], says: str) -> None:
    exact = Exact(1.0, full=False, rules=(Drawn.ADAGC,), percentile=10)
    replays = {KEYS[Drawn.ADAGC]: replay_of(thresholds), Fixed.name: replay_of([inf, inf])}
    assert not_drawn(replays, exact) == says


def test_thresholds_of_layers_are_no_line() -> None:
    rules = Drawn.AUTOCLIP, Drawn.ADAGC
    exact = Exact(1.0, full=False, rules=rules, percentile=10)
    replays = {
        Percentile.name: replay_of([1.0, 2.0]),
        KEYS[Drawn.ADAGC]: replay_of([[1.0, 2.0], [1.0, 2.0]]),
    }
    found = lines(replays, exact)
    assert {name: it.tolist() for name, it in found.items()} == {"AutoClip": [1, 2]}
