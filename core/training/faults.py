"""What goes wrong in a training, on demand."""

from enum import StrEnum

import numpy as np

from core.training.tasks import Batch

POISON = 1000.0  # times too large are the numbers of a poisoned batch
SWAPPED = 0.2  # of the targets under label noise come from other examples; some are right
TOO_HIGH = 30.0  # times its default is a learning rate that is too high


class Fault(StrEnum):
    """What goes wrong."""

    NONE = "none"
    BATCH = "one poisoned batch"
    LABELS = "label noise"
    RATE = "learning rate too high"
    LOSS = "non-finite loss"


def poisoned(batch: Batch, others: Batch) -> Batch:
    """Return the batch with inputs far too large; of tokens, with the targets of the others."""
    inputs, targets = batch
    if inputs.dtype == np.float32:
        return inputs * np.float32(POISON), targets
    return inputs, others[1]


def mislabeled(batch: Batch, others: Batch, rng: np.random.Generator) -> Batch:
    """Return the batch with some of its targets taken from the others, as many as it has."""
    inputs, targets = batch
    wrong = rng.random(len(targets)) < SWAPPED
    return inputs, np.where(wrong, others[1], targets)
