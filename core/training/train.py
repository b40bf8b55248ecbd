"""Training in PyTorch, one step at a time."""

import math
from collections.abc import Collection, Iterator, Mapping
from typing import assert_never

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from core.clipping import Rule, block_norms, clip
from core.geometry import clipped_by_layer, clipped_fraction, effect
from core.matching import Matching
from core.runs import NONE, Run
from core.strategies import Array, Partition, Strategy
from core.training.faults import TOO_HIGH, Fault, mislabeled, poisoned
from core.training.networks import batch_loss, tensors, unseen_metric
from core.training.optimizers import updates
from core.training.tasks import TASKS
from core.training.training import Step, Training

MEASURED = 20  # times in a run, the metric


def train(training: Training, run: Run, keep: Collection[int] = ()) -> Iterator[Step]:
    """Train, and yield what is told of each step; of the steps in ``keep``, the gradient too.

    All runs of a training start from the same weights and see the same batches. They share
    nothing, not even PyTorch's random numbers, so they may take turns, and be left at any step.
    On one machine, with one number of threads, a run repeats bit for bit. Where the loss or the
    gradient is not finite it stops, and the last step says so.
    """
    task, rule = TASKS[training.task], training.thresholds.rule
    names, sizes = list(training.layers), tuple(training.layers.values())
    start, batches, swaps = np.random.default_rng(training.seed).spawn(3)
    weights = task.start(start)
    parameters = torch.from_numpy(weights).requires_grad_()  # the same memory
    rate = training.learning_rate * (TOO_HIGH if training.fault is Fault.RATE else 1)
    update = updates(training.optimizer, rate)
    unknown = dict.fromkeys(Strategy, math.nan)
    thresholds: dict[Strategy, float] = unknown
    limits: dict[Strategy, Array] = {}
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
        after, angles, losses = gradient, unknown, unknown
        if not stopped:
            if step == 0 or training.thresholds.matching is Matching.OUTPUT_LENGTH:
                thresholds = {
                    s: float(training.thresholds.of(s, gradient, sizes)) for s in Strategy
                }
                limits = {s: s.limits(threshold, sizes) for s, threshold in thresholds.items()}
            effects = _effects(gradient, norms, length, limits, rule)
            angles = {strategy: turned for strategy, (turned, _) in effects.items()}
            losses = {strategy: lost for strategy, (_, lost) in effects.items()}
            if run is not NONE:
                after = clip(gradient, run.blocks(sizes), limits[run], rule)
        norms_after, length_after = norms, length
        changed, layer_clipped = 0.0, np.zeros_like(norms)
        if after is not gradient:
            norms_after = block_norms(after, sizes)
            length_after = math.hypot(*norms_after.tolist())
            changed = float(clipped_fraction(gradient, after))
            layer_clipped = clipped_by_layer(gradient, after, sizes)
        yield Step(
            step=step,
            loss=loss.item(),
            norm_before=length,
            norm_after=length_after,
            layer_norms_before=norms,
            layer_norms_after=norms_after,
            clipped_fraction=changed,
            layer_clipped=layer_clipped,
            thresholds=thresholds,
            angles=angles,
            magnitude_losses=losses,
            metric=metric,
            gradient=gradient.copy() if step in keep else None,
            stopped=stopped,
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


def _effects(
    gradient: Array,
    norms: Array,
    length: float,
    limits: Mapping[Strategy, Array],
    rule: Rule,
) -> dict[Strategy, tuple[float, float]]:
    """Return the angle and the magnitude loss of every strategy, given the norms of the layers."""
    whole = np.zeros_like(norms)
    whole[0] = length
    rows: dict[Strategy, Array] = {}  # measured at once: zero blocks change nothing
    told: dict[Strategy, tuple[float, float]] = {}
    for strategy, limit in limits.items():
        match strategy.partition_by:
            case Partition.COORDINATES:
                turned, lost = effect(np.abs(gradient), limit, rule)
                told[strategy] = float(turned), float(lost)
            case Partition.LAYERS:
                rows[strategy] = norms
            case Partition.WHOLE:
                rows[strategy] = whole
            case other:
                assert_never(other)
    bounds = np.stack([np.broadcast_to(limits[strategy], norms.shape) for strategy in rows])
    found = effect(np.stack(list(rows.values())), bounds, rule)
    pairs = zip(*(each.tolist() for each in found), strict=True)
    return told | dict(zip(rows, pairs, strict=True))


def _reason(loss: float, length: float, norms: Mapping[str, float]) -> str:
    """Say why a run cannot go on; "" if it can."""
    if not math.isfinite(loss):
        return f"the loss is {loss}"
    if length <= np.finfo(np.float32).max:
        return ""
    wrong = [name for name, norm in norms.items() if not math.isfinite(norm)]
    return f"the gradient of {wrong[0]} is not finite" if wrong else "the gradient is too long"
