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
        told = json.loads(header["__metadata__"]["training"])
        kinds = get_type_hints(Training)
        training = Training(**{name: kinds[name](value) for name, value in told.items()})
        shapes = TASKS[training.task].shapes
        gradients = {
            step: np.concatenate([_tensor(tensors, step, *item) for item in shapes.items()])
            for step in sorted({int(name.partition("/")[0]) for name in tensors})
        }
        return Recording(training, Run(header["__metadata__"]["run"]), gradients)
    except (SafetensorError, KeyError, TypeError, ValueError) as wrong:
        raise ValueError(f"this is not a recording of a training: {wrong}") from wrong


def _tensor(tensors: dict[str, Array], step: int, name: str, shape: tuple[int, ...]) -> Array:
    return tensors[f"{step}/{name}"].reshape(shape).ravel()
