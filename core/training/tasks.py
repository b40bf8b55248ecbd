"""What the networks learn: data, shapes and first weights, in NumPy; to add a task, add to `TASKS`.

Nothing here needs PyTorch, so a page can tell about the tasks before that has started. What the
networks compute stands in `core.training.networks`. The table is what makes this file long.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.assets import ASSETS
from core.strategies import Array
from core.training.optimizers import Optimizer

Batch: TypeAlias = tuple[NDArray[Any], NDArray[Any]]  # inputs, targets; numbers are float32, or
# int64 for tokens and classes
Shape: TypeAlias = tuple[int, ...]

IMAGES = ASSETS / "data" / "digits.npz"
UNSEEN = 360  # images, a fifth, of which the last ones are never trained on
LENGTH = 50  # of the sequences to add from: long enough for the gradients to explode
MODULUS = 59
HEADS = 4
ACCURACY = "accuracy"  # the share of the examples classified right


@dataclass(frozen=True)
class Task:
    """Something to learn, and the network that learns it."""

    teaches: str
    network: str
    source: str
    loss: str
    metric: str  # what is measured on examples that are never trained on
    shapes: Mapping[str, Shape]  # by the name of the tensor, "module.tensor", in order
    first_weights: Callable[[np.random.Generator, str, Shape], Array]  # of one tensor
    batch: Callable[[np.random.Generator, int], Batch]
    unseen: Callable[[], Batch]
    optimizer: Optimizer
    learning_rates: Mapping[Optimizer, float]
    threshold: float  # of clip by value; the same worst length suits the others
    batch_size: int
    steps: int

    @property
    def parameters(self) -> int:
        """How many weights there are."""
        return sum(map(math.prod, self.shapes.values()))

    @property
    def tokens(self) -> bool:
        """Whether it is learned from tokens, not from numbers."""
        return self.unseen()[0].dtype == np.int64

    def start(self, rng: np.random.Generator) -> Array:
        """Draw the weights (n,) to start from, tensor after tensor, in float32."""
        parts = (self.first_weights(rng, *item).ravel() for item in self.shapes.items())
        return np.concatenate(list(parts))


def baseline(task: Task) -> float:
    """Return the metric of always giving the same answer, the best one, to the unseen examples."""
    _, targets = task.unseen()
    if targets.dtype == np.int64:
        return float(np.bincount(targets).max() / len(targets))
    return float(targets.var())


def scaled_normal(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """Draw weights of variance 1 / inputs (LeCun et al., "Efficient BackProp", 1998); biases 0.

    Of a table of embeddings or positions, the variance is 1 / width: rows are about 1 long.
    """
    if name.endswith("bias"):
        return np.zeros(shape, np.float32)
    return rng.standard_normal(shape, np.float32) / np.float32(math.sqrt(shape[-1]))


def identity(rng: np.random.Generator, name: str, shape: Shape) -> Array:
    """Draw as `scaled_normal` does, but let the recurrent weights be the identity."""
    if name == "recurrent.weight_hh":
        return np.eye(*shape, dtype=np.float32)
    return scaled_normal(rng, name, shape)


@cache
def images() -> Batch:
    """Read the handwritten digits: numbers (1797, 64) from 0 to 1, and classes (1797,)."""
    with np.load(IMAGES) as stored:
        pixels, labels = stored["images"], stored["labels"]
    return (pixels.reshape(-1, 64) / 16).astype(np.float32), labels.astype(np.int64)


def some_images(rng: np.random.Generator, size: int) -> Batch:
    """Draw from the digits that are trained on."""
    inputs, targets = images()
    chosen = rng.integers(len(targets) - UNSEEN, size=size)
    return inputs[chosen], targets[chosen]


def unseen_images() -> Batch:
    """Return the digits that are not trained on."""
    inputs, targets = images()
    return inputs[-UNSEEN:], targets[-UNSEEN:]


def sequences(rng: np.random.Generator, size: int) -> Batch:
    """Draw sequences (LENGTH, size, 2) of numbers and marks; the targets (size,) add the marked.

    One mark lies in the first half and one in the second.
    """
    numbers = rng.random((LENGTH, size), np.float32)
    marks = np.zeros_like(numbers)
    for low, high in ((0, LENGTH // 2), (LENGTH // 2, LENGTH)):
        marks[rng.integers(low, high, size), np.arange(size)] = 1
    return np.stack([numbers, marks], axis=-1), (numbers * marks).sum(axis=0)


@cache
def sums() -> Batch:
    """Return all pairs of numbers (MODULUS^2, 2), shuffled once, and their sums."""
    pairs = np.array(list(product(range(MODULUS), repeat=2)), np.int64)
    np.random.default_rng(0).shuffle(pairs)
    return pairs, pairs.sum(axis=1) % MODULUS


def some_sums(rng: np.random.Generator, size: int) -> Batch:
    """Draw from the four fifths of the pairs that are trained on."""
    pairs, results = sums()
    chosen = rng.integers(len(pairs) * 4 // 5, size=size)
    return pairs[chosen], results[chosen]


def unseen_sums() -> Batch:
    """Return the fifth of the pairs that is not trained on."""
    pairs, results = sums()
    first = len(pairs) * 4 // 5
    return pairs[first:], results[first:]


def _linear(**modules: tuple[int, int]) -> dict[str, Shape]:
    """Shapes of linear modules, given as (outputs, inputs)."""
    return {
        f"{module}.{tensor}": shape
        for module, (outputs, inputs) in modules.items()
        for tensor, shape in (("weight", (outputs, inputs)), ("bias", (outputs,)))
    }


TASKS: dict[str, Task] = {
    "digits": Task(
        teaches=(
            "An ordinary classification: the gradients are tame, and clipping seldom matters "
            "until something goes wrong."
        ),
        network="a multilayer perceptron, 64-128-64-10, with rectified linear units",
        source=(
            "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine "
            "Learning Repository, 1998 (CC BY 4.0)"
        ),
        loss="cross entropy",
        metric=ACCURACY,
        shapes=_linear(first=(128, 64), second=(64, 128), output=(10, 64)),
        first_weights=scaled_normal,
        batch=some_images,
        unseen=unseen_images,
        optimizer=Optimizer.SGD,
        learning_rates={Optimizer.SGD: 0.2, Optimizer.MOMENTUM: 0.02, Optimizer.ADAM: 0.003},
        threshold=0.01,
        batch_size=256,
        steps=400,
    ),
    "adding problem": Task(
        teaches=(
            "Gradients that explode through time. Under SGD, whose steps follow the "
            "gradient, one step throws all weights away; Adam, which divides by how long gradients "
            "have been, "
            "remembers a gradient that is far too long, and its steps stay tiny."
        ),
        network=("a plain recurrent network, 32 rectified linear units that start as the identity"),
        source=(
            "S. Hochreiter and J. Schmidhuber, Long Short-Term Memory, 1997; the network is "
            "that of Q. Le, N. Jaitly and G. Hinton, A Simple Way to Initialize Recurrent "
            "Networks of Rectified Linear Units, 2015"
        ),
        loss="mean squared error",
        metric="error",
        shapes={
            "recurrent.weight_ih": (32, 2),
            "recurrent.weight_hh": (32, 32),
            "recurrent.bias_ih": (32,),
            "recurrent.bias_hh": (32,),
            **_linear(output=(1, 32)),
        },
        first_weights=identity,
        batch=sequences,
        unseen=cache(lambda: sequences(np.random.default_rng(0), 500)),
        optimizer=Optimizer.ADAM,
        learning_rates={Optimizer.SGD: 0.01, Optimizer.MOMENTUM: 0.003, Optimizer.ADAM: 0.002},
        threshold=0.03,
        batch_size=32,
        steps=600,
    ),
    "modular addition": Task(
        teaches=(
            "A transformer under Adam: Adam divides by the size of the gradient anyway, so "
            "a constant rescale cancels, and clipping acts only where it changes over time."
        ),
        network=f"a transformer of one block, {HEADS} heads, width 64, no normalization",
        source=(
            "A. Power, Y. Burda, H. Edwards, I. Babuschkin and V. Misra, Grokking: "
            "Generalization Beyond Overfitting on Small Algorithmic Datasets, 2022"
        ),
        loss="cross entropy",
        metric=ACCURACY,
        shapes={
            "embedding.weight": (MODULUS, 64),
            "position.weight": (2, 64),
            **{f"{name}.weight": (64, 64) for name in ("query", "key", "value", "mix")},
            **_linear(hidden=(128, 64), back=(64, 128), output=(MODULUS, 64)),
        },
        first_weights=scaled_normal,
        batch=some_sums,
        unseen=unseen_sums,
        optimizer=Optimizer.ADAM,
        learning_rates={Optimizer.SGD: 0.1, Optimizer.MOMENTUM: 0.03, Optimizer.ADAM: 0.003},
        threshold=0.005,
        batch_size=256,
        steps=400,
    ),
}
