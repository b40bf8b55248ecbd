"""The same training in plain PyTorch, with its own clipping and optimizers, to compare with."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import torch
from torch.nn.utils import clip_grad_norm_, clip_grad_value_

from core.runs import Run
from core.strategies import Strategy
from core.training.networks import batch_loss, tensors
from core.training.optimizers import Optimizer
from core.training.tasks import TASKS
from core.training.training import Training


def plain(training: Training, run: Run) -> Iterator[float]:
    """Yield the losses; every strategy clips at the threshold itself, and a layer is a tensor."""
    task, c = TASKS[training.task], training.thresholds.by_value
    start, batches, _ = np.random.default_rng(training.seed).spawn(3)
    first = tensors(task, torch.from_numpy(task.start(start)))
    weights = {name: torch.nn.Parameter(tensor.clone()) for name, tensor in first.items()}
    parameters = list(weights.values())
    optimizer = {
        Optimizer.SGD: torch.optim.SGD,
        Optimizer.MOMENTUM: partial(torch.optim.SGD, momentum=0.9),
        Optimizer.ADAM: torch.optim.Adam,
    }[training.optimizer](parameters, lr=training.learning_rate)
    while True:
        optimizer.zero_grad()
        loss = batch_loss(training.task, weights, task.batch(batches, training.batch_size))
        loss.backward()
        match run:
            case Strategy.VALUE:
                clip_grad_value_(parameters, c)
            case Strategy.LAYER:
                for parameter in parameters:
                    clip_grad_norm_(parameter, c)
            case Strategy.GLOBAL:
                clip_grad_norm_(parameters, c)
        optimizer.step()
        yield loss.item()
