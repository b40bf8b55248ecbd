"""Files to try the page with: logs that are made here, and gradients that were recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from core.assets import ASSETS
from core.strategies import Array


@dataclass(frozen=True)
class Sample:
    """A file, as a reader would bring it."""

    label: str  # what it shows, and whether it is synthetic
    file: str  # what it is called
    make: Callable[[], bytes]

    def data(self) -> bytes:
        """Return what the file holds."""
        return self.make()


def calm() -> Array:
    """Return norms (2000,) of which few are above 1, around a slow fall."""
    rng = np.random.default_rng(1)
    trend = 0.35 + 0.3 * np.exp(-np.arange(2000) / 400)
    return np.asarray(trend * np.exp(0.3 * rng.standard_normal(2000)))


def spiking() -> Array:
    """Return norms (3000,) with a spike in a hundred steps, some over a hundred times as long."""
    rng = np.random.default_rng(2)
    trend = 0.2 + 1.5 / np.sqrt(1 + np.arange(3000) / 50)
    spikes = np.where(rng.random(3000) < 0.01, 4 * (1 + rng.pareto(1.0, 3000)), 1)
    return np.asarray(trend * np.exp(0.15 * rng.standard_normal(3000)) * spikes)


def exploding() -> Array:
    """Return norms (800,) that grow without end from step 500 on, to infinity and NaN."""
    rng = np.random.default_rng(3)
    steps = np.arange(800)
    norms = np.exp(0.2 * rng.standard_normal(800) + np.maximum(steps - 500, 0) ** 1.5 / 40)
    norms[norms > np.finfo(np.float32).max] = np.inf
    norms[np.flatnonzero(np.isinf(norms))[1:]] = np.nan  # the first step in it ruins the weights
    return np.asarray(norms)


def _log(norms: Callable[[], Array]) -> bytes:
    lines = (f"{step},{norm:.5g}\n" for step, norm in enumerate(norms()))
    return ("step,grad_norm\n" + "".join(lines)).encode()


def _recorded(file: str) -> bytes:
    return (ASSETS / "data" / file).read_bytes()


def _recording(label: str, file: str) -> Sample:
    return Sample(label, file, partial(_recorded, file))


SAMPLES: dict[str, Sample] = {
    "calm": Sample(
        "Synthetic norms: at the threshold 1, clipping is a safety net",
        "calm-synthetic.csv",
        partial(_log, calm),
    ),
    "spiking": Sample(
        "Synthetic norms: heavy-tailed spikes over a slow trend",
        "spiking-synthetic.csv",
        partial(_log, spiking),
    ),
    "exploding": Sample(
        "Synthetic norms: they grow, and end in infinity and NaN",
        "exploding-synthetic.csv",
        partial(_log, exploding),
    ),
    "digits": _recording(
        "Gradients of the digits, six steps of a training without clipping",
        "gradients-digits.safetensors",
    ),
    "adding problem": _recording(
        "Gradients of the adding problem, six steps of a training without clipping",
        "gradients-adding-problem.safetensors",
    ),
    "modular addition": _recording(
        "Gradients of modular addition, six steps of a training without clipping",
        "gradients-modular-addition.safetensors",
    ),
}
