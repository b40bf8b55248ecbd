"""Maps: every cell is the run that it stands for."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.clipping import Rule
from core.descent.experiment import Experiment, Landscape
from core.descent.maps import UNKNOWN, axis, cells, ends, rate_threshold, starts
from core.descent.outcomes import Outcome, outcome
from core.matching import Matching, Thresholds
from core.optimizers import Optimizer
from core.runs import NONE, RUNS
from core.strategies import Strategy
from core.surfaces.table import SURFACES
from core.work import CalledOff, Work

RATES, THRESHOLDS = axis(1e-4, 1.0, 7, 0.01), axis(1e-2, 100.0, 5, 1.0)


WORST = Thresholds(1.0, matching=Matching.WORST_LENGTH)


def experiment(
    surface: str = "Himmelblau", second: str = "", formula: str = "", **others: object
) -> Experiment:
    landscape = Landscape(surface, formula, second=second)
    start = landscape.built.start
    return replace(Experiment(landscape, start, 0.01, Thresholds(1.0), steps=300), **others)


def map_of(it, rates=RATES, thresholds=THRESHOLDS):
    return rate_threshold(it, rates, thresholds, Work(1))


def starts_of(it, run, count):
    return starts(it, run, count, Work(1))


@pytest.mark.parametrize(
    "it",
    [
        experiment(),
        experiment(
            noise="Gaussian",
            thresholds=Thresholds(1.0, Rule.NORMALIZE),
            runs=(Strategy.GLOBAL, NONE),
        ),
        experiment("ridge", thresholds=Thresholds(1.0, matching=Matching.OUTPUT_LENGTH)),
        experiment("Rosenbrock", "saddle", thresholds=WORST),
        experiment("your own", formula="x^4 + abs(y)"),
        experiment("two chains"),
        experiment("ridge", noise="Gaussian", optimizer=Optimizer.ADAM),
        experiment(optimizer=Optimizer.NESTEROV),
    ],
)
def test_a_cell_is_a_single_run(it):
    found = map_of(it)
    for row, column in [(0, 0), (4, 6), (2, 3), (3, 1), (1, 5)]:
        one = replace(
            it,
            learning_rate=RATES[column],
            thresholds=replace(it.thresholds, by_value=THRESHOLDS[row]),
        ).descend()
        assert_array_equal(found.height[:, row, column], one.height[-1])
        assert_array_equal(found.outcome[:, row, column], outcome(one))


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize(
    "it",
    [
        experiment(),
        experiment("recurrent cliff", steps=250),
        experiment("saddle", "ridge"),
        experiment(optimizer=Optimizer.MOMENTUM),
        experiment(optimizer=Optimizer.ADAM),
    ],
)
def test_a_start_ends_where_a_single_run_ends(it, run):
    it = replace(it, runs=(run,), noise="Gaussian", noise_scale=0.01)
    found = starts_of(it, run, 6)
    for row, column in [(0, 0), (5, 5), (2, 4)]:
        start = (found.x[column], found.y[row], *it.start[2:])
        one = replace(it, start=start).descend()
        assert found.height[row, column] == one.height[-1, 0]
        assert found.outcome[row, column] == outcome(one)[0]


def test_starts_reach_the_minimum_that_a_single_run_reaches():
    it, minima = experiment(steps=1000), SURFACES["Himmelblau"].minima
    found = starts_of(it, Strategy.VALUE, 8)
    assert set(found.minimum.flat) == {0, 1, 2, 3}
    for row in range(8):
        for column in range(0, 8, 3):
            one = replace(
                it, start=(found.x[column], found.y[row]), runs=(Strategy.VALUE,)
            ).descend()
            minimum = minima[found.minimum[row, column]]
            np.testing.assert_allclose(one.path[-1, 0], minimum, atol=0.05)


def test_a_start_in_a_minimum_stays_there_and_what_does_not_arrive_has_none():
    it = experiment("saddle", steps=300)
    last, _, became = ends(it, Strategy.VALUE, (0.0,), (1.0, -1.0), Work(1))
    assert_array_equal(last[:, 0], [[0, 1], [0, -1]])
    assert set(became.flat) == {Outcome.CONVERGED}
    assert set(starts_of(replace(it, steps=5), Strategy.VALUE, 5).minimum.flat) == {UNKNOWN}


def test_work_is_done_when_the_map_is_whole():
    it, seen = experiment(runs=(NONE, Strategy.LAYER), steps=20), []
    work = Work(2 * 20)

    def compute(*question):
        seen.append(work.done)
        return cells(*question)

    rate_threshold(it, RATES, THRESHOLDS, work, compute)
    assert seen == [0, pytest.approx(0.5, abs=0.03)]
    assert work.done == 1


def test_a_map_that_nobody_waits_for_computes_nothing_more():
    work = Work(20)

    def compute(it, run, rates, thresholds, work):
        work.called_off = True
        return cells(it, run, rates, thresholds, work)

    with pytest.raises(CalledOff):
        rate_threshold(experiment(steps=20), RATES, THRESHOLDS, work, compute)
    assert work.taken == 0


def test_the_same_question_has_the_same_answer():
    it = experiment(noise="Cauchy", seed=3)
    one, other = map_of(it), map_of(it)
    assert_array_equal(one.height, other.height)
    assert_array_equal(one.outcome, other.outcome)


def test_without_clipping_the_threshold_changes_nothing():
    found = map_of(experiment(runs=(NONE,)))
    assert (found.height == found.height[:, :1]).all()


def test_the_best_cell_is_the_lowest_that_did_not_diverge():
    found = map_of(experiment("Rosenbrock"))
    for i, run in enumerate(found.runs):
        rate, threshold = found.best(run)
        at = THRESHOLDS.index(threshold), RATES.index(rate)
        stayed = found.outcome[i] != Outcome.DIVERGED
        assert stayed[at]
        assert found.height[i][at] == found.height[i][stayed].min()


def test_the_csv_has_a_line_for_every_cell():
    found = map_of(experiment(steps=5))
    lines = found.csv().splitlines()
    assert len(lines) == 1 + found.height.size
    run, rate, threshold, loss, became = lines[-1].split(",")
    assert (run, float(rate), float(threshold)) == (RUNS[-1], RATES[-1], THRESHOLDS[-1])
    assert (float(loss), became) == (found.height[-1, -1, -1], found.outcome[-1, -1, -1])


@pytest.mark.parametrize("present", [1e-9, 0.01, 5e4])
def test_an_axis_reaches_what_is_set_now(present):
    numbers = axis(1e-5, 10.0, 80, present)
    assert numbers[0] <= present <= numbers[-1]
    assert len(set(numbers)) == 80
    ratios = np.divide(numbers[1:], numbers[:-1])
    # Rounded to three digits, a number is off by at most half a percent.
    np.testing.assert_allclose(ratios, np.median(ratios), rtol=0.0101)
