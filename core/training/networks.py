"""The networks that learn the tasks, in PyTorch: to add one, add it to `FORWARD`."""

import math
from collections.abc import Callable, Mapping
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn.functional import (
    cross_entropy,
    embedding,
    linear,
    mse_loss,
    relu,
    scaled_dot_product_attention,
)

from core.training.tasks import HEADS, TASKS, Batch, Task

Tensors: TypeAlias = Mapping[str, Tensor]  # the weights, by the names in Task.shapes


def tensors(task: Task, parameters: Tensor) -> Tensors:
    """Return the tensors of a network as views of its parameters (n,)."""
    parts = torch.split(parameters, [math.prod(shape) for shape in task.shapes.values()])
    return {
        name: part.view(shape)
        for (name, shape), part in zip(task.shapes.items(), parts, strict=True)
    }


def batch_loss(task: str, weights: Tensors, batch: Batch) -> Tensor:
    """Return the loss of one of `TASKS` on a batch: its mean over the examples."""
    inputs, targets = map(torch.from_numpy, batch)
    outputs = FORWARD[task](weights, inputs)
    return cross_entropy(outputs, targets) if outputs.ndim == 2 else mse_loss(outputs, targets)


def unseen_metric(task: str, parameters: Tensor) -> float:
    """Return the share of unseen examples classified right; the mean squared error of numbers."""
    inputs, targets = map(torch.from_numpy, TASKS[task].unseen())
    with torch.no_grad():
        outputs = FORWARD[task](tensors(TASKS[task], parameters), inputs)
        if outputs.ndim == 2:
            return (outputs.argmax(dim=1) == targets).float().mean().item()
        return mse_loss(outputs, targets).item()


def _perceptron(weights: Tensors, images: Tensor) -> Tensor:
    hidden = relu(_linear(weights, "first", images))
    return _linear(weights, "output", relu(_linear(weights, "second", hidden)))


def _recurrent(weights: Tensors, sequences: Tensor) -> Tensor:
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")  # as PyTorch's own RNN
    own = [weights[f"recurrent.{name}"] for name in names]
    first = sequences.new_zeros(1, sequences.shape[1], len(own[1]))
    _, last = torch.rnn_relu(sequences, first, own, True, 1, 0.0, False, False, False)
    return _linear(weights, "output", last[0])[:, 0]


def _transformer(weights: Tensors, pairs: Tensor) -> Tensor:
    entered = embedding(pairs, weights["embedding.weight"]) + weights["position.weight"]
    width = entered.shape[-1] // HEADS
    last = entered[:, -1:]  # where the answer is read: attention from elsewhere has no effect
    query, key, value = (
        linear(source, weights[f"{name}.weight"]).view(len(pairs), -1, HEADS, width).transpose(1, 2)
        for name, source in (("query", last), ("key", entered), ("value", entered))
    )
    attended = scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
    stream = (last + linear(attended, weights["mix.weight"]))[:, 0]
    stream = stream + _linear(weights, "back", relu(_linear(weights, "hidden", stream)))
    return _linear(weights, "output", stream)


FORWARD: Mapping[str, Callable[[Tensors, Tensor], Tensor]] = {
    "digits": _perceptron,
    "adding problem": _recurrent,
    "modular addition": _transformer,
}


def _linear(weights: Tensors, module: str, inputs: Tensor) -> Tensor:
    return linear(inputs, weights[f"{module}.weight"], weights[f"{module}.bias"])
