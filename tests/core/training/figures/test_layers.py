"""Figures of the layers of a training: what is drawn is what was computed."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.runs import NONE
from core.strategies import Strategy
from core.training.figures.layers import COLUMNS, LayerMapShows, layer_map, layers
from core.training.report import after
from tests.core.training.figures.conftest import FEW, MANY, NAMES, TRAINING

SHOWN = {
    LayerMapShows.NORM: lambda step: np.log10(step.layer_norms_before),
    LayerMapShows.LOST: lambda step: 1 - step.layer_norms_after / step.layer_norms_before,
    LayerMapShows.CLIPPED: lambda step: step.layer_clipped,
}


@pytest.mark.parametrize("shows", LayerMapShows)
def test_the_map_has_a_row_for_every_layer(trained, shows):
    (cells,) = layer_map(TRAINING, trained[Strategy.VALUE], shows).data
    assert list(cells.y) == list(TRAINING.layers)
    assert_allclose(cells.z.T, [SHOWN[shows](step) for step in trained[Strategy.VALUE]], rtol=1e-5)
    assert list(cells.x) == list(range(FEW))
    (many,) = layer_map(TRAINING, trained[Strategy.VALUE] * (MANY // FEW), shows).data
    assert many.z.shape[1] <= COLUMNS
    assert 0 <= many.x[0] < many.x[-1] < MANY


def test_one_gradient_is_drawn_before_and_after_each_strategy(trained):
    step = trained[NONE][3]
    clipped = after(TRAINING, step)
    before, *others = layers(TRAINING, step, clipped, NAMES).data
    assert list(before.x) == list(step.layer_norms_before)
    for trace, lengths in zip(others, clipped.values(), strict=True):
        assert_allclose(trace.x, lengths)
