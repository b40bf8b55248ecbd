"""Gradients, thresholds and types on which emulations are held to their frameworks."""

import itertools
import math
from collections.abc import Iterator

import numpy as np

from core.clipping import Clipper, Rule
from core.frameworks import optax, tensorflow
from core.frameworks.entries import Outcome, Raised, Result, SparseRows, Tensor, Tensors
from core.frameworks.precisions import Precision
from core.frameworks.sums import matrix_of, present
from core.frameworks.unitwise import adaptive_grad_clip
from core.strategies import Strategy

NAN, INF = math.nan, math.inf
SPARSE = ((0, 0, 2), [[3.0, 4.0], [1.0, 0.0], [2.0, 2.0]], 3)
ROWS = {
    "one tensor": [[3, 4]],
    "two tensors": [[3, -4], [0.3, 0.4, -0.1]],
    "seven numbers": [[0.1, 0.2, 0.7, -1.3, 2.1, -0.6, 1.7], [1.5]],
    "no tensors": [],
    "only None": [None],
    "one None": [[3, 4], None],
    "only an empty tensor": [[]],
    "an empty tensor": [[], [3, 4]],
    "NaN": [[NAN, 1], [3]],
    "infinity": [[INF, -1], [3, -INF]],
    "overflow": [[3e38, 1], [2]],
    "one large number": [[3e38]],
    "large in half": [[300, 400]],
    "small in half": [[1e-4, 2e-4]],
    "zero": [[0, 0], [0]],
    "a matrix": [[[3, 1], [4, 0]], [2]],
    "tiny": [[1e-30, 1e-25]],
    "subnormal": [[1e-40, -3], [1e-41, 3e-39]],
    "sparse rows": [SPARSE, [1, 2]],
}
THRESHOLDS = (1.0, 5.0, 0.3, 0.0, -1.0, 1e5)
EPSILONS = {
    Precision.FLOAT16: 2.0**-10,
    Precision.BFLOAT16: 2.0**-7,
    Precision.FLOAT32: 2.0**-23,
    Precision.FLOAT64: 2.0**-52,
}
KINDS = tuple(itertools.product(Strategy, Rule))


def tensors_of(row: list[object], precision: Precision) -> Tensors:
    """Return a row of `ROWS` as tensors of a type."""

    def tensor(given: object) -> Tensor:
        if given is None:
            return None
        if isinstance(given, tuple):
            return SparseRows(given[0], precision.round(given[1]), given[2])
        return precision.round(np.array(given, np.float64))

    return tuple(tensor(given) for given in row)


def grid() -> Iterator[tuple[str, Tensors, Precision, Clipper]]:
    """Yield the cases that are recorded: a name, and what `compute` takes."""
    for (name, row), precision, (strategy, rule) in itertools.product(
        ROWS.items(), Precision, KINDS
    ):
        # In float64 and bfloat16 fewer: there the formulas are the same.
        few = precision in (Precision.FLOAT64, Precision.BFLOAT16)
        for threshold in THRESHOLDS[:2] if few else THRESHOLDS:
            clipper = Clipper(strategy, threshold, rule)
            title = f"{name}, {precision}, {strategy} {rule} {threshold:g}"
            yield title, tensors_of(row, precision), precision, clipper


def differs(found: Outcome, expected: Outcome, precision: Precision, is_exact: bool = True) -> str:
    """Say in what an outcome is not the expected one, to the last bit but for signs of zeros.

    If not exact, numbers may differ as sums do that are added in another order.
    """
    if isinstance(found, Result) and isinstance(expected, Result):
        rtol = 0 if is_exact else 8 * EPSILONS[precision]
        for one, other in zip(found.tensors, expected.tensors, strict=True):
            mine, theirs = matrix_of(one, precision), matrix_of(other, precision)
            if mine is None or theirs is None:
                if mine is not theirs:
                    return f"{mine} is not {theirs}"
            elif mine.shape != theirs.shape or not np.allclose(mine, theirs, rtol, 0, True):
                return f"{mine.tolist()} is not {theirs.tolist()}"
        if expected.norm is None:
            return ""
        norm = np.nan if found.norm is None else found.norm
        same = np.allclose(norm, expected.norm, rtol, 0, True)
        return "" if same else f"the norm {found.norm} is not {expected.norm}"
    if isinstance(found, Raised) and isinstance(expected, Raised):
        same = found.type == expected.type and begin_alike(found.message, expected.message)
        return "" if same else f"{found} is not {expected}"
    return f"{found} is not {expected}"


def begin_alike(one: str, other: str) -> bool:
    """Say whether one text is the beginning of the other."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def calls() -> Iterator[tuple[str, str, str, Tensors, Precision, Outcome]]:
    """Yield what no strategy stands for: a name, a framework, code for it, and what is computed."""
    for (name, row), c in itertools.product(ROWS.items(), (1.0, 0.3, 5.0)):
        if None in row or SPARSE in row:
            continue
        for precision in (Precision.FLOAT32, Precision.FLOAT16):
            given = tensors_of(row, precision)
            ones = tuple(np.ones_like(each) for each in present(given))
            title = f"{name}, {precision}, {c:g}"
            rms = optax.clip_by_block_rms(given, c, precision)
            yield (f"rms, {title}", "JAX with Optax", f"clip = optax.clip_by_block_rms({c})",
                   given, precision, rms)  # fmt: skip
            adapted = adaptive_grad_clip(tuple(present(given)), ones, c, precision)
            yield (f"adaptive, {title}", "JAX with Optax", f"clip = optax.adaptive_grad_clip({c})",
                   given, precision, adapted)  # fmt: skip
        given = tensors_of(row, Precision.FLOAT32)
        code = f"gradients = [tf.compat.v1.clip_by_average_norm(g, {c}) for g in gradients]"
        average = tensorflow.clip_by_average_norm(given, c, Precision.FLOAT32)
        yield f"average, {name}, {c:g}", "TensorFlow", code, given, Precision.FLOAT32, average
