"""Lightning's setting calls PyTorch's functions; its hook is executed on a stand-in module."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from core.clipping import Clipper
from core.frameworks import pytorch
from core.frameworks.lightning import ALGORITHMS, code, compute
from core.frameworks.precisions import Precision
from tests.core.frameworks.cases import KINDS

G = (np.float32([3, 4]), np.float32([0.3, 0.4, -2]))


@pytest.mark.parametrize(("strategy", "rule"), KINDS)
def test_the_hook_does_what_is_computed(strategy, rule):
    clipper = Clipper(strategy, 0.5, rule)
    expected = compute(clipper, G, Precision.FLOAT32).tensors
    if (strategy, rule) in ALGORITHMS:
        assert f'gradient_clip_algorithm="{ALGORITHMS[strategy, rule]}"' in code(clipper).text
        found = pytorch.compute(clipper, G, Precision.FLOAT32).tensors
    else:
        names = {"torch": torch, "L": SimpleNamespace(LightningModule=torch.nn.Module)}
        exec(code(clipper).step, names)
        module = names["Module"]()
        for i, gradient in enumerate(G):
            module.register_parameter(f"p{i}", torch.nn.Parameter(torch.zeros(gradient.size)))
            getattr(module, f"p{i}").grad = torch.tensor(gradient)
        module.configure_gradient_clipping(None, gradient_clip_val=None)
        found = [p.grad.numpy() for p in module.parameters()]
    for one, other in zip(found, expected, strict=True):
        assert_array_equal(one, other)


@pytest.mark.parametrize(("strategy", "rule"), ALGORITHMS)
def test_zero_or_less_is_off_and_nan_is_not(strategy, rule):
    for threshold in (0.0, -1.0):
        found = compute(Clipper(strategy, threshold, rule), G, Precision.FLOAT32)
        assert_array_equal(found.tensors[0], G[0])
    found = compute(Clipper(strategy, math.nan, rule), G, Precision.FLOAT32)
    assert np.isnan(found.tensors[0]).all()
