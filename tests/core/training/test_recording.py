import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from safetensors.torch import load

from core.clipping import Rule
from core.matching import Thresholds
from core.strategies import Strategy
from core.training.recording import Recording, write
from core.training.tasks import TASKS
from core.training.training import Layering, default

TRAINING = replace(
    default("digits"), thresholds=Thresholds(0.01, Rule.RADIAL), layering=Layering.MODULE
)


@pytest.fixture
def recording():
    gradient = np.arange(TASKS["digits"].parameters, dtype=np.float32)
    return Recording(TRAINING, Strategy.LAYER, {10: gradient, 2: -gradient})


def test_pytorch_reads_the_tensors_by_name_and_shape(recording):
    tensors = load(write(recording))
    shapes = TASKS["digits"].shapes
    assert set(tensors) == {f"{step}/{name}" for step in (2, 10) for name in shapes}
    for name, shape in shapes.items():
        assert tensors[f"10/{name}"].shape == shape
        assert tensors[f"10/{name}"].dtype == torch.float32


def test_the_tensors_of_a_step_in_order_are_its_gradient(recording):
    tensors = load(write(recording))
    for step, gradient in recording.gradients.items():
        parts = [tensors[f"{step}/{name}"].numpy().ravel() for name in TASKS["digits"].shapes]
        assert_array_equal(np.concatenate(parts), gradient)


def test_the_file_tells_the_training_and_the_run_by_the_names_it_always_had(recording):
    file = write(recording)
    told = json.loads(file[8 : 8 + int.from_bytes(file[:8], "little")])["__metadata__"]
    assert told["run"] == "layer"
    assert json.loads(told["training"]) == {
        "task": "digits",
        "optimizer": "SGD",
        "learning_rate": 0.2,
        "threshold": 0.01,
        "steps": 400,
        "batch_size": 256,
        "rule": "radial",
        "matching": "same number",
        "layering": "module",
        "seed": 0,
        "fault": "none",
        "fault_step": 200,
    }
