"""One gradient under all strategies, with thresholds that match: what the landing page shows."""

from dataclasses import dataclass

import numpy as np

from core import geometry
from core.clipping import Clipper
from core.matching import Thresholds
from core.strategies import Array, Layers, Strategy


@dataclass(frozen=True)
class Readout:
    """What one strategy did to the gradient."""

    clipper: Clipper
    after: Array  # (n,)
    angle: float  # radians; NaN for a zero gradient
    magnitude_loss: float
    clipped_fraction: float
    signs_kept: bool
    directional_descent: float


@dataclass(frozen=True)
class Comparison:
    """A gradient, its layers, and the thresholds."""

    gradient: tuple[float, ...]
    layers: Layers
    thresholds: Thresholds

    def clipper(self, strategy: Strategy) -> Clipper:
        """Return the way to clip of one strategy, at its own matched threshold."""
        return self.thresholds.clipper(strategy, self.gradient, self.layers)

    def readout(self, strategy: Strategy) -> Readout:
        """Clip by one strategy and measure what that did."""
        before, clipper = np.array(self.gradient), self.clipper(strategy)
        after = clipper(before, self.layers)
        return Readout(
            clipper,
            after,
            float(geometry.angle(before, after)),
            float(geometry.magnitude_loss(before, after)),
            float(geometry.clipped_fraction(before, after)),
            bool(geometry.signs_kept(before, after)),
            float(geometry.directional_descent(before, after)),
        )
