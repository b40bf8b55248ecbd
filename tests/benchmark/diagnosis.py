"""How often a diagnosis is right on gradients whose kind is known, and how long it takes."""

from functools import partial

import numpy as np

from core.gradients.diagnosis import diagnose
from core.gradients.gradients import Gradients
from core.gradients.kinds import Kind
from core.gradients.layer_table import layer_table
from tests.benchmark.measuring import SIZE, elapsed, line, peak
from tests.core.gradients.generated import generated

SEEDS = range(200)  # none of them was looked at while the diagnosis was made
LAYERS = 200
SURE = (0.9, 0.98)  # the bounds between little, quite and very sure


def diagnoses() -> None:
    """Print what gradients of each kind were taken for, how sure that was, and the time it took."""
    found = []
    for kind in Kind:
        for seed in SEEDS:
            made = generated(seed, kind)
            told = diagnose(made.gradients)
            # What leaves little trace may be taken for noise: these gradients tell no more.
            right = {kind} if made.visible else {kind, Kind.EVEN}
            name = kind.value if made.visible else f"{kind} that leaves little trace"
            found.append((name, kind, told, told.kind in right))
    for name in dict.fromkeys(row[0] for row in found):
        rows = [row for row in found if row[0] == name]
        counts = ", ".join(f"{kind} {sum(row[2].kind is kind for row in rows)}" for kind in Kind)
        line(f"{name} is taken for", f"{counts}: {np.mean([row[3] for row in rows]):.1%} right")
    kinds = np.array([row[3] for row in found])
    line("right kind in all", f"{kinds.mean():.1%}")
    strategies = np.mean([kind.strategy is told.strategy for _, kind, told, _ in found])
    line("right strategy in all", f"{strategies:.1%}")
    sure = np.array([told.sure for _, _, told, _ in found])
    for low, high in zip((0, *SURE), (*SURE, 1.01), strict=True):
        some = (sure >= low) & (sure < high)
        if some.any():
            said = f"{kinds[some].mean():.1%} of {some.sum()} right, {sure[some].mean():.1%} said"
            line(f"  where it is {low:g} to {min(high, 1):g} sure", said)
    gradients = _long()
    for name, work in (("layer table", layer_table), ("diagnosis", diagnose)):
        run = partial(work, gradients)
        spent = min(elapsed(run) for _ in range(3))
        line(f"{name} of {SIZE:,} numbers, {LAYERS} layers", f"{spent:.2f} s", "<= 1 s")
        extra = peak(run) / gradients.values.nbytes
        line("  extra memory at its peak", f"{extra:.2f} gradients", "<= 2")


def _long() -> Gradients:
    shapes = ((SIZE // LAYERS // 200, 200),) * LAYERS
    values = np.random.default_rng(0).standard_normal((1, SIZE), dtype=np.float32)
    return Gradients(tuple(map(str, range(LAYERS))), shapes, (0,), values, "made")
