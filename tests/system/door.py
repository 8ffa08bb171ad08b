"""A door in front of Postgres, over TCP: it can freeze, hang up, or forget who is inside."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_AT_ONCE = struct.pack("ii", 1, 0)


class Door:
    """Passes on what goes through it, to `to_port` of this machine, until it is told otherwise."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open = asyncio.Event()
        self._open.set()
        self._closed = False
        self._passing: set[asyncio.Task[None]] = set()
        self._inside: list[asyncio.StreamWriter] = []

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._enter, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def freeze(self) -> None:
        """From now on nothing passes. Who knocks is let in, and hears nothing."""
        self._open.clear()

    def thaw(self) -> None:
        """All that waited passes."""
        self._open.set()

    def forget(self) -> None:
        """Who is inside hears nothing any more, and is not told; who comes now is served."""
        for task in self._passing:
            task.cancel()
        self._passing.clear()
        # As they are: closing them would tell both ends.
        self._forgotten, self._inside = self._inside, []

    def hang_up(self, *, and_close: bool = False) -> None:
        """Reset every connection (RST); `and_close`: those to come as well, until `reopen`."""
        self._closed = and_close
        for writer in self._inside:
            _reset(writer)
        self._inside.clear()

    def reopen(self) -> None:
        """After `hang_up`: who comes now is served."""
        self._closed = False

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        tasks = list(self._passing)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _enter(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        if self._closed:
            _reset(to_near)
            return
        far, to_far = await asyncio.open_connection("127.0.0.1", self._to_port)
        self._inside += (to_near, to_far)
        for way in ((near, to_far), (far, to_near)):
            task = asyncio.create_task(self._one_way(*way))
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)

    async def _one_way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while said := await reader.read(65_536):
                await self._open.wait()
                writer.write(said)
                await writer.drain()
            await self._open.wait()
            writer.close()
        except OSError:
            writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    if writer.is_closing():
        return
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    writer.transport.abort()


@asynccontextmanager
async def doors(to_port: int, count: int) -> AsyncIterator[list[Door]]:
    """So many, for as long as the block lasts."""
    made = [Door(to_port) for _ in range(count)]
    try:
        for door in made:
            await door.start()
        yield made
    finally:
        for door in made:
            await door.stop()
