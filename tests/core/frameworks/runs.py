"""Runs the code of a framework on given gradients, in the framework itself."""

import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeAlias

import numpy as np

from core.frameworks.entries import Outcome, Raised, Result, SparseRows, Tensor, Tensors
from core.frameworks.precisions import Precision
from core.strategies import Array

Run: TypeAlias = Callable[[str, Tensors, Precision], Outcome]


def run_pytorch(code: str, tensors: Tensors, precision: Precision) -> Outcome:
    """Execute lines that clip the gradients of ``model``, and may begin with ``norm = ``."""
    import torch

    dtype = getattr(torch, precision.value)

    def parameter(tensor: Tensor) -> Any:
        if tensor is None:
            return torch.nn.Parameter(torch.zeros(2, dtype=dtype))
        if isinstance(tensor, SparseRows):
            values, shape = torch.tensor(tensor.values).to(dtype), tensor.to_dense().shape
            gradient = torch.sparse_coo_tensor([list(tensor.rows)], values, shape)
        else:
            gradient = torch.tensor(tensor).to(dtype)
        made = torch.nn.Parameter(torch.zeros(gradient.shape, dtype=dtype))
        made.grad = gradient
        return made

    def back(gradient: Any, tensor: Tensor) -> Tensor:
        if gradient is None:
            return None
        if isinstance(tensor, SparseRows):
            return SparseRows(tensor.rows, back(gradient._values(), None), tensor.height)
        return np.asarray(gradient.to(getattr(torch, precision.wide.value)).numpy())

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an empty list, and of sparse tensors
        parameters = [parameter(tensor) for tensor in tensors]
        model = SimpleNamespace(parameters=lambda: iter(parameters))
        names: dict[str, Any] = {"torch": torch, "model": model, "norm": None}
        try:
            exec(code, names)
        except (RuntimeError, NotImplementedError) as error:
            return Raised(type(error).__name__, str(error))
    norm = names["norm"] if code.startswith("norm = ") else None
    return Result(
        tuple(back(p.grad, t) for p, t in zip(parameters, tensors, strict=True)),
        None if norm is None else float(norm),
    )


def run_tensorflow(code: str, tensors: Tensors, precision: Precision) -> Outcome:
    """Execute lines that clip the list ``gradients``."""
    import tensorflow as tf

    names: dict[str, Any] = {
        "tf": tf,
        "gradients": [_to_tensorflow(t, precision) for t in tensors],
        "norm": None,
    }
    try:
        exec(code, names)
    except (ValueError, TypeError, tf.errors.OpError) as error:
        return Raised(type(error).__name__, str(error))
    pairs = zip(names["gradients"], tensors, strict=True)
    after = tuple(_from_tensorflow(gradient, tensor, precision) for gradient, tensor in pairs)
    return Result(after, float(names["norm"]) if "gradients, norm" in code else None)


def run_keras(code: str, tensors: Tensors, precision: Precision) -> Outcome:
    """Execute lines that make an ``optimizer``, and return by what it moves variables of zeros."""
    import keras
    import tensorflow as tf

    names: dict[str, Any] = {"keras": keras, "learning_rate": 1.0}
    shapes = [(2,) if t is None else np.shape(_dense(t)) for t in tensors]
    variables = [keras.Variable(np.zeros(s), dtype=precision.value) for s in shapes]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of variables without a gradient
        try:
            exec(code, names)
            names["optimizer"].apply([_to_tensorflow(t, precision) for t in tensors], variables)
        except (ValueError, TypeError, tf.errors.OpError) as error:
            return Raised(type(error).__name__, str(error))
    return Result(
        tuple(
            None if t is None else -_from_tensorflow(v.value, None, precision)
            for v, t in zip(variables, tensors, strict=True)
        )
    )


def run_optax(code: str, tensors: Tensors, precision: Precision) -> Outcome:
    """Execute lines that make ``clip``, a transformation, and return what it gives."""
    import jax
    import jax.numpy as jnp
    import optax

    jax.config.update("jax_enable_x64", precision is Precision.FLOAT64)
    names: dict[str, Any] = {"jax": jax, "jnp": jnp, "optax": optax}
    grads = [None if t is None else jnp.asarray(_dense(t), precision.value) for t in tensors]
    try:
        exec(code, names)
        weights = jax.tree.map(jnp.ones_like, grads)
        after, _ = names["clip"].update(grads, names["clip"].init(grads), weights)
    except (ValueError, TypeError) as error:
        return Raised(type(error).__name__, str(error))
    return Result(tuple(None if g is None else np.asarray(g, precision.wide.value) for g in after))


RUNS: dict[str, tuple[tuple[str, ...], Run]] = {  # by framework: what it needs, and how it is run
    "PyTorch": (("torch",), run_pytorch),
    "TensorFlow": (("tensorflow",), run_tensorflow),
    "Keras": (("keras", "tensorflow"), run_keras),
    "JAX with Optax": (("optax", "jax"), run_optax),
}


def _dense(tensor: Tensor) -> Array:
    assert tensor is not None
    return tensor.to_dense() if isinstance(tensor, SparseRows) else tensor


def _to_tensorflow(tensor: Tensor, precision: Precision) -> Any:
    import tensorflow as tf

    if tensor is None:
        return None
    if isinstance(tensor, SparseRows):
        values = tf.cast(tensor.values, precision.value)
        return tf.IndexedSlices(values, list(tensor.rows), tensor.to_dense().shape)
    return tf.cast(tensor, precision.value)


def _from_tensorflow(gradient: Any, tensor: Tensor, precision: Precision) -> Tensor:
    import tensorflow as tf

    if gradient is None:
        return None
    if isinstance(gradient, tf.IndexedSlices):
        assert isinstance(tensor, SparseRows)
        values = _from_tensorflow(gradient.values, None, precision)
        return SparseRows(tensor.rows, values, tensor.height)
    return np.asarray(tf.cast(gradient, precision.wide.value))
