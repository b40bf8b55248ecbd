"""Figures of a training: what is drawn is what was computed, in few points."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core import looks
from core.figures.panels import ticks
from core.matching import Matching
from core.runs import NONE, RUNS
from core.strategies import Strategy
from core.training.figures.layers import COLUMNS, LayerMapShows, layer_map, layers
from core.training.figures.steps import POINTS, effects, losses, norms, thinned
from core.training.report import after
from core.training.tasks import TASKS, baseline
from core.training.train import train
from core.training.training import default

FEW, MANY = 10, 2000  # steps
NAMES = {run: f"the run {run}" for run in RUNS}
TRAINING = replace(default("adding problem"), steps=FEW)


@pytest.fixture(scope="module")
def trained():
    return {run: list(train(TRAINING, run, range(FEW))) for run in RUNS}


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=3000), st.integers(4, 500))
def test_a_thinned_line_keeps_what_stands_out(values, most):
    line = np.array(values)
    kept = thinned(line, most)
    assert len(kept) <= most + 2
    assert list(kept) == sorted(set(kept))
    assert line[kept].max() == line.max()
    assert line[kept].min() == line.min()


def test_what_is_not_known_is_thinned_like_the_rest():
    line = np.full(1000, np.nan)
    line[500] = 1.0
    assert 500 in thinned(line)


def test_the_losses_are_drawn_in_the_colors_of_their_runs(trained):
    figure = losses(TRAINING, trained, NAMES)
    for i, (run, steps) in enumerate(trained.items()):
        line, metric = figure.data[2 * i : 2 * i + 2]
        assert_allclose(line.y, [step.loss for step in steps], rtol=1e-6)
        assert line.name == NAMES[run]
        assert line.line.color == looks.color(run)
        assert metric.y[-1] == pytest.approx(steps[-1].metric)
    always = figure.data[-1]
    assert_allclose(always.y, baseline(TASKS[TRAINING.task]), rtol=1e-6)
    assert list(always.x) == [0, FEW - 1]


def test_every_clipped_step_is_marked(trained):
    figure = norms(TRAINING, trained, NAMES)
    marks = [trace for trace in figure.data if trace.mode == "markers" and trace.x[0] is not None]
    clipped = [run for run in trained if run is not NONE]
    for run, trace in zip(clipped, marks, strict=True):
        assert list(trace.x) == [step.step for step in trained[run] if step.clipped]


@pytest.mark.parametrize("matching", Matching)
def test_a_threshold_that_stays_the_same_is_told_with_its_run(matching):
    training = replace(
        TRAINING, steps=1, thresholds=replace(TRAINING.thresholds, matching=matching)
    )
    steps = {run: list(train(training, run)) for run in RUNS}
    titles = [note.text for note in norms(training, steps, NAMES).layout.annotations]
    told = [f", at {threshold:.3g}" for threshold in steps[NONE][0].thresholds.values()]
    known = ["", *told] if matching is not Matching.OUTPUT_LENGTH else [""] * 4
    assert titles == [f"<b>{NAMES[run]}{at}</b>" for run, at in zip(RUNS, known, strict=True)]


def test_a_rare_clipped_step_is_marked_whatever_its_norm(trained):
    step = trained[Strategy.VALUE][-1]
    steps = [
        replace(step, step=k, norm_before=1.0 + k % 3, norm_after=1.0 if k == 1000 else 1.0 + k % 3)
        for k in range(MANY)
    ]
    steps = [replace(s, clipped_fraction=float(s.step == 1000)) for s in steps]
    figure = norms(replace(TRAINING, steps=MANY), {Strategy.VALUE: steps}, NAMES)
    (marks,) = (t for t in figure.data if t.mode == "markers" and t.x[0] is not None)
    assert list(marks.x) == [1000]


def test_all_strategies_are_drawn_on_the_same_gradients(trained):
    figure = effects(TRAINING, trained[NONE], NAMES)
    for strategy, trace in zip(Strategy, figure.data, strict=False):
        turned = [np.degrees(step.angles[strategy]) for step in trained[NONE]]
        assert_allclose(trace.y, turned, rtol=1e-6)


SHOWN = {
    LayerMapShows.NORM: lambda step: np.log10(step.layer_norms_before),
    LayerMapShows.LOST: lambda step: 1 - step.layer_norms_after / step.layer_norms_before,
    LayerMapShows.CLIPPED: lambda step: step.layer_clipped,
}


@pytest.mark.parametrize("shows", LayerMapShows)
def test_the_map_has_a_row_for_every_layer(trained, shows):
    (cells,) = layer_map(TRAINING, trained[Strategy.VALUE], shows).data
    assert list(cells.y) == list(TRAINING.layers)
    assert_allclose(cells.z.T, [SHOWN[shows](step) for step in trained[Strategy.VALUE]], rtol=1e-5)
    assert list(cells.x) == list(range(FEW))
    (many,) = layer_map(TRAINING, trained[Strategy.VALUE] * (MANY // FEW), shows).data
    assert many.z.shape[1] <= COLUMNS
    assert 0 <= many.x[0] < many.x[-1] < MANY


def test_one_gradient_is_drawn_before_and_after_each_strategy(trained):
    step = trained[NONE][3]
    clipped = after(TRAINING, step)
    before, *others = layers(TRAINING, step, clipped, NAMES).data
    assert list(before.x) == list(step.layer_norms_before)
    for trace, lengths in zip(others, clipped.values(), strict=True):
        assert_allclose(trace.x, lengths)


def test_what_is_sent_at_every_look_stays_small(trained):
    many = {run: steps * (MANY // FEW) for run, steps in trained.items()}
    drawn = [
        losses(TRAINING, many, NAMES),
        norms(TRAINING, many, NAMES),
        effects(TRAINING, many[Strategy.VALUE], NAMES),
        layer_map(TRAINING, many[Strategy.VALUE], LayerMapShows.NORM),
    ]
    assert max(len(trace.x) for figure in drawn for trace in figure.data) <= POINTS + 2
    assert sum(len(figure.to_json()) for figure in drawn) < 150_000


@given(st.lists(st.floats(1e-30, 1e30), min_size=1, max_size=5))
def test_the_ticks_of_a_logarithmic_axis_say_what_they_are_and_reach_all_values(values):
    found = ticks([*values, np.nan, 0.0, np.inf])
    said = [re.sub(r"(?:(\d)·)?10<sup>(-?\d+)</sup>", power, text) for text in found["ticktext"]]
    assert_allclose([float(text) for text in said], found["tickvals"])
    assert 2 <= len(said) <= 10
    *_, last, end = found["tickvals"]
    assert found["tickvals"][0] <= min(values) * (1 + 1e-9)
    assert max(values) <= end * (end / last) * (1 + 1e-9)  # the next one
    assert len(set(found["ticktext"])) == len(said)


def power(written):
    return f"{written[1] or 1}e{written[2]}"


def test_an_axis_without_values_has_ticks_too():
    assert ticks([np.nan])["ticktext"] == ["1", "2", "5", "10", "20", "50"]
