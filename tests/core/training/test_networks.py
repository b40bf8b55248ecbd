import numpy as np
import pytest

from core.runs import NONE
from core.strategies import Strategy
from core.training.optimizers import Optimizer
from core.training.train import train
from core.training.training import default


def test_gradients_of_the_adding_problem_explode():
    norms = [step.norm_before for step in train(default("adding problem"), NONE)]
    assert max(norms) >= 1000 * np.median(norms)


@pytest.mark.parametrize("task", ["digits", "modular addition"])
def test_a_classifier_starts_with_knowing_little(task):
    first = next(train(default(task), Strategy.GLOBAL))
    assert first.metric < 0.25  # its exhibit tells where it ends


def test_under_sgd_the_adding_problem_overflows_without_clipping():
    training = default("adding problem", Optimizer.SGD)
    *_, last = train(training, NONE)
    assert last.stopped
    assert last.step < training.steps - 1
    assert not next(train(default("adding problem"), Strategy.GLOBAL)).stopped
