"""Training in sight of the reader: while the page looks, a little is trained between two looks.

So nothing goes on for a reader who has left: who does not look does not train. There is no thread
to end, and two readers share nothing but the processors. When a reader changes an input, Streamlit
starts the script anew before the former one has ended: of two looks at once, one trains.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from threading import Lock
from time import monotonic

from core.runs import Run
from core.training.training import Step, Training
from pages.widgets.training.places import AWAY

BURST = 0.3  # seconds of training between two looks
LOOK = 0.45  # seconds from look to look; what is left belongs to the other readers
MOST_KEPT = 16 * 2**20  # bytes of gradients that a session keeps


class Trainer:
    """The runs of one training, which take turns; a session has one at most."""

    def __init__(
        self, training: Training, runs: Collection[Run], clock: Callable[[], float] = monotonic
    ) -> None:
        self.training, self.who, self._clock = training, object(), clock
        self.steps: dict[Run, list[Step]] = {run: [] for run in runs}
        self.seconds = 0.0  # from look to look
        self.going = True
        self.waiting = 0  # how many go first, this reader included
        self._loops: dict[Run, Iterator[Step]] = {}
        self._longest: dict[Run, int] = {}  # the step whose gradient is kept for its length
        self._kept = _kept(training, len(self.steps))
        self._looked = self._clock()
        self._since: float | None = None  # when it was last known to be running
        self._busy = Lock()

    @property
    def taken(self) -> int:
        """How many steps were taken, of all runs together."""
        return sum(map(len, self.steps.values()))

    @property
    def share(self) -> float:
        """The share of the work that is done."""
        whole = self.training.steps * len(self.steps)
        left = sum(self.training.steps - len(self.steps[run]) for run in self._unended())
        return 1 - left / whole

    @property
    def done(self) -> bool:
        """Whether every run has ended."""
        return not self._unended()

    @property
    def remaining(self) -> float:
        """How many seconds there may be left."""
        return self.seconds * (1 - self.share) / self.share if self.share else 0.0

    def rests(self, run: Run) -> bool:
        """Whether nothing is trained at present, and there are steps of the run to look at."""
        return not self.going and bool(self.steps[run])

    def present(self) -> bool:
        """Look; after too long without a look, it is stopped, and False is returned."""
        now = self._clock()
        if now - self._looked > AWAY:
            self.going = False
        self._looked = now
        return self.going

    def resume(self) -> None:
        """Go on after a stop."""
        self.going, self._looked = True, self._clock()
        self.pause()

    def pause(self) -> None:
        """Leave out of the time what passes until the next steps."""
        self._since = None

    def advance(self, seconds: float = BURST) -> None:
        """Train for some time, but at least one step of every run; no run gets ahead."""
        if not self._busy.acquire(blocking=False):
            return
        try:
            self._advance(seconds)
        finally:
            self._busy.release()

    def _advance(self, seconds: float) -> None:
        start = self._clock()
        if not self._loops:
            self._loops = _loops(self.training, tuple(self.steps))
            start = self._clock()  # PyTorch starts only once
        while self.going:
            for run in self._unended():
                self.steps[run].append(self._thinned(run, next(self._loops[run])))
            if self.done:
                self.going = False
            if self._clock() - start > seconds:
                break
        self._looked = self._clock()
        self.seconds += self._looked - (start if self._since is None else self._since)
        self._since = self._looked

    def _unended(self) -> list[Run]:
        return [
            run
            for run, steps in self.steps.items()
            if len(steps) < self.training.steps and not (steps and steps[-1].stopped)
        ]

    def _thinned(self, run: Run, step: Step) -> Step:
        """Drop the gradient, unless it is to be kept, or is the longest of its run so far."""
        steps = self.steps[run]
        best = self._longest.get(run)
        if step.stopped:
            return step
        if best is None or step.norm_before > steps[best].norm_before:
            if best is not None and best not in self._kept:
                steps[best] = replace(steps[best], gradient=None)
            self._longest[run] = step.step
        elif step.step not in self._kept:
            return replace(step, gradient=None)
        return step


def _loops(training: Training, runs: Collection[Run]) -> dict[Run, Iterator[Step]]:
    from core.training.train import (  # here, so that no other page loads PyTorch
        train,
        use_one_thread,
    )

    use_one_thread()
    return {run: train(training, run, range(training.steps)) for run in runs}


def _kept(training: Training, runs: int) -> frozenset[int]:
    """Choose the steps whose gradients are kept: as many as fit, and where something goes wrong."""
    size = 4 * sum(training.layers.values()) * max(runs, 1)
    every = -(-training.steps // max(2, MOST_KEPT // size))
    return frozenset({*range(0, training.steps, every), training.steps - 1, training.fault_step})
