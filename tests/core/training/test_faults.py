"""What goes wrong on demand goes wrong as it is told."""

import numpy as np
import pytest

from core.training.faults import POISON, SWAPPED, mislabeled, poisoned
from core.training.tasks import TASKS

MANY = 5000  # examples


def batches(task, size):
    rng = np.random.default_rng(3)
    return [TASKS[task].batch(rng, size) for _ in range(2)]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("size", [1, 8])
def test_a_poisoned_batch_is_too_large_or_has_the_answers_of_others(task, size):
    batch, others = batches(task, size)
    inputs, targets = poisoned(batch, others)
    if task == "modular addition":
        assert inputs is batch[0]
        np.testing.assert_array_equal(targets, others[1])
        assert (targets != batch[1]).any()
    else:
        np.testing.assert_array_equal(inputs, batch[0] * np.float32(POISON))
        assert targets is batch[1]


@pytest.mark.parametrize("task", TASKS)
def test_label_noise_takes_its_share_of_the_answers_from_others(task):
    batch, others = batches(task, MANY)
    others = others[0], others[1] + 100  # told apart from every right answer
    inputs, targets = mislabeled(batch, others, np.random.default_rng(0))
    assert inputs is batch[0]
    wrong = targets != batch[1]
    spread = np.sqrt(SWAPPED * (1 - SWAPPED) / MANY)
    assert abs(wrong.mean() - SWAPPED) < 5 * spread
    np.testing.assert_array_equal(targets[wrong], others[1][wrong])
