"""A training, as one value, and what is told of each of its steps; `train` runs it."""

import math
from dataclasses import dataclass
from enum import StrEnum

from core.clipping import Rule
from core.matching import Matching
from core.strategies import Array, Strategy
from core.training.faults import Fault
from core.training.optimizers import Optimizer
from core.training.tasks import TASKS

INDEX = {strategy: i for i, strategy in enumerate(Strategy)}  # in what a step tells of each


class Layering(StrEnum):
    """What counts as a layer."""

    TENSOR = "tensor"  # a weight and a bias are two layers: Keras, TensorFlow
    MODULE = "module"  # the tensors of one module together are a layer


@dataclass(frozen=True)
class Training:
    """All that decides a training, but for how it clips; hashable, so it can be a cache's key."""

    task: str  # one of TASKS
    optimizer: Optimizer
    learning_rate: float
    threshold: float  # of clip by value; the other strategies' thresholds are matched to it
    steps: int
    batch_size: int
    rule: Rule = Rule.CLIP
    matching: Matching = Matching.WORST_LENGTH  # the same number suits no two of thousands
    layering: Layering = Layering.TENSOR
    seed: int = 0
    fault: Fault = Fault.NONE
    fault_step: int = 0  # of the poisoned batch and of the non-finite loss

    def __post_init__(self) -> None:
        """Refuse what cannot be trained."""
        if self.task not in TASKS:
            raise ValueError(f"task must be one of {', '.join(TASKS)}, got {self.task}")
        for name in ("learning_rate", "threshold"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be positive and finite, got {getattr(self, name)}")
        for name, least in (("steps", 1), ("batch_size", 1), ("seed", 0), ("fault_step", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, got {getattr(self, name)}")

    @property
    def layers(self) -> dict[str, int]:
        """The sizes of the layers by name, in the order of the gradient."""
        sizes: dict[str, int] = {}
        for tensor, shape in TASKS[self.task].shapes.items():
            name = tensor if self.layering is Layering.TENSOR else tensor.rpartition(".")[0]
            sizes[name] = sizes.get(name, 0) + math.prod(shape)
        return sizes


def default(task: str, optimizer: Optimizer | None = None) -> Training:
    """Return the training that suits a task, with its own optimizer or another one."""
    chosen = TASKS[task]
    used = optimizer or chosen.optimizer
    return Training(
        task,
        used,
        chosen.learning_rates[used],
        chosen.threshold,
        chosen.steps,
        chosen.batch_size,
        fault_step=chosen.steps // 2,
    )


@dataclass(frozen=True)
class Step:
    """One step of a run; what is told per strategy is in the order of `Strategy`: see `INDEX`."""

    step: int  # from 0
    loss: float  # of the batch, before the step
    norm_before: float
    norm_after: float
    layer_norms_before: Array  # (layers,)
    layer_norms_after: Array  # (layers,)
    clipped_fraction: float  # of the coordinates; 0 where nothing is clipped
    layer_clipped: Array  # (layers,): the same of every layer
    thresholds: Array  # (strategies,): matched on this very gradient
    angles: Array  # (strategies,): radians that each would turn this very gradient by
    magnitude_losses: Array  # (strategies,)
    metric: float  # on unseen examples, before the step; NaN where it was not measured
    gradient: Array | None  # (n,): before clipping; where it was asked for
    stopped: str  # why the run ends here, before the weights change; "" if it goes on

    @property
    def clipped(self) -> bool:
        """Whether clipping changed the gradient at all."""
        return self.clipped_fraction > 0
