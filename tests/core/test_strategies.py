"""The registry: every entry is whole, and nothing of one is mistaken for another's."""

import re
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_allclose, assert_array_equal

from core.strategies import Partition, Strategy
from tests.cases import ALL_STRATEGIES, RMS, layer_sizes, thresholds
from tests.colors import VISIONS, lab

LAYERS = (3, 1, 2)


@pytest.mark.parametrize("strategy", Strategy)
def test_a_strategy_is_its_name_in_links(strategy):
    assert re.fullmatch(r"[a-z]+", strategy)
    assert Strategy(str(strategy)) is strategy
    assert strategy == strategy.value


@pytest.mark.parametrize(("one", "other"), list(combinations(Strategy, 2)))
@pytest.mark.parametrize("vision", VISIONS)
def test_no_two_strategies_are_called_or_look_alike(one, other, vision):
    assert one.label != other.label
    for feature in ("dash", "mark", "fill"):  # never by color alone
        assert getattr(one.look, feature) != getattr(other.look, feature)
    seen = np.asarray(VISIONS[vision])
    for scheme in ("light", "dark"):
        colors = [lab(getattr(strategy.look, scheme), seen) for strategy in (one, other)]
        assert np.linalg.norm(colors[0] - colors[1]) > 10


def test_the_released_strategies_come_first_and_in_their_order():
    assert list(Strategy)[:3] == ["value", "layer", "global"]


@given(layer_sizes)
def test_every_coordinate_is_in_one_block(layers):
    for strategy in ALL_STRATEGIES:
        assert sum(strategy.blocks(layers)) == sum(layers)
    counts = {Partition.COORDINATES: sum(layers), Partition.LAYERS: len(layers), Partition.WHOLE: 1}
    assert all(len(s.blocks(layers)) == counts[s.partition_by] for s in ALL_STRATEGIES)


@pytest.mark.parametrize("strategy", Strategy)
def test_the_unit_of_a_length_is_one(strategy):
    if not strategy.exponent:
        assert_array_equal(strategy.units(LAYERS), [1])


def test_a_root_mean_square_counts_in_the_root_of_the_size():
    assert_allclose(RMS.units(LAYERS), np.sqrt(LAYERS))


@given(thresholds)
def test_a_limit_is_the_threshold_in_the_unit_of_the_block(threshold):
    for strategy in ALL_STRATEGIES:
        units = strategy.units(LAYERS)
        assert_array_equal(strategy.limits(threshold, LAYERS), threshold * units)
        swept = strategy.limits([[threshold], [2 * threshold]], LAYERS)
        assert swept.shape == (2, 1, units.size)
        assert_array_equal(swept[1, 0], 2 * threshold * units)
