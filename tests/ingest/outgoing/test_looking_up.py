"""A name that nobody answers for holds up whoever asked for it, and nobody else."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.outgoing.looking_up import Lookups

pytestmark = pytest.mark.anyio

SLOW = "trage-naam.example"


class Directory:
    """Answers for every name but `SLOW` at once; for that one when `answering` is set."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._another = threading.Condition()
        self.answering = threading.Event()

    def __call__(self, host: str, port: int, **_: Any) -> list[Any]:
        with self._another:
            self.asked.append(host)
            self._another.notify_all()
        if host.endswith(SLOW):
            self.answering.wait()
        if host == "niemand.example":
            raise socket.gaierror(socket.EAI_NONAME, "nobody")
        return [(2, 1, 6, "", ("192.0.2.7", port)), (2, 1, 6, "", ("192.0.2.7", port))]

    def until_asked(self, many: int) -> None:
        with self._another:
            assert self._another.wait_for(lambda: len(self.asked) >= many, timeout=10)


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Directory]:
    found = Directory()
    monkeypatch.setattr(socket, "getaddrinfo", found)
    yield found
    found.answering.set()


async def test_a_name_has_each_of_its_addresses_once(directory: Directory) -> None:
    assert await Lookups()("api.voorbeeld.example", 443) == ["192.0.2.7"]
    with pytest.raises(socket.gaierror):
        await Lookups()("niemand.example", 443)


async def test_who_asks_for_the_same_name_waits_for_the_same_answer(directory: Directory) -> None:
    lookups = Lookups()
    waiting = [asyncio.create_task(lookups(SLOW, 443)) for _ in range(50)]
    await asyncio.to_thread(directory.until_asked, 1)
    waiting.pop().cancel()  # and takes the answer from nobody
    await asyncio.sleep(0)
    directory.answering.set()
    assert await asyncio.gather(*waiting) == [["192.0.2.7"]] * 49
    assert directory.asked == [SLOW]
    # The next asks anew: what was true may not be any more.
    await lookups(SLOW, 443)
    assert len(directory.asked) == 2


async def test_others_and_files_do_not_wait_for_a_slow_name(directory: Directory) -> None:
    lookups = Lookups()
    waiting = [asyncio.create_task(lookups(f"{n}.{SLOW}", 443)) for n in range(30)]
    async with asyncio.timeout(5):
        # In a thread, as the sender of files has it.
        await asyncio.to_thread(directory.until_asked, 30)
        assert await lookups("api.voorbeeld.example", 443) == ["192.0.2.7"]
    directory.answering.set()
    await asyncio.gather(*waiting)


async def test_who_waits_for_a_name_gives_up_in_time(directory: Directory) -> None:
    with pytest.raises(TimeoutError):
        await Lookups(seconds=0.05)(SLOW, 443)


async def test_of_names_that_nobody_answers_for_only_so_many_are_asked(
    directory: Directory,
) -> None:
    lookups = Lookups(most=2)
    waiting = [asyncio.create_task(lookups(f"{n}.{SLOW}", 443)) for n in range(2)]
    await asyncio.to_thread(directory.until_asked, 2)
    with pytest.raises(OSError, match="too many"):
        await lookups("api.voorbeeld.example", 443)
    directory.answering.set()
    await asyncio.gather(*waiting)
    assert await lookups("api.voorbeeld.example", 443)
