"""Who may train at present: the processors are for all readers."""

from collections.abc import Callable
from math import ceil
from threading import Lock
from time import monotonic

AWAY = 10.0  # seconds without a look after which a reader has left
AT_ONCE = 2  # readers who may train at the same time
TURN = 60.0  # seconds after which a place goes to who waits for one, if somebody does


class Places:
    """Who trains at present, and who waits, in the order in which they came."""

    def __init__(self, count: int = AT_ONCE, clock: Callable[[], float] = monotonic) -> None:
        self._count, self._clock, self._lock = count, clock, Lock()
        self._seen: dict[object, float] = {}  # the first ones have the places
        self._since: dict[object, float] = {}  # of those, when their turn began

    def take(self, who: object) -> int:
        """Look; return 0 for a place, else how many have to go first, this reader included.

        A place is lost by not looking for long, and at the end of a turn, if somebody waits.
        """
        now = self._clock()
        with self._lock:
            self._seen = {one: at for one, at in self._seen.items() if now - at < AWAY} | {who: now}
            self._since = {
                one: self._since.get(one, now) for one in list(self._seen)[: self._count]
            }
            if len(self._seen) > self._count and now - self._since.get(who, now) >= TURN:
                del self._seen[who], self._since[who]
                self._seen[who] = now  # at the end of the queue
            return max(0, list(self._seen).index(who) + 1 - self._count)

    def wait(self, ahead: int) -> float:
        """Return after how many seconds at most a place is free, for an answer of `take`."""
        return ceil(ahead / self._count) * TURN

    def leave(self, who: object) -> None:
        """Give the place back, or no longer wait."""
        with self._lock:
            self._seen.pop(who, None)
