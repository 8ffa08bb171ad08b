"""Send little while residents answer in numbers: a message can come a minute later.

What gives way is picked later. Were it picked at once and called later, whoever opted out meanwhile
would be called after having been thanked.
"""

from collections.abc import Callable
from time import monotonic


class GivingWay:
    """While `busy` says so, `handful` messages are picked at once, `per_second` in all; else any.

    `clock` tells seconds and never goes back.
    """

    def __init__(
        self,
        busy: Callable[[], bool],
        *,
        per_second: float = 25.0,
        handful: int = 5,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._busy = busy
        self._per_second = per_second
        self._handful = handful
        self._clock = clock
        self._next = 0.0

    def wait(self) -> float:
        """How many seconds from now the next may be picked; 0: at once."""
        return max(self._next - self._clock(), 0.0) if self._busy() else 0.0

    def most(self) -> int | None:
        """How many may be picked at once; None: as many as there is room for."""
        return self._handful if self._busy() else None

    def began(self, many: int) -> None:
        """So many were picked, and are called."""
        # To pick takes time, which is not to be added to each pause.
        earliest = self._clock() - self._handful / self._per_second
        self._next = max(self._next, earliest) + min(many, self._handful) / self._per_second
