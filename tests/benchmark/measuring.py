"""How a measurement is taken and told."""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np

SIZE = 10_000_000  # of a long gradient
LAYERS = 100  # in it


def line(what: str, measured: str, aim: str = "") -> None:
    print(f"{what:<46}{measured:<78}{aim and f'aim: {aim}'}".rstrip(), flush=True)


def milliseconds(times: list[float], *shares: int) -> str:
    return ", ".join(f"p{share} {np.percentile(times, share):.1f} ms" for share in shares)


def elapsed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak(work: Callable[[], object]) -> int:
    """Return how many bytes a piece of work holds at the most."""
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most
