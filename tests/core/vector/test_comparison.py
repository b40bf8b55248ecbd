import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_array_equal

from core import geometry
from core.clipping import Clipper, Rule
from core.matching import Matching, Thresholds
from core.strategies import Strategy
from core.vector.comparison import Comparison
from tests.cases import layered_gradients, rules, thresholds


@given(layered_gradients(), thresholds, rules)
def test_the_same_number_clips_every_strategy_at_the_threshold(case, threshold, rule):
    gradient, layers = case
    comparison = Comparison(tuple(gradient), layers, Thresholds(threshold, rule))
    for strategy in Strategy:
        readout = comparison.readout(strategy)
        assert readout.clipper.threshold == threshold
        assert_array_equal(readout.after, Clipper(strategy, threshold, rule)(gradient, layers))


@pytest.mark.parametrize("matching", Matching)
def test_clip_by_value_is_the_reference_of_every_matching(matching):
    comparison = Comparison((3.2, 1.1, 0.55, 1.35), (2, 2), Thresholds(1000, Rule.CLIP, matching))
    assert comparison.clipper(Strategy.VALUE).threshold == 1000


def test_a_readout_measures_what_geometry_measures():
    gradient = np.array([3.0, 4.0, 0.3, 0.4])
    readout = Comparison(tuple(gradient), (2, 2), Thresholds(1.0)).readout(Strategy.LAYER)
    assert readout.angle == geometry.angle(gradient, [0.6, 0.8, 0.3, 0.4])
    assert np.degrees(readout.angle) == pytest.approx(20.85, abs=0.005)
    assert readout.magnitude_loss == pytest.approx(1 - np.sqrt(1.25 / 25.25))
    assert readout.clipped_fraction == 0.5
    assert readout.signs_kept
    assert readout.directional_descent == pytest.approx(5.25)
