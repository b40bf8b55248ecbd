"""Pictures of tasks: they show what the networks are trained on."""

import re

import numpy as np
import pytest

from core.training.figures.tasks import EXAMPLES, PICTURES, picture
from core.training.tasks import MODULUS, TASKS, baseline


def test_every_task_has_its_picture():
    assert list(PICTURES) == list(TASKS)


def test_the_images_are_those_of_the_digits_in_order():
    (cells,) = picture("digits").figure.data
    tiles = cells.z.reshape(2, 9, 5, 9)[:, :8, :, :8].transpose(0, 2, 1, 3).reshape(10, 64)
    inputs, targets = TASKS["digits"].batch(np.random.default_rng(0), EXAMPLES)
    for digit, tile in enumerate(tiles):
        assert (inputs[targets == digit] == tile).all(axis=1).any()


def test_two_numbers_of_the_sequence_are_marked_and_add_up():
    it = picture("adding problem")
    (bars,) = it.figure.data
    marked = [float(bars.y[i]) for i, text in enumerate(bars.text) if text]
    told = [float(x) for x in re.findall(r"\d\.\d+", it.words)]
    assert told == pytest.approx([*marked, sum(marked)], abs=0.005)
    assert len(set(bars.marker.color)) == 2


def test_the_table_of_sums_leaves_out_what_is_not_trained_on():
    (cells,) = picture("modular addition").figure.data
    known = {tuple(map(int, at)): int(cells.z[tuple(at)]) for at in np.argwhere(cells.z >= 0)}
    assert all(result == sum(pair) % MODULUS for pair, result in known.items())
    pairs, _ = TASKS["modular addition"].batch(np.random.default_rng(1), 1000)
    assert {tuple(map(int, pair)) for pair in pairs} <= set(known)
    assert len(known) == MODULUS**2 * 4 // 5


@pytest.mark.parametrize("task", TASKS)
def test_no_constant_answer_is_better_than_the_baseline(task):
    _, targets = TASKS[task].unseen()
    if task == "adding problem":
        tried = [np.mean((targets - answer) ** 2) for answer in np.linspace(0, 2, 201)]
        assert baseline(TASKS[task]) == pytest.approx(min(tried), abs=1e-4)
    else:
        tried = [np.mean(targets == answer) for answer in range(MODULUS)]
        assert baseline(TASKS[task]) == max(tried)
