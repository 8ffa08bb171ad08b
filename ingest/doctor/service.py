"""The service itself, where it answers on this machine: ready or not, and what waits in it."""

import asyncio
import re
from http.client import HTTPConnection, HTTPException
from typing import Literal

import asyncpg
import msgspec

from ingest.doctor.findings import Finding, counted, look, ok, unseen, wrong
from ingest.doctor.sight import Sight
from ingest.running.addresses import split_address
from ingest.tasks.status import read_tasks

_SECONDS = 3.0
_MOST_BYTES = 2_000_000
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # to be asked, not to be listened on
_QUEUE = re.compile(rb"^ingest_queue_rows ([0-9.e+]+)$", re.MULTILINE)
_FULL = 0.8


async def examine(sight: Sight) -> list[Finding]:
    """`/readyz`, and the queue as its metrics count it."""
    settings = sight.settings
    if not settings.port:
        return [unseen("Which port the service listens on: MEETPUNT_PORT is 0.")]
    place = f"port {settings.port} of {settings.host} (MEETPUNT_HOST, MEETPUNT_PORT)"
    try:
        status, body = await asyncio.to_thread(_ask, settings.host, settings.port, "/readyz")
    except (OSError, HTTPException):
        return await _not_here(sight, f"No service answers on {place}")
    answer = _of_ours(body)
    if answer is None:
        return await _not_here(sight, f"What answers on {place} is another program")
    files = _same_files(answer.files, sight.catalogue.checksum, place) if sight.catalogue else []
    if answer.tells == "nobody" and settings.tells:
        # Whoever left it so would wait for signals and invitations that never come.
        files.append(look(f"What answers on {place} tells nobody outside: MEETPUNT_TELLS."))
    if status != 200:
        return [wrong(f"The service runs and is not ready: {answer.status[:40]}."), *files]
    return [ok("The service runs and is ready."), *files, *await _queue(sight)]


class _Answer(msgspec.Struct, frozen=True):
    """What `/readyz` tells of itself; one of an older version does not tell of its files."""

    status: str
    service: Literal["meetpunt"]
    files: str | None = None
    tells: str | None = None


def _of_ours(body: bytes) -> _Answer | None:
    """An answer that only Meetpunt gives; None: another program gave this one."""
    try:
        return msgspec.json.decode(body, type=_Answer)
    except msgspec.DecodeError:
        return None


def _same_files(served: str | None, here: str, place: str) -> list[Finding]:
    if served is None:
        return [look("The service is of an older version than this command: start it anew.")]
    if served == here:
        return []
    return [
        wrong(
            f"What answers on {place} serves other files than those here: it was started before "
            "they changed, or is another Meetpunt. Start the service anew, or set its port."
        )
    ]


async def _not_here(sight: Sight, sentence: str) -> list[Finding]:
    if await _nobody_at_work(sight):
        return [wrong(f"{sentence}, and no Meetpunt elsewhere does the tasks: it does not run.")]
    return [look(f"{sentence}: Meetpunt does not run, or runs elsewhere.")]


async def _nobody_at_work(sight: Sight) -> bool:
    """Whether no service anywhere has a task in hand; False where that cannot be seen."""
    if sight.any is None:
        return False
    try:
        return not any(task.held for task in await read_tasks(sight.any))
    except asyncpg.PostgresError:
        return False


async def _queue(sight: Sight) -> list[Finding]:
    address = sight.settings.metrics_address
    if address is None:
        return [unseen("What waits in the service: MEETPUNT_METRICS_ADDRESS is off.")]
    try:
        status, body = await asyncio.to_thread(_ask, *split_address(address), "/metrics")
    except (OSError, HTTPException):
        return [unseen("What waits in the service: its metrics do not answer.")]
    waits = _QUEUE.search(body)
    if status != 200 or waits is None:
        return [unseen("What waits in the service: its metrics do not say.")]
    rows = round(float(waits.group(1)))
    room = sight.settings.queue_rows * sight.settings.workers
    waiting = counted(rows, "response")
    sentence = f"Waiting in the service to be stored: {waiting}, of {room} that may"
    return [wrong(f"{sentence}.") if rows >= _FULL * room else ok(f"{sentence}.")]


def _ask(host: str, port: int, path: str) -> tuple[int, bytes]:
    connection = HTTPConnection(_ANY.get(host, host), port, timeout=_SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(_MOST_BYTES)
    finally:
        connection.close()
