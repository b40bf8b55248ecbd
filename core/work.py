"""Long computations, for whoever waits for them."""


class CalledOff(Exception):  # noqa: N818  # nothing went wrong, so it is no Error
    """Nobody waits any more for what is being computed."""


class Work:
    """How far a computation is, and how to call it off; shared between two threads."""

    def __init__(self, steps: int) -> None:
        self.steps, self.taken, self.called_off = steps, 0, False

    @property
    def done(self) -> float:
        """Return the share that is done, from 0 to 1."""
        return min(self.taken / self.steps, 1.0)

    def advance(self, steps: int = 1) -> None:
        """Count steps; raises `CalledOff` if nobody waits any more."""
        if self.called_off:
            raise CalledOff
        self.taken += steps
