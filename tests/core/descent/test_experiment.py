"""All runs of an experiment are the runs that each would be alone."""

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from core.clipping import Rule
from core.descent.descend import descend
from core.descent.experiment import NO_NOISE, Experiment, Landscape
from core.matching import Matching, Thresholds
from core.optimizers import Optimizer
from core.runs import NONE, RUNS, unclipped

thresholds = st.builds(
    Thresholds, st.floats(1e-2, 1e2), st.sampled_from(Rule), st.sampled_from(Matching)
)


@settings(deadline=None, max_examples=60)
@given(
    thresholds,
    st.lists(st.sampled_from(RUNS), unique=True, max_size=len(RUNS)),
    st.sampled_from(["", "fourth power"]),
    st.sampled_from([NO_NOISE, "heavy-tailed"]),
    st.sampled_from(Optimizer),
)
def test_runs_that_are_alike_and_fixed_thresholds_change_no_bit(
    clipping, runs, second, noise, optimizer
):
    start = (-1.2, 1.0, 2.0, 3.0) if second else (-1.2, 1.0)
    where = Landscape("Rosenbrock", second=second)
    asked = Experiment(
        where, start, 0.01, clipping, tuple(runs), steps=30, noise=noise, optimizer=optimizer
    )
    together = asked.descend()
    assert together.taken.shape == (len(runs),)
    for i, run in enumerate(runs):
        shorten = unclipped if run is NONE else partial(clipping.clip, run)
        drawn = asked.disturbance()
        alone = descend(asked.surface, start, shorten, 0.01, 30, noise=drawn, optimizer=optimizer)
        for name in ("path", "height"):
            assert_array_equal(getattr(together, name)[:, i], getattr(alone, name))
        for name in ("taken", "reached", "inside"):
            assert_array_equal(getattr(together, name)[i], getattr(alone, name))
