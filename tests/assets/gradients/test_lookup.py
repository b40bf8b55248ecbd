"""What the browser reads of a sweep is what core says of the threshold."""

import json
import math

import numpy as np
import quickjs
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from core.assets import ASSETS
from core.gradients.drawn import ground_of_norms
from core.gradients.reading import first_reading
from pages.widgets.browser import script

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(script(ASSETS / "gradients" / "lookup.js"))
THREE_DIGITS = st.builds(
    lambda digits, power: float(f"{digits}e{power}"), st.integers(100, 999), st.integers(-4, 2)
)


def call(name: str, *arguments: object) -> object:
    plain = ", ".join(json.dumps(it) for it in arguments)
    return json.loads(JAVASCRIPT.eval(f"JSON.stringify(gradients_lookup.{name}({plain}))"))


@given(st.lists(st.floats(1e-2, 1e4) | THREE_DIGITS, min_size=1), THREE_DIGITS)
def test_a_threshold_that_is_dragged_is_read_exactly(norms, threshold):
    ground = json.loads(ground_of_norms(np.array(norms), None, threshold, {}))
    found = call("ofLog", ground["sweep"], threshold)
    reading = first_reading(norms, threshold)
    assert math.isclose(found["share"], reading.share, rel_tol=1e-15)
    assert_allclose(found["meanLoss"], reading.mean_loss, atol=1e-7)
    assert_allclose(found["worst"], reading.worst_loss, atol=1e-15)


@given(st.lists(st.floats(0.1, 10), min_size=1), st.floats(1e-6, 1e-2))
def test_a_threshold_below_all_norms_is_read_exactly(norms, threshold):
    threshold = float(f"{threshold:.3g}")
    ground = json.loads(ground_of_norms(np.array(norms), None, 1.0, {}))
    found = call("ofLog", ground["sweep"], threshold)
    reading = first_reading(norms, threshold)
    assert found["share"] == reading.share == 1
    assert_allclose(found["meanLoss"], reading.mean_loss, atol=1e-7)


@given(st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=20, unique=True), st.floats(1e-4, 1e4))
def test_between_two_points_of_a_curve_it_is_the_line_on_a_logarithmic_axis(thresholds, threshold):
    thresholds = sorted(thresholds)
    values = [k * k for k in range(len(thresholds))]
    expected = np.interp(np.log(threshold), np.log(thresholds), values)
    assert_allclose(call("between", thresholds, values, threshold), expected, rtol=1e-6, atol=1e-6)
