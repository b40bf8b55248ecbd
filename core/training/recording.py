"""Gradients of a run as a file: safetensors, one tensor of float32 for each step and tensor."""

import json
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import save

from core.runs import Run
from core.strategies import Array
from core.training.tasks import TASKS
from core.training.training import Training


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
    told = {"training": json.dumps(recording.training.told()), "run": recording.run}
    return save(tensors, told)
