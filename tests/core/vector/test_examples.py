import numpy as np
import pytest

from core.bounds import worst_angle
from core.matching import Thresholds
from core.notation import MOST_NUMBERS, read_gradient, write_gradient
from core.strategies import Strategy
from core.vector.comparison import Comparison
from core.vector.examples import FIXED, OF_N

EVERY = [(label, make()) for label, make in FIXED.items()] + [
    (f"{label} {n}", make(n, 1)) for label, make in OF_N.items() for n in (1, 2, 16, MOST_NUMBERS)
]


@pytest.mark.parametrize(("label", "example"), EVERY, ids=[label for label, _ in EVERY])
def test_an_example_can_be_typed(label, example):
    written = write_gradient(example.gradient, example.layers)
    gradient, layers = read_gradient(written)
    assert tuple(gradient) == example.gradient
    assert layers == example.layers
    assert example.threshold > 0


@pytest.mark.parametrize("n", [2, 10, 64])
def test_the_worst_case_is_within_a_degree_of_the_bound(n):
    example = OF_N["Worst case"](n, 0)
    turned = (
        Comparison(example.gradient, example.layers, Thresholds(1.0)).readout(Strategy.VALUE).angle
    )
    assert worst_angle(n) - np.radians(1) < turned < worst_angle(n)


@pytest.mark.parametrize("label", [label for label in OF_N if label != "Worst case"])
def test_a_draw_depends_on_its_seed_alone(label):
    assert OF_N[label](16, 3) == OF_N[label](16, 3)
    assert OF_N[label](16, 3) != OF_N[label](16, 4)


def test_the_textbook_vector_turns_as_in_the_textbook():
    example = FIXED["The textbook: (0.9, 100)"]()
    turned = (
        Comparison(example.gradient, example.layers, Thresholds(1.0)).readout(Strategy.VALUE).angle
    )
    assert np.degrees(turned) == pytest.approx(41.4716, abs=5e-5)
