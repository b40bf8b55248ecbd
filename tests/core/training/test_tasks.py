import subprocess
import sys
from hashlib import sha256

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.training.tasks import IMAGES, LENGTH, TASKS, sequences
from tests.conftest import ROOT

CHECKSUM = "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"
COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # as the repository states them


def test_the_digits_are_those_of_the_repository():
    with np.load(IMAGES) as stored:
        images, labels = stored["images"], stored["labels"]
    assert images.shape == (1797, 8, 8)
    assert (images.min(), images.max()) == (0, 16)
    assert_array_equal(np.bincount(labels), COUNTS)
    assert sha256(images.tobytes() + labels.tobytes()).hexdigest() == CHECKSUM
    assert IMAGES.stat().st_size < 60_000
    assert "Attribution 4.0" in IMAGES.with_suffix(".md").read_text()


@pytest.mark.parametrize("name", ["digits", "modular addition"])
def test_what_is_measured_on_is_not_trained_on(name):
    task = TASKS[name]
    inputs, _ = task.batch(np.random.default_rng(0), 20_000)
    unseen, _ = task.unseen()
    assert not {row.tobytes() for row in inputs} & {row.tobytes() for row in unseen}


def test_a_sum_to_learn_is_that_of_one_number_of_either_half():
    inputs, targets = sequences(np.random.default_rng(0), 100)
    numbers, marks = inputs[..., 0], inputs[..., 1]
    assert_array_equal(marks[: LENGTH // 2].sum(axis=0), 1)
    assert_array_equal(marks[LENGTH // 2 :].sum(axis=0), 1)
    for i, target in enumerate(targets):
        assert target == numbers[marks[:, i] == 1, i].sum()


@pytest.mark.parametrize("task", TASKS.values(), ids=list(TASKS))
def test_a_start_has_all_the_weights_and_is_repeatable(task):
    starts = [task.start(np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert starts[0].shape == (task.parameters,)
    assert starts[0].dtype == np.float32
    assert_array_equal(starts[0], starts[1])
    assert (starts[0] != starts[2]).any()


def test_the_tasks_are_told_without_pytorch():
    told = (
        "import sys, core.training.training; "
        "sys.exit('torch' in sys.modules or 'sympy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", told], cwd=ROOT, check=True)
