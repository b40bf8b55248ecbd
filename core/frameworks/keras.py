"""Keras: the optimizers' ``clipvalue``, ``clipnorm`` and ``global_clipnorm``."""

import numpy as np

from core.clipping import Clipper, Rule
from core.frameworks import tensorflow
from core.frameworks.entries import Framework, Outcome, Raised, Result, Snippet, Tensor, Tensors
from core.frameworks.precisions import Precision
from core.frameworks.snippets import in_place
from core.frameworks.sums import dense, each, is_sparse, matrix_of, numbers_of, present
from core.notation import write_number
from core.strategies import Array, Strategy

ARGUMENTS = {
    (Strategy.VALUE, Rule.CLIP): "clipvalue",
    (Strategy.LAYER, Rule.CLIP): "clipnorm",
    (Strategy.GLOBAL, Rule.CLIP): "global_clipnorm",
    (Strategy.GLOBAL, Rule.RADIAL): "global_clipnorm",
}
ALL_NONE = Raised("ValueError", "No gradients provided for any variable.")
PLACE = (
    "The optimizer clips in every step: after unscaling, and once per accumulation. Of clipvalue, "
    "clipnorm and global_clipnorm only one may be set; two raise ValueError."
)
OWN_PLACE = (
    "Keras has no setting for this; this class does it. Under loss scaling it sees unscaled "
    "gradients; with gradient_accumulation_steps it sees those of every micro-batch. "
    "Gradients are dense."
)
STEP = """\
{clip}
model.compile(optimizer, loss_function)
model.fit(inputs, targets)"""
CLASS = """\
class Clipped(keras.optimizers.SGD):
    def apply(self, grads, trainable_variables=None):
        grads = list(grads)
        {clip}
        super().apply(grads, trainable_variables)


optimizer = Clipped(learning_rate)"""
RADIAL = """\
sizes = [{size} for g in grads if g is not None]
scale = {c} / keras.ops.maximum(keras.ops.max(keras.ops.stack(sizes), initial=0), {c})
grads = [None if g is None else g * scale for g in grads]"""
NORM = "keras.ops.sqrt(keras.ops.sum(keras.ops.square(g)))"
LINES = {
    (Strategy.VALUE, Rule.RADIAL): RADIAL.replace(
        "{size}", "keras.ops.max(keras.ops.abs(g), initial=0)"
    ),
    (Strategy.LAYER, Rule.RADIAL): RADIAL.replace("{size}", NORM),
    (Strategy.VALUE, Rule.NORMALIZE): """\
grads = [None if g is None else {c} * keras.ops.sign(g) for g in grads]""",
    (Strategy.LAYER, Rule.NORMALIZE): f"""\
for i, g in enumerate(grads):
    if g is not None:
        norm = {NORM}
        grads[i] = g / keras.ops.where(norm == 0, 1, norm) * {{c}}""",
    (Strategy.GLOBAL, Rule.NORMALIZE): """\
squares = [keras.ops.sum(keras.ops.square(g)) for g in grads if g is not None]
norm = keras.ops.sqrt(keras.ops.sum(keras.ops.stack(squares)))
norm = keras.ops.where(norm == 0, 1, norm)
grads = [None if g is None else g / norm * {c} for g in grads]""",
}


def compute(clipper: Clipper, tensors: Tensors, precision: Precision) -> Outcome:
    """Return what an optimizer made by `code` follows instead of some gradients.

    As on its backend TensorFlow, where a framework's NaN and infinity are TensorFlow's.
    """
    c, kind = clipper.threshold, (clipper.strategy, clipper.rule)
    if tensors and not present(tensors):
        return ALL_NONE
    tensors = each(tensors, precision.flushed)
    if kind in ARGUMENTS:
        if not c > 0 or not tensors:
            return Result(tensors)
        match clipper.strategy:
            case Strategy.VALUE:
                return tensorflow.clip_by_value(tensors, c, precision)
            case Strategy.LAYER:
                return tensorflow.clip_by_norm(tensors, c, precision)
            case Strategy.GLOBAL:
                return clip_by_global_norm(tensors, c, precision)
    return _own(clipper, tensors, precision)


@np.errstate(all="ignore")
def clip_by_global_norm(tensors: Tensors, clip_norm: float, precision: Precision) -> Result:
    """Do as Keras does; a norm that is not finite makes every number NaN, and rows get dense."""
    whole = global_norm(tensors, precision)
    least = np.minimum(precision.flushed(1 / whole), precision.flushed(1 / clip_norm))
    scale = precision.flushed(precision.flushed(clip_norm) * least) + (whole - whole)
    return Result(each(dense(tensors, precision), lambda x: precision.flushed(x * scale)))


@np.errstate(all="ignore")
def global_norm(tensors: Tensors, precision: Precision) -> Array:
    """Return the root of the sum of the sums of squares, ``()``; of sparse rows as they came."""
    squares = [tensorflow.reduce_sum(precision.flushed(x * x), precision) for x in present(tensors)]
    return precision.flushed(np.sqrt(tensorflow.reduce_sum(np.array(squares), precision)))


@np.errstate(all="ignore")
def _own(clipper: Clipper, tensors: Tensors, precision: Precision) -> Outcome:
    """Return what the class of `code` passes on."""
    most, parts = precision.flushed(clipper.threshold), present(tensors)
    if clipper.rule is Rule.RADIAL:
        longest = np.max(
            [np.abs(x).max(initial=0) for x in parts]
            if clipper.strategy is Strategy.VALUE
            else [tensorflow.norm(x, precision) for x in parts],
            initial=0,
        )
        scale = precision.flushed(most / np.maximum(longest, most))
        return Result(each(dense(tensors, precision), lambda x: precision.flushed(x * scale)))
    if clipper.strategy is Strategy.VALUE:
        if is_sparse(tensors):
            return Raised("TypeError", "unsupported operand type(s) for *")
        return Result(each(tensors, lambda x: precision.flushed(most * np.sign(x))))
    whole = global_norm(tensors, precision)

    def brought(tensor: Tensor) -> Tensor:
        stored, matrix = numbers_of(tensor), matrix_of(tensor, precision)
        if stored is None or matrix is None:
            return None
        is_layer = clipper.strategy is Strategy.LAYER
        length = tensorflow.norm(stored, precision) if is_layer else whole
        quotient = precision.flushed(matrix / np.where(length == 0, 1, length))
        return precision.flushed(quotient * most)

    return Result(tuple(brought(tensor) for tensor in tensors))


def code(clipper: Clipper) -> Snippet:
    """Return an optimizer of Keras 3 that clips, and where it goes."""
    kind, c = (clipper.strategy, clipper.rule), write_number(clipper.threshold)
    if kind in ARGUMENTS:
        text = f"optimizer = keras.optimizers.SGD(learning_rate, {ARGUMENTS[kind]}={c})"
        return Snippet(text, in_place(STEP, text), True, PLACE)
    text = in_place(CLASS, LINES[kind].replace("{c}", c))
    return Snippet(text, in_place(STEP, text), False, OWN_PLACE)


KERAS = Framework(
    name="Keras",
    versions="3; measured with 3.15 on TensorFlow 2.21",
    layer="a variable, one of model.trainable_variables",
    zero="0, less than 0, NaN or None: the setting is off.",
    source="keras/src/optimizers/base_optimizer.py, Keras 3.15",
    code=code,
    compute=compute,
)
