"""What a reader's own gradients cost, beside PyTorch and beside the files they came in."""

import math
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from core.gradients.gradients import Gradients
from core.gradients.norm_log import read_norm_log
from core.gradients.over_steps import COUNT, curves_over_steps
from core.gradients.recommendation import recommend
from core.gradients.target import Quantity, Reach, Target
from core.strategies import Strategy
from tests.benchmark.measuring import SIZE, elapsed, line

TENSORS = 200
STEPS = (1, 100, 1000)
RECORDS = 1_000_000
ROUNDS = 5  # the best counts, for PyTorch is slow while it wakes its threads
TARGET = Target(Quantity.ANGLE, math.radians(5), Reach.MOST)
WEIGHED = """
import sys
from tests.benchmark import gradients
work = getattr(gradients, sys.argv[1])(sys.argv[2])
before = gradients.told("VmRSS")
work()
print(gradients.told("VmHWM") - before)
"""  # in a process of its own, for memory that was once used counts for good


def own_gradients() -> None:
    """Time and weigh curves, recommendations and logs."""
    for steps in STEPS:
        gradients = drawn(steps)
        weight, size = gradients.values.nbytes, f"{SIZE // steps:,} numbers in {TENSORS} layers"
        spent = min(elapsed(lambda it=gradients: curves_over_steps(it)) for _ in range(3))
        line(f"{steps} x {size}: curves", f"{spent:.2f} s", "<= 3 s")
        line("  recommendation", f"{elapsed(lambda it=gradients: recommend(it, TARGET)):.2f} s")
        extra = weighed("answering", str(steps)) / weight
        line("  memory of both beside the gradients", f"{extra:.2f} times these", "<= 5")
        if steps == 1:
            line("  PyTorch, one by one", f"{one_by_one(gradients) / spent:.0f} times", ">= 20")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "metrics.csv"
        rng = np.random.default_rng(0)
        norms = rng.lognormal(size=RECORDS)
        rows = (f"{i},{2 + norm / 9:.6f},{norm:.9g}\n" for i, norm in enumerate(norms))
        file.write_text("step,loss,grad_norm\n" + "".join(rows))
        data = file.read_bytes()
        spent = elapsed(lambda: read_norm_log(data, file.name))
        peer = elapsed(lambda: np.loadtxt(file, delimiter=",", skiprows=1))
        measured = f"{spent:.2f} s, {spent / peer:.1f} times what NumPy needs to load the table"
        line(f"log of {RECORDS:,} norms", measured)
        extra = weighed("reading", str(file)) / len(data)
        line("  memory beside the file", f"{extra:.2f} times the file")


def drawn(steps: int) -> Gradients:
    """Draw the gradients of so many steps, of ten million numbers in all."""
    n = SIZE // steps
    values = np.random.default_rng(0).standard_normal((steps, n), dtype=np.float32)
    names = tuple(f"layer {i}" for i in range(TENSORS))
    return Gradients(names, ((n // TENSORS,),) * TENSORS, tuple(range(steps)), values, "a draw")


def one_by_one(gradients: Gradients) -> float:
    """Return how long PyTorch clips at each threshold by each strategy, and measures that."""
    gradient = torch.from_numpy(gradients.values[0])
    parameters = [torch.nn.Parameter(torch.zeros(size)) for size in gradients.layers]

    def clip(strategy: Strategy) -> None:
        for parameter, part in zip(parameters, gradient.split(gradients.layers), strict=True):
            parameter.grad = part.clone()
        match strategy:
            case Strategy.VALUE:
                torch.nn.utils.clip_grad_value_(parameters, 1)
            case Strategy.LAYER:
                for parameter in parameters:
                    torch.nn.utils.clip_grad_norm_(parameter, 1)
            case Strategy.GLOBAL:
                torch.nn.utils.clip_grad_norm_(parameters, 1)
        after = torch.cat([parameter.grad for parameter in parameters])
        torch.dot(gradient, after) / (gradient.norm() * after.norm())
        (gradient != after).sum()

    return COUNT * sum(
        min(elapsed(lambda it=strategy: clip(it)) for _ in range(ROUNDS)) for strategy in Strategy
    )


def answering(steps: str) -> Callable[[], object]:
    gradients = drawn(int(steps))
    return lambda: (curves_over_steps(gradients), recommend(gradients, TARGET))


def reading(file: str) -> Callable[[], object]:
    data = Path(file).read_bytes()
    return lambda: read_norm_log(data, file)


def weighed(work: str, argument: str) -> int:
    """Return by how many bytes a piece of work makes a process grow at its peak, on Linux."""
    command = [sys.executable, "-c", WEIGHED, work, argument]
    return 1024 * int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def told(name: str) -> int:
    """Return what Linux tells of this process, in KB; what `resource` tells is the parent's too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split(f"{name}:")[1].split()[0])
