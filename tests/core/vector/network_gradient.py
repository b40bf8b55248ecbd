"""The gradient of a small network while it trains.

``python -m tests.core.vector.network_gradient`` writes assets/data/network_gradient.json again.
"""

import json
from collections import OrderedDict
from itertools import product
from typing import Any

import torch
from torch.nn.functional import mse_loss

from core.assets import ASSETS

FILE = ASSETS / "data" / "network_gradient.json"
SEED = 0
HIDDEN = 6
BATCH = 4  # of the eight corners
LEARNING_RATE = 0.1
STEP = 136  # halfway down from the plateau; the four tensors of the gradient differ in length
DIGITS = 6


CORNERS = torch.tensor(list(product([-1.0, 1.0], repeat=3)), dtype=torch.float64)
PARITY = CORNERS.prod(dim=1, keepdim=True)


def train(steps: int) -> tuple[torch.nn.Module, float]:
    """Train by plain SGD in float64; return the network and the loss of the next batch.

    The parameters hold the gradient of this loss, which no step has used yet.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        layers = OrderedDict(
            hidden=torch.nn.Linear(3, HIDDEN, dtype=torch.float64),
            tanh=torch.nn.Tanh(),
            output=torch.nn.Linear(HIDDEN, 1, dtype=torch.float64),
        )
        network = torch.nn.Sequential(layers)
        optimizer = torch.optim.SGD(network.parameters(), lr=LEARNING_RATE)
        for step in range(steps + 1):
            batch = torch.randperm(len(CORNERS))[:BATCH]
            loss = mse_loss(network(CORNERS[batch]), PARITY[batch])
            optimizer.zero_grad()
            loss.backward()
            if step < steps:
                optimizer.step()
    return network, loss.item()


def document() -> dict[str, Any]:
    """Return what the file holds."""
    network, loss = train(STEP)
    with torch.no_grad():
        whole_loss = mse_loss(network(CORNERS), PARITY).item()
    return {
        "description": (
            f"The gradient of a 3-{HIDDEN}-1 tanh network with biases that learns the parity of "
            f"three bits, given as -1 and 1, in PyTorch: float64, seed {SEED}, plain SGD on the "
            f"mean squared error of {BATCH} of the 8 corners a step, learning rate "
            f"{LEARNING_RATE}. Taken after {STEP} steps, while the network leaves the plateau at "
            f"loss 1: the loss is {loss:.3g} on this batch and {whole_loss:.3g} on all corners."
        ),
        "layers": [
            {
                "name": name,
                "shape": list(parameter.shape),
                "gradient": [float(f"{x:.{DIGITS}g}") for x in parameter.grad.flatten().tolist()],
            }
            for name, parameter in network.named_parameters()
        ],
    }


def write() -> None:
    """Write the file, one line a layer."""
    content = document()
    layers = ",\n".join(f"    {json.dumps(layer)}" for layer in content["layers"])
    description = json.dumps(content["description"])
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(f'{{\n  "description": {description},\n  "layers": [\n{layers}\n  ]\n}}\n')


if __name__ == "__main__":
    write()
