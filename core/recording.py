"""Gradients of a run as a file: safetensors, one tensor of float32 for each step and tensor."""

import json
from dataclasses import asdict, dataclass
from typing import get_type_hints

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from core.clipping import Array
from core.experiment import Run
from core.tasks import TASKS
from core.training import Training

# What reading raises where a file is something else, or is made to do harm.
WRONG = (
    SafetensorError,
    AttributeError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, eq=False)
class Recording:
    """The gradients, before clipping, of some steps of a run."""

    training: Training
    run: Run
    gradients: dict[int, Array]  # by the step, (n,)


def write(recording: Recording) -> bytes:
    """Return a file whose tensors are called ``step/module.tensor``; it tells the training, too."""
    shapes = TASKS[recording.training.task].shapes
    ends = np.cumsum([np.prod(shape) for shape in shapes.values()])
    tensors = {
        f"{step}/{name}": part.reshape(shape)
        for step, gradient in recording.gradients.items()
        for (name, shape), part in zip(
            shapes.items(), np.split(np.asarray(gradient, np.float32), ends[:-1]), strict=True
        )
    }
    told = {"training": json.dumps(asdict(recording.training)), "run": recording.run}
    return save(tensors, told)


def read(file: bytes) -> Recording:
    """Read what `write` wrote; ValueError for anything else."""
    try:
        tensors = load(file)
        header = json.loads(file[8 : 8 + int.from_bytes(file[:8], "little")])
        told = dict(json.loads(header["__metadata__"]["training"]))
        kinds = get_type_hints(Training)
        training = Training(**{name: kinds[name](value) for name, value in told.items()})
        shapes = TASKS[training.task].shapes
        steps = sorted({int(name.partition("/")[0]) for name in tensors})
        expected = {f"{step}/{name}": shape for step in steps for name, shape in shapes.items()}
        if {name: tensor.shape for name, tensor in tensors.items()} != expected:
            raise ValueError("its tensors are not those of the task")
        if any(tensor.dtype != np.float32 for tensor in tensors.values()):
            raise ValueError("its tensors are not float32")
        if not all(0 <= step < training.steps for step in steps):
            raise ValueError("its steps are not those of the training")
        gradients = {
            step: np.concatenate([tensors[f"{step}/{name}"].ravel() for name in shapes])
            for step in steps
        }
        return Recording(training, Run(header["__metadata__"]["run"]), gradients)
    except WRONG as wrong:
        raise ValueError(f"this is not a recording of a training: {wrong}") from wrong
