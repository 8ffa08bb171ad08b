"""The audit trail in the database: nobody changes a line, and nobody removes a fresh one."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from ingest.audit import Action, Entry, audited, followed, forget, lines, tried
from ingest.database.migrate import migrate, migration_files
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.postgres import create_database, drop_database, running_postgres, versions
from tests.publishing import reads, seen

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("postgres_version", versions())]

OWNER_OF_LINES = "meetpunt_audit"


class NotAllowed(Exception):
    """A rule of ours."""


async def line_of(database: Database, days_ago: int) -> None:
    async with database.superuser() as db:
        await db.execute(
            "insert into meetpunt.audit (at, actor, action, object, outcome)"
            " values ($1, 'x', 'purge', $2, 'done')",
            datetime.now(UTC) - timedelta(days=days_ago),
            str(days_ago),
        )


async def outcomes(database: Database) -> list[tuple[str, str]]:
    async with database.connected("meetpunt_owner") as owner:
        return [(line.outcome, line.object) for line in await lines(owner)]


async def test_not_even_the_role_that_owns_the_lines_changes_one_or_removes_a_fresh_one(
    database: Database,
) -> None:
    for days in (0, 364, 366):
        await line_of(database, days)
    async with database.superuser() as db:
        await db.execute(f"set role {OWNER_OF_LINES}")
        assert await db.execute("update meetpunt.audit set object = 'x'") == "UPDATE 0"
        assert await db.execute("delete from meetpunt.audit") == "DELETE 1"
        # It sees no more than it needs either: not who did what.
        assert [row[0] for row in await db.fetch("select object from meetpunt.audit")] == ["0"]
    assert [line[1] for line in await outcomes(database)] == ["364", "0"]


@pytest.mark.parametrize("days", [364, 0, -1, None])
async def test_no_term_is_shorter_than_a_year(database: Database, days: int | None) -> None:
    async with database.connected("meetpunt_folder") as folder:
        with pytest.raises(asyncpg.CheckViolationError):
            await forget(folder, days)  # type: ignore[arg-type]


async def test_whoever_purges_sees_no_line_and_the_service_does_not_purge(
    database: Database,
) -> None:
    await line_of(database, 4000)
    async with database.connected("meetpunt_ingest") as ingest:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await forget(ingest, 365)
    async with database.connected("meetpunt_folder") as folder:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await lines(folder)
        assert await forget(folder, 365) == 1
        assert await forget(folder, 365) == 0
    ((outcome, what),) = await outcomes(database)
    assert (outcome, what.partition(" of ")[0]) == ("done", "1 lines")


async def test_a_deed_and_its_line_are_there_together_or_not_at_all(database: Database) -> None:
    async with database.connected("meetpunt_owner") as owner:

        async def deed(name: str, ends: str | Exception) -> None:
            async with audited(owner, Entry(action=Action.PURGE, object=name)):
                await owner.execute("update meetpunt.municipality set name = 'Elders'")
                if isinstance(ends, Exception):
                    raise ends
                await owner.execute(ends)

        with pytest.raises(NotAllowed):
            await deed("one", NotAllowed())
        with pytest.raises(asyncpg.UndefinedTableError):
            await deed("two", "table nothing")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await deed("three", "create table pg_catalog.mine ()")
        assert "Elders" not in {
            row["name"] for row in await owner.fetch("table meetpunt.municipality")
        }
    assert await outcomes(database) == [("refused", "one"), ("failed", "two"), ("refused", "three")]


async def test_a_deed_of_several_transactions_is_noted_before_the_first(database: Database) -> None:
    async def deed(folder: asyncpg.Connection) -> None:
        async with followed(folder, Entry(action=Action.PURGE)):
            assert await outcomes(database) == [("begun", "-")]
            raise KeyboardInterrupt

    async with database.connected("meetpunt_folder") as folder:
        with pytest.raises(KeyboardInterrupt):
            await deed(folder)
    assert [outcome for outcome, _ in await outcomes(database)] == ["begun", "failed"]


async def test_a_connection_that_is_gone_tells_what_broke_and_not_that_it_was_not_noted(
    database: Database,
) -> None:
    async def deed(owner: asyncpg.Connection) -> None:
        async with tried(owner, Entry(action=Action.PURGE)):
            owner.terminate()
            raise NotAllowed

    async with database.connected("meetpunt_owner") as owner:
        with pytest.raises(NotAllowed):
            await deed(owner)
    assert await outcomes(database) == []


async def test_a_line_is_in_the_name_of_who_is_connected_whoever_they_say_they_are(
    database: Database,
) -> None:
    async with database.connected("meetpunt_folder") as folder:
        await folder.execute("set search_path = pg_temp, pg_catalog")
        async with audited(folder, Entry(action=Action.PURGE, actor="meetpunt_owner")):
            pass
    async with database.connected("meetpunt_owner") as owner:
        (line,) = await lines(owner)
    assert (line.actor, line.role) == ("meetpunt_owner", "meetpunt_folder")


async def test_readers_learn_nothing_from_how_often_others_export(
    database: Database, catalogue: Catalogue
) -> None:
    """What one may note in a minute is one's own: it is not used up by others."""
    for slug in ("molensloot", "waterakker"):
        await reads(database, slug, f"lezer_{slug}")
    noting = "select noteer_uitvoer('view' || n, null, 'csv') from generate_series(1, 100) as n"
    await seen(database, "lezer_molensloot", noting)
    await seen(database, "lezer_waterakker", noting)
    assert len(await outcomes(database)) == 200


async def test_what_was_exported_before_there_was_one_trail_is_in_it(
    postgres_version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, name = running_postgres(postgres_version), "trail_of_before"
    await drop_database(server, name)
    await create_database(server, name)
    before = [file for file in migration_files() if file.name < "0008"]
    try:
        async with Database(server, name).connected("meetpunt_owner") as owner:
            with monkeypatch.context() as patched:
                patched.setattr("ingest.database.migrate.migration_files", lambda: before)
                await migrate(owner)
            async with Database(server, name).superuser() as db:
                await db.execute(
                    "insert into meetpunt.export_audit"
                    " (role_name, exported_at, municipalities, view, month, format) values"
                    " ('lezer_x', '2026-10-05 12:00Z', '{GM9001,GM9002}', 'stand', null, 'csv'),"
                    " ('lezer_x', '2026-10-06 12:00Z', '{GM9001}', 'bel', '2026-09-01', 'parquet')"
                )
            await migrate(owner)
            found = await lines(owner)
        assert {(line.actor, line.role, line.action, line.outcome) for line in found} == {
            ("lezer_x", "lezer_x", "export", "begun")
        }
        assert [(line.at.day, line.object) for line in found] == [
            (5, "stand all csv (GM9001 GM9002)"),
            (6, "bel 2026-09 parquet (GM9001)"),
        ]
    finally:
        await drop_database(server, name)
