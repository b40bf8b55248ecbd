import os
import subprocess
import sys
from dataclasses import replace
from itertools import chain, islice

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from core.clipping import Clipper, Rule, block_norms
from core.geometry import angle, clipped_by_layer, clipped_fraction, magnitude_loss
from core.matching import Matching
from core.runs import NONE, RUNS
from core.strategies import Strategy
from core.training.faults import Fault
from core.training.optimizers import Optimizer
from core.training.tasks import TASKS
from core.training.train import train
from core.training.training import Layering, default
from tests.conftest import ROOT, THREADS
from tests.core.training.plain import plain

FEW = 8  # steps
EPSILON = float(np.finfo(np.float32).eps)
SHORT = {name: replace(default(name), steps=FEW) for name in TASKS}


def retuned(training, **changes):
    return replace(training, thresholds=replace(training.thresholds, **changes))


# Where gradients explode, a step of the usual length magnifies every rounding.
RATES = {"digits": 0.1, "adding problem": 1e-4, "modular addition": 1.0}


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("optimizer", [Optimizer.SGD, Optimizer.MOMENTUM])
def test_the_losses_are_those_of_pytorch_with_its_own_clipping(task, run, optimizer):
    training = replace(
        retuned(SHORT[task], matching=Matching.NUMBER),
        optimizer=optimizer,
        learning_rate=RATES[task],
    )
    unclipped = list(train(training, NONE, keep=(0,)))
    sizes = np.abs(unclipped[0].gradient).max(), unclipped[0].layer_norms_before.max()
    sizes = {
        Strategy.VALUE: sizes[0],
        Strategy.LAYER: sizes[1],
        Strategy.GLOBAL: unclipped[0].norm_before,
    }
    training = retuned(training, by_value=0.02 * float(sizes.get(run, 1.0)))
    steps = list(train(training, run))
    own, tolerance = np.array([step.loss for step in steps]), FEW * (2e-6 + 4 * EPSILON)
    # PyTorch adds 1e-6 to the norm, a small share of the thresholds; the rest is float32.
    assert_allclose(own, list(islice(plain(training, run), len(own))), rtol=tolerance)
    if run is not NONE:
        assert any(step.clipped for step in steps)
        others = np.array([step.loss for step in unclipped])
        assert np.abs(own / others - 1).max() > 10 * tolerance


@pytest.mark.parametrize("task", TASKS)
def test_runs_repeat_bit_for_bit_also_when_they_take_turns(task):
    state = torch.get_rng_state()
    alone = [
        [step.loss for step in train(SHORT[task], run)] for run in (Strategy.VALUE, Strategy.GLOBAL)
    ]
    turns = zip(
        *(train(SHORT[task], run) for run in (Strategy.VALUE, Strategy.GLOBAL)), strict=True
    )
    assert [list(losses) for losses in zip(*alone, strict=True)] == [
        [step.loss for step in both] for both in turns
    ]
    assert torch.equal(state, torch.get_rng_state())


@pytest.mark.parametrize("task", TASKS)
def test_all_runs_have_the_same_start_and_batches(task):
    training = replace(
        retuned(SHORT[task], by_value=1e9), steps=2
    )  # so high that nothing is clipped
    ways = [[step.loss for step in train(training, run)] for run in RUNS]
    assert all(way == ways[0] for way in ways)
    others = [step.loss for step in train(replace(training, seed=1), NONE)]
    assert others != ways[0]


@pytest.mark.parametrize("matching", Matching)
@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("layering", Layering)
def test_a_step_tells_what_every_strategy_does_to_this_very_gradient(matching, rule, layering):
    training = replace(
        retuned(SHORT["digits"], by_value=1e-3, rule=rule, matching=matching),
        steps=3,
        layering=layering,
    )
    layers = tuple(training.layers.values())
    for step in train(training, Strategy.LAYER, keep=(1, 2)):
        if step.gradient is None:
            assert step.step == 0
            continue
        # Sums of n squares in float32, in chunks; a thousand roundings bound them generously.
        rounding = 1000 * float(np.finfo(np.float32).eps)
        for strategy in Strategy:
            threshold, turned = step.thresholds[strategy], step.angles[strategy]
            after = Clipper(strategy, threshold, rule)(step.gradient, layers)
            assert turned == pytest.approx(float(angle(step.gradient, after)), abs=rounding)
            lost = float(magnitude_loss(step.gradient, after))
            assert step.magnitude_losses[strategy] == pytest.approx(
                lost, rel=rounding, abs=rounding
            )
            if strategy is Strategy.LAYER:
                assert_array_equal(step.layer_norms_before, block_norms(step.gradient, layers))
                assert_array_equal(step.layer_norms_after, block_norms(after, layers))
                assert step.clipped_fraction == clipped_fraction(step.gradient, after)
                shares = clipped_by_layer(step.gradient, after, layers)
                assert_array_equal(step.layer_clipped, shares)
                assert step.norm_after == pytest.approx(float(np.linalg.norm(after)), rel=rounding)
        assert step.norm_before == pytest.approx(float(np.linalg.norm(step.gradient)), rel=rounding)


def test_without_clipping_nothing_is_clipped():
    for step in train(SHORT["digits"], NONE):
        assert not step.clipped
        assert step.norm_after == step.norm_before


def test_under_adam_a_constant_rescale_cancels():
    # Normalized globally, every gradient is a constant times another one's threshold.
    training = retuned(SHORT["modular addition"], rule=Rule.NORMALIZE)
    lower, higher = (
        [step.loss for step in train(retuned(training, by_value=c), Strategy.GLOBAL)]
        for c in (0.01, 10.0)
    )
    assert_allclose(lower, higher, rtol=1e-3)
    sgd = replace(training, optimizer=Optimizer.SGD, learning_rate=0.1)
    ends = [list(train(retuned(sgd, by_value=c), Strategy.GLOBAL))[-1].loss for c in (0.01, 1.0)]
    assert abs(ends[0] / ends[1] - 1) > 1e-2


@pytest.mark.parametrize("task", TASKS)
def test_a_loss_that_is_not_finite_stops_the_run_and_says_where(task):
    *_, last = train(replace(SHORT[task], fault=Fault.LOSS, fault_step=3), Strategy.GLOBAL)
    assert last.step == 3
    assert last.stopped == "the loss is inf"
    assert np.isnan(list(last.angles.values())).all()


@pytest.mark.parametrize("task", TASKS)
def test_a_poisoned_batch_differs_from_its_step_on(task):
    training = replace(SHORT[task], fault=Fault.BATCH, fault_step=3)
    poisoned, sound = (
        [step.loss for step in train(each, Strategy.GLOBAL)] for each in (training, SHORT[task])
    )
    assert poisoned[:3] == sound[:3]
    assert poisoned[3] != sound[3]


@pytest.mark.parametrize("task", TASKS)
def test_a_poisoned_batch_makes_the_gradient_long(task):
    training = replace(default(task), fault=Fault.BATCH)
    training = replace(training, steps=training.fault_step + 1)
    norms = [step.norm_before for step in train(training, Strategy.GLOBAL)]
    assert norms[-1] > 3 * np.median(norms[-20:-1])


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("fault", [Fault.BATCH, Fault.LABELS])
def test_a_batch_of_one_is_struck_too(task, fault):
    sound = replace(default(task), steps=20, batch_size=1)
    wrong, right = (
        [step.loss for step in train(each, Strategy.GLOBAL)]
        for each in (replace(sound, fault=fault, fault_step=3), sound)
    )
    assert wrong != right


# The adding problem starts so badly that for its first steps no rate is too high.
@pytest.mark.parametrize(
    ("task", "fault"),
    [(task, Fault.LABELS) for task in TASKS]
    + [(task, Fault.RATE) for task in ("digits", "modular addition")],
)
def test_a_lasting_fault_harms(task, fault):
    training = replace(default(task), steps=60)
    wrong = [step.loss for step in train(replace(training, fault=fault), Strategy.GLOBAL)]
    right = [step.loss for step in train(training, Strategy.GLOBAL)]
    assert len(wrong) == len(right)
    assert np.mean(wrong[-20:]) > np.mean(right[-20:])


def test_one_thread_is_one_thread():
    code = (
        "import numpy, torch; from threadpoolctl import threadpool_info;"
        "from core.training.train import use_one_thread; use_one_thread();"
        "pools = [pool for pool in threadpool_info() if pool['user_api'] == 'blas'];"
        "assert {pool['num_threads'] for pool in pools} == {1} == {torch.get_num_threads()}"
    )
    free = {name: value for name, value in os.environ.items() if name != THREADS}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=free, check=True)


def test_a_run_can_be_left_and_taken_up_again():
    whole = [step.loss for step in train(SHORT["digits"], Strategy.VALUE)]
    halves = train(SHORT["digits"], Strategy.VALUE)
    assert [step.loss for step in chain(list(islice(halves, 3)), halves)] == whole
