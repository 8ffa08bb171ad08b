"""A connection that counts what comes, and lets others run while it does."""

import asyncio
import ssl
from typing import Any

import httpcore2

BESIDE_BODY = 36_000
"""How much may come in answer to one call beside its body: heads, and the frames of pieces."""

# To make sense of what comes in the smallest pieces takes a microsecond a byte and more, and
# nobody else runs meanwhile.
_AT_ONCE = 1024


class CountedStream(httpcore2.AsyncNetworkStream):
    """Gives up what says more in answer to one call than an API of a neighbour ever does."""

    def __init__(self, stream: httpcore2.AsyncNetworkStream, most_raw_bytes: int) -> None:
        """`most_raw_bytes` come between two writings, which is for one call."""
        self._stream = stream
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
        encrypted = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        return CountedStream(encrypted, self._most)

    async def aclose(self) -> None:
        """As it is."""
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        """As it is."""
        return self._stream.get_extra_info(info)
