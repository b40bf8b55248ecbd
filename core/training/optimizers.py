"""What an optimizer does with a gradient, as in PyTorch but over one vector of all weights."""

import math
from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from core.strategies import Array

Update: TypeAlias = Callable[[Array, Array], None]  # changes the weights (n,) by a gradient (n,)

MOMENTUM = 0.9
BETAS = (0.9, 0.999)  # of Adam, as are the defaults of PyTorch
EPSILON = 1e-8  # keeps Adam from dividing by zero; beside it, a gradient's scale does not cancel


class Optimizer(StrEnum):
    """How the weights follow a gradient."""

    SGD = "SGD"
    MOMENTUM = "SGD with momentum"
    ADAM = "Adam"  # a constant factor of all gradients cancels


def updates(optimizer: Optimizer, weights: Array, learning_rate: float) -> Update:
    """Return the update rule for weights (n,), with its own memory, which starts empty.

    Sources: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964, in
    PyTorch's form without dampening; Kingma and Ba, "Adam: A Method for Stochastic Optimization",
    2015, algorithm 1. PyTorch's own classes take seconds to import their compiler.
    """
    first, second, step = np.zeros_like(weights), np.zeros_like(weights), 0

    def sgd(weights: Array, gradient: Array) -> None:
        weights -= learning_rate * gradient

    def momentum(weights: Array, gradient: Array) -> None:
        np.multiply(first, MOMENTUM, out=first)
        np.add(first, gradient, out=first)
        sgd(weights, first)

    def adam(weights: Array, gradient: Array) -> None:
        nonlocal step
        step += 1
        for moment, beta, power in (first, BETAS[0], gradient), (second, BETAS[1], gradient**2):
            moment *= beta
            moment += (1 - beta) * power
        unbiased, spread = (1 - beta**step for beta in BETAS)
        scales = np.sqrt(second)
        scales /= math.sqrt(spread)
        scales += EPSILON
        weights -= learning_rate / unbiased * first / scales

    return {Optimizer.SGD: sgd, Optimizer.MOMENTUM: momentum, Optimizer.ADAM: adam}[optimizer]
