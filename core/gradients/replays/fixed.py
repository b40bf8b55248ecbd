"""One threshold for all steps."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from core.gradients.replays.replay import Replay, as_whole, replay


@dataclass(frozen=True)
class Fixed:
    """Clipping by global norm at a threshold that never changes.

    Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
    2013, algorithm 1; `torch.nn.utils.clip_grad_norm_`.
    """

    threshold: float = 1.0

    name: ClassVar[str] = "fixed"

    def __post_init__(self) -> None:
        """Refuse what is no threshold."""
        if not 0 < self.threshold < np.inf:
            raise ValueError("The threshold is not a positive number. Accepted: such as 1 or 0.25.")

    def replay(self, norms: ArrayLike) -> Replay:
        """Clip norms (S,), or the norms of layers (S, L) as whole gradients.

        >>> Fixed(1.0).replay([0.5, 2.0]).kept
        array([1. , 0.5])
        """
        whole, finite = as_whole(norms)
        thresholds = np.full(int(finite.sum()), self.threshold)
        return replay(self.name, whole, finite, thresholds, before=self.threshold)
