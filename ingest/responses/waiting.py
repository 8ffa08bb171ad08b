"""The responses that wait for the next transaction, and which of them may go together."""

import asyncio
from collections import deque
from collections.abc import Iterator

from ingest.responses.statements import NewResponse

# A batch takes one response a permission. More than this of one is no resident in a hurry, and
# would hold up the others behind it.
MOST_ON_ONE_PERMISSION = 128


class Waiting:
    """One response, and the future that tells whoever sent it how it ended."""

    __slots__ = ("done", "permission", "response")

    def __init__(self, response: NewResponse, done: asyncio.Future[None]) -> None:
        self.response = response
        self.permission = response.invitation or response.token_id
        self.done = done


class WaitingLine:
    """First come, first served; but one id and one permission at a time."""

    def __init__(self) -> None:
        self._line: deque[Waiting] = deque()
        self._on_permission: dict[bytes | None, int] = {}

    def __len__(self) -> int:
        return len(self._line)

    def __iter__(self) -> Iterator[Waiting]:
        return iter(self._line)

    def is_crowded(self, waiting: Waiting) -> bool:
        """Whether too many wait for this one's permission already."""
        return self._on_permission.get(waiting.permission, 0) >= MOST_ON_ONE_PERMISSION

    def join(self, waiting: Waiting) -> None:
        """Put one at the end."""
        self._line.append(waiting)
        count = self._on_permission.get(waiting.permission, 0)
        self._on_permission[waiting.permission] = count + 1

    def next_batch(self, largest: int) -> list[Waiting]:
        """Take out the oldest; a second one with the same id or permission waits for the next."""
        batch: list[Waiting] = []
        held_back: list[Waiting] = []
        seen: set[object] = set()
        while self._line and len(batch) < largest:
            waiting = self._line.popleft()
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
        self._line.extendleft(reversed(held_back))
        return batch

    def clear(self) -> None:
        """Send everybody home."""
        self._line.clear()
        self._on_permission.clear()
