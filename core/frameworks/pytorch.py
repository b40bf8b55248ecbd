"""PyTorch: ``torch.nn.utils.clip_grad_norm_`` and its kin, to the last digit."""

import math

import numpy as np

from core.clipping import Clipper, Rule
from core.frameworks.entries import (
    Framework,
    Outcome,
    Raised,
    Result,
    Snippet,
    SparseRows,
    Tensor,
    Tensors,
)
from core.frameworks.precisions import Precision
from core.frameworks.snippets import in_place
from core.frameworks.sums import each, in_turn, is_sparse, present
from core.pytorch import pytorch, refuses
from core.strategies import Array, Strategy

NATIVE = {
    (Strategy.VALUE, Rule.CLIP),
    (Strategy.VALUE, Rule.RADIAL),
    (Strategy.GLOBAL, Rule.CLIP),
    (Strategy.GLOBAL, Rule.RADIAL),
}
PLACE = "Clip once per accumulation: after its last backward and after unscale_, before the step."
STEP = """\
for i, (inputs, targets) in enumerate(batches, start=1):
    loss = loss_function(model(inputs), targets) / accumulated
    scaler.scale(loss).backward()
    if i % accumulated == 0:  # once per accumulation
        scaler.unscale_(optimizer)  # or the norm is that of the scaled loss
        {clip}
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()"""
SMALL = 1e-6  # is added to the norm, so that a zero one divides nothing
SCALARS = {
    Precision.FLOAT16: "c10::Half",
    Precision.BFLOAT16: "c10::BFloat16",
    Precision.FLOAT32: "float",
}
EMPTY_LIST = Raised("RuntimeError", "Expected !nested_tensorlist[0].empty() to be true")
EMPTY_MAXIMUM = Raised("RuntimeError", "_foreach_norm cannot compute the infinity norm on an empty")


def clip_grad_norm(
    tensors: Tensors, max_norm: float, precision: Precision, norm_type: float = 2.0
) -> Outcome:
    """Do as ``torch.nn.utils.clip_grad_norm_`` does.

    >>> clip_grad_norm((np.float32([3, 4]),), 5.0, Precision.FLOAT32).tensors[0].tolist()
    [2.9999992847442627, 3.9999990463256836]
    """
    norm = get_total_norm(tensors, precision, norm_type)
    if isinstance(norm, Raised):
        return norm
    return clip_grads_with_norm(tensors, max_norm, norm, precision)


@np.errstate(all="ignore")
def get_total_norm(
    tensors: Tensors,
    precision: Precision,
    norm_type: float = 2.0,
    *,
    error_if_nonfinite: bool = False,
) -> Array | Raised:
    """Do as ``torch.nn.utils.get_total_norm`` does: the norm ``()`` of the norms of the tensors."""
    if is_sparse(tensors):
        return _not_for_sparse("linalg_vector_norm")
    parts = present(tensors)
    if math.isinf(norm_type) and any(part.size == 0 for part in parts):
        return EMPTY_MAXIMUM
    norm = precision.round(0.0)
    if parts:
        norm = _norm(
            np.array([_norm(part, precision, norm_type) for part in parts]), precision, norm_type
        )
    if error_if_nonfinite and not np.isfinite(norm):
        return Raised("RuntimeError", f"The total norm of order {norm_type} for gradients from")
    return norm


@np.errstate(all="ignore")
def clip_grads_with_norm(
    tensors: Tensors, max_norm: float, total_norm: Array, precision: Precision
) -> Outcome:
    """Do as ``torch.nn.utils.clip_grads_with_norm_`` does; the result bears that norm."""
    # A number divided by a tensor is, in PyTorch, its inverse times the number.
    inverse = precision.round(1 / precision.round(total_norm + _scalar(SMALL, precision)))
    factor = np.minimum(precision.round(inverse * _scalar(max_norm, precision)), 1)
    return Result(
        each(tensors, lambda numbers: precision.round(numbers * factor)), float(total_norm)
    )


def clip_grad_value(tensors: Tensors, clip_value: float, precision: Precision) -> Outcome:
    """Do as ``torch.nn.utils.clip_grad_value_`` does: first the lower bound, then the upper one.

    NaN stays, and a negative value replaces every number.
    """
    if not present(tensors):
        return EMPTY_LIST
    if is_sparse(tensors):
        return _not_for_sparse("clamp_min_")
    if not precision.has(clip_value):
        name = SCALARS[precision]
        return Raised("RuntimeError", f"value cannot be converted to type {name} without overflow")
    most = precision.round(clip_value)
    return Result(each(tensors, lambda numbers: np.minimum(np.maximum(numbers, -most), most)))


def compute(clipper: Clipper, tensors: Tensors, precision: Precision) -> Outcome:
    """Return what the lines of `code` make of the gradients of a model's parameters."""
    c = clipper.threshold
    match clipper.strategy, clipper.rule:
        case Strategy.VALUE, Rule.CLIP:
            return clip_grad_value(tensors, c, precision)
        case Strategy.VALUE, Rule.RADIAL:
            return clip_grad_norm(tensors, c, precision, math.inf)
        case Strategy.VALUE, Rule.NORMALIZE:
            return _signs(tensors, c, precision)
        case Strategy.LAYER, Rule.CLIP:
            return _joined([clip_grad_norm((tensor,), c, precision) for tensor in tensors])
        case Strategy.LAYER, Rule.RADIAL:
            norms = [_own_norm(tensor, precision) for tensor in tensors if tensor is not None]
            longest = np.asarray(np.max(norms)) if norms else precision.round(0.0)
            return clip_grads_with_norm(tensors, c, longest, precision)
        case Strategy.LAYER, Rule.NORMALIZE:
            return _joined([_normalized((tensor,), c, precision) for tensor in tensors])
        case Strategy.GLOBAL, Rule.NORMALIZE:
            norm = get_total_norm(tensors, precision)
            return norm if isinstance(norm, Raised) else _to(tensors, norm, c, precision)
        case _:
            return clip_grad_norm(tensors, c, precision)


def code(clipper: Clipper) -> Snippet:
    """Return the lines of PyTorch, and the training step around them."""
    text = pytorch(clipper)
    is_native = (clipper.strategy, clipper.rule) in NATIVE
    by = "" if is_native else "PyTorch has no call for this; these lines do it. "
    return Snippet(text, in_place(STEP, text), is_native, f"{by}{PLACE} {refuses(clipper)}")


def _joined(outcomes: list[Outcome]) -> Outcome:
    """Put results of single tensors side by side, or return the first exception."""
    raised = [outcome for outcome in outcomes if isinstance(outcome, Raised)]
    results = [outcome for outcome in outcomes if isinstance(outcome, Result)]
    return raised[0] if raised else Result(tuple(t for it in results for t in it.tensors))


@np.errstate(all="ignore")
def _signs(tensors: Tensors, c: float, precision: Precision) -> Outcome:
    if is_sparse(tensors):
        return Raised("RuntimeError", "sign_ requires coalesced input")
    scalar = _scalar(c, precision)
    return Result(
        each(tensors, lambda x: precision.round(np.where(np.isnan(x), 0, np.sign(x)) * scalar))
    )


def _normalized(tensors: Tensors, c: float, precision: Precision) -> Outcome:
    """Divide one tensor by its norm."""
    (tensor,) = tensors
    if tensor is None:
        return Result(tensors)
    return _to(tensors, _own_norm(tensor, precision), c, precision)


@np.errstate(all="ignore")
def _to(tensors: Tensors, norm: Array, c: float, precision: Precision) -> Result:
    """Bring tensors from a norm to another."""
    if norm == 0:
        return Result(tensors)
    scalar = precision.round(c) if is_sparse(tensors) else _scalar(c, precision)
    return Result(each(tensors, lambda x: precision.round(precision.round(x / norm) * scalar)))


def _own_norm(tensor: Tensor, precision: Precision) -> Array:
    """Return what ``tensor.norm()`` does; of sparse rows that of their sums."""
    numbers = tensor.to_dense() if isinstance(tensor, SparseRows) else tensor
    return _norm(np.asarray(numbers), precision, 2.0)


@np.errstate(all="ignore")
def _norm(numbers: Array, precision: Precision, norm_type: float) -> Array:
    sizes = np.abs(numbers)
    if sizes.size == 1:  # is not squared, and so does not overflow
        return np.asarray(sizes.reshape(()))
    if math.isinf(norm_type):
        return np.asarray(sizes.max())
    if norm_type == 1:
        return precision.round(in_turn(sizes, precision.wide))
    return precision.round(np.sqrt(_sum_of_squares(np.ravel(sizes), precision.wide)))


def _sum_of_squares(numbers: Array, wide: Precision) -> Array:
    """Add squares as its compiled loop does: fours are squared first, the rest added unrounded."""
    fours = len(numbers) // 4 * 4
    found = in_turn(numbers[:fours] * numbers[:fours], wide)
    for number in numbers[fours:].astype(np.longdouble):
        found = wide.round(number * number + found)
    return found


def _scalar(number: float, precision: Precision) -> Array:
    """Return a Python number as PyTorch multiplies a tensor by it: half types do it in float32."""
    return precision.wide.round(number)


def _not_for_sparse(operation: str) -> Raised:
    return Raised("NotImplementedError", f"Could not run 'aten::{operation}'")


PYTORCH = Framework(
    name="PyTorch",
    versions="2.6 and later; measured with 2.13",
    layer="a parameter, one of model.parameters()",
    zero="By norm, 0 makes every gradient zero and a negative threshold turns it around; by value, "
    "a negative one replaces every number.",
    source="torch/nn/utils/clip_grad.py, PyTorch 2.13",
    code=code,
    compute=compute,
)
