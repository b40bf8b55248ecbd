"""What an optimizer makes of one gradient after another, for whole batches at once.

Written as in PyTorch, whose own classes take seconds to import their compiler.
"""

import math
from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from core.strategies import Array

Stepper: TypeAlias = Callable[[Array], Array]  # from a gradient (..., n) to what to subtract

MOMENTUM = 0.9  # without dampening
BETAS = (0.9, 0.999)  # of Adam, as are the defaults of PyTorch
EPSILON = 1e-8  # keeps Adam from dividing by zero; beside it, a gradient's scale does not cancel


class Optimizer(StrEnum):
    """How a point follows its gradients, be they clipped or not."""

    PLAIN = "plain"
    MOMENTUM = "momentum"  # the heavy ball
    NESTEROV = "Nesterov"
    ADAM = "Adam"  # a constant factor of all gradients cancels


def stepper(optimizer: Optimizer, learning_rate: float | Array) -> Stepper:
    """Return the optimizer, with a memory of its own, which starts empty.

    It is to be called once for each step. Learning rates ``(..., 1)`` broadcast against the
    gradients. Sources: ``torch.optim.SGD`` and ``torch.optim.Adam``; Polyak, "Some methods of
    speeding up the convergence of iteration methods", 1964; Sutskever, Martens, Dahl and Hinton,
    "On the importance of initialization and momentum in deep learning", 2013; Kingma and Ba,
    "Adam: A Method for Stochastic Optimization", 2015, algorithm 1.

    >>> step = stepper(Optimizer.MOMENTUM, 0.1)
    >>> [float(step(np.array([gradient]))[0]) for gradient in (10.0, 0.0, 0.0)]
    [1.0, 0.9, 0.81]
    """
    match optimizer:
        case Optimizer.PLAIN:
            return lambda gradient: learning_rate * gradient
        case Optimizer.MOMENTUM:
            ball = _heavy_ball()
            return lambda gradient: learning_rate * ball(gradient)
        case Optimizer.NESTEROV:
            ahead = _heavy_ball()
            return lambda gradient: learning_rate * (gradient + MOMENTUM * ahead(gradient))
        case Optimizer.ADAM:
            return _adam(learning_rate)


def _heavy_ball() -> Stepper:
    velocity: Array | None = None

    def step(gradient: Array) -> Array:
        nonlocal velocity
        if velocity is None:
            velocity = np.zeros_like(gradient)
        velocity *= MOMENTUM
        velocity += gradient
        return velocity

    return step


def _adam(learning_rate: float | Array) -> Stepper:
    moments: tuple[Array, Array] | None = None
    count = 0

    def step(gradient: Array) -> Array:
        nonlocal moments, count
        count += 1
        if moments is None:
            moments = np.zeros_like(gradient), np.zeros_like(gradient)
        powers = gradient, gradient**2
        for moment, beta, power in zip(moments, BETAS, powers, strict=True):
            moment *= beta
            moment += (1 - beta) * power
        unbiased, spread = (1 - beta**count for beta in BETAS)
        scales = np.sqrt(moments[1])
        scales /= math.sqrt(spread)
        scales += EPSILON
        return np.asarray(learning_rate / unbiased * moments[0] / scales)

    return step
