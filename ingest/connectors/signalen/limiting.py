"""How many answers to reports are taken, believed without Signalen's word, and asked about at once.

Anybody can make up a token. What stops them is Signalen, which is asked about each; so each asks
something of a neighbour, and while that one is silent nobody can tell who made it up.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ingest.asgi.rate_limits import TokenLimits
from ingest.responses.writer import WriterUnavailable

MOST_AT_ONCE = 32
"""Of one Signalen, by one process: fewer than the connections that a client has."""

# Who reports has one link, where a page or a widget of a town hall fetches hundreds of tokens.
_OF_TOKENS = 60
_BELIEVED = 5


class ReportLimits:
    """Counts in the memory of one process; `address_per_minute` is the limit on tokens.

    With the usual 600: ten answers a minute of one address, and two that are believed; of a
    touchpoint 600, and 60 that are believed. `clock` tells seconds and never goes back.
    """

    def __init__(self, address_per_minute: int, clock: Callable[[], float]) -> None:
        each = max(1, address_per_minute // _OF_TOKENS)
        self._sent = TokenLimits(
            address_per_minute=each,
            touchpoint_per_minute=max(1, address_per_minute),
            clock=clock,
        )
        self._believed = TokenLimits(
            address_per_minute=max(1, each // _BELIEVED),
            touchpoint_per_minute=max(1, address_per_minute // 10),
            clock=clock,
        )
        self._asking: Counter[str] = Counter()

    def take(self, touchpoint: int, address: str) -> None:
        """Count one that was sent. Raises `TooManyRequests`, and then counts nothing."""
        self._sent.take(touchpoint, address)

    def believe(self, touchpoint: int, address: str) -> None:
        """Count one that nobody vouches for. Raises `TooManyRequests`."""
        self._believed.take(touchpoint, address)

    @contextmanager
    def asking(self, municipality: str) -> Iterator[None]:
        """While its Signalen is asked. Raises `WriterUnavailable` while too many ask.

        They would wait for one of our own connections, and that is no silence of Signalen.
        """
        if self._asking[municipality] >= MOST_AT_ONCE:
            raise WriterUnavailable("reports-crowded", retry_after_seconds=2)
        self._asking[municipality] += 1
        try:
            yield
        finally:
            self._asking[municipality] -= 1
