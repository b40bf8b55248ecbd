"""Training, beside plain PyTorch."""

from functools import partial
from itertools import product

import numpy as np

from core.runs import RUNS
from core.training.tasks import TASKS
from core.training.train import train, use_one_thread
from core.training.training import default
from tests.benchmark.measuring import elapsed, line
from tests.core.training.plain import plain

TRAINED = 150  # steps


def trainings() -> None:
    """Compare training and all its measurements with plain PyTorch; the two take turns.

    Both compute in one thread, as on the page.
    """
    use_one_thread()
    for task, run in product(TASKS, RUNS):
        training = default(task)
        loops = train(training, run), plain(training, run)
        times = np.array(
            [[elapsed(partial(next, loop)) * 1000 for loop in loops] for _ in range(TRAINED)]
        )
        own, peer = np.median(times[TRAINED // 10 :], axis=0)  # warm
        measured = f"{own / peer:.2f} of PyTorch's time; {own:.2f} ms a step, PyTorch {peer:.2f} ms"
        line(f"train {task}, {run}", measured, "<= 1.5")
