"""What a reader allows clipping to do, as a limit."""

import math
from dataclasses import dataclass
from enum import StrEnum


class Quantity(StrEnum):
    """What a reader sets a limit to."""

    SHARE = "share"  # of the steps on which clipping acts
    ANGLE = "angle"
    LOSS = "loss"  # of length


class Reach(StrEnum):
    """On how many of the steps a limit holds."""

    share: float

    EVERY = ("every step", 1.0)
    MOST = ("95% of the steps", 0.95)
    HALF = ("half of the steps", 0.5)

    def __new__(cls, name: str, share: float) -> "Reach":
        """Make a string, what the reader sees, that bears the share."""
        self = str.__new__(cls, name)
        self._value_ = name
        self.share = share
        return self


@dataclass(frozen=True)
class Target:
    """At most so much of a quantity: shares and losses from 0 to 1, angles in radians.

    Of a limit to the angle or the loss ``reach`` says on which part of the steps it must hold; of
    one to the share of the steps, only of which part the angle and the loss are told.
    """

    quantity: Quantity
    limit: float
    reach: Reach = Reach.EVERY

    def __post_init__(self) -> None:
        """Refuse what is no limit."""
        if not 0 <= self.limit <= (math.pi if self.quantity is Quantity.ANGLE else 1):
            most = "180°" if self.quantity is Quantity.ANGLE else "100%"
            raise ValueError(f"The {self.quantity} is out of range. Accepted: from 0 to {most}.")
