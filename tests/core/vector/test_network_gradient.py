import json
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.clipping import block_norms
from core.notation import MOST_NUMBERS
from tests.core.vector.network_gradient import DIGITS, FILE, STEP, document, train

# Half a unit in the last digit is at most this share of a number. Other machines round otherwise
# while training; the steps magnify that about a thousandfold, to 1e-12, which is nothing beside.
ROUNDING = 0.5 * 10 ** (1 - DIGITS) * (1 + 1e-6)


@pytest.fixture(scope="module")
def stored():
    return json.loads(FILE.read_text())


def test_the_stored_gradient_is_that_of_the_network(stored):
    network, _ = train(STEP)
    for layer, (name, parameter) in zip(stored["layers"], network.named_parameters(), strict=True):
        assert layer["name"] == name
        assert tuple(layer["shape"]) == parameter.shape
        gradient = np.reshape(layer["gradient"], layer["shape"])
        assert_allclose(gradient, parameter.grad.numpy(), rtol=ROUNDING, atol=0)


def test_the_description_is_up_to_date(stored):
    assert stored["description"] == document()["description"]


def test_the_gradient_can_be_typed_in_and_its_tensors_differ_clearly_in_length(stored):
    gradient = np.concatenate([layer["gradient"] for layer in stored["layers"]])
    assert len(gradient) <= MOST_NUMBERS
    sizes = tuple(len(layer["gradient"]) for layer in stored["layers"])
    lengths = sorted(block_norms(gradient, sizes))
    assert all(longer > 1.5 * shorter for shorter, longer in pairwise(lengths))
