"""Clipping, beside PyTorch."""

from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np
import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from core.clipping import clip
from core.strategies import Strategy
from tests.benchmark.measuring import LAYERS, SIZE, elapsed, line, peak

ROUNDS = 15


def clipping() -> None:
    """Compare `core.clip` with PyTorch, which clips in place and so needs no room for a result."""
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(LAYERS))
    layers = tuple(int(size) for size in 1 + rng.multinomial(SIZE - LAYERS, shares))
    gradient = rng.standard_normal(SIZE, dtype=np.float32)
    parts = torch.from_numpy(gradient).split(layers)
    parameters = [torch.nn.Parameter(torch.zeros_like(part)) for part in parts]
    peers: dict[Strategy, Callable[[], object]] = {
        Strategy.VALUE: lambda: clip_grad_value_(parameters, 1),
        Strategy.LAYER: lambda: [clip_grad_norm_(parameter, 1) for parameter in parameters],
        Strategy.GLOBAL: lambda: clip_grad_norm_(parameters, 1),
    }

    def duration(work: Callable[[], object]) -> float:
        for parameter, part in zip(parameters, parts, strict=True):
            parameter.grad = part.clone()
        return elapsed(work)

    usual = torch.get_num_threads()
    for strategy, peer in peers.items():
        own = partial(clip, gradient, strategy.blocks(layers), 1)
        for threads in sorted({1, usual}):  # NumPy has one
            torch.set_num_threads(threads)
            ratios = [duration(own) / duration(peer) for _ in range(1 + ROUNDS)][1:]  # warm
            spread = f"({min(ratios):.2f}..{max(ratios):.2f})"
            measured = f"{median(ratios):.2f} of PyTorch's time {spread}, its threads: {threads}"
            line(f"clip by {strategy}", measured, "<= 2")
        extra = peak(own) / gradient.nbytes
        line("  extra memory at its peak", f"{extra:.2f} gradients, the result included", "<= 2")
