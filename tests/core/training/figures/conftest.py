"""A short training to draw."""

from dataclasses import replace

import pytest

from core.runs import RUNS
from core.training.train import train
from core.training.training import default

FEW = 10  # steps
MANY = 2000  # steps
NAMES = {run: f"the run {run}" for run in RUNS}
TRAINING = replace(default("adding problem"), steps=FEW)


@pytest.fixture(scope="package")
def trained():
    return {run: list(train(TRAINING, run, range(FEW))) for run in RUNS}
