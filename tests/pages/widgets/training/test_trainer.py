"""Training in turns: stopping, going on and leaving."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from core.runs import NONE, RUNS, Run
from core.training.faults import Fault
from core.training.train import train
from core.training.training import Training, default
from pages.widgets.training.places import AWAY
from pages.widgets.training.trainer import MOST_KEPT, Trainer
from tests.cases import Clock

FEW = 5  # steps
SHORT = replace(default("adding problem"), steps=FEW)


def finish(trainer: Trainer) -> Trainer:
    while trainer.going:
        trainer.advance(0)
    return trainer


def losses(trainer: Trainer) -> dict[Run, list[float]]:
    return {run: [step.loss for step in steps] for run, steps in trainer.steps.items()}


def alone(training: Training) -> dict[Run, list[float]]:
    return {run: [step.loss for step in train(training, run)] for run in RUNS}


def test_runs_in_turns_take_the_steps_that_they_take_alone():
    trainer = finish(Trainer(SHORT, RUNS))
    assert losses(trainer) == alone(SHORT)
    assert trainer.done
    assert trainer.share == 1


def test_a_look_is_at_least_one_step_of_every_run_and_no_run_gets_ahead():
    trainer = Trainer(SHORT, RUNS)
    for k in range(1, FEW):
        trainer.advance(0)
        assert [len(steps) for steps in trainer.steps.values()] == [k] * len(RUNS)
        assert trainer.share == pytest.approx(k / FEW)
    assert trainer.going


def test_stopping_and_going_on_changes_nothing():
    trainer = Trainer(SHORT, RUNS)
    trainer.advance(0)
    trainer.going = False
    trainer.advance()
    assert trainer.taken == len(RUNS)
    trainer.resume()
    assert losses(finish(trainer)) == alone(SHORT)


def test_two_readers_do_not_disturb_each_other():
    other = replace(SHORT, seed=1)
    first, second = Trainer(SHORT, RUNS), Trainer(other, RUNS)
    while first.going or second.going:
        first.advance(0)
        second.advance(0)
    assert losses(first) == alone(SHORT)
    assert losses(second) == alone(other)


def test_a_reader_who_was_away_finds_the_training_stopped():
    clock = Clock()
    trainer = Trainer(SHORT, RUNS, clock)
    clock.now += AWAY / 2
    assert trainer.present()
    clock.now += AWAY + 1
    assert not trainer.present()
    assert not trainer.going
    trainer.resume()
    assert trainer.present()


def test_a_run_that_stops_early_does_not_hold_up_the_others():
    training = replace(default("adding problem"), steps=40, learning_rate=1e30)
    trainer = finish(Trainer(training, RUNS))
    ends = [steps[-1] for steps in trainer.steps.values()]
    assert trainer.done
    assert all(end.stopped or end.step == 39 for end in ends)
    assert any(end.stopped for end in ends)


@pytest.mark.parametrize("task", ["digits", "adding problem"])
def test_few_gradients_are_kept_and_the_longest_is_one_of_them(task):
    training = replace(default(task), steps=60, batch_size=2, fault_step=7)
    trainer = finish(Trainer(training, (NONE,)))
    steps = trainer.steps[NONE]
    kept = {step.step for step in steps if step.gradient is not None}
    assert int(np.argmax([step.norm_before for step in steps])) in kept
    assert {0, 7, 59} <= kept
    size = sum(step.gradient.nbytes for step in steps if step.gradient is not None)
    assert size < MOST_KEPT + 4 * steps[0].gradient.nbytes


def test_a_stop_during_a_look_is_not_lost():
    trainer = Trainer(replace(SHORT, steps=100), RUNS)
    ticks = iter(range(1000))

    def clock() -> float:
        trainer.going = False  # as the reader's callback does, in another thread
        return float(next(ticks))

    trainer._clock = clock
    trainer.going = True
    trainer.advance(1000)
    assert not trainer.going
    assert trainer.taken < 100 * len(RUNS)


def test_of_two_looks_at_once_one_trains():
    trainer = Trainer(replace(SHORT, steps=60), RUNS)
    trainer.advance(0)
    with ThreadPoolExecutor(4) as pool:
        for look in [pool.submit(trainer.advance, 0.05) for _ in range(40)]:
            look.result()
    assert len({len(steps) for steps in trainer.steps.values()}) == 1
    ended = losses(finish(trainer))
    assert ended == alone(trainer.training)


def test_a_run_that_stops_keeps_its_longest_finite_gradient():
    broken = replace(SHORT, steps=40, fault=Fault.LOSS, fault_step=20)
    trainer = finish(Trainer(broken, (NONE,)))
    steps = trainer.steps[NONE]
    assert steps[-1].stopped
    best = max(steps[:-1], key=lambda step: step.norm_before)
    assert best.gradient is not None
