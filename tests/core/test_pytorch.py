import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from core.clipping import Clipper, Rule
from core.pytorch import pytorch, refuses
from core.strategies import Array, Strategy
from tests.cases import rounding, thresholds

LAYERS = (12, 4, 8, 2)  # the tensors of `network` that have a gradient
ZERO = slice(12, 16)  # the coordinates of the one among them whose gradient is zero

every_clipper = pytest.mark.parametrize(
    ("strategy", "rule"), [(strategy, rule) for strategy in Strategy for rule in Rule]
)
# Not from 1e-300 to 1e300: PyTorch squares without scaling.
gradients = st.builds(
    lambda numbers, power: numbers * 10.0**power,
    arrays(np.int64, sum(LAYERS), elements=st.integers(-9999, 9999)),
    st.integers(-30, 30),
)


@every_clipper
@given(gradient=gradients, threshold=thresholds)
def test_pytorch_does_what_the_clipper_does(strategy, rule, gradient, threshold):
    clipper = Clipper(strategy, threshold, rule)
    gradient[ZERO] = 0
    clipped = run(pytorch(clipper), gradient)
    assert_allclose(clipped, clipper(gradient, LAYERS), rtol=tolerance(clipper), atol=0)


@every_clipper
def test_pytorch_leaves_a_zero_gradient_zero(strategy, rule):
    zero = np.zeros(sum(LAYERS))
    assert not run(pytorch(Clipper(strategy, 2.0, rule)), zero).any()


NAN, INF = math.nan, math.inf
TENSORS = {  # gradients of the parameters of a model; None where there is none
    "no gradients": [None, None],
    "some gradients": [torch.tensor([3.0, 4.0]), None],
    "a scalar": [torch.tensor(3.0)],
    "half precision": [torch.tensor([300.0, 400.0]).half(), torch.tensor([3.0]).half()],
    "an empty tensor": [torch.tensor([]), torch.tensor([3.0, 4.0])],
    "infinity": [torch.tensor([INF, 1.0]), torch.tensor([3.0, 4.0])],
    "NaN first": [torch.tensor([NAN, 9.0]), torch.tensor([3.0, 4.0])],
    "NaN last": [torch.tensor([3.0, 4.0]), torch.tensor([NAN, 9.0])],
}
REFUSED = {  # what a line does not take, as the text beside it says
    (Strategy.VALUE, Rule.CLIP): {"no gradients": "no parameter has a gradient"},
    (Strategy.VALUE, Rule.RADIAL): {"an empty tensor": "a gradient without numbers"},
}


@every_clipper
@pytest.mark.parametrize("name", TENSORS)
def test_the_lines_take_every_gradient_or_the_text_beside_them_says_not(strategy, rule, name):
    clipper = Clipper(strategy, 1.0, rule)
    if said := REFUSED.get((strategy, rule), {}).get(name):
        assert said in refuses(clipper)
        with pytest.raises(RuntimeError):
            run_on(pytorch(clipper), TENSORS[name])
        return
    after = run_on(pytorch(clipper), TENSORS[name])
    assert [each is None for each in after] == [each is None for each in TENSORS[name]]
    # No number passes the bound of its block because another one is NaN.
    numbers = np.concatenate([np.ravel(each) for each in after if each is not None] or [[]])
    assert (np.isnan(numbers) | (np.abs(numbers) <= 1.001)).all()


@every_clipper
def test_the_text_beside_the_lines_speaks_of_sparse_gradients_or_nan(strategy, rule):
    said = refuses(Clipper(strategy, 1.0, rule))
    assert ("sparse" in said) != ("NaN" in said)


def run_on(code: str, gradients: list[torch.Tensor | None]) -> list[Array | None]:
    """Execute the code on a model with these gradients; return what becomes of them."""
    parameters = [
        torch.nn.Parameter(torch.zeros(2) if each is None else torch.zeros_like(each))
        for each in gradients
    ]
    for parameter, each in zip(parameters, gradients, strict=True):
        parameter.grad = None if each is None else each.clone()
    exec(code, {"torch": torch, "model": SimpleNamespace(parameters=lambda: iter(parameters))})
    return [None if p.grad is None else p.grad.float().numpy() for p in parameters]


def tolerance(clipper: Clipper) -> float:
    """Bound the relative difference to PyTorch, which scales by ``min(1, c / (norm + 1e-6))``.

    Where that is not 1, ``norm + 1e-6 > c``. The share lost against ``c / max(norm, c)`` is
    ``1 - max(norm, c) / (norm + 1e-6) <= 1e-6 / (norm + 1e-6) < 1e-6 / c``. Clipping by value and
    normalizing add nothing to a norm.
    """
    by_value = clipper.strategy is Strategy.VALUE and clipper.rule is Rule.CLIP
    exact = by_value or clipper.rule is Rule.NORMALIZE
    return rounding(sum(LAYERS)) + (0 if exact else 1e-6 / clipper.threshold)


def run(code: str, gradient: Array) -> Array:
    """Execute the code on a network with this gradient ``(n,)``; return what becomes of it."""
    model = network()
    parameters = [p for p in model.parameters() if p.requires_grad]
    for p, part in zip(parameters, torch.tensor(gradient).split(LAYERS), strict=True):
        p.grad = part.clone().reshape(p.shape)
    exec(code, {"torch": torch, "model": model})
    assert all(p.grad is None for p in model.parameters() if not p.requires_grad)
    return torch.cat([p.grad.flatten() for p in parameters]).numpy()


def network() -> torch.nn.Module:
    """Build six tensors of which the middle two are frozen and so have no gradient."""
    model = torch.nn.Sequential(
        torch.nn.Linear(3, 4),
        torch.nn.Tanh(),
        torch.nn.Linear(4, 4).requires_grad_(False),
        torch.nn.Tanh(),
        torch.nn.Linear(4, 2),
    )
    return model.double()
