"""The backups of our own Postgres, and what was revoked before a restore."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ingest.backup.making import SLOT
from ingest.backup.receiving import LINE as LINE_NOTE
from ingest.backup.revocations import note
from ingest.doctor import backups
from ingest.doctor.findings import Mark
from ingest.doctor.sight import Sight, opened
from tests.conftest import Database
from tests.ingest.doctor.looking import marks, seen, sentences, sight_of, told_of_settings, wrongs

pytestmark = pytest.mark.anyio

LINE = "20261101T000000000000Z"


def kept(folder: Path, base: timedelta, until: timedelta) -> Path:
    """What a backup leaves: a base so old, and the log up to so long ago."""
    now, place = datetime.now(UTC), folder / LINE
    for kind in ("base", "wal", "secrets"):
        (place / kind).mkdir(parents=True)
    made = {
        "line": LINE,
        "began": (now - base).isoformat(),
        "ended": (now - base).isoformat(),
        "segment": "000000010000000000000001",
        "postgres": 18,
        "size": 1,
    }
    name = (now - base).strftime("%Y%m%dT%H%M%S%fZ")
    (place / "base" / f"{name}.json").write_text(json.dumps(made))
    (place / "base" / f"{name}.tar.gz").write_bytes(b"")
    for segment in ("000000010000000000000001", "000000010000000000000002"):
        (place / "wal" / f"{segment}.gz").write_bytes(b"")
    until_then = {"moment": (now - until).isoformat(), "segment": "000000010000000000000002"}
    (place / "until.json").write_text(json.dumps(until_then))
    return folder


@pytest.mark.parametrize(
    ("base_hours", "until_seconds", "mark"),
    [(5, 10, Mark.OK), (5, 7200, Mark.WRONG), (100, 10, Mark.WRONG)],
)
async def test_backups_that_stand_still_are_wrong(
    own_database: Database, tmp_path: Path, base_hours: int, until_seconds: int, mark: Mark
) -> None:
    folder = kept(tmp_path, timedelta(hours=base_hours), timedelta(seconds=until_seconds))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / LINE_NOTE).write_text(LINE)
    sight = told_of_settings(sight_of(own_database), backup=folder, data=tmp_path / "data")
    sight = msgspec.structs.replace(sight, own=True)
    # Here they lie on the disk of the data, which is said as well.
    assert marks(await seen(sight, backups.examine)) == [mark, Mark.LOOK]


async def _told_of_now(sight: Sight, tmp_path: Path) -> str:
    """What is wrong with backups that were made seconds ago."""
    folder = kept(tmp_path / "kept", timedelta(hours=5), timedelta(seconds=10))
    (tmp_path / LINE_NOTE).write_text(LINE)
    sight = told_of_settings(sight, backup=folder, data=tmp_path)
    (told,) = wrongs(await backups.examine(msgspec.structs.replace(sight, own=True)))
    return told


async def test_a_database_that_was_killed_a_moment_ago_keeps_nothing(
    database: Database, tmp_path: Path
) -> None:
    told = await _told_of_now(sight_of(database), tmp_path)  # no connection was made
    assert told.endswith("nothing is being kept now: the database does not answer.")


async def test_what_nobody_receives_is_not_kept(database: Database, tmp_path: Path) -> None:
    async with database.superuser() as db, opened(sight_of(database)) as (sight, _):
        await db.execute("select pg_create_physical_replication_slot($1)", SLOT)
        try:
            told = await _told_of_now(sight, tmp_path)
        finally:
            await db.execute("select pg_drop_replication_slot($1)", SLOT)
    assert told.endswith("nothing is being kept now: nobody receives what the database writes.")


async def test_what_another_data_folder_keeps_there_is_no_backup_of_this_one(
    own_database: Database, tmp_path: Path
) -> None:
    folder = kept(tmp_path / "kept", timedelta(hours=5), timedelta(seconds=10))
    (tmp_path / LINE_NOTE).write_text("20261102T000000000000Z")
    sight = told_of_settings(sight_of(own_database), backup=folder, data=tmp_path)
    sight = msgspec.structs.replace(sight, own=True)
    told = wrongs(await seen(sight, backups.examine))[0]
    assert f"what is written now in {tmp_path} is not being kept" in told


@pytest.mark.parametrize(("data", "told"), [(Path("."), [Mark.LOOK]), (Path("/proc"), [])])
async def test_backups_on_the_disk_of_the_data_are_to_be_looked_at(
    own_database: Database, tmp_path: Path, data: Path, told: list[Mark]
) -> None:
    folder = kept(tmp_path / "backup", timedelta(hours=5), timedelta(seconds=10))
    there = tmp_path / data  # /proc is a disk of its own
    sight = told_of_settings(sight_of(own_database), backup=folder, data=there)
    found = await seen(msgspec.structs.replace(sight, own=True), backups.examine)
    assert marks(found)[1:] == told
    assert ("on the disk of the data" in found[-1].sentence) == bool(told)


async def test_a_note_that_is_damaged_is_said_and_ends_nothing(
    own_database: Database, tmp_path: Path
) -> None:
    folder = kept(tmp_path, timedelta(hours=5), timedelta(seconds=10))
    (folder / LINE / "until.json").write_text('{"moment": "2026-11-01T00:00:00"')
    sight = told_of_settings(sight_of(own_database), backup=folder)
    (told,) = wrongs(await seen(msgspec.structs.replace(sight, own=True), backups.examine))
    assert "until.json" in told


async def test_no_backup_is_told(own_database: Database, tmp_path: Path) -> None:
    own = msgspec.structs.replace(sight_of(own_database), own=True)
    assert marks(await seen(own, backups.examine)) == [Mark.LOOK]
    empty = told_of_settings(own, backup=tmp_path)
    assert marks(await seen(empty, backups.examine)) == [Mark.WRONG]


async def test_a_folder_of_backups_beside_a_postgres_of_one_s_own_is_said_to_do_nothing(
    database: Database, tmp_path: Path
) -> None:
    found = await seen(sight_of(database, backup=tmp_path), backups.examine)
    assert "MEETPUNT_BACKUP is set and does nothing" in sentences(found, Mark.LOOK)
    found = await seen(sight_of(database), backups.examine)
    assert "MEETPUNT_BACKUP" not in sentences(found, Mark.LOOK)


async def test_what_was_revoked_and_lives_again_is_wrong(
    own_database: Database, tmp_path: Path
) -> None:
    sight = told_of_settings(sight_of(own_database), keys_file=tmp_path / "keys.json")
    async with own_database.superuser() as db:
        kiosk = await db.fetchval(
            "insert into meetpunt.kiosk (municipality, touchpoint, public_key, name, enrolled_at)"
            " values ('GM9001', 1, decode(repeat('04', 65), 'hex'), 'Hal', now()) returning id"
        )
    assert wrongs(await seen(sight, backups.examine)) == []
    note(tmp_path / "keys.json", "kiosk", str(kiosk))
    (told,) = wrongs(await seen(sight, backups.examine))
    assert f"meetpunt kiosk revoke {kiosk}" in told
