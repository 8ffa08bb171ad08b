"""No number, address, link or key shows in an outcome or a log line, whatever goes wrong."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ingest.running.logs import configure_logging
from ingest.senders.sender import Sender
from tests.ingest.senders.messages import ADDRESS, LINK, NUMBER, key_file, message, sender
from tests.neighbours import notify, spryng
from tests.neighbours.relay import relay
from tests.neighbours.server import BadDay, Behaviour, Cut, Reply, neighbour

pytestmark = pytest.mark.anyio

LOUD = f"{NUMBER} {NUMBER.removeprefix('+')} {ADDRESS} {LINK}"
CANARIES = (NUMBER.removeprefix("+"), ADDRESS, LINK, notify.SECRET, spryng.KEY)
BAD: list[Behaviour] = [
    *(Reply(status, f'{{"errors": [{{"error": "{LOUD}", "message": "{LOUD}"}}]}}'.encode())
      for status in (200, 201, 400, 403, 422, 429, 500, 503)),
    Reply(200, LOUD.encode()),
    Reply(201, LOUD.encode(), (("Content-Encoding", LOUD), ("Retry-After", LOUD))),
    Cut(f"HTTP/1.1 {LOUD}\r\n\r\n".encode()),
    Cut(LOUD.encode()),
    Cut(),
]  # fmt: skip


@asynccontextmanager
async def both(folder: Path) -> AsyncIterator[list[tuple[Sender, notify.Notify | spryng.Spryng]]]:
    theirs, other = notify.Notify(), spryng.Spryng()
    async with (
        neighbour(theirs) as one,
        neighbour(other) as two,
        sender(
            folder,
            kind="notify",
            url=one.url,
            key_file=key_file(folder, notify.KEY),
            template=notify.TEMPLATE,
            private_network=True,
        ) as by_notify,
        sender(
            folder,
            kind="spryng",
            url=f"{two.url}/v1",
            key_file=key_file(folder, spryng.KEY),
            sent_from="Molensloot",
            private_network=True,
        ) as by_spryng,
    ):
        yield [(by_notify, theirs), (by_spryng, other)]


async def test_what_a_provider_says_goes_no_further(tmp_path: Path) -> None:
    lines = io.StringIO()
    configure_logging("debug", stream=lines)
    shown = ""
    async with both(tmp_path) as senders:
        for ours, theirs in senders:
            for behaviour in BAD:
                theirs.bad_days.append(BadDay(behaviour))
                shown += repr(await ours.send(message()))
                theirs.bad_days.append(BadDay(behaviour))
                shown += repr(await ours.look_up(message().reference, None))
                theirs.bad_days.clear()
    assert not [canary for canary in CANARIES if canary in shown + lines.getvalue()]


async def test_what_a_relay_says_goes_no_further(tmp_path: Path) -> None:
    lines = io.StringIO()
    configure_logging("debug", stream=lines)
    shown = ""
    for step in ("from", "to", "data"):
        for code in (451, 550):
            async with (
                relay() as theirs,
                sender(
                    tmp_path,
                    kind="smtp",
                    url=f"smtp://127.0.0.1:{theirs.port}",
                    sent_from="kto@molensloot.example",
                    private_network=True,
                ) as ours,
            ):
                theirs.answers[step] = f"{code} {LOUD}"
                shown += repr(await ours.send(message(f"mailto:{ADDRESS}")))
    assert not [canary for canary in CANARIES if canary in shown + lines.getvalue()]
