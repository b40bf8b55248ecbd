"""TensorFlow: ``tf.clip_by_value``, ``tf.clip_by_norm`` and ``tf.clip_by_global_norm``."""

import numpy as np

from core.clipping import Clipper, Rule
from core.frameworks.entries import Framework, Outcome, Raised, Result, Snippet, Tensors
from core.frameworks.precisions import Precision
from core.frameworks.snippets import in_place
from core.frameworks.sums import dense, each, in_turn, present
from core.notation import write_number
from core.strategies import Array, Strategy

NONE = Raised("ValueError", "Attempt to convert a value (None) with an unsupported type")
PLACE = (
    "Clip between tape.gradient and apply_gradients. A variable that the loss does not depend on "
    "has None for a gradient, which only clip_by_global_norm takes. Under Keras' loss scaling the "
    "gradients are still scaled here: let the optimizer clip then, as in Keras."
)
STEP = """\
with tf.GradientTape() as tape:
    loss = loss_function(targets, model(inputs, training=True))
gradients = tape.gradient(loss, model.trainable_variables)
{clip}
optimizer.apply_gradients(zip(gradients, model.trainable_variables))"""


@np.errstate(all="ignore")
def clip_by_value(tensors: Tensors, clip_value: float, precision: Precision) -> Result:
    """Do as ``tf.clip_by_value`` does: first the upper bound, then the lower one; NaN stays."""
    most = precision.round(clip_value)
    # In bfloat16 no operation of the processor is needed that would flush.
    rounded = precision.round if precision is Precision.BFLOAT16 else precision.flushed
    return Result(each(tensors, lambda x: rounded(np.maximum(np.minimum(x, most), -most))))


@np.errstate(all="ignore")
def clip_by_norm(tensors: Tensors, clip_norm: float, precision: Precision) -> Result:
    """Do as ``tf.clip_by_norm`` does to every tensor; a negative threshold is 0 there.

    >>> clip_by_norm((np.float32([3, 4]), np.float32([0, 0])), 0.0, Precision.FLOAT32).tensors
    (array([0., 0.], dtype=float32), array([nan, nan], dtype=float32))
    """
    most = precision.flushed(0.0 if clip_norm < 0 else clip_norm)

    def shortened(x: Array) -> Array:
        longest = np.maximum(norm(x, precision), most)
        return precision.flushed(precision.flushed(x * most) / longest)

    return Result(each(tensors, shortened))


@np.errstate(all="ignore")
def clip_by_global_norm(
    tensors: Tensors, clip_norm: float, precision: Precision, use_norm: Array | None = None
) -> Result:
    """Do as ``tf.clip_by_global_norm`` does; a norm that is not finite makes every number NaN."""
    whole = global_norm(tensors, precision) if use_norm is None else use_norm
    least = np.minimum(
        precision.flushed(1 / whole), precision.flushed(1 / precision.flushed(clip_norm))
    )
    scale = precision.flushed(precision.flushed(clip_norm) * least) + (whole - whole)
    return Result(each(tensors, lambda x: precision.flushed(x * scale)), float(whole))


@np.errstate(all="ignore")
def clip_by_average_norm(tensors: Tensors, clip_norm: float, precision: Precision) -> Result:
    """Do as the deprecated ``tf.compat.v1.clip_by_average_norm`` does in float32.

    The average is the norm divided by the count of numbers.
    """
    most = precision.flushed(clip_norm)

    def shortened(x: Array) -> Array:
        inverse = precision.flushed(1 / norm(x, precision))
        factor = np.minimum(precision.flushed(inverse * x.size), precision.flushed(1 / most))
        return precision.flushed(precision.flushed(x * most) * factor)

    return Result(each(tensors, shortened))


@np.errstate(all="ignore")
def global_norm(tensors: Tensors, precision: Precision) -> Array:
    """Do as ``tf.linalg.global_norm`` does: add halves of squares, and double the sum."""
    halves = [
        in_turn(precision.flushed(precision.flushed(x * x) / 2), precision)
        for x in present(tensors)
    ]
    return precision.flushed(
        np.sqrt(precision.flushed(2 * reduce_sum(np.array(halves), precision)))
    )


@np.errstate(all="ignore")
def norm(numbers: Array, precision: Precision) -> Array:
    """Return the root of a sum of squares that a type holds, ``()``."""
    return precision.flushed(np.sqrt(reduce_sum(precision.flushed(numbers * numbers), precision)))


def reduce_sum(numbers: Array, precision: Precision) -> Array:
    """Do as ``tf.reduce_sum`` does, which adds bfloat16 in float32; ``()``."""
    inner = Precision.FLOAT32 if precision is Precision.BFLOAT16 else precision
    return precision.flushed(in_turn(numbers, inner))


@np.errstate(all="ignore")
def compute(clipper: Clipper, tensors: Tensors, precision: Precision) -> Outcome:
    """Return what the lines of `code` make of a list of gradients."""
    c = clipper.threshold
    if (clipper.strategy, clipper.rule) != (Strategy.VALUE, Rule.CLIP):
        tensors = each(tensors, precision.flushed)
    if (clipper.strategy, clipper.rule) in GLOBAL:
        return clip_by_global_norm(tensors, c, precision)
    if any(tensor is None for tensor in tensors):
        return NONE
    match clipper.strategy, clipper.rule:
        case Strategy.VALUE, Rule.CLIP:
            return clip_by_value(tensors, c, precision)
        case Strategy.LAYER, Rule.CLIP:
            return clip_by_norm(tensors, c, precision)
        case Strategy.VALUE, Rule.NORMALIZE:
            most = precision.flushed(c)
            return Result(
                each(dense(tensors, precision), lambda x: precision.flushed(most * np.sign(x)))
            )
        case Strategy.LAYER, Rule.NORMALIZE:
            return Result(
                each(
                    dense(tensors, precision),
                    lambda x: _brought(x, norm(x, precision), c, precision),
                )
            )
        case Strategy.GLOBAL, _:
            whole = global_norm(tensors, precision)
            return Result(
                each(dense(tensors, precision), lambda x: _brought(x, whole, c, precision))
            )
        case strategy, _:
            parts = present(dense(tensors, precision))
            longest = (
                [np.abs(x).max(initial=-np.inf) for x in parts]
                if strategy is Strategy.VALUE
                else [norm(x, precision) for x in parts]
            )
            use = np.asarray(np.max(longest, initial=-np.inf))
            return clip_by_global_norm(tensors, c, precision, precision.flushed(use))


def code(clipper: Clipper) -> Snippet:
    """Return the lines of TensorFlow 2, and the training step around them."""
    text = LINES[clipper.strategy, clipper.rule].replace("{c}", write_number(clipper.threshold))
    is_native = (clipper.strategy, clipper.rule) in GLOBAL or clipper.rule is Rule.CLIP
    by = "" if is_native else "TensorFlow has no call for this; these lines do it. "
    return Snippet(text, in_place(STEP, text), is_native, by + PLACE)


@np.errstate(all="ignore")
def _brought(numbers: Array, length: Array, c: float, precision: Precision) -> Array:
    """Do as ``c * tf.math.divide_no_nan(numbers, length)`` does."""
    quotients = np.where(length == 0, 0, numbers / np.where(length == 0, 1, length))
    return precision.flushed(precision.flushed(c) * precision.flushed(quotients))


GLOBAL = {(Strategy.GLOBAL, Rule.CLIP), (Strategy.GLOBAL, Rule.RADIAL)}
BY_GLOBAL_NORM = "gradients, norm = tf.clip_by_global_norm(gradients, {c})"
LINES = {
    (Strategy.VALUE, Rule.CLIP): "gradients = [tf.clip_by_value(g, -{c}, {c}) for g in gradients]",
    (Strategy.VALUE, Rule.RADIAL): """\
longest = tf.reduce_max([tf.reduce_max(tf.abs(g)) for g in gradients])
gradients, _ = tf.clip_by_global_norm(gradients, {c}, use_norm=longest)""",
    (Strategy.VALUE, Rule.NORMALIZE): "gradients = [{c} * tf.sign(g) for g in gradients]",
    (Strategy.LAYER, Rule.CLIP): "gradients = [tf.clip_by_norm(g, {c}) for g in gradients]",
    (Strategy.LAYER, Rule.RADIAL): """\
longest = tf.reduce_max([tf.norm(g) for g in gradients])
gradients, _ = tf.clip_by_global_norm(gradients, {c}, use_norm=longest)""",
    (Strategy.LAYER, Rule.NORMALIZE): """\
gradients = [{c} * tf.math.divide_no_nan(g, tf.norm(g)) for g in gradients]""",
    (Strategy.GLOBAL, Rule.CLIP): BY_GLOBAL_NORM,
    (Strategy.GLOBAL, Rule.RADIAL): BY_GLOBAL_NORM,
    (Strategy.GLOBAL, Rule.NORMALIZE): """\
norm = tf.linalg.global_norm(gradients)
gradients = [{c} * tf.math.divide_no_nan(g, norm) for g in gradients]""",
}
TENSORFLOW = Framework(
    name="TensorFlow",
    versions="2.12 and later; measured with 2.21",
    layer="a variable, one of model.trainable_variables",
    zero="0 makes every gradient zero, and a zero gradient NaN if clipped by norm; a negative "
    "threshold is 0 for clip_by_norm, and clip_by_global_norm ignores it.",
    source="tensorflow/python/ops/clip_ops.py, TensorFlow 2.21",
    code=code,
    compute=compute,
)
