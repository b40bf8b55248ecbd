"""Maps: every cell is the run that it stands for."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.clipping import Rule
from core.descent import Outcome, outcome
from core.experiment import Experiment, Landscape, Run
from core.maps import UNKNOWN, any_threshold, axis, ends, rate_threshold, starts
from core.matching import Matching
from core.surfaces import SURFACES

RATES, THRESHOLDS = axis(1e-4, 1.0, 7, 0.01), axis(1e-2, 100.0, 5, 1.0)


def experiment(
    surface: str = "Himmelblau", second: str = "", formula: str = "", **others: object
) -> Experiment:
    landscape = Landscape(surface, formula, second=second)
    start = landscape.built.start
    return replace(Experiment(landscape, start, 0.01, 1.0, steps=300), **others)


def whole(maps):
    *_, last = maps
    return last


@pytest.mark.parametrize(
    "it",
    [
        experiment(),
        experiment(noise="Gaussian", rule=Rule.NORMALIZE, runs=(Run.GLOBAL, Run.NONE)),
        experiment("ridge", matching=Matching.OUTPUT_LENGTH),
        experiment("Rosenbrock", "saddle", matching=Matching.WORST_LENGTH),
        experiment("your own", formula="x^4 + abs(y)"),
        experiment("two chains"),
    ],
)
def test_a_cell_is_a_single_run(it):
    found = whole(rate_threshold(any_threshold(it), RATES, THRESHOLDS))
    for row, column in [(0, 0), (4, 6), (2, 3), (3, 1), (1, 5)]:
        one = replace(it, learning_rate=RATES[column], threshold=THRESHOLDS[row]).descend()
        assert_array_equal(found.height[:, row, column], one.height[-1])
        assert_array_equal(found.outcome[:, row, column], outcome(one))


@pytest.mark.parametrize("run", Run)
@pytest.mark.parametrize(
    "it", [experiment(), experiment("recurrent cliff", steps=250), experiment("saddle", "ridge")]
)
def test_a_start_ends_where_a_single_run_ends(it, run):
    it = replace(it, runs=(run,), noise="Gaussian", noise_scale=0.01)
    found = whole(starts(it, run, 6))
    for row, column in [(0, 0), (5, 5), (2, 4)]:
        start = (found.x[column], found.y[row], *it.start[2:])
        one = replace(it, start=start).descend()
        assert found.height[row, column] == one.height[-1, 0]
        assert found.outcome[row, column] == outcome(one)[0]


def test_starts_reach_the_minimum_that_a_single_run_reaches():
    it, minima = experiment(steps=1000), SURFACES["Himmelblau"].minima
    found = whole(starts(it, Run.VALUE, 8))
    assert set(found.minimum.flat) == {0, 1, 2, 3}
    for row in range(8):
        for column in range(0, 8, 3):
            one = replace(it, start=(found.x[column], found.y[row]), runs=(Run.VALUE,)).descend()
            minimum = minima[found.minimum[row, column]]
            np.testing.assert_allclose(one.path[-1, 0], minimum, atol=0.05)


def test_a_start_in_a_minimum_stays_there_and_what_does_not_arrive_has_none():
    it = experiment("saddle", steps=300)
    last, _, became = ends(it, Run.VALUE, (0.0,), (1.0, -1.0))
    assert_array_equal(last[:, 0], [[0, 1], [0, -1]])
    assert set(became.flat) == {Outcome.CONVERGED}
    assert set(whole(starts(replace(it, steps=5), Run.VALUE, 5)).minimum.flat) == {UNKNOWN}


def test_maps_grow_block_by_block_and_only_the_last_is_whole(monkeypatch):
    monkeypatch.setattr("core.maps.AT_ONCE", 10)
    it = experiment(runs=(Run.VALUE,), steps=20)
    maps = list(rate_threshold(it, RATES, THRESHOLDS))
    known = [np.isfinite(so_far.height).mean() for so_far in maps]
    assert known == [so_far.done for so_far in maps]
    assert known == sorted(known)
    assert known[-1] == 1
    monkeypatch.setattr("core.maps.AT_ONCE", 10_000)
    (at_once,) = rate_threshold(it, RATES, THRESHOLDS)
    assert_array_equal(maps[-1].height, at_once.height)


def test_a_map_given_up_computes_nothing_more():
    asked = []

    def compute(it, rates, thresholds):
        asked.append(rates)
        return np.zeros((1, 800, len(rates))), np.full((1, 800, len(rates)), "stalled")

    maps = rate_threshold(experiment(runs=(Run.VALUE,)), (0.1,) * 80, (1.0,) * 800, compute)
    next(maps)
    maps.close()
    assert len(asked) == 1


def test_the_same_question_has_the_same_answer():
    it = experiment(noise="Cauchy", seed=3)
    one, other = (whole(rate_threshold(it, RATES, THRESHOLDS)) for _ in range(2))
    assert_array_equal(one.height, other.height)
    assert_array_equal(one.outcome, other.outcome)


def test_without_clipping_the_threshold_changes_nothing():
    found = whole(rate_threshold(experiment(runs=(Run.NONE,)), RATES, THRESHOLDS))
    assert (found.height == found.height[:, :1]).all()


def test_the_best_cell_is_the_lowest_that_did_not_diverge():
    found = whole(rate_threshold(experiment("Rosenbrock"), RATES, THRESHOLDS))
    for i, run in enumerate(found.runs):
        rate, threshold = found.best(run)
        at = THRESHOLDS.index(threshold), RATES.index(rate)
        stayed = found.outcome[i] != Outcome.DIVERGED
        assert stayed[at]
        assert found.height[i][at] == found.height[i][stayed].min()


def test_the_csv_has_a_line_for_every_cell():
    found = whole(rate_threshold(experiment(steps=5), RATES, THRESHOLDS))
    lines = found.csv().splitlines()
    assert len(lines) == 1 + found.height.size
    run, rate, threshold, loss, became = lines[-1].split(",")
    assert (run, float(rate), float(threshold)) == ("global", RATES[-1], THRESHOLDS[-1])
    assert (float(loss), became) == (found.height[-1, -1, -1], found.outcome[-1, -1, -1])


@pytest.mark.parametrize("present", [1e-9, 0.01, 5e4])
def test_an_axis_reaches_what_is_set_now(present):
    numbers = axis(1e-5, 10.0, 80, present)
    assert numbers[0] <= present <= numbers[-1]
    assert len(set(numbers)) == 80
    ratios = np.divide(numbers[1:], numbers[:-1])
    # Rounded to three digits, a number is off by at most half a percent.
    np.testing.assert_allclose(ratios, np.median(ratios), rtol=0.0101)
