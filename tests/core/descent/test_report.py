import csv as csv_format
import io
from dataclasses import replace

import numpy as np
import pytest

from core.descent.descend import HOLD, descend
from core.descent.exhibits import EXHIBITS
from core.descent.experiment import Experiment, Landscape
from core.descent.outcomes import outcome
from core.descent.report import csv, report
from core.matching import Thresholds
from core.optimizers import Optimizer
from core.runs import NONE, RUNS
from core.strategies import Strategy

BOWL = Experiment(Landscape("long bowl"), (10, 1), 0.01, Thresholds(1), steps=1900)


@pytest.mark.parametrize("optimizer", Optimizer)
def test_the_rows_are_what_single_descents_give(optimizer: Optimizer) -> None:
    for row in report(replace(BOWL, optimizer=optimizer)):
        shorten = BOWL.shorten(row.run, 1)
        alone = descend(BOWL.surface, BOWL.start, shorten, 0.01, BOWL.steps, optimizer=optimizer)
        assert row.outcome == outcome(alone)
        assert row.final_loss == pytest.approx(float(alone.height[-1]), rel=1e-12)
        assert row.steps_to_goal == (None if alone.reached < 0 else int(alone.reached))


def test_unclipped_runs_are_clipped_on_no_step_and_clipped_ones_while_they_are_long() -> None:
    rows = {row.run: row for row in report(BOWL)}
    assert rows[NONE].clipped_share == 0
    assert 0.4 < rows[Strategy.GLOBAL].clipped_share < 0.9
    assert rows[Strategy.LAYER].clipped_share == rows[Strategy.GLOBAL].clipped_share  # one layer


def test_only_runs_on_the_cliff_are_sensitive_to_rounding() -> None:
    assert not any(row.sensitive for row in report(BOWL))
    cliff = Experiment(Landscape("recurrent cliff"), (5.5, -2.5), 0.5, Thresholds(0.2), steps=300)
    assert any(row.sensitive for row in report(cliff))


def test_runs_that_take_fewer_steps_than_are_held_do_not_converge() -> None:
    short = Experiment(Landscape("round bowl"), (0, 0), 0.1, Thresholds(1), steps=HOLD - 1)
    assert {row.outcome for row in report(short)} == {"on its way"}


def test_the_file_holds_every_step_of_every_run() -> None:
    experiment = Experiment(Landscape("Himmelblau"), (0, 0), 0.01, Thresholds(1), steps=7)
    rows = list(csv_format.DictReader(io.StringIO(csv(experiment))))
    assert len(rows) == 4 * 8
    path = experiment.descend().path
    for row in rows:
        point = path[int(row["step"]), RUNS.index(row["run"])]
        assert [float(row["x1"]), float(row["x2"])] == point.tolist()
        assert float(row["loss"]) == pytest.approx(float(experiment.surface.height(point)))


def test_a_run_that_diverges_ends_its_rows_where_it_stopped() -> None:
    experiment = Experiment(
        Landscape("fourth power"), (10, 4), 1.0, Thresholds(1), runs=(NONE,), steps=50
    )
    rows = list(csv_format.DictReader(io.StringIO(csv(experiment))))
    assert 1 < len(rows) < 20
    assert np.isfinite([float(row["loss"]) for row in rows]).all()
    assert report(experiment)[0].outcome == "diverged"


@pytest.mark.parametrize("degrees", [0, 45])
def test_on_a_ridge_the_table_tells_how_far_the_runs_have_come(degrees: int) -> None:
    label = {0: "Ridge on an axis", 45: "Ridge on the diagonal"}[degrees]
    none, by_value, by_norm = report(EXHIBITS[label].experiment)
    assert none.steps_along == 66
    assert by_norm.steps_along is None
    assert by_norm.along == pytest.approx(0.951, abs=5e-4)
    if degrees == 0:
        assert by_value.steps_along == 66
        assert by_value.along == pytest.approx(0.9**500)
    else:
        assert by_value.steps_along is None
        assert by_value.along == pytest.approx(1)
    assert {none.outcome, by_value.outcome, by_norm.outcome} == {"limit cycle"}


def test_where_no_direction_is_slow_nothing_is_told_of_it() -> None:
    assert {(row.along, row.steps_along) for row in report(BOWL)} == {(None, None)}
