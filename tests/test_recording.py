import json
import math
from dataclasses import asdict, replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from safetensors.numpy import save
from safetensors.torch import load

from core.clipping import Rule
from core.experiment import Run
from core.recording import Recording, read, write
from core.tasks import TASKS
from core.training import Layering, default

TRAINING = replace(default("digits"), rule=Rule.RADIAL, layering=Layering.MODULE)


@pytest.fixture
def recording():
    gradient = np.arange(TASKS["digits"].parameters, dtype=np.float32)
    return Recording(TRAINING, Run.LAYER, {10: gradient, 2: -gradient})


def test_a_recording_comes_back_as_it_was(recording):
    again = read(write(recording))
    assert (again.training, again.run) == (recording.training, recording.run)
    assert again.training.rule is Rule.RADIAL
    assert list(again.gradients) == [2, 10]
    for step, gradient in recording.gradients.items():
        assert_array_equal(again.gradients[step], gradient)


def test_pytorch_reads_the_tensors_by_name_and_shape(recording):
    tensors = load(write(recording))
    for name, shape in TASKS["digits"].shapes.items():
        assert tensors[f"10/{name}"].shape == shape
        assert tensors[f"10/{name}"].dtype == torch.float32


def told(changes: dict[str, object], run: str = "value") -> dict[str, str]:
    return {"training": json.dumps(asdict(TRAINING) | changes), "run": run}


def tensors_of(step: object = 2) -> dict[str, np.ndarray]:
    shapes = TASKS["digits"].shapes.items()
    return {f"{step}/{name}": np.zeros(shape, np.float32) for name, shape in shapes}


def test_a_file_made_by_hand_is_read():
    assert list(read(save(tensors_of(), told({}))).gradients) == [2]


@pytest.mark.parametrize(
    ("tensors", "says"),
    [
        (tensors_of(), {"training": "[1]", "run": "value"}),
        (tensors_of(), {"training": "null", "run": "value"}),
        (tensors_of(), {"training": "[" * 100_000, "run": "value"}),
        (tensors_of(), told({}, run="bogus")),
        (tensors_of(), told({"task": "bogus"})),
        (tensors_of(), told({"steps": math.inf})),
        (tensors_of(), told({"more": 1})),
        (tensors_of("x"), told({})),
        (tensors_of(-5), told({})),
        (tensors_of(10**9), told({})),
        (tensors_of() | {"2/more": np.zeros(1, np.float32)}, told({})),
        ({name: x.astype(np.float64) for name, x in tensors_of().items()}, told({})),
        ({name: x.T for name, x in tensors_of().items()}, told({})),
        (dict(list(tensors_of().items())[1:]), told({})),
    ],
)
def test_a_file_that_tells_something_else_is_refused(tensors, says):
    tensors = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    with pytest.raises(ValueError, match="not a recording"):
        read(save(tensors, says))


@pytest.mark.parametrize("change", [lambda f: b"", lambda f: f[:-1], lambda f: b"\0" * 100])
def test_another_file_is_refused(recording, change):
    with pytest.raises(ValueError, match="not a recording"):
        read(change(write(recording)))
