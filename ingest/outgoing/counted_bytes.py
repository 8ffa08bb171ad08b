"""A connection that counts what comes, and lets others run while it does."""

import asyncio
import ssl
from contextlib import suppress
from typing import Any

import httpcore2

BESIDE_BODY = 36_000
"""How much may come in answer to one call beside its body: heads, and the frames of pieces."""

# To make sense of what comes in the smallest pieces takes a microsecond a byte and more, and
# nobody else runs meanwhile.
_AT_ONCE = 1024


class Closing:
    """Closes connections beside whoever gives them up, who may be cut off at any moment.

    httpcore2 gives up several in a row, and forgets those that it did not come to: they would stay
    open until somebody collects them.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, stream: httpcore2.AsyncNetworkStream) -> None:
        """Close this one; returns at once."""
        task = asyncio.ensure_future(_closed(stream))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def all_closed(self) -> None:
        """Wait for those that were begun."""
        if self._tasks:
            await asyncio.wait(self._tasks)


async def _closed(stream: httpcore2.AsyncNetworkStream) -> None:
    # What cannot be closed in good order is gone already.
    with suppress(OSError):
        await stream.aclose()


class CountedStream(httpcore2.AsyncNetworkStream):
    """Gives up what says more in answer to one call than an API of a neighbour ever does."""

    def __init__(
        self, stream: httpcore2.AsyncNetworkStream, most_raw_bytes: int, closing: Closing
    ) -> None:
        """`most_raw_bytes` come between two writings, which is for one call."""
        self._stream = stream
        self._closing = closing
        self._most = most_raw_bytes
        self._came = 0

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore2 calls it so)
    ) -> bytes:
        """A little at a time. Raises `RemoteProtocolError` when it is too much."""
        await asyncio.sleep(0)  # what lies ready is handed out without a pause
        piece = await self._stream.read(min(max_bytes, _AT_ONCE), timeout)
        self._came += len(piece)
        if self._came > self._most:
            raise httpcore2.RemoteProtocolError("more than any answer of a neighbour")
        return piece

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore2 calls it so)
    ) -> None:
        """The next call begins."""
        self._came = 0
        await self._stream.write(buffer, timeout)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore2 calls it so)
    ) -> httpcore2.AsyncNetworkStream:
        """What is counted then is what was encrypted."""
        try:
            encrypted = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            # Whoever is cut off here has nothing in hand to close.
            await self.aclose()
            raise
        return CountedStream(encrypted, self._most, self._closing)

    async def aclose(self) -> None:
        """Begin to; waits for nothing, so nobody is cut off in between."""
        self._closing.begin(self._stream)

    def get_extra_info(self, info: str) -> Any:
        """As it is."""
        return self._stream.get_extra_info(info)
