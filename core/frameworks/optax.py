"""Optax, for JAX: ``optax.clip``, ``optax.clip_by_global_norm`` and others."""

import numpy as np

from core.clipping import Clipper, Rule
from core.frameworks.entries import Framework, Outcome, Result, Snippet, Tensors
from core.frameworks.precisions import Precision
from core.frameworks.snippets import in_place
from core.frameworks.sums import dense, each, in_turn, present
from core.notation import write_number
from core.strategies import Array, Strategy

NATIVE = {
    (Strategy.VALUE, Rule.CLIP): "clip = optax.clip({c})",
    (Strategy.GLOBAL, Rule.CLIP): "clip = optax.clip_by_global_norm({c})",
    (Strategy.GLOBAL, Rule.RADIAL): "clip = optax.clip_by_global_norm({c})",
}
RADIAL = """\
def shorten(grads, params):
    scale = {c} / jnp.maximum({longest}, {c})
    return jax.tree.map(lambda g: g * scale, grads)


clip = optax.stateless(shorten)"""
LINES = {
    (Strategy.VALUE, Rule.RADIAL): RADIAL.replace(
        "{longest}", "optax.tree.norm(grads, ord=jnp.inf)"
    ),
    (Strategy.VALUE, Rule.NORMALIZE): """\
clip = optax.stateless_with_tree_map(lambda g, p: {c} * jnp.sign(g))""",
    (Strategy.LAYER, Rule.CLIP): """\
def shorten(g, p):
    return g * ({c} / jnp.maximum(optax.tree.norm(g), {c}))


clip = optax.stateless_with_tree_map(shorten)""",
    (Strategy.LAYER, Rule.RADIAL): RADIAL.replace(
        "{longest}", "optax.tree.max(jax.tree.map(optax.tree.norm, grads))"
    ),
    (Strategy.LAYER, Rule.NORMALIZE): """\
def normalize(g, p):
    norm = optax.tree.norm(g)
    return g / jnp.where(norm == 0, 1, norm) * {c}


clip = optax.stateless_with_tree_map(normalize)""",
    (Strategy.GLOBAL, Rule.NORMALIZE): """\
def normalize(grads, params):
    norm = optax.tree.norm(grads)
    return jax.tree.map(lambda g: g / jnp.where(norm == 0, 1, norm) * {c}, grads)


clip = optax.stateless(normalize)""",
}
PLACE = (
    "The clip stands before the optimizer in the chain, and the chain inside MultiSteps, so that "
    "it sees the mean of the accumulated gradients. Under loss scaling, unscale before update."
)
STEP = """\
{clip}
chain = optax.chain(clip, optax.adam(learning_rate))
optimizer = optax.MultiSteps(chain, every_k_schedule=accumulated)
state = optimizer.init(params)


@jax.jit
def step(params, state, inputs, targets):
    grads = jax.grad(loss_function)(params, inputs, targets)
    updates, state = optimizer.update(grads, state, params)
    return optax.apply_updates(params, updates), state"""


@np.errstate(all="ignore")
def clip(tensors: Tensors, max_delta: float, precision: Precision) -> Result:
    """Do as ``optax.clip`` does: first the lower bound, then the upper one; NaN stays."""
    most = precision.flushed(max_delta)
    return Result(
        each(tensors, lambda x: precision.flushed(np.minimum(np.maximum(x, -most), most)))
    )


@np.errstate(all="ignore")
def clip_by_global_norm(tensors: Tensors, max_norm: float, precision: Precision) -> Result:
    """Do as ``optax.clip_by_global_norm`` does: at the threshold a gradient is scaled, too."""
    whole, most = norm(tensors, precision), precision.flushed(max_norm)
    if whole < most:
        return Result(tensors)
    return Result(each(tensors, lambda x: precision.flushed(over(x, whole, precision) * most)))


@np.errstate(all="ignore")
def clip_by_block_rms(tensors: Tensors, threshold: float, precision: Precision) -> Result:
    """Do as ``optax.clip_by_block_rms`` does: per array, by the root mean square."""
    limit = precision.flushed(threshold)

    def shortened(x: Array) -> Array:
        mean = precision.flushed(in_turn(precision.flushed(x * x), precision.wide) / x.size)
        rms = precision.flushed(np.sqrt(mean))
        return over(x, np.maximum(1, precision.flushed(rms / limit)), precision)

    return Result(each(tensors, shortened))


@np.errstate(all="ignore")
def norm(tensors: Tensors, precision: Precision, order: float = 2.0) -> Array:
    """Do as ``optax.tree.norm`` does, for the orders 2 and infinity; ``()``."""
    if order == np.inf:
        return np.asarray(np.max([np.abs(x).max(initial=0) for x in present(tensors)], initial=0))
    squares = [
        precision.flushed(in_turn(precision.flushed(x * x), precision.wide))
        for x in present(tensors)
    ]
    return precision.flushed(np.sqrt(in_turn(np.array(squares), precision)))


def over(numbers: Array, divisor: Array, precision: Precision) -> Array:
    """Divide an array by one number as XLA does: multiply by its inverse, if they are several."""
    held = precision.flushed(numbers)
    if held.size == 1:
        return precision.flushed(held / divisor)
    inner = Precision.FLOAT32 if precision is Precision.BFLOAT16 else precision
    return precision.flushed(held * inner.flushed(1 / divisor))


def compute(clipper: Clipper, tensors: Tensors, precision: Precision) -> Outcome:
    """Return what the transformation of `code` makes of a tree of gradients."""
    c, tensors = clipper.threshold, dense(tensors, precision)
    match clipper.strategy, clipper.rule:
        case Strategy.VALUE, Rule.CLIP:
            return clip(tensors, c, precision)
        case Strategy.GLOBAL, Rule.CLIP | Rule.RADIAL:
            return clip_by_global_norm(tensors, c, precision)
    return _own(clipper, each(tensors, precision.flushed), precision)


@np.errstate(all="ignore")
def _own(clipper: Clipper, tensors: Tensors, precision: Precision) -> Outcome:
    """Return what the functions of `code` make of a tree of gradients."""
    most = precision.flushed(clipper.threshold)
    match clipper.strategy, clipper.rule:
        case Strategy.VALUE, Rule.NORMALIZE:
            return Result(each(tensors, lambda x: precision.flushed(most * np.sign(x))))
        case Strategy.VALUE, Rule.RADIAL:
            longest = norm(tensors, precision, np.inf)
        case _, Rule.RADIAL:
            longest = np.max([norm((x,), precision) for x in present(tensors)], initial=0)
        case _:
            longest = norm(tensors, precision)
    is_global = clipper.strategy is Strategy.GLOBAL or clipper.rule is Rule.RADIAL

    def changed(x: Array) -> Array:
        length = longest if is_global else norm((x,), precision)
        if clipper.rule is Rule.NORMALIZE:
            ones = np.where(length == 0, 1, length)
            return precision.flushed(over(x, ones, precision) * most)
        return precision.flushed(x * precision.flushed(most / np.maximum(length, most)))

    return Result(each(tensors, changed))


def code(clipper: Clipper) -> Snippet:
    """Return a gradient transformation of Optax 0.2, and where it goes."""
    kind = (clipper.strategy, clipper.rule)
    text = (NATIVE | LINES)[kind].replace("{c}", write_number(clipper.threshold))
    by = "" if kind in NATIVE else "Optax has no transformation for this; these lines make one. "
    return Snippet(text, in_place(STEP, text), kind in NATIVE, by + PLACE)


OPTAX = Framework(
    name="JAX with Optax",
    versions="Optax 0.2.5 and later; measured with 0.2.8 on JAX 0.10",
    layer="a leaf of the tree of gradients",
    zero="0 makes every gradient zero, and a zero gradient NaN if clipped by norm; a negative "
    "threshold turns it around.",
    source="optax/transforms/_clipping.py, Optax 0.2.8",
    code=code,
    compute=compute,
)
