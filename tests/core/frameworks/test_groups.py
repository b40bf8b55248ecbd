"""A threshold for each layer is what PyTorch does group by group."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.frameworks.groups import clip_groups, code, read_thresholds
from tests.cases import layered_gradients


@given(layered_gradients(1), st.data())
def test_it_is_what_the_lines_of_pytorch_do(case, data):
    (gradient,), layers = case
    count = len(layers)
    thresholds = data.draw(st.lists(st.floats(0.1, 10), min_size=count, max_size=count))
    parts = np.split(gradient, np.cumsum(layers)[:-1])
    tensors = [torch.zeros(len(part), dtype=torch.float64, requires_grad=True) for part in parts]
    for tensor, part in zip(tensors, parts, strict=True):
        tensor.grad = torch.tensor(part)
    optimizer = torch.optim.SGD([{"params": [tensor]} for tensor in tensors], lr=0.1)
    exec(code(thresholds), {"torch": torch, "optimizer": optimizer})
    found = clip_groups(gradient, layers, thresholds)
    # PyTorch adds 1e-6 to the norm it divides by.
    assert_allclose(np.concatenate([t.grad for t in tensors]), found.after, rtol=2e-5, atol=1e-300)


def test_thresholds_are_read_as_people_write_them():
    assert read_thresholds(".5, 2", (1, 3)) == (0.5, 2.0)
    assert read_thresholds(".5 | 2", (1, 3)) == (0.5, 2.0)


@pytest.mark.parametrize("text", ["1", "1 2 3", "1 x", "1 0", "1 -1", "1 inf", "1 nan"])
def test_what_is_wrong_is_said(text):
    with pytest.raises(ValueError, match="Accepted: "):
        read_thresholds(text, (1, 3))
