"""Figures of a training: what is drawn is what was computed, in few points."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core import looks
from core.matching import Matching
from core.runs import NONE, RUNS
from core.strategies import Strategy
from core.training.figures.layers import LayerMapShows, layer_map
from core.training.figures.steps import POINTS, effects, losses, norms, thinned
from core.training.tasks import TASKS, baseline
from core.training.train import train
from tests.core.training.figures.conftest import FEW, MANY, NAMES, TRAINING


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
