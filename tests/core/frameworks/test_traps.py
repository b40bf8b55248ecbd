"""The numbers in the traps, by hand and in PyTorch."""

import re

import numpy as np
import pytest
import torch

from core.frameworks.registry import FRAMEWORKS, SETTINGS
from core.frameworks.traps import TRAPS

SENTENCES = {trap.name: trap.sentence() for trap in TRAPS}
BY_HAND = {
    "The norm that is returned is the one before clipping": ["returns 5", "length 1.0000"],
    "Clip after unscaling": ["65,536", "length 1.5e-05, not 1"],
    "Clip once per accumulation": ["(0.45, 0.2)", "(0.676, 0.737)", "23.5°"],
    "One norm over all ranks": ["length 1.414", "18.4°"],
    "Per variable or global": ["(0.6, 0.8 | 0.3, 0.4)", "20.9°", "(0.597, 0.796 | 0.0597, 0.0796)"],
    "norm_type=inf is not clipping by value": ["(5, 0.015)", "(5, 0.3)"],
    "0 means two things": ["zero in PyTorch, TensorFlow", "off in Keras, Lightning, Transformers"],
    "Adam undoes a constant rescale": ["80%", "1e-08"],
    "A second clip after the first": ["(0.707, 0.707)", "8.1°", "(0.6, 0.8)", "length 0.5"],
    "A threshold per parameter group turns the gradient": ["(0.3, 0.4 | 1.2, 1.6)", "30.96°"],
}


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_the_numbers_are_those_found_by_hand(trap):
    assert all(number in SENTENCES[trap.name] for number in BY_HAND[trap.name])
    assert trap.where
    assert set(trap.where) <= {*FRAMEWORKS, *SETTINGS}
    assert not re.search(r"[{}]", SENTENCES[trap.name])


def test_the_traps_are_told_once_each():
    assert [trap.name for trap in TRAPS] == list(BY_HAND)


def parameter(*gradient):
    made = torch.nn.Parameter(torch.zeros(len(gradient), dtype=torch.float64))
    made.grad = torch.tensor(gradient, dtype=torch.float64)
    return made


def test_in_pytorch_two_groups_turn_as_far():
    parts = [parameter(3, 4), parameter(3, 4)]
    for part, threshold in zip(parts, (0.5, 2.0), strict=True):
        torch.nn.utils.clip_grad_norm_(part, threshold)
    after = torch.cat([part.grad for part in parts]).numpy()
    before = np.array([3, 4, 3, 4])
    cosine = before @ after / np.linalg.norm(before) / np.linalg.norm(after)
    assert f"{np.degrees(np.arccos(cosine)):.2f}°" in SENTENCES[TRAPS[-1].name]


def test_in_pytorch_adam_undoes_a_constant_rescale_as_far():
    weights = {}
    for scale in (1.0, 1 / 5):
        moved = parameter(3, 4)
        optimizer = torch.optim.Adam([moved], lr=1.0)
        for _ in range(20):
            moved.grad = torch.tensor([3.0, 4.0], dtype=torch.float64) * scale
            optimizer.step()
        weights[scale] = moved.detach().numpy()
    change = np.abs(weights[1 / 5] / weights[1.0] - 1).max()
    assert f"{change:.0e}" in SENTENCES["Adam undoes a constant rescale"]


def test_in_pytorch_a_scaled_gradient_is_clipped_to_nothing():
    scaled = parameter(3 * 65536, 4 * 65536)
    torch.nn.utils.clip_grad_norm_(scaled, 1.0)
    length = float(torch.linalg.vector_norm(scaled.grad / 65536))
    assert f"length {length:.2g}," in SENTENCES["Clip after unscaling"]
