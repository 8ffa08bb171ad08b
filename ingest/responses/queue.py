"""The responses that wait for the next transaction, and which of them may share it."""

import asyncio
from collections import deque
from collections.abc import Iterator

from ingest.responses.statements import NewResponse

# A batch takes one response of each permission. A resident never sends this many with one, and more
# of them would delay the responses behind them.
MOST_ON_ONE_PERMISSION = 128


class Queued:
    """One response, and the future that tells its sender how it ended."""

    __slots__ = ("done", "permission", "response")

    def __init__(self, response: NewResponse, done: asyncio.Future[None]) -> None:
        self.response = response
        self.permission = response.invitation or response.token_id
        self.done = done


class Queue:
    """First come, first served; but a batch holds each id and each permission once."""

    def __init__(self) -> None:
        self._queue: deque[Queued] = deque()
        self._on_permission: dict[bytes | None, int] = {}

    def __len__(self) -> int:
        return len(self._queue)

    def __iter__(self) -> Iterator[Queued]:
        return iter(self._queue)

    def is_crowded(self, waiting: Queued) -> bool:
        """Whether too many wait for this one's permission already."""
        return self._on_permission.get(waiting.permission, 0) >= MOST_ON_ONE_PERMISSION

    def join(self, waiting: Queued) -> None:
        """Add a response at the end."""
        self._queue.append(waiting)
        count = self._on_permission.get(waiting.permission, 0)
        self._on_permission[waiting.permission] = count + 1

    def next_batch(self, largest: int) -> list[Queued]:
        """Take out the oldest; one with an id or permission of the batch waits for the next."""
        batch: list[Queued] = []
        held_back: list[Queued] = []
        seen: set[object] = set()
        while self._queue and len(batch) < largest:
            waiting = self._queue.popleft()
            if waiting.response.id in seen or waiting.permission in seen:
                held_back.append(waiting)
                continue
            seen.add(waiting.response.id)
            seen.add(waiting.permission)
            batch.append(waiting)
            if left := self._on_permission[waiting.permission] - 1:
                self._on_permission[waiting.permission] = left
            else:
                del self._on_permission[waiting.permission]
        self._queue.extendleft(reversed(held_back))
        return batch

    def clear(self) -> None:
        """Remove all; their futures must have been set."""
        self._queue.clear()
        self._on_permission.clear()
