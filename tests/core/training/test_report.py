import csv as csv_format
import io
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.clipping import Clipper, Rule, block_norms
from core.excerpt import shown
from core.matching import Matching
from core.notation import MOST_NUMBERS, read_gradient
from core.runs import NONE, RUNS, Run
from core.strategies import Strategy
from core.training.faults import Fault
from core.training.optimizers import Optimizer
from core.training.report import after, best, csv, longest, summary, threshold_at
from core.training.tasks import TASKS, baseline
from core.training.train import train
from core.training.training import Training, default

FEW = 12  # steps
TRAINING = replace(default("adding problem"), steps=FEW, fault_step=4)
USUAL = TRAINING.thresholds


def told(training: Training, run: Run = Strategy.GLOBAL) -> str:
    return summary(training, run, list(train(training, run))).words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"thresholds": replace(USUAL, by_value=1e6)},
            "no step clipped: it runs as without clipping",
        ),
        ({"optimizer": Optimizer.SGD, "learning_rate": 1e-4}, "acts as a step-size limiter, not"),
        ({}, "100% of steps clipped: under Adam that limits no step, but evens"),
        (
            {"thresholds": replace(USUAL, rule=Rule.NORMALIZE)},
            "every step is brought to the threshold",
        ),
        ({"fault": Fault.LOSS}, "stopped at step 4: the loss is inf; until there, 100% of steps"),
    ],
)
def test_what_clipping_did_is_said_in_a_sentence(change, words):
    assert words in told(replace(TRAINING, **change))


def test_a_run_that_stops_at_once_is_not_said_to_have_clipped_or_not():
    broken = replace(TRAINING, fault=Fault.LOSS, fault_step=0)
    assert told(broken) == "stopped at step 0: the loss is inf"


@given(
    st.sampled_from(list(TASKS)),
    st.dictionaries(st.sampled_from(RUNS), st.sampled_from([0.1, 0.5, 0.9, math.nan]), min_size=1),
)
def test_no_run_does_better_than_the_best(task, metrics):
    blank = summary(TRAINING, NONE, list(train(replace(TRAINING, steps=1), NONE)))
    rows = [replace(blank, run=run, metric=metric) for run, metric in metrics.items()]
    winners = best(default(task), rows)
    known = {run: metric for run, metric in metrics.items() if not math.isnan(metric)}
    assert bool(winners) == bool(known)
    better = max if task != "adding problem" else min
    assert winners == [run for run in known if known[run] == better(known.values())]


def test_a_run_that_stopped_is_never_the_best():
    stopped = list(train(replace(TRAINING, fault=Fault.LOSS), NONE))
    assert math.isfinite(stopped[0].metric)
    rows = [summary(TRAINING, NONE, stopped)]
    assert math.isnan(rows[0].metric)
    assert best(TRAINING, rows) == []


def test_how_often_and_how_much_decides_the_word():
    steps = list(train(TRAINING, Strategy.GLOBAL))

    def said(clipped: int, lost: float, *metrics: float) -> str:
        ends = [math.nan] * (100 - len(metrics)) + list(metrics)
        made = [
            replace(
                steps[0],
                clipped_fraction=float(i < clipped),
                magnitude_losses=dict.fromkeys(Strategy, lost),
                metric=ends[i],
            )
            for i in range(100)
        ]
        training = replace(TRAINING, optimizer=Optimizer.SGD, steps=100)
        return summary(training, Strategy.GLOBAL, made).words

    assert said(3, 0.0, 0.01) == "3% of steps clipped: a safety net"
    assert "between a safety net and" in said(30, 0.0, 0.01)
    assert said(97, 0.5, 0.01) == (
        "97% of steps clipped: it acts as a step-size limiter, not as a safety net"
    )
    assert "trims the largest numbers" in said(97, 0.01, 0.01)
    constant = baseline(TASKS["adding problem"])
    assert said(3, 0.0, constant) == (
        "3% of steps clipped: no safety net; it ends no better than a constant answer"
    )
    assert said(3, 0.0, 0.01, constant) == (
        "3% of steps clipped: no safety net; it ends no better than a constant answer"
    )
    assert said(3, 0.0, 0.01, constant / 2) == (
        "3% of steps clipped: no safety net; some of what was learned is lost"
    )
    for often in (0, 30, 97):
        for lost in (0.01, 0.5):
            for metric in (constant, 0.01):
                learned = "no better than" not in said(often, lost, metric)
                assert learned == (metric < constant)


def test_nothing_is_learned_yet_is_said_of_a_run_that_goes_on():
    steps = list(train(TRAINING, Strategy.GLOBAL))
    longer, so_far = replace(TRAINING, steps=1000), "so far it is no better than a constant answer"
    assert summary(longer, Strategy.GLOBAL, steps).words.endswith(f"; {so_far}")
    seldom = [replace(step, clipped_fraction=0.0) for step in steps]
    seldom[0] = replace(seldom[0], clipped_fraction=1.0)
    assert summary(longer, NONE, seldom).words == f"nothing is clipped; {so_far}"
    assert "safety" not in summary(longer, Strategy.GLOBAL, seldom).words


def test_the_numbers_of_a_summary_are_those_of_the_steps():
    steps = list(train(TRAINING, Strategy.LAYER))
    row = summary(TRAINING, Strategy.LAYER, steps)
    assert row.steps == FEW
    assert row.loss == pytest.approx(np.median([step.loss for step in steps]))
    assert row.metric == steps[-1].metric
    assert row.angle == pytest.approx(np.median([step.angles[Strategy.LAYER] for step in steps]))
    assert math.isnan(summary(TRAINING, NONE, steps).angle)


@pytest.mark.parametrize("run", [Strategy.VALUE, Strategy.LAYER, Strategy.GLOBAL])
@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("matching", Matching)
def test_nothing_is_longer_than_the_longest_possible(run, rule, matching):
    training = replace(TRAINING, thresholds=replace(USUAL, rule=rule, matching=matching))
    steps = list(train(training, run))
    lengths = np.array([step.norm_after for step in steps])
    rounding = 1000 * np.finfo(np.float32).eps
    assert (lengths <= longest(training, run, steps) * (1 + rounding)).all()


def test_the_layers_after_each_strategy_are_those_of_the_clipped_gradient():
    *_, step = train(TRAINING, NONE, range(FEW))
    layers = tuple(TRAINING.layers.values())
    for strategy, norms in after(TRAINING, step).items():
        clipped = Clipper(strategy, step.thresholds[strategy])(step.gradient, layers)
        assert_allclose(norms, block_norms(clipped, layers))
    with pytest.raises(ValueError, match="gradient of step 0 was not kept"):
        after(TRAINING, next(train(TRAINING, NONE)))


@pytest.mark.parametrize("task", ["digits", "adding problem", "modular addition"])
def test_the_landing_page_reads_what_is_shown_of_a_gradient(task):
    training = replace(default(task), steps=2)
    for step in train(training, NONE, range(2)):
        text = shown(step.gradient, tuple(training.layers.values()))
        numbers, layers = read_gradient(text)
        assert len(numbers) == MOST_NUMBERS
        assert len(layers) <= len(training.layers)
        assert max(abs(numbers)) == pytest.approx(np.abs(step.gradient).max(), rel=1e-3)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 1e31])
def test_what_the_landing_page_cannot_show_is_not_written(wrong):
    assert shown(np.array([1.0, wrong]), (2,)) == ""


@pytest.mark.parametrize("percentile", [1, 10, 50, 99])
def test_the_helper_follows_autoclip(percentile):
    norms = [step.norm_before for step in train(TRAINING, Strategy.GLOBAL)] + [math.inf]
    alike = replace(TRAINING, thresholds=replace(USUAL, matching=Matching.NUMBER))
    found, by_value = threshold_at(alike, norms, percentile)
    assert found == by_value == np.percentile(np.array(norms)[np.isfinite(norms)], percentile)
    same, by_value = threshold_at(TRAINING, norms, percentile)
    assert same == found
    matched = replace(TRAINING, thresholds=replace(USUAL, by_value=by_value), steps=1)
    (step,) = train(matched, Strategy.GLOBAL)
    assert step.thresholds[Strategy.GLOBAL] == pytest.approx(found)


def test_the_helper_offers_nothing_where_there_is_nothing():
    assert np.isnan(threshold_at(TRAINING, [math.inf], 10)).all()
    per_step = replace(TRAINING, thresholds=replace(USUAL, matching=Matching.OUTPUT_LENGTH))
    assert np.isnan(threshold_at(per_step, [1.0], 10)).all()


def test_the_file_holds_every_step_of_every_run():
    trained = {run: list(train(TRAINING, run)) for run in (NONE, Strategy.VALUE)}
    rows = list(csv_format.DictReader(io.StringIO(csv(trained))))
    assert [row["run"] for row in rows] == ["none"] * FEW + ["value"] * FEW
    last = trained[Strategy.VALUE][-1]
    assert float(rows[-1]["norm_before"]) == last.norm_before
    assert float(rows[-1]["angles_value"]) == pytest.approx(np.degrees(last.angles[Strategy.VALUE]))
