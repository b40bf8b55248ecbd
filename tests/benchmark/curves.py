"""A curve over all thresholds, beside PyTorch at one after the other."""

from functools import partial

import numpy as np
import torch
from torch.nn.utils import clip_grad_value_

from core.curves import curve
from core.geometry import angle, clipped_fraction, magnitude_loss
from core.strategies import Strategy
from tests.benchmark.measuring import LAYERS, SIZE, elapsed, line, peak

THRESHOLDS = 1000
TIMED = (0.1, 1.0, 3.0)


def curves() -> None:
    """Compare a curve with PyTorch clipping at one threshold at a time, each of them measured."""
    gradient = np.random.default_rng(0).standard_normal(SIZE, dtype=np.float32)
    layers, thresholds = (SIZE // LAYERS,) * LAYERS, np.geomspace(1e-3, 5, THRESHOLDS)
    parameter = torch.nn.Parameter(torch.zeros(SIZE))

    def peer(threshold: float) -> None:
        parameter.grad = torch.from_numpy(gradient).clone()
        clip_grad_value_([parameter], threshold)
        after = parameter.grad.numpy()
        for measured in (angle, magnitude_loss, clipped_fraction):
            measured(gradient, after)

    def bare(threshold: float) -> None:
        before = torch.from_numpy(gradient)
        after = before.clamp(-threshold, threshold)
        torch.dot(before, after) / (before.norm() * after.norm())
        (before != after).sum()

    for strategy in Strategy:
        own = partial(curve, gradient, layers, strategy, thresholds)
        spent = min(elapsed(own) for _ in range(3))
        line(f"curve by {strategy}, {THRESHOLDS} thresholds", f"{spent:.2f} s")
        if strategy is Strategy.VALUE:
            for name, work in (("measured as it is here", peer), ("in PyTorch alone", bare)):
                one = elapsed(lambda work=work: [work(c) for c in TIMED]) / len(TIMED)
                ratio = one * THRESHOLDS / spent
                line(f"  one by one, {name}", f"{ratio:.0f} times as long", ">= 100")
        extra = peak(own) / gradient.nbytes
        line("  extra memory at its peak", f"{extra:.2f} gradients", "<= 4")
