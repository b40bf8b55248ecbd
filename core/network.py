"""Networks in PyTorch, trained one step at a time; what they learn stands in `core.tasks`."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeAlias

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch import Tensor
from torch.nn.functional import (
    cross_entropy,
    embedding,
    linear,
    mse_loss,
    relu,
    scaled_dot_product_attention,
)

from core.clipping import Array, Layers, Rule, Strategy, block_norms, clip
from core.faults import TOO_HIGH, Fault, mislabeled, poisoned
from core.geometry import clipped_by_layer, clipped_fraction, effect
from core.matching import Matching, matched_threshold
from core.optimizers import updates
from core.runs import NONE, Run
from core.tasks import HEADS, TASKS, Batch, Task
from core.training import INDEX, Step, Training

Tensors: TypeAlias = Mapping[str, Tensor]  # the weights, by the names in Task.shapes

MEASURED = 20  # times in a run, the metric


def train(training: Training, run: Run, keep: Collection[int] = ()) -> Iterator[Step]:
    """Train, and yield what is told of each step; of the steps in ``keep``, the gradient too.

    All runs of a training start from the same weights and see the same batches. They share
    nothing, not even PyTorch's random numbers, so they may take turns, and be left at any step.
    On one machine, with one number of threads, a run repeats bit for bit. Where the loss or the
    gradient is not finite it stops, and the last step says so.
    """
    task = TASKS[training.task]
    names, sizes = list(training.layers), tuple(training.layers.values())
    start, batches, swaps = np.random.default_rng(training.seed).spawn(3)
    weights = task.start(start)
    parameters = torch.from_numpy(weights).requires_grad_()  # the same memory
    rate = training.learning_rate * (TOO_HIGH if training.fault is Fault.RATE else 1)
    update = updates(training.optimizer, weights, rate)
    thresholds = np.full(len(Strategy), np.nan)
    every = max(1, training.steps // MEASURED)
    for step in range(training.steps):
        batch = task.batch(batches, training.batch_size)
        struck = step == training.fault_step
        if training.fault is Fault.LABELS:
            batch = mislabeled(batch, task.batch(swaps, training.batch_size), swaps)
        elif training.fault is Fault.BATCH and struck:
            batch = poisoned(batch, task.batch(swaps, training.batch_size))
        measured = step % every == 0 or step == training.steps - 1
        metric = unseen_metric(training.task, parameters) if measured else math.nan
        loss = batch_loss(training.task, tensors(task, parameters), batch)
        if training.fault is Fault.LOSS and struck:
            loss = loss * math.inf  # as where half precision overflows
        (found,) = torch.autograd.grad(loss, parameters)
        gradient = found.numpy()
        norms = block_norms(gradient, sizes)
        length = math.hypot(*norms.tolist())
        stopped = _reason(loss.item(), length, dict(zip(names, norms, strict=True)))
        after, (angles, losses) = gradient, np.full((2, len(Strategy)), np.nan)
        if not stopped:
            if step == 0 or training.matching is Matching.OUTPUT_LENGTH:  # else it stays the same
                thresholds = _matched(training, gradient, sizes)
            angles, losses = _effects(gradient, norms, length, thresholds, training.rule)
            if run is not NONE:
                threshold = thresholds[INDEX[run]]
                after = clip(gradient, run.blocks(sizes), threshold, training.rule)
        norms_after, length_after = norms, length
        changed, layer_clipped = 0.0, np.zeros_like(norms)
        if after is not gradient:
            norms_after = block_norms(after, sizes)
            length_after = math.hypot(*norms_after.tolist())
            changed = float(clipped_fraction(gradient, after))
            layer_clipped = clipped_by_layer(gradient, after, sizes)
        yield Step(
            step,
            loss.item(),
            length,
            length_after,
            norms,
            norms_after,
            changed,
            layer_clipped,
            thresholds,
            angles,
            losses,
            metric,
            gradient.copy() if step in keep else None,
            stopped,
        )
        if stopped:
            return
        with np.errstate(over="ignore", invalid="ignore"):  # the next loss will show it
            update(weights, after)


def use_one_thread() -> None:
    """Let PyTorch and NumPy compute in one thread, from now on in the whole process.

    For networks this small, several threads wait for each other, and burn the processors meanwhile
    that other readers and their browsers need.
    """
    torch.set_num_threads(1)
    threadpool_limits(1, "blas")


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


def _matched(training: Training, gradient: Array, sizes: Layers) -> Array:
    """Return the thresholds (strategies,) on this gradient."""
    partitions = [strategy.blocks(sizes) for strategy in Strategy]
    c, rule = training.threshold, training.rule
    reference = Strategy.VALUE.blocks(sizes)
    matched = [
        matched_threshold(training.matching, gradient, c, reference, blocks, rule)
        for blocks in partitions
    ]
    return np.array(matched, np.float64)


def _effects(gradient: Array, norms: Array, length: float, thresholds: Array, rule: Rule) -> Array:
    """Return the angles and magnitude losses (2, strategies), given the norms of the layers."""
    by_value = effect(np.abs(gradient), thresholds[0], rule)
    whole = np.zeros_like(norms)
    whole[0] = length
    few = np.stack([norms, whole])  # measured at once: zero blocks change nothing
    return np.column_stack([by_value, effect(few, thresholds[1:, np.newaxis], rule)])


def _reason(loss: float, length: float, norms: Mapping[str, float]) -> str:
    """Say why a run cannot go on; "" if it can."""
    if not math.isfinite(loss):
        return f"the loss is {loss}"
    if length <= np.finfo(np.float32).max:
        return ""
    wrong = [name for name, norm in norms.items() if not math.isfinite(norm)]
    return f"the gradient of {wrong[0]} is not finite" if wrong else "the gradient is too long"
