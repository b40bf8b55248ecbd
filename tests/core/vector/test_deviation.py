import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.clipping import Clipper, Rule
from core.pytorch import pytorch
from core.strategies import Strategy
from core.vector.deviation import differs, in_pytorch
from tests.cases import layered_gradients, ordinary_gradients, rounding, thresholds
from tests.core.test_pytorch import every_clipper, run_on


@every_clipper
@given(case=layered_gradients(), threshold=thresholds)
def test_what_the_lines_compute_in_float32_is_known(strategy, rule, case, threshold):
    gradient, layers = case
    clipper = Clipper(strategy, threshold, rule)
    parts = torch.tensor(gradient, dtype=torch.float32).split(layers)
    expected = np.concatenate(run_on(pytorch(clipper), list(parts)))
    found = in_pytorch(clipper, gradient, layers)
    # Both sum up to 64 squares in float32, in orders of their own.
    assert_allclose(found, expected, rtol=rounding(64, np.float32), atol=1e-44)


@every_clipper
@given(case=ordinary_gradients(), threshold=st.floats(0.01, 100))
def test_nothing_is_said_where_the_lines_give_what_the_picture_shows(
    strategy, rule, case, threshold
):
    assert differs(Clipper(strategy, threshold, rule), *case) == ""


@pytest.mark.parametrize(
    ("gradient", "threshold", "why"),
    [([6e-7, 8e-7], 1e-6, "PyTorch adds 1e-6 to the norm"), ([3e20, 4e20], 1.0, "too large")],
)
def test_where_the_lines_give_another_result_it_is_said_with_the_numbers(gradient, threshold, why):
    clipper = Clipper(Strategy.GLOBAL, threshold)
    said = differs(clipper, gradient, (2,))
    assert why in said
    given, shown = in_pytorch(clipper, gradient, (2,))[1], clipper(gradient, (2,))[1]
    assert f"give {given:.3g} where the picture has {shown:.3g}" in said


def test_squares_that_vanish_are_said():
    clipper = Clipper(Strategy.LAYER, 1.0, Rule.NORMALIZE)
    assert "too small" in differs(clipper, [3e-30, 4e-30], (2,))
