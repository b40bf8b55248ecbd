"""What the live stages share."""

from typing import Any

from core.strategies import Layers, Strategy


def strategies(layers: Layers) -> dict[str, dict[str, Any]]:
    """Return what a stage draws of each strategy, in their order.

    Every block may be so many thresholds long as its unit says.
    """

    def blocks(strategy: Strategy) -> dict[str, Any]:
        sizes = strategy.blocks(layers)
        units = strategy.units(layers).tolist()
        each = units * (len(sizes) // len(units))  # one stands for all where they are alike
        return {"partition": strategy.partition_by, "sizes": [*sizes], "units": each}

    return {strategy: blocks(strategy) for strategy in Strategy}
