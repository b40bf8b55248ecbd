"""The numbers of the answers that one gradient gives."""

import math

import numpy as np
from numpy.typing import ArrayLike

from core.answers.answer import Numbers
from core.answers.steepest import steepest_fall
from core.bounds import worst_angle, worst_layer_angle
from core.clipping import Clipper
from core.geometry import angle
from core.matching import Thresholds
from core.notation import write_degrees, write_gradient, write_share
from core.strategies import Array, Strategy
from core.vector.comparison import Comparison

LONG = Comparison((10.0, 1.0), (2,), Thresholds(1.0))
SIGNS = Comparison((8.0, -0.4, 0.3, -0.2, 0.2, 0.1), (6,), Thresholds(0.1))
DOWNHILL = Comparison((3.2, 1.1), (2,), Thresholds(2.0))
LAYERED = Comparison((3.0, 4.0, 0.3, 0.4), (2, 2), Thresholds(1.0))
MICRO_BATCHES = np.array([[2.0, 0.0], [0.0, 2.0]])  # their gradients, one after the other


def direction() -> Numbers:
    """Return how far the gradient of the picture turns, and how far any can."""
    return {
        "gradient": in_brackets(LONG.gradient),
        "turned": _turned(LONG, Strategy.VALUE),
        "two": write_degrees(worst_angle(2)),
        "three": write_degrees(worst_angle(3)),
        "hundred": write_degrees(worst_angle(100)),
    }


def signs() -> Numbers:
    """Return how far a gradient turns of which every sign is kept."""
    readout = SIGNS.readout(Strategy.VALUE)
    kept = int(np.sum(np.sign(readout.after) == np.sign(SIGNS.gradient)))
    return {
        "kept": f"{kept} of {len(SIGNS.gradient)}",
        "turned": write_degrees(readout.angle),
        "most": write_degrees(worst_angle(len(SIGNS.gradient))),
    }


def norms() -> Numbers:
    """Return how steep a gradient is in both norms, and how far the sign turns from it."""
    gradient = np.array(DOWNHILL.gradient)
    return {
        "gradient": in_brackets(gradient),
        "l2": f"{steepest_fall(gradient, (2,), Strategy.GLOBAL):.3g}",
        "most": f"{steepest_fall(gradient, (2,), Strategy.VALUE):.3g}",
        "threshold": f"{DOWNHILL.thresholds.by_value:g}",
        "sign": write_degrees(float(angle(gradient, np.sign(gradient)))),
        "clipped": _turned(DOWNHILL, Strategy.VALUE),
    }


def layers() -> Numbers:
    """Return how far clipping each layer alone turns the whole."""
    readout = LAYERED.readout(Strategy.LAYER)
    before, after = (np.reshape(it, (2, 2)) for it in (LAYERED.gradient, readout.after))
    return {
        "turned": write_degrees(readout.angle),
        "each": write_degrees(float(angle(before, after).max())),
        "most": write_degrees(worst_layer_angle([1.0, 1.0])),
        "value": _turned(LAYERED, Strategy.VALUE),
    }


def parts() -> Numbers:
    """Return how far apart lie what is clipped part by part, and the clipped whole."""
    by_norm = Clipper(Strategy.GLOBAL, 1.0)
    running: Array = np.zeros(2)
    for gradient in MICRO_BATCHES:
        running = by_norm(running + gradient, (2,))
    samples = np.array([[10.0, 0.0], [0.0, 1.0]])
    clips = by_norm(samples, (2,))
    return {
        "running": _apart(running, MICRO_BATCHES.sum(axis=0)),
        "samples": _apart(clips.sum(axis=0), samples.sum(axis=0)),
        "sum": in_brackets(clips.sum(axis=0)),
        "value": in_brackets(Clipper(Strategy.VALUE, 1.0)(samples.sum(axis=0), (2,))),
    }


def still_descends() -> Numbers:
    """Return how far a clipped gradient is from turning its back, and what bounds it."""
    readout = LONG.readout(Strategy.VALUE)
    return {
        "gradient": in_brackets(LONG.gradient),
        "turned": write_degrees(readout.angle),
        "cosine": f"{math.cos(readout.angle):.3f}",
        "kept": write_share(1 - readout.magnitude_loss),
    }


def _turned(comparison: Comparison, strategy: Strategy) -> str:
    return write_degrees(comparison.readout(strategy).angle)


def _apart(one: Array, other: Array) -> str:
    return write_degrees(float(angle(one, other)))


def in_brackets(gradient: ArrayLike) -> str:
    """Write a gradient ``(n,)`` of one layer for a text.

    >>> in_brackets([3.2, 1.1])
    '(3.2, 1.1)'
    """
    numbers = np.asarray(gradient, np.float64)
    return f"({write_gradient(numbers, (len(numbers),))})"
