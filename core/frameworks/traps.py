"""What people keep getting wrong about clipping in a framework, with numbers computed now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.clipping import Clipper, Rule, clip, length_of
from core.frameworks import pytorch
from core.frameworks.entries import Result
from core.frameworks.precisions import Precision
from core.frameworks.registry import FRAMEWORKS, SETTINGS
from core.frameworks.sums import present
from core.geometry import angle
from core.notation import write_number
from core.strategies import Array, Strategy

SCALE = 65536.0  # of the loss: where PyTorch's GradScaler begins
ADAM_EPSILON = 1e-8  # PyTorch's default
GRADIENT = np.array([3.0, 4.0])
TWO = np.array([3.0, 4.0, 0.3, 0.4])  # of two tensors, or of two micro-batches


@dataclass(frozen=True)
class Trap:
    """One mistake, and what it does to a gradient."""

    name: str
    text: str  # sentences, with ``{names}`` where numbers belong
    measure: Callable[[], Mapping[str, str]]  # computes them
    where: tuple[str, ...]  # the frameworks beside whose code it belongs

    def sentence(self) -> str:
        """Return the sentences with their numbers, computed now."""
        return self.text.format(**self.measure())


def _before() -> Mapping[str, str]:
    found = pytorch.clip_grad_norm((GRADIENT.astype(np.float32),), 1.0, Precision.FLOAT32)
    assert isinstance(found, Result)
    assert found.norm is not None
    return {"returned": write_number(found.norm), "left": f"{_length(_numbers(found)):.6f}"}


def _scaled() -> Mapping[str, str]:
    clipped = clip(GRADIENT * SCALE, (2,), 1.0) / SCALE
    return {
        "scale": f"{SCALE:,.0f}",
        "right": f"{_length(clip(GRADIENT, (2,), 1.0)):.0f}",
        "wrong": f"{_length(clipped):.2g}",
    }


def _micro() -> Mapping[str, str]:
    parts = TWO.reshape(2, 2) * [[1, 1], [1, -1]]
    each, mean = clip(parts, (2,), 1.0).mean(axis=0), clip(parts.mean(axis=0), (2,), 1.0)
    return {
        "one": _row(parts[0]),
        "other": _row(parts[1]),
        "each": _row(each),
        "mean": _row(mean),
        "turned": _degrees(each, mean),
    }


def _ranks() -> Mapping[str, str]:
    shards = np.array([3.0, 4.0, 6.0, 8.0])
    own, whole = clip(shards, (2, 2), 1.0), clip(shards, (4,), 1.0)
    return {"length": f"{_length(own):.3f}", "turned": _degrees(shards, own),
            "whole": f"{_length(whole):.0f}"}  # fmt: skip


def _variables() -> Mapping[str, str]:
    own, whole = Clipper(Strategy.LAYER, 1.0), Clipper(Strategy.GLOBAL, 1.0)
    return {
        "own": _row(own(TWO, (2, 2)), (2, 2)),
        "whole": _row(whole(TWO, (2, 2)), (2, 2)),
        "turned": _degrees(TWO, own(TWO, (2, 2))),
    }


def _maximum() -> Mapping[str, str]:
    gradient = np.array([100.0, 0.3])
    value, radial = Clipper(Strategy.VALUE, 5.0), Clipper(Strategy.VALUE, 5.0, Rule.RADIAL)
    return {"radial": _row(radial(gradient, (2,))), "value": _row(value(gradient, (2,)))}


def _zero() -> Mapping[str, str]:
    tensors, single = (GRADIENT.astype(np.float32),), Precision.FLOAT32
    clipper = Clipper(Strategy.GLOBAL, 0.0)
    found = {name: it.compute(clipper, tensors, single) for name, it in FRAMEWORKS.items()}
    found |= {name: it.compute(0.0, tensors, single) for name, it in SETTINGS.items()}
    off = {
        name: isinstance(it, Result) and np.array_equal(_numbers(it), GRADIENT)
        for name, it in found.items()
    }
    return {
        "zeroes": _and([name for name, is_off in off.items() if not is_off]),
        "off": _and([name for name, is_off in off.items() if is_off]),
    }


def _adam() -> Mapping[str, str]:
    # While a gradient stays the same, Adam's unbiased means are the gradient and its square.
    plain, clipped = (
        g / (np.sqrt(g**2) + ADAM_EPSILON) for g in (GRADIENT, clip(GRADIENT, (2,), 1.0))
    )
    taken = 1 - _length(clip(GRADIENT, (2,), 1.0)) / _length(GRADIENT)
    return {
        "change": f"{np.abs(clipped / plain - 1).max():.0e}",
        "share": f"{taken:.0%}",
        "epsilon": f"{ADAM_EPSILON:g}",
    }


def _twice() -> Mapping[str, str]:
    by_value, by_norm = Clipper(Strategy.VALUE, 1.0), Clipper(Strategy.GLOBAL, 1.0)
    first = by_norm(by_value(GRADIENT, (2,)), (2,))
    second = by_value(by_norm(GRADIENT, (2,)), (2,))
    lower = Clipper(Strategy.GLOBAL, 0.5)(by_norm(GRADIENT, (2,)), (2,))
    return {
        "first": _row(first),
        "second": _row(second),
        "turned": _degrees(GRADIENT, first),
        "lower": f"{_length(lower):g}",
    }


def _groups() -> Mapping[str, str]:
    gradient = np.array([3.0, 4.0, 3.0, 4.0])
    clipped = clip(gradient, (2, 2), [0.5, 2.0])
    return {"after": _row(clipped, (2, 2)), "turned": _degrees(gradient, clipped, 2)}


def _length(vector: ArrayLike) -> float:
    return float(length_of(np.asarray(vector)))


def _numbers(result: Result) -> Array:
    return np.concatenate(present(result.tensors), axis=None)


def _row(vector: Array, layers: tuple[int, ...] | None = None) -> str:
    parts = np.split(vector, np.cumsum(layers or (len(vector),))[:-1])
    return f"({' | '.join(', '.join(f'{x:.3g}' for x in part) for part in parts)})"


def _degrees(before: Array, after: Array, digits: int = 1) -> str:
    return f"{np.degrees(angle(before, after)):.{digits}f}°"


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


ON_TORCH = ("PyTorch", "Lightning", "Transformers", "Accelerate", "torchtitan")
EVERY = tuple(FRAMEWORKS)
TRAPS = (
    Trap(
        "The norm that is returned is the one before clipping",
        "For (3, 4) at max_norm 1, clip_grad_norm_ returns {returned} and leaves a gradient of "
        "length {left}. A logged norm above max_norm means that clipping worked.",
        _before,
        (*ON_TORCH, "TensorFlow"),
    ),
    Trap(
        "Clip after unscaling",
        "While the loss is scaled by {scale}, so is the gradient: clipped then and unscaled after, "
        "(3, 4) at threshold 1 has length {wrong}, not {right}. The threshold acts as "
        "c / {scale}.",
        _scaled,
        ("PyTorch", "TensorFlow", "JAX with Optax"),
    ),
    Trap(
        "Clip once per accumulation",
        "Of micro-batches with {one} and {other}, clipping each at 1 and then taking the mean "
        "gives {each}; the mean clipped at 1 is {mean}. They are {turned} apart.",
        _micro,
        ("PyTorch", "TensorFlow", "Keras", "JAX with Optax"),
    ),
    Trap(
        "One norm over all ranks",
        "If two ranks hold (3, 4) and (6, 8) of one gradient and each clips its part at 1, the "
        "whole has length {length} and turns by {turned}. With the norm over both it has length "
        "{whole} and does not turn.",
        _ranks,
        ("PyTorch", "torchtitan", "DeepSpeed"),
    ),
    Trap(
        "Per variable or global",
        "At 1, (3, 4 | 0.3, 0.4) becomes {own} with clipnorm or tf.clip_by_norm, tensor by tensor, "
        "and turns by {turned}; with global_clipnorm or tf.clip_by_global_norm it becomes "
        "{whole} and does not turn.",
        _variables,
        ("TensorFlow", "Keras"),
    ),
    Trap(
        "norm_type=inf is not clipping by value",
        "At 5, (100, 0.3) becomes {radial} with norm_type=inf, which keeps the direction, and "
        "{value} with clip_grad_value_.",
        _maximum,
        ("PyTorch",),
    ),
    Trap(
        "0 means two things",
        "By global norm, a threshold of 0 makes every gradient zero in {zeroes}; it is off in "
        "{off}.",
        _zero,
        (*EVERY, *SETTINGS),
    ),
    Trap(
        "Adam undoes a constant rescale",
        "If every gradient is (3, 4), clipping at 1 takes {share} of its length and changes Adam's "
        "steps, with epsilon {epsilon}, by a share of {change}: it divides by the gradient's own "
        "size. What clipping changes under Adam is that some steps are clipped and others not.",
        _adam,
        EVERY,
    ),
    Trap(
        "A second clip after the first",
        "(3, 4) clipped at 1 by value and then by norm is {first}, turned by {turned}; by norm and "
        "then by value it is {second}. Of two clips by norm, at 1 and at 0.5, the lower one "
        "decides: length {lower}.",
        _twice,
        (*EVERY, "DeepSpeed"),
    ),
    Trap(
        "A threshold per parameter group turns the gradient",
        "(3, 4 | 3, 4) clipped at 0.5 and 2 becomes {after}, and turns by {turned}. Groups clipped "
        "one by one are layers, even if each is clipped by norm.",
        _groups,
        ("PyTorch", "Lightning"),
    ),
)
