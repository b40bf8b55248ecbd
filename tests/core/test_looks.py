import pytest

from core.looks import NAMES, TEXT, color, dash, mark
from core.runs import NONE, RUNS
from core.strategies import Strategy


def test_a_run_without_clipping_looks_like_the_text():
    assert (color(NONE), dash(NONE)) == (TEXT, "none")
    assert (NONE, *Strategy) == RUNS


@pytest.mark.parametrize("strategy", Strategy)
def test_a_run_looks_as_its_strategy(strategy):
    assert NAMES[strategy] == strategy.label
    assert (dash(strategy), mark(strategy)) == (strategy.look.dash, strategy.look.mark)
    assert strategy.look.light in color(strategy)


def test_no_two_runs_have_the_same_mark_or_name():
    assert len({mark(run) for run in RUNS}) == len({NAMES[run] for run in RUNS}) == len(RUNS)
