"""Messages in a folder: whole, private, and never fewer than were sent."""

import asyncio
import stat
from pathlib import Path

import msgspec
import pytest

from ingest.senders.file import FileSender, WrittenMessage
from ingest.senders.none import NoSender
from ingest.senders.sender import Accepted, RefusedForGood, RefusedForNow
from tests.ingest.senders.messages import ADDRESS, LINK, NUMBER, message, sender

pytestmark = pytest.mark.anyio


def written(folder: Path) -> list[WrittenMessage]:
    return [
        msgspec.json.decode(file.read_bytes(), type=WrittenMessage)
        for file in sorted(folder.iterdir())
    ]


async def test_a_text_message_and_a_mail_stand_there_as_they_were_sent(tmp_path: Path) -> None:
    async with sender(tmp_path, kind="file", sent_from="Molensloot") as ours:
        text, mail = message(), message(f"mailto:{ADDRESS}")
        assert await ours.send(text) == Accepted(text.reference)
        assert await ours.send(mail) == Accepted(mail.reference)
    by_kind = {one.kind: one for one in written(tmp_path / "molensloot")}
    assert by_kind["tel"].to == NUMBER
    assert (by_kind["tel"].text, by_kind["tel"].html) == (text.text, "")
    assert by_kind["mailto"].to == ADDRESS
    assert (by_kind["mailto"].plain, by_kind["mailto"].text) == (mail.plain, "")
    assert f'href="{LINK}"' in by_kind["mailto"].html
    assert {one.sent_from for one in by_kind.values()} == {"Molensloot"}


async def test_it_writes_where_its_file_says(tmp_path: Path) -> None:
    there = tmp_path / "elders" / "berichten"
    async with sender(tmp_path, kind="file", folder=str(there)) as ours:
        await ours.send(message())
    assert len(written(there)) == 1


async def test_only_its_owner_reads_it_and_nothing_half_stands_there(tmp_path: Path) -> None:
    ours = FileSender(tmp_path / "berichten", "")
    await asyncio.gather(*(ours.send(message()) for _ in range(50)))
    files = list((tmp_path / "berichten").iterdir())
    assert len(files) == 50
    assert all(file.suffix == ".json" for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "berichten").stat().st_mode) == 0o700


async def test_one_that_is_sent_twice_is_there_twice(tmp_path: Path) -> None:
    ours = FileSender(tmp_path, "")
    twice = message()
    await ours.send(twice)
    await ours.send(twice)
    assert [one.reference for one in written(tmp_path)] == [twice.reference] * 2


async def test_it_says_what_lies_there_and_nothing_of_what_does_not(tmp_path: Path) -> None:
    """A program may have taken it on: then it went out, and lies there no more."""
    ours = FileSender(tmp_path, "")
    sent, never = message(), message()
    await ours.send(sent)
    assert await ours.look_up(sent.reference, None) == Accepted(sent.reference)
    assert await ours.look_up(never.reference, None) is None
    (tmp_path / f"{sent.reference}.json").unlink()
    assert await ours.look_up(sent.reference, None) is None


async def test_where_it_cannot_write_messages_wait(tmp_path: Path) -> None:
    (tmp_path / "berichten").write_text("no folder")
    ours = FileSender(tmp_path / "berichten", "")
    assert await ours.send(message()) == RefusedForNow("folder-unwritable")


async def test_a_reference_leads_nowhere_else(tmp_path: Path) -> None:
    ours = FileSender(tmp_path / "berichten", "")
    for reference in ("../x", "a/b", "", ".", "a\0b", "x" * 65):
        outcome = await ours.send(message(reference=reference))
        assert outcome == RefusedForGood("message-refused")
        assert await ours.look_up(reference, None) == RefusedForGood("message-refused")
    assert written(tmp_path) == []


async def test_who_only_makes_links_sends_nothing() -> None:
    ours = NoSender()
    assert await ours.send(message()) == RefusedForGood("kind-not-sent")
    assert await ours.look_up(message().reference, None) == RefusedForGood("kind-not-sent")
    assert not ours.kinds
