import math

import numpy as np
import pytest

from core.clipping import Clipper, Rule
from core.descent.arrivals import Trip, first_steps
from core.descent.descend import descend, within
from core.runs import unclipped
from core.strategies import Strategy
from core.surfaces.table import SURFACES
from core.work import Work


@pytest.mark.parametrize("name", ["round bowl", "plateau"])
def test_first_steps_are_those_of_one_long_descent(name):
    surface = SURFACES[name]
    clippers = [unclipped] + [Clipper(s, 0.3, rule) for s in Strategy for rule in Rule]
    starts = np.array([surface.start, np.add(surface.start, 0.1)])
    goal, most = within(surface), 900
    found = first_steps(Trip(surface, starts, clippers, 0.05, goal), most, Work(1))
    whole = descend(surface, starts, clippers, 0.05, most + 200, goal=goal)
    reached = np.where((whole.reached < 0) | (whole.reached > most), math.inf, whole.reached)
    np.testing.assert_array_equal(found, reached)
    assert np.isfinite(found).any()
