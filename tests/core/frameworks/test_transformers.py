"""Transformers' setting calls PyTorch; its callback is executed on PyTorch."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from core.clipping import Clipper
from core.frameworks import pytorch
from core.frameworks.precisions import Precision
from core.frameworks.transformers import NATIVE, code, compute
from tests.core.frameworks.cases import KINDS

G = (np.float32([3, 4]), np.float32([0.3, 0.4, -2]))


@pytest.mark.parametrize(("strategy", "rule"), KINDS)
def test_the_callback_does_what_is_computed(strategy, rule):
    clipper = Clipper(strategy, 0.5, rule)
    expected = compute(clipper, G, Precision.FLOAT32).tensors
    if (strategy, rule) in NATIVE:
        assert "max_grad_norm=0.5" in code(clipper).text
        found = pytorch.compute(clipper, G, Precision.FLOAT32).tensors
    else:
        names = {"torch": torch, "TrainerCallback": object, "folder": ""}
        names["TrainingArguments"] = lambda **given: given
        exec(code(clipper).text, names)
        # What the Trainer does before: it unscales, and clips at infinity, which changes nothing.
        most = names["arguments"]["max_grad_norm"]
        before = pytorch.clip_grad_norm(G, most, Precision.FLOAT32).tensors
        parameters = [torch.nn.Parameter(torch.zeros(g.size)) for g in G]
        for parameter, gradient in zip(parameters, before, strict=True):
            parameter.grad = torch.tensor(gradient)
        model = SimpleNamespace(parameters=lambda: iter(parameters))
        names["Clip"]().on_pre_optimizer_step(None, None, None, model=model, optimizer=None)
        found = [p.grad.numpy() for p in parameters]
        assert "callbacks=[Clip]" in code(clipper).step
    for one, other in zip(found, expected, strict=True):
        assert_array_equal(one, other)


@pytest.mark.parametrize(("strategy", "rule"), NATIVE)
@pytest.mark.parametrize("threshold", [0.0, -1.0, math.nan])
def test_what_is_not_positive_is_off(strategy, rule, threshold):
    found = compute(Clipper(strategy, threshold, rule), G, Precision.FLOAT32)
    assert_array_equal(found.tensors[0], G[0])
