"""Sends requests when they are due, whatever became of those before.

python -m tests.bench.monday.player PORT FILE PATIENCE: the seconds after which it waits no more.

A resident does not wait for others. So a wait counts from the moment at which a request was due,
also while it stood in line for one of the connections here.
"""

import asyncio
import contextlib
import sys
import time
from collections import Counter, deque
from pathlib import Path
from typing import cast

import msgspec
import uvloop

from tests.bench.monday.together import tell, wait_until_told

_CONNECTIONS = 256
_LENGTH = b"content-length:"


class Request(msgspec.Struct, frozen=True, array_like=True):
    """One request: `due` in seconds from the start, what kind it is, and its bytes."""

    due: float
    kind: str
    sent: bytes


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one kind: milliseconds from due until answered, and how many of each status.

    "none" is no answer at all: the connection was closed, or patience ended.
    """

    sent: int
    statuses: dict[str, int]
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """`late_ms` is how long the worst hundredth was due before this program came to it."""

    kinds: dict[str, Waits]
    seconds: float
    cpu_seconds: float
    late_ms: float


class _Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self, player: "_Player") -> None:
        self._player = player
        self._transport: asyncio.Transport | None = None
        self._asked: Request | None = None
        self._whole, self._got = 0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._player.free.append(self)

    def ask(self, request: Request) -> None:
        assert self._transport is not None
        self._asked = request
        self._transport.write(request.sent)

    def data_received(self, data: bytes) -> None:
        got = self._got = self._got + data if self._got else data
        if not self._whole:
            end = got.find(b"\r\n\r\n")
            if end < 0:
                return
            self._whole = end + 4 + _length_of(got[:end])
        if len(got) < self._whole or self._asked is None:
            return
        asked, self._asked, self._whole, self._got = self._asked, None, 0, b""
        self._player.answered(asked, got[9:12].decode())
        self._player.next(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._asked is not None:
            self._player.answered(self._asked, "none")
        self._player.lost(self)


def _length_of(head: bytes) -> int:
    at = head.lower().find(_LENGTH)
    if at < 0:
        return 0  # 204, or 304
    return int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0])


class _Player:
    def __init__(self, port: int, requests: list[Request], patience: float) -> None:
        self.free: list[_Connection] = []
        self._port, self._requests, self._patience = port, requests, patience
        self._line: deque[Request] = deque()
        self._took: dict[str, list[float]] = {each.kind: [] for each in requests}
        self._statuses: dict[str, Counter[str]] = {each.kind: Counter() for each in requests}
        self._began = 0.0
        self._late: list[float] = []
        self._left = len(requests)
        self._done = asyncio.Event()
        self._connecting: set[asyncio.Task[None]] = set()

    async def play(self) -> Played:
        await asyncio.gather(*(self._connect() for _ in range(_CONNECTIONS)))
        wait_until_told()
        cpu, self._began = time.process_time(), time.monotonic()
        for place, request in enumerate(self._requests):
            early = request.due - self._now()
            # Also when it lags behind, answers are let in now and then.
            if early > 0 or place % 64 == 0:
                await asyncio.sleep(max(0.0, early))
            self._late.append(max(0.0, self._now() - request.due))
            self._line.append(request)
            if self.free:
                self.next(self.free.pop())
        with contextlib.suppress(TimeoutError):  # what was not answered is told as such
            async with asyncio.timeout(self._patience):
                await self._done.wait()
        seconds = self._requests[-1].due
        return self._played(seconds, time.process_time() - cpu)

    def next(self, connection: _Connection) -> None:
        """Send what waits longest, if anything does."""
        if self._line:
            connection.ask(self._line.popleft())
        else:
            self.free.append(connection)

    def answered(self, request: Request, status: str) -> None:
        """Count the wait since it was due."""
        self._took[request.kind].append(self._now() - request.due)
        self._statuses[request.kind][status] += 1
        self._left -= 1
        if not self._left:
            self._done.set()

    def lost(self, connection: _Connection) -> None:
        """Another one comes in its place."""
        if connection in self.free:
            self.free.remove(connection)
        if not self._done.is_set():
            task = asyncio.ensure_future(self._connect())
            self._connecting.add(task)
            task.add_done_callback(self._connecting.discard)

    def _now(self) -> float:
        return time.monotonic() - self._began

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: _Connection(self), "127.0.0.1", self._port)
        if self._line and self.free:
            self.next(self.free.pop())

    def _played(self, seconds: float, cpu_seconds: float) -> Played:
        kinds = {}
        many = Counter(each.kind for each in self._requests)
        for kind, took in self._took.items():
            missing = many[kind] - len(took)
            if missing:
                self._statuses[kind]["none"] += missing
            waits = sorted(took) + [self._patience] * missing
            kinds[kind] = Waits(
                sent=many[kind],
                statuses=dict(self._statuses[kind]),
                **{f"p{share}_ms": _ms(waits, share / 100) for share in (50, 95, 99)},
                max_ms=_ms(waits, 1),
            )
        return Played(
            kinds=kinds,
            seconds=seconds,
            cpu_seconds=cpu_seconds,
            late_ms=_ms(sorted(self._late), 0.99),
        )


def _ms(waits: list[float], share: float) -> float:
    """The wait in milliseconds that this share did not exceed; `waits` are sorted."""
    return round(waits[min(len(waits) - 1, int(len(waits) * share))] * 1000, 1)


def main() -> None:
    port, file, patience = sys.argv[1:]
    requests = msgspec.msgpack.decode(Path(file).read_bytes(), type=list[Request])
    tell(uvloop.run(_Player(int(port), requests, float(patience)).play()))


if __name__ == "__main__":
    main()
