"""What an optimizer does with a gradient: as in `core.optimizers`, over one vector of weights."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

from core import optimizers
from core.strategies import Array

Update: TypeAlias = Callable[[Array, Array], None]  # changes the weights (n,) by a gradient (n,)


class Optimizer(StrEnum):
    """How the weights follow a gradient."""

    SGD = "SGD"
    MOMENTUM = "SGD with momentum"
    ADAM = "Adam"  # a constant factor of all gradients cancels


KINDS = {
    Optimizer.SGD: optimizers.Optimizer.PLAIN,
    Optimizer.MOMENTUM: optimizers.Optimizer.MOMENTUM,
    Optimizer.ADAM: optimizers.Optimizer.ADAM,
}


def updates(optimizer: Optimizer, learning_rate: float) -> Update:
    """Return the update rule, with its own memory, which starts empty."""
    step = optimizers.stepper(KINDS[optimizer], learning_rate)

    def update(weights: Array, gradient: Array) -> None:
        weights -= step(gradient)

    return update
