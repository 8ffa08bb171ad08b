"""A task that fails again and again: when it is tried next, and how often that is told. Pure."""

from collections.abc import Callable, Sequence
from time import monotonic

PAUSES_SECONDS = (10.0, 60.0, 300.0, 900.0)
"""After the first failure, the second, and so on; the last one for all that follow.

Each worker counts its own, and gives the lease back before it waits: so another worker may try
meanwhile, and a task that works again is done a quarter of an hour later at most.
"""

_TOLD_AGAIN_SECONDS = 3600.0


class Told:
    """Which reasons were told lately: each once, and once an hour for as long as it lasts."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        """`clock` counts seconds."""
        self._clock = clock
        self._at: dict[str, float] = {}

    def is_news(self, reason: str) -> bool:
        """Whether to tell it now; then it counts as told."""
        now = self._clock()
        if now - self._at.get(reason, float("-inf")) < _TOLD_AGAIN_SECONDS:
            return False
        self._at[reason] = now
        return True

    def forget(self) -> None:
        """What was wrong is over: told anew if it comes back."""
        self._at.clear()


class Failing:
    """Counts how often one task failed in a row, for one worker."""

    def __init__(
        self, pauses_seconds: Sequence[float] = PAUSES_SECONDS, *, told: Told | None = None
    ) -> None:
        """`told` remembers which reasons were told; None: nothing was."""
        self.times = 0
        self.told = told or Told()
        self._pauses_seconds = pauses_seconds

    def failed(self) -> float:
        """Count one more; returns the seconds until it is tried again."""
        self.times += 1
        return self._pauses_seconds[min(self.times, len(self._pauses_seconds)) - 1]

    def over(self) -> bool:
        """It was done. Returns whether it had failed before."""
        had_failed = self.times > 0
        self.times = 0
        self.told.forget()
        return had_failed
