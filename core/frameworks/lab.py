"""The edge cases: what every framework makes of gradients that are not ordinary."""

from dataclasses import dataclass

import numpy as np

from core.clipping import Clipper, Rule
from core.frameworks.entries import Outcome, SparseRows, Tensor, Tensors
from core.frameworks.precisions import Precision
from core.frameworks.registry import FRAMEWORKS, SETTINGS
from core.frameworks.rows import parse_row
from core.strategies import Strategy

ROWS_TWICE = SparseRows((0, 2, 0), np.array([[3.0, 4.0], [0.3, 0.4], [3.0, 4.0]]), 3)


@dataclass(frozen=True, eq=False)
class Case:
    """Gradients, a threshold and a type that show something."""

    name: str
    tensors: Tensors  # in float64, as typed
    threshold: float
    precision: Precision
    why: str  # a sentence on what to look for


def cases() -> tuple[Case, ...]:
    """Return the edge cases of the lab."""
    return tuple(
        Case(name, parse_row(row) if isinstance(row, str) else row, threshold, precision, why)
        for name, row, threshold, precision, why in TABLE
    )


def lab(
    case: Case, strategy: Strategy = Strategy.GLOBAL, rule: Rule = Rule.CLIP
) -> dict[str, Outcome]:
    """Return what comes out of every framework, by name.

    DeepSpeed, torchtitan and Accelerate clip by the global norm alone, and else are left out.

    >>> {name: outcome.tensors[0].tolist() for name, outcome in lab(cases()[1]).items()}["Keras"]
    [3.0, 4.0]
    """
    clipper = Clipper(strategy, case.threshold, rule)
    given = typed(case.tensors, case.precision)
    found = {
        name: framework.compute(clipper, given, case.precision)
        for name, framework in FRAMEWORKS.items()
    }
    if strategy is Strategy.GLOBAL and rule is not Rule.NORMALIZE:
        for name, setting in SETTINGS.items():
            found[name] = setting.compute(case.threshold, given, case.precision)
    return found


def typed(tensors: Tensors, precision: Precision) -> Tensors:
    """Round tensors to a type."""

    def one(tensor: Tensor) -> Tensor:
        if isinstance(tensor, SparseRows):
            return SparseRows(tensor.rows, precision.round(tensor.values), tensor.height)
        return None if tensor is None else precision.round(tensor)

    return tuple(one(tensor) for tensor in tensors)


SINGLE, HALF, BRAIN = Precision.FLOAT32, Precision.FLOAT16, Precision.BFLOAT16
TABLE: tuple[tuple[str, str | Tensors, float, Precision, str], ...] = (
    (
        "zero gradient",
        "0, 0",
        1.0,
        SINGLE,
        "Nothing divides by zero at a positive threshold: zero stays zero everywhere.",
    ),
    (
        "threshold 0",
        "3, 4",
        0.0,
        SINGLE,
        "0 makes every gradient zero in PyTorch, TensorFlow and Optax, and is off elsewhere.",
    ),
    (
        "threshold 0, zero gradient",
        "0, 0",
        0.0,
        SINGLE,
        "By norm TensorFlow and Optax divide 0 by 0: a frozen layer becomes NaN.",
    ),
    (
        "threshold below 0",
        "3, 4",
        -1.0,
        SINGLE,
        "PyTorch and Optax turn the gradient around, so that the step climbs; the others ignore "
        "the threshold.",
    ),
    (
        "one NaN",
        "nan, 1 | 3",
        1.0,
        SINGLE,
        "A norm carries NaN to every number that shares it.",
    ),
    (
        "one infinity",
        "inf, 1 | 3",
        1.0,
        SINGLE,
        "An infinite norm makes finite numbers 0 and infinity NaN in PyTorch and Optax, and "
        "everything NaN in TensorFlow and Keras; DeepSpeed skips the step.",
    ),
    (
        "squares out of range",
        "3e38, 1",
        1.0,
        SINGLE,
        "The gradient is finite and its squares are not: PyTorch and Optax return all zeros "
        "without a word, TensorFlow and Keras all NaN.",
    ),
    (
        "one large number alone",
        "3e38",
        1.0,
        SINGLE,
        "PyTorch does not square the number of a tensor that has only one.",
    ),
    (
        "float16",
        "300, 400",
        1.0,
        HALF,
        "PyTorch squares float16 in float32; the others in float16, where 300 squared is infinite.",
    ),
    (
        "small numbers in float16",
        "1e-4, 2e-4",
        1e-4,
        HALF,
        "Their squares have no digits left in float16: TensorFlow's norm is 0, and nothing is "
        "clipped; Keras' and Optax' is too large.",
    ),
    (
        "bfloat16",
        "3, 4",
        1.0,
        BRAIN,
        "bfloat16 has the range of float32, and two or three digits: 0.6 is 0.6015625 there.",
    ),
    (
        "no tensors",
        (),
        1.0,
        SINGLE,
        "clip_grad_value_ of PyTorch raises for an empty list; by norm nothing happens.",
    ),
    (
        "an empty tensor",
        "[] | 3, 4",
        1.0,
        SINGLE,
        "Its norm is 0. The largest of no numbers does not exist: norm_type=inf raises in PyTorch.",
    ),
    (
        "None",
        "3, 4 | None",
        1.0,
        SINGLE,
        "A parameter without a gradient is skipped; only TensorFlow's clip_by_value and "
        "clip_by_norm raise.",
    ),
    (
        "sparse rows",
        (ROWS_TWICE,),
        1.0,
        SINGLE,
        "PyTorch raises. TensorFlow and Keras take the norm of the rows as they are stored: a row "
        "that comes twice is counted as two rows, not as their sum. JAX has dense gradients alone.",
    ),
    (
        "at the threshold",
        "3, 4",
        5.0,
        SINGLE,
        "PyTorch shortens also what has exactly the length of the threshold, by 1e-6 of a norm.",
    ),
    (
        "at a tiny threshold",
        "6e-7, 8e-7",
        1e-6,
        SINGLE,
        "The 1e-6 that PyTorch adds is as much as the norm: the gradient is halved.",
    ),
)
