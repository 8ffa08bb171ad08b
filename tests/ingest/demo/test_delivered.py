"""The folder of the demo's messages: emptied at the start, and never without end."""

import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from ingest.demo.delivered import Delivered
from ingest.senders.file import WrittenMessage


def put(folder: Path, to: str, *, at: int) -> str:
    """A message, written `at` seconds since 1970; its name."""
    message = WrittenMessage(
        reference=str(uuid4()),
        at=datetime.now(UTC),
        kind="tel",
        to=to,
        sent_from="Molensloot",
        language="nl",
        link="http://localhost:8000/v/a",
    )
    path = folder / f"{message.reference}.json"
    path.write_bytes(msgspec.json.encode(message))
    os.utime(path, (at, at))
    return message.reference


def names_in(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir()}


def test_a_start_takes_away_what_lies_there(tmp_path: Path) -> None:
    reference = put(tmp_path, "+31612345678", at=1)
    (tmp_path / f".{reference}.0a1b").write_text("half")
    Delivered(tmp_path).empty()
    assert names_in(tmp_path) == set()
    Delivered(tmp_path / "not there").empty()


@pytest.mark.anyio
async def test_the_oldest_go_when_there_are_many(tmp_path: Path) -> None:
    references = [put(tmp_path, f"+3161234567{n}", at=n) for n in range(5)]
    await Delivered(tmp_path, most_kept=3).arrived(["+31612345674"], within_seconds=0)
    assert names_in(tmp_path) == {*references[2:]}


@pytest.mark.anyio
async def test_a_message_is_found_by_the_address_it_went_to(tmp_path: Path) -> None:
    messages = Delivered(tmp_path)
    reference = put(tmp_path, "+31612345678", at=1)
    (tmp_path / f"{uuid4()}.json").write_text("no message")
    found = await messages.arrived(["+31612345678", "+31612345679"], within_seconds=0)
    assert {to: each.reference for to, each in found.items()} == {"+31612345678": reference}


@pytest.mark.anyio
async def test_a_name_that_is_none_leads_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    outside = put(tmp_path, "+31612345678", at=1)
    messages = Delivered(folder)
    for name in ("", f"../{outside}", "x" * 36, str(uuid4())):
        assert messages.read(name) is None
