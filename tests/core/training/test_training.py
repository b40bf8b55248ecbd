import math
from dataclasses import replace

import pytest

from core.training.optimizers import Optimizer
from core.training.tasks import TASKS
from core.training.training import Layering, default


@pytest.mark.parametrize("task", TASKS)
def test_layers_are_tensors_or_modules_and_both_make_up_all_parameters(task):
    tensors = default(task).layers
    modules = replace(default(task), layering=Layering.MODULE).layers
    shapes = TASKS[task].shapes
    assert tensors == {name: math.prod(shape) for name, shape in shapes.items()}
    assert sum(modules.values()) == TASKS[task].parameters
    order = [name.rpartition(".")[0] for name in tensors]
    assert sorted(order, key=list(modules).index) == order, "a module's tensors lie together"
    for module, size in modules.items():
        own = [s for name, s in tensors.items() if name.startswith(f"{module}.")]
        assert sum(own) == size


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("optimizer", Optimizer)
def test_every_optimizer_has_its_learning_rate(task, optimizer):
    assert default(task, optimizer).learning_rate == TASKS[task].learning_rates[optimizer]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"task": "chess"}, "task must be one of digits, .*, got chess"),
        ({"learning_rate": 0.0}, "learning_rate must be positive and finite, got 0"),
        ({"steps": 0}, "steps must be at least 1, got 0"),
        ({"seed": -1}, "seed must be at least 0, got -1"),
    ],
)
def test_what_cannot_be_trained_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        replace(default("digits"), **change)
