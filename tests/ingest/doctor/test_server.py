"""What the server promises of what was thanked for: real ones that wait, follow and archive."""

import asyncio
import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from ingest.doctor import backups, replication
from ingest.doctor.findings import Finding, Mark
from ingest.doctor.sight import INGEST, OWNER
from ingest.postgres.server import EmbeddedPostgres
from tests.conftest import Database
from tests.embedding import a_made_server, a_server
from tests.ingest.doctor.looking import (
    marks,
    seen,
    sentences,
    sight_of,
    type_of_examiner,
    wrongs,
)

_PATIENCE_SECONDS = 30.0
_REPLICATION = "local replication postgres scram-sha-256\n"


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[EmbeddedPostgres]:
    """A durable server with these settings; one that waits for a standby, too."""
    with a_server(data, settings=settings) as server:
        yield server


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a server that was made and stopped."""
    data = a_made_server(tmp_path_factory.mktemp("stopped") / "data").data
    with (data / "postgres" / "pg_hba.conf").open("a") as who_may_enter:
        who_may_enter.write(_REPLICATION)
    return data


@pytest.fixture
def data(stopped: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return copy_of(stopped, tmp_path / "data")


def copy_of(stopped: Path, folder: Path) -> Path:
    """Copied as it is, with its owner, who is not root."""
    shutil.copytree(stopped, folder, symlinks=True, ignore=shutil.ignore_patterns("socket"))
    for path in (stopped, *stopped.rglob("*")):
        there = folder / path.relative_to(stopped)
        if there.exists() and not there.is_symlink():
            shutil.chown(there, path.stat().st_uid, path.stat().st_gid)
    return folder


def looked(server: EmbeddedPostgres, examine: type_of_examiner, *roles: str) -> list[Finding]:
    sight = sight_of(Database(server, "meetpunt"), roles=roles or (INGEST, OWNER))
    return asyncio.run(seen(sight, examine))


def execute(server: EmbeddedPostgres, *statements: str) -> None:
    async def executed() -> None:
        db = await asyncpg.connect(server.url("postgres"))
        try:
            for statement in statements:
                await db.execute(statement)
        finally:
            await db.close()

    asyncio.run(executed())


def wait_until(server: EmbeddedPostgres, condition: str) -> Any:
    """What the condition gave when it came true."""

    async def waited() -> Any:
        db = await asyncpg.connect(server.url("postgres", "postgres"))
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not (found := await db.fetchval(condition)):
                    await db.execute("select pg_sleep(0.05)")
            return found
        finally:
            await db.close()

    return asyncio.run(waited())


def test_one_durable_server_is_said_to_be_alone(data: Path) -> None:
    with serving(data) as server:
        found = looked(server, replication.examine)
    assert marks(found) == [Mark.LOOK]
    assert "this one server alone" in found[0].sentence


def test_a_server_that_may_lose_what_was_thanked_for_is_wrong(database: Database) -> None:
    """The one of the tests is quick, and does."""
    found = asyncio.run(seen(sight_of(database), replication.examine))
    assert ["fsync" in told or "synchronous_commit" in told for told in wrongs(found)] == [True] * 2


def test_a_server_that_waits_for_nobody_there_is_wrong(data: Path) -> None:
    # Local alone, or nothing could be done there: who looks is a role that waits.
    with serving(data, synchronous_standby_names="other") as server:
        (told,) = wrongs(looked(server, replication.examine))
    assert "none is connected" in told


def test_a_standby_that_is_named_and_not_waited_for_is_wrong(data: Path) -> None:
    with serving(data, synchronous_standby_names="other", synchronous_commit="local") as server:
        (told,) = wrongs(looked(server, replication.examine))
    assert "synchronous_commit = local" in told


def test_a_standby_that_keeps_up_is_well_and_is_no_place_to_store(
    data: Path, stopped: Path, tmp_path: Path
) -> None:
    follower = copy_of(stopped, tmp_path / "follower")
    (follower / "postgres" / "standby.signal").touch()
    with serving(data, synchronous_standby_names="follower") as server:
        primary = f"{server.url('postgres', 'postgres')}&application_name=follower"
        with serving(follower, primary_conninfo=primary, hot_standby="on") as standby:
            wait_until(server, "select count(*) = 1 from pg_stat_replication")
            found = looked(server, replication.examine)
            # That it is connected does not say that it is the one that is waited for.
            assert marks(found) == [Mark.UNSEEN]
            assert "1 standby is connected. Whether" in found[0].sentence
            execute(server, "grant pg_monitor to meetpunt_owner")
            assert marks(looked(server, replication.examine)) == [Mark.OK]
            execute(server, "revoke select on pg_stat_replication from public")
            assert marks(looked(server, replication.examine, INGEST)) == [Mark.UNSEEN]
            (told,) = wrongs(looked(standby, replication.examine))
        assert "is a standby" in told


# Two servers; what a standby tells is read as it is above.
@pytest.mark.long
def test_a_standby_that_stands_still_is_wrong(data: Path, stopped: Path, tmp_path: Path) -> None:
    follower = copy_of(stopped, tmp_path / "follower")
    (follower / "postgres" / "standby.signal").touch()
    late = partial(replication.examine, far_behind_seconds=0.0)
    with serving(data, synchronous_standby_names="follower") as server:
        primary = f"{server.url('postgres', 'postgres')}&application_name=follower"
        with serving(follower, primary_conninfo=primary, hot_standby="on") as standby:
            wait_until(server, "select flush_lsn is not null from pg_stat_replication")
            execute(server, "grant pg_monitor to meetpunt_owner")
            assert marks(looked(server, late)) == [Mark.OK]
            receiver = wait_until(standby, "select pid from pg_stat_wal_receiver")
            os.kill(receiver, signal.SIGSTOP)
            try:
                execute(server, "set synchronous_commit = local", "create table written ()")
                (told,) = wrongs(looked(server, late))
                assert "behind" in told
            finally:
                os.kill(receiver, signal.SIGCONT)


# Two servers; what a standby tells is read as it is above.
@pytest.mark.long
def test_a_standby_that_is_another_than_the_one_that_is_waited_for_is_wrong(
    data: Path, stopped: Path, tmp_path: Path
) -> None:
    follower = copy_of(stopped, tmp_path / "follower")
    (follower / "postgres" / "standby.signal").touch()
    settings = {"synchronous_standby_names": "other", "synchronous_commit": "local"}
    with serving(data, **settings) as server:
        execute(
            server,
            "grant pg_monitor to meetpunt_owner",
            "alter role meetpunt_ingest set synchronous_commit = on",
        )
        primary = f"{server.url('postgres', 'postgres')}&application_name=follower"
        with serving(follower, primary_conninfo=primary, hot_standby="on"):
            wait_until(server, "select count(*) = 1 from pg_stat_replication")
            (told,) = wrongs(looked(server, replication.examine))
    assert "none of those connected is that one (async)" in told


def test_a_server_that_archives_nothing_is_told(data: Path) -> None:
    with serving(data) as server:
        assert marks(looked(server, backups.examine)) == [Mark.LOOK]


@pytest.mark.parametrize(
    ("command", "condition", "mark"),
    [
        ("true", "last_archived_time is not null", Mark.OK),
        # Postgres tries three times, a second apart, before it says so.
        pytest.param("false", "failed_count > 0", Mark.WRONG, marks=pytest.mark.long),
    ],
)
def test_archiving_is_told_as_it_goes(data: Path, command: str, condition: str, mark: Mark) -> None:
    with serving(data, archive_mode="on", archive_command=command) as server:
        assert "nothing was archived yet" in sentences(looked(server, backups.examine), Mark.LOOK)
        execute(server, "create table written (n integer)", "select pg_switch_wal()")
        wait_until(server, f"select {condition} from pg_stat_archiver")
        assert marks(looked(server, backups.examine)) == [mark]
