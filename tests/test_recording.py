from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
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


@pytest.mark.parametrize("change", [lambda f: b"", lambda f: f[:-1], lambda f: b"\0" * 100])
def test_another_file_is_refused(recording, change):
    with pytest.raises(ValueError, match="not a recording"):
        read(change(write(recording)))
