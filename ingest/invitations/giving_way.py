"""Send little while residents answer in numbers: a message can come a minute later."""

from collections.abc import Callable
from time import monotonic


class GivingWay:
    """While `busy` says so, `per_second` messages are begun in each second; else any number."""

    def __init__(
        self,
        busy: Callable[[], bool],
        *,
        per_second: float = 25.0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._busy = busy
        self._apart = 1 / per_second
        self._clock = clock
        self._next = 0.0

    def delay(self) -> float:
        """How many seconds from now the next message begins; each call is for one."""
        if not self._busy():
            return 0.0
        now = self._clock()
        self._next = max(self._next, now) + self._apart
        return self._next - now
