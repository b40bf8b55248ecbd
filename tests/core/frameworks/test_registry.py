"""What is computed is what the frameworks return, live where they are, and as recorded."""

import ast
import itertools
import json
import platform

import numpy as np
import pytest

from core.clipping import Clipper, Rule
from core.frameworks.entries import Result
from core.frameworks.precisions import Precision
from core.frameworks.registry import FRAMEWORKS, SETTINGS
from core.strategies import Strategy
from tests.core.frameworks.cases import KINDS, differs
from tests.core.frameworks.record import FOLDER, RECORDED, decode, recorded, trials
from tests.core.frameworks.runs import RUNS

# Elsewhere compilers fuse other products and sums, and the last digits of norms may differ.
IS_EXACT = platform.machine() in ("x86_64", "AMD64")

every_framework = pytest.mark.parametrize("name", FRAMEWORKS)
every_kind = pytest.mark.parametrize(("strategy", "rule"), KINDS)


@pytest.mark.parametrize("name", RECORDED)
def test_what_is_computed_is_what_was_recorded(name):
    versions, lines = recorded(name)
    assert all(versions.values())
    wrong = [
        f"{title}: {found}"
        for title, _, tensors, precision, computed in trials(name)
        if (found := differs(computed, decode(lines[title], tensors, precision), precision))
    ]
    assert not wrong, wrong[:5]


@pytest.mark.filterwarnings("ignore")  # what the frameworks warn of as they are imported
@pytest.mark.parametrize("name", RUNS)
def test_what_is_computed_is_what_the_framework_returns(name):
    needed, run = RUNS[name]
    for package in needed:
        pytest.importorskip(package)
    wrong = [
        f"{title}: {found}"
        for title, code, tensors, precision, computed in trials(name)
        if (found := differs(computed, run(code, tensors, precision), precision, IS_EXACT))
    ]
    assert not wrong, wrong[:5]


@pytest.mark.parametrize("name", RECORDED)
def test_the_recorded_versions_are_those_of_the_requirements(name):
    pinned = (FOLDER.parents[2] / "requirements-frameworks.txt").read_text()
    held = json.loads((FOLDER / RECORDED[name][0]).read_text())
    assert all(f"{each}=={version}" in pinned for each, version in held["versions"].items())
    for version in held["versions"].values():
        assert ".".join(version.split(".")[:2]) in FRAMEWORKS[name].versions


@every_kind
@every_framework
def test_every_snippet_parses_and_stands_in_its_step(name, strategy, rule):
    snippet = FRAMEWORKS[name].code(Clipper(strategy, 0.25, rule))
    ast.parse(snippet.text)
    step = ast.parse(snippet.step)
    assert "0.25" in snippet.text
    assert ast.dump(ast.parse(snippet.text).body[0]) in ast.dump(step)
    assert max(map(len, snippet.step.split("\n"))) <= 100
    assert snippet.note.endswith(".")


@every_kind
@every_framework
def test_the_note_says_so_where_the_framework_has_no_call(name, strategy, rule):
    snippet = FRAMEWORKS[name].code(Clipper(strategy, 1.0, rule))
    assert snippet.is_native == (" has no " not in snippet.note)


@every_framework
def test_every_framework_has_a_call_for_the_global_norm_and_none_for_normalizing(name):
    def is_native(strategy, rule):
        return FRAMEWORKS[name].code(Clipper(strategy, 1.0, rule)).is_native

    assert is_native(Strategy.GLOBAL, Rule.CLIP)
    assert not any(is_native(strategy, Rule.NORMALIZE) for strategy in Strategy)


@every_kind
@every_framework
def test_on_ordinary_numbers_all_frameworks_are_the_exact_projection(name, strategy, rule):
    gradient, layers = np.array([3.0, -4.0, 0.3, 0.4, -0.1, 2.0]), (2, 3, 1)
    tensors = tuple(np.split(gradient, np.cumsum(layers)[:-1]))
    for threshold in (0.2, 1.0, 3.0, 10.0):
        clipper = Clipper(strategy, threshold, rule)
        found = FRAMEWORKS[name].compute(clipper, tensors, Precision.FLOAT64)
        assert isinstance(found, Result)
        # PyTorch adds 1e-6 to norms, and where that shortens, they are at least the threshold.
        np.testing.assert_allclose(
            np.concatenate(found.tensors), clipper(gradient, layers), rtol=1.1e-6 / threshold
        )


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_the_global_norm(name):
    tensors = (np.array([3.0, -4.0]), np.array([12.0]))
    found = SETTINGS[name].compute(2.0, tensors, Precision.FLOAT64)
    assert isinstance(found, Result)
    np.testing.assert_allclose(np.concatenate(found.tensors), [6 / 13, -8 / 13, 24 / 13], 1e-6)
    assert found.norm == 13
    assert "2" in SETTINGS[name].text(2.0)


@pytest.mark.parametrize("name", [*FRAMEWORKS, *SETTINGS])
def test_what_is_said_of_zero_is_what_is_computed(name):
    tensors, single = (np.float32([3, 4]),), Precision.FLOAT32
    for threshold in (0.0, -1.0):
        if name in FRAMEWORKS:
            clipper = Clipper(Strategy.GLOBAL, threshold)
            found = FRAMEWORKS[name].compute(clipper, tensors, single)
            said = FRAMEWORKS[name].zero
        else:
            found, said = SETTINGS[name].compute(threshold, tensors, single), SETTINGS[name].zero
        is_off = np.array_equal(found.tensors[0], tensors[0])
        if threshold == 0:
            assert is_off == (": clipping is off" in said or ": the setting is off" in said)
            assert is_off or ("0 makes every gradient zero" in said and not found.tensors[0].any())
        elif name == "TensorFlow":
            assert is_off
            assert "clip_by_global_norm ignores it" in said
        elif "turns it around" in said:
            np.testing.assert_allclose(found.tensors[0], [-0.6, -0.8], rtol=1e-6)


def test_names_are_unlike():
    names = [*FRAMEWORKS, *SETTINGS]
    assert len({name.lower() for name in names}) == len(names)
    assert all(one not in other for one, other in itertools.permutations(names, 2))
