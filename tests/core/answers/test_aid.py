"""The decision aid: one end for every answer, each borne out by its experiment."""

from itertools import product

import numpy as np
import pytest

from core.answers.adam import steps
from core.answers.aid import (
    ADVICE,
    THRESHOLD,
    Advice,
    Diverges,
    Often,
    Optimizer,
    Where,
)
from core.clipping import clip
from core.descent.exhibits import EXHIBITS
from core.geometry import angle
from core.looks import NAMES
from core.runs import NONE
from core.strategies import Strategy

SLACK = 1.03  # what is said to be as good may be better by so much


@pytest.mark.parametrize("ends", [*product(Where, Diverges)])
def test_every_pair_of_answers_has_an_end(ends: tuple[Where, Diverges]) -> None:
    exhibit = ADVICE[ends].exhibit
    assert exhibit in EXHIBITS or (not exhibit and ADVICE[ends].strategy is Strategy.LAYER)


@pytest.mark.parametrize("advice", ADVICE.values(), ids=map(str, ADVICE))
def test_the_experiment_of_an_end_bears_it_out(advice: Advice) -> None:
    losses = advice.proof()
    first, *others = losses
    assert others
    assert losses[first] <= SLACK * min(losses.values())
    assert first.startswith(NAMES[advice.strategy or NONE])


def test_the_threshold_has_a_rule_for_every_pair_of_answers() -> None:
    assert set(THRESHOLD) == set(product(Often, Optimizer))
    for (_, optimizer), words in THRESHOLD.items():
        assert ("Under Adam" in words) == (optimizer is Optimizer.ADAM)


def test_under_adam_a_threshold_that_is_always_exceeded_cancels_and_under_sgd_it_does_not() -> None:
    drawn = np.random.default_rng(0).standard_normal((300, 3)) + 2
    low, high = (clip(drawn, (3,), threshold) for threshold in (1e-4, 1e-2))
    np.testing.assert_allclose(steps(low), steps(high), rtol=1e-3)
    np.testing.assert_allclose(high, 100 * low)
    rare = clip(drawn, (3,), 1e3)
    assert angle(steps(rare), steps(low)).max() > 0.01  # what is left of it is no nothing
