"""Descents, beside the optimizers of PyTorch, and a map of them."""

from functools import partial

import numpy as np
import torch
from torch.nn.utils import clip_grad_norm_

from core.clipping import Clipper
from core.descent.descend import HOLD, descend
from core.descent.experiment import Experiment, Landscape
from core.descent.maps import axis, rate_threshold
from core.matching import Thresholds
from core.optimizers import Optimizer
from core.strategies import Strategy
from core.surfaces.table import SURFACES
from core.work import Work
from tests.benchmark.measuring import elapsed, line, peak

DESCENTS = 10_000
STEPS = 500
SAMPLE = 3
CELLS = 80


def descents() -> None:
    """Compare many runs at once with PyTorch's optimizer, one run after the other."""
    surface = SURFACES["Rosenbrock"]
    starts = np.random.default_rng(0).uniform(-2, 2, (DESCENTS, 2))
    run = partial(
        descend, surface, starts, Clipper(Strategy.GLOBAL, 1.0), 1e-3, STEPS, keep=HOLD + 1
    )
    run()

    def peer(start: np.ndarray) -> None:
        point = torch.tensor(start, requires_grad=True)
        optimizer = torch.optim.SGD([point], lr=1e-3)
        for _ in range(STEPS):
            optimizer.zero_grad()
            ((1 - point[0]) ** 2 + 100 * (point[0] ** 2 - point[1]) ** 2).backward()
            clip_grad_norm_([point], 1.0)
            optimizer.step()

    own = elapsed(run)
    one = elapsed(lambda: [peer(start) for start in starts[:SAMPLE]]) / SAMPLE
    measured = (
        f"{own:.2f} s in all; PyTorch takes {one / (own / DESCENTS):.0f} times as long for a run"
    )
    line(f"{DESCENTS} runs x {STEPS} steps", measured, "<= 1.5 s, 1000 times")
    for optimizer in Optimizer:
        if optimizer is not Optimizer.PLAIN:
            times = elapsed(partial(run, optimizer=optimizer)) / elapsed(run)
            line(
                f"  under {optimizer}", f"{times:.2f} times as long as plain descent", "<= 2 times"
            )
    line("  memory at its peak", f"{peak(run) / 2**20:.0f} MB", "<= 1024 MB")
    strategies = (Strategy.VALUE, Strategy.LAYER, Strategy.GLOBAL)
    asked = Experiment(
        Landscape("Rosenbrock"), (-1.2, 1), 0.01, Thresholds(1), strategies, steps=STEPS
    )
    axes = axis(1e-5, 10, CELLS, 0.01), axis(1e-3, 1e3, CELLS, 1)
    spent = elapsed(lambda: rate_threshold(asked, *axes, Work(STEPS)))
    line(f"map {CELLS} x {CELLS}, 3 strategies", f"{spent:.2f} s to compute", "<= 2 s, shown")
