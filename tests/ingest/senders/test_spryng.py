"""Text messages by Spryng: what becomes of one, on good days and on bad ones."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ingest.senders.sender import (
    Accepted,
    Outcome,
    RefusedForGood,
    RefusedForNow,
    Sender,
    Unknown,
)
from tests.ingest.senders.messages import NUMBER, key_file, message, sender
from tests.ingest.senders.recorded import recorded
from tests.neighbours.server import BadDay, Behaviour, Cut, Reply, Server, neighbour
from tests.neighbours.spryng import KEY, Spryng

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def spryng(
    folder: Path, key: str = KEY, originator: str = "Molensloot"
) -> AsyncIterator[tuple[Sender, Spryng, Server]]:
    theirs = Spryng()
    async with (
        neighbour(theirs) as server,
        sender(
            folder,
            kind="spryng",
            url=f"{server.url}/v1",
            key_file=key_file(folder, key),
            sent_from=originator,
            private_network=True,
        ) as ours,
    ):
        yield ours, theirs, server


async def test_a_message_is_sent_in_the_form_that_was_recorded(tmp_path: Path) -> None:
    async with spryng(tmp_path) as (ours, theirs, server):
        sent = message()
        assert await ours.send(sent) == Accepted(theirs.sent[0]["id"], receipts=True)
        assert theirs.texts() == [(NUMBER.removeprefix("+"), sent.text)]
        (request,) = server.requests
        body, real = json.loads(request.body), recorded("NotifyNL API to Spryng")
        assert body.keys() == json.loads(real["body"]).keys()
        assert request.headers["content-type"] == real["headers"]["Content-Type"]
        assert request.headers["authorization"] == real["headers"]["Authorization"]
        # NotifyNL asks for Unicode always, in which a message has two or three parts.
        assert body["encoding"] == "auto"


async def test_it_sends_no_mail(tmp_path: Path) -> None:
    async with spryng(tmp_path) as (ours, _, server):
        assert await ours.send(message("mailto:a@b.example")) == RefusedForGood("kind-not-sent")
        assert server.taken == 0


async def test_what_is_wrong_with_the_number_is_told_from_what_is_wrong_with_the_account(
    tmp_path: Path,
) -> None:
    async with spryng(tmp_path) as (ours, _, _server):
        assert await ours.send(message("tel:+0")) == RefusedForGood("recipient-refused")
    async with spryng(tmp_path, originator="Een veel te lange naam") as (ours, _, _server):
        assert await ours.send(message()) == RefusedForNow("not-allowed")
    async with spryng(tmp_path, key="een-andere") as (ours, _, _server):
        assert await ours.send(message()) == RefusedForNow("key-refused")


async def test_a_good_answer_that_is_no_json_is_not_sent_again(tmp_path: Path) -> None:
    """NotifyNL does, and whoever it is for gets two messages."""
    async with spryng(tmp_path) as (ours, theirs, _):
        theirs.bad_days.append(BadDay(Reply(200, b"<html>OK</html>"), after=True))
        sent = message()
        assert await ours.send(sent) == Unknown("answer-unreadable")
        assert len(theirs.sent) == 1
        assert await ours.look_up(sent.reference, None) is None


async def test_a_failure_that_is_told_after_the_text_went_out_sends_no_second(
    tmp_path: Path,
) -> None:
    async with spryng(tmp_path) as (ours, theirs, _):
        for status in (500, 502, 503):
            theirs.bad_days.append(BadDay(Reply(status, b""), after=True))
            assert await ours.send(message()) == Unknown("provider-failed")
        assert len(theirs.sent) == 3


BAD_DAYS: list[tuple[Behaviour, Outcome]] = [
    (Reply(402, b"{}"), RefusedForNow("over-limit", 3600.0)),
    (Reply(404, b"{}"), RefusedForNow("not-found")),
    (Reply(422, b'{"errors": {"body": ["too long"]}}'), RefusedForGood("text-refused")),
    (Reply(422, b'{"errors": ["body"]}'), RefusedForGood("message-refused")),
    (Reply(422, b"<html>"), RefusedForGood("message-refused")),
    (Reply(429, b"{}"), RefusedForNow("too-many", 60.0)),
    (Reply(429, b"{}", (("Retry-After", "7"),)), RefusedForNow("too-many", 7.0)),
    *((Reply(status, b""), Unknown("provider-failed")) for status in (500, 502, 503, 504, 599)),
    (Reply(503, b"", (("Retry-After", "7"),)), Unknown("provider-failed")),
    (Reply(302, b""), Unknown("answer-unreadable")),
    (Cut(b"HTTP/1.1 200 OK\r\n"), Unknown("answer-unreadable")),
]


@pytest.mark.parametrize(("behaviour", "outcome"), BAD_DAYS)
async def test_on_a_bad_day(tmp_path: Path, behaviour: Behaviour, outcome: Outcome) -> None:
    async with spryng(tmp_path) as (ours, theirs, _):
        theirs.bad_days.append(BadDay(behaviour))
        assert await ours.send(message()) == outcome
