"""A training, as one value, and what is told of each of its steps; `train` runs it."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from core.matching import Matching, Thresholds
from core.strategies import Array, Strategy
from core.training.faults import Fault
from core.training.optimizers import Optimizer
from core.training.tasks import TASKS


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
    thresholds: Thresholds
    steps: int
    batch_size: int
    layering: Layering = Layering.TENSOR
    seed: int = 0
    fault: Fault = Fault.NONE
    fault_step: int = 0  # of the poisoned batch and of the non-finite loss

    def __post_init__(self) -> None:
        """Refuse what cannot be trained."""
        if self.task not in TASKS:
            raise ValueError(f"task must be one of {', '.join(TASKS)}, got {self.task}")
        if not 0 < self.learning_rate < math.inf:
            raise ValueError(f"learning_rate must be positive and finite, got {self.learning_rate}")
        for name, least in (("steps", 1), ("batch_size", 1), ("seed", 0), ("fault_step", 0)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least}, got {getattr(self, name)}")

    def told(self) -> dict[str, object]:
        """Return all that decides it, by the names that recordings were released with."""
        names: dict[str, object] = asdict(self)
        thresholds = asdict(self.thresholds)
        del names["thresholds"]
        return names | {"threshold": thresholds.pop("by_value")} | thresholds

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
        task=task,
        optimizer=used,
        learning_rate=chosen.learning_rates[used],
        # The same number for a norm suits no two of thousands.
        thresholds=Thresholds(chosen.threshold, matching=Matching.WORST_LENGTH),
        steps=chosen.steps,
        batch_size=chosen.batch_size,
        fault_step=chosen.steps // 2,
    )


@dataclass(frozen=True)
class Step:
    """One step of a run."""

    step: int  # from 0
    loss: float  # of the batch, before the step
    norm_before: float
    norm_after: float
    layer_norms_before: Array  # (layers,)
    layer_norms_after: Array  # (layers,)
    clipped_fraction: float  # of the coordinates; 0 where nothing is clipped
    layer_clipped: Array  # (layers,): the same of every layer
    thresholds: Mapping[Strategy, float]  # matched on this very gradient
    angles: Mapping[Strategy, float]  # radians that each would turn this very gradient by
    magnitude_losses: Mapping[Strategy, float]
    metric: float  # on unseen examples, before the step; NaN where it was not measured
    gradient: Array | None  # (n,): before clipping; where it was asked for
    stopped: str  # why the run ends here, before the weights change; "" if it goes on

    @property
    def clipped(self) -> bool:
        """Whether clipping changed the gradient at all."""
        return self.clipped_fraction > 0
