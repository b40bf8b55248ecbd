"""optimizers.js: its steps are those of core, whatever the gradients are."""

import json

import numpy as np
import quickjs
from hypothesis import given
from hypothesis import strategies as st

from core.assets import ASSETS
from core.optimizers import Optimizer, stepper
from pages.widgets.browser import script

JAVASCRIPT = quickjs.Context()
JAVASCRIPT.eval(script(ASSETS / "descent" / "optimizers.js"))
numbers = st.floats(-1e100, 1e100, allow_subnormal=False)


@given(
    st.sampled_from(Optimizer),
    st.integers(1, 3).flatmap(
        lambda n: st.lists(st.lists(numbers, min_size=n, max_size=n), min_size=1, max_size=40)
    ),
    st.floats(1e-6, 10),
)
def test_the_steps_are_those_of_core(optimizer, gradients, rate):
    step = stepper(optimizer, rate)
    expected = [step(np.array(gradient)) for gradient in gradients]
    call = f"{json.dumps(gradients)}.map((gradient) => [...step(gradient)])"
    made = f"const step = descent_optimizers.stepper('{optimizer}', {rate}, {len(gradients[0])});"
    found = json.loads(JAVASCRIPT.eval(f"(() => {{ {made} return JSON.stringify({call}); }})()"))
    # Where numbers cancel, the roundings of the larger ones before them are left.
    largest = np.maximum.accumulate(np.abs(expected), axis=0)
    off = np.abs(np.array(found) - expected)
    assert np.all(off <= 20 * len(gradients) * np.finfo(float).eps * largest)


def test_every_optimizer_of_core_is_there_by_its_name():
    for optimizer in Optimizer:
        assert JAVASCRIPT.eval(f"descent_optimizers.stepper('{optimizer}', 0.5, 1)([2])[0]") > 0
