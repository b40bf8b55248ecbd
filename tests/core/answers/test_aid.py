"""The decision aid: one end for every answer, each borne out by its experiment."""

import re
from itertools import product

import pytest

from core.answers.aid import (
    ADVICE,
    THRESHOLD,
    Advice,
    Diverges,
    Often,
    Optimizer,
    Where,
    threshold_rule,
)
from core.descent.exhibits import EXHIBITS
from core.looks import NAMES
from core.runs import NONE

SLACK = 1.03  # what is said to be as good may be better by so much


@pytest.mark.parametrize("ends", [*product(Where, Diverges)])
def test_every_pair_of_answers_has_an_end(ends: tuple[Where, Diverges]) -> None:
    assert ADVICE[ends].exhibit in EXHIBITS


@pytest.mark.parametrize("advice", ADVICE.values(), ids=map(str, ADVICE))
def test_the_experiment_of_an_end_bears_it_out(advice: Advice) -> None:
    losses = advice.proof()
    first, *others = losses
    assert others
    assert losses[first] <= SLACK * min(losses.values())
    assert first.startswith(NAMES[advice.strategy or NONE])


def test_the_threshold_has_a_rule_for_every_answer() -> None:
    rules = {threshold_rule(often, optimizer) for often, optimizer in product(Often, Optimizer)}
    assert len(rules) == len(Often) * len(Optimizer)
    for often in Often:
        assert threshold_rule(often, Optimizer.SGD) == THRESHOLD[often]
        assert re.search("Under Adam", threshold_rule(often, Optimizer.ADAM))
