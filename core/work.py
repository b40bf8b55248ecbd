"""Long computations, for whoever waits for them."""


class CalledOff(Exception):  # noqa: N818  # nothing went wrong, so it is no Error
    """Nobody waits any more for what is being computed."""


class Work:
    """How far a computation is, and how to call it off; shared between two threads."""

    def __init__(self, steps: int) -> None:
        self.steps, self.called_off = steps, False
        self.taken = 0.0

    @property
    def done(self) -> float:
        """Return the share that is done, from 0 to 1."""
        return min(self.taken / self.steps, 1.0)

    def advance(self, steps: float = 1) -> None:
        """Count steps; raises `CalledOff` if nobody waits any more."""
        if self.called_off:
            raise CalledOff
        self.taken += steps

    def reach(self, share: float) -> None:
        """Say which share is done; raises `CalledOff` if nobody waits any more."""
        self.advance(share * self.steps - self.taken)
