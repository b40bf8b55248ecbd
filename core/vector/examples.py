"""Ready-made gradients, each with the layers and the threshold at which it teaches something."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.assets import ASSETS
from core.bounds import worst_gradient
from core.noise import NOISES
from core.strategies import Layers

NETWORK = ASSETS / "data" / "network_gradient.json"
FAR = 1000.0  # thresholds: the worst angle is approached as this grows, and here it is near
DRAWN_DIGITS = 3  # so that a link stays short


@dataclass(frozen=True)
class Example:
    """A gradient to look at."""

    gradient: tuple[float, ...]
    layers: Layers
    threshold: float = 1.0


def drawn(noise: str, n: int, seed: int) -> Example:
    """Draw n numbers in two layers from one of `NOISES`."""
    numbers = NOISES[noise](np.random.default_rng(seed), (n,))
    layers = (n // 2, n - n // 2) if n > 1 else (1,)
    return Example(tuple(float(f"{x:.{DRAWN_DIGITS}g}") for x in numbers), layers)


def worst(n: int) -> Example:
    """Return nearly the worst case of clip by value for n numbers."""
    return Example(tuple(map(float, worst_gradient(n, FAR))), (n,))


def network() -> Example:
    """Return the gradient of a small network that PyTorch trained; one layer is one tensor."""
    layers = json.loads(NETWORK.read_text())["layers"]
    numbers = tuple(float(x) for layer in layers for x in layer["gradient"])
    return Example(numbers, tuple(len(layer["gradient"]) for layer in layers), 0.5)


# By the label that the reader sees; of n numbers, with a seed, where the example depends on them.
FIXED: dict[str, Callable[[], Example]] = {
    "One number: −10 clipped at 1": lambda: Example((-10.0,), (1,)),
    "The textbook: (0.9, 100)": lambda: Example((0.9, 100.0), (2,)),
    "Two layers: (3, 4 | 0.3, 0.4)": lambda: Example((3.0, 4.0, 0.3, 0.4), (2, 2)),
    "A real network's gradient": network,
}
OF_N: dict[str, Callable[[int, int], Example]] = {
    "Worst case": lambda n, _: worst(n),
    **{noise: partial(drawn, noise) for noise in NOISES},
}
