"""What the database itself forbids, on every version of Postgres that is here."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from ingest.database.migrate import (
    DatabaseBehind,
    MigrationChanged,
    migrate,
    require_current,
)
from ingest.database.readers import grant_reader, revoke_reader
from tests.conftest import Database, Serve
from tests.postgres import create_database, drop_database, running_postgres, versions

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("postgres_version", versions())]

READER = "lezer_molensloot"
DATA = ("response", "receipt", "free_text", "invitation", "spent_token", "invitation_call")


KEPT_APART = ("kiosk_set_aside", "kiosk_quarantine")


async def fill(served: Any) -> None:
    """The same answers for two municipalities of one region and one of another."""
    for municipality in ("molensloot", "waterakker", "duinrade"):
        path = f"{municipality}/balie-hal"
        for mark in (4, 8):
            body = served.body(
                served.token(path), path, answers={"cijfer": mark, "toelichting": "Prima zo."}
            )
            assert (await served.post(body)).status_code == 201


@pytest.fixture
def reader_of(database: Database) -> Callable[..., Any]:
    async def make(role: str, code: str) -> None:
        async with database.connected("meetpunt_owner") as owner:
            await grant_reader(owner, code, role, "a password", free_text=False)
        # The server of a test session knows the passwords of its own roles only.
        async with database.superuser() as db:
            await db.execute(f"alter role {role} password 'a password'")

    return make


async def read_as(database: Database, role: str, query: str) -> list[Any]:
    """What a role sees. `set session authorization` is what a login of that role gives."""
    async with database.superuser() as db:
        await db.execute(f"set session authorization {role}")
        rows: list[Any] = await db.fetch(query)
        return rows


async def test_a_reader_sees_own_rows_and_no_row_of_another(
    serve: Serve, database: Database, reader_of: Callable[..., Any]
) -> None:
    async with serve() as served:
        await fill(served)
    role = READER
    await reader_of(role, "GM9001")
    for view, count in (("bi.feit_reactie", 2), ("bi.feit_antwoord", 2)):
        rows = await read_as(database, role, f"select gemeente_code from {view}")
        assert [row["gemeente_code"] for row in rows] == ["GM9001"] * count
    own = {"GM9001"}
    async with database.superuser() as db:
        tables = await db.fetch(
            "select table_name from information_schema.columns"
            " where table_schema = 'meetpunt' and column_name = 'municipality'"
        )
    for table in {row["table_name"] for row in tables}:
        query = f"select municipality from meetpunt.{table}"
        try:
            rows = await read_as(database, role, query)
        except asyncpg.InsufficientPrivilegeError:
            continue
        assert {row["municipality"] for row in rows} <= own, table


async def test_a_reader_whose_right_was_taken_sees_nothing(
    serve: Serve, database: Database, reader_of: Callable[..., Any]
) -> None:
    async with serve() as served:
        await fill(served)
    role = READER
    await reader_of(role, "GM9001")
    async with database.connected("meetpunt_owner") as owner:
        assert await revoke_reader(owner, "GM9001", role)
        assert not await revoke_reader(owner, "GM9001", role)
    assert await read_as(database, role, "select * from bi.feit_reactie") == []


@pytest.mark.parametrize(
    "statement",
    [
        "select content_code from meetpunt.receipt",
        "select xmin from meetpunt.response",
        "select ctid from meetpunt.response",
        "create temporary table mine (x int)",
        "select * from meetpunt.free_text",
        "select * from meetpunt.invitation",
        "select * from meetpunt.api_key",
        "insert into meetpunt.reader values ('GM9002', current_user)",
        "update meetpunt.response set complete = false",
        "delete from meetpunt.response",
        "create table bi.mine (x int)",
    ],
)
async def test_a_reader_can_do_no_more_than_read_facts(
    database: Database, reader_of: Callable[..., Any], statement: str
) -> None:
    role = READER
    await reader_of(role, "GM9001")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await read_as(database, role, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "select touchpoint from meetpunt.response",
        "select answers from meetpunt.response",
        "select * from meetpunt.free_text",
        "update meetpunt.response set day = current_date",
        "delete from meetpunt.response",
        "delete from meetpunt.spent_token",
        "insert into meetpunt.api_key values ('GM9001', ''::bytea, 'mine', current_date)",
        "truncate meetpunt.response",
        "alter table meetpunt.response disable row level security",
    ],
)
async def test_the_service_can_do_only_its_one_thing(database: Database, statement: str) -> None:
    async with database.connected("meetpunt_ingest") as ingest:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ingest.execute(statement)


async def test_the_owner_cannot_read_what_residents_answered(
    serve: Serve, database: Database
) -> None:
    async with serve() as served:
        await fill(served)
    async with database.superuser() as db:
        await db.execute(
            """insert into meetpunt.kiosk
            (municipality, touchpoint, public_key, name, is_test, enrolled_at)
            select municipality, number, $1, '', false, now() from meetpunt.touchpoint limit 1""",
            bytes(65),
        )
        for table in KEPT_APART:
            await db.execute(
                f"""insert into meetpunt.{table}
                (municipality, kiosk, digest, reason, payload, received_on)
                select municipality, id, $1, 'revoked', 'Prima zo.', current_date
                from meetpunt.kiosk""",
                bytes(32),
            )
    async with database.connected("meetpunt_owner") as owner:
        for table in (*DATA, *KEPT_APART):
            assert await owner.fetchval(f"select count(*) from meetpunt.{table}") == 0, table


async def test_no_role_of_the_service_is_above_the_rules(database: Database) -> None:
    async with database.superuser() as db:
        rows = await db.fetch(
            "select rolname from pg_roles where rolname like 'meetpunt%'"
            " and (rolsuper or rolbypassrls or rolreplication)"
        )
        assert rows == []
        unprotected = await db.fetch(
            "select relname from pg_class where relnamespace = 'meetpunt'::regnamespace"
            " and relkind = 'r' and not (relrowsecurity and relforcerowsecurity)"
        )
        assert [row["relname"] for row in unprotected] == ["municipality"]
        invokers = await db.fetch(
            "select relname from pg_class where relkind = 'v'"
            " and relnamespace in ('bi'::regnamespace, 'bi_test'::regnamespace)"
            " and not coalesce(reloptions @> array['security_invoker=true'], false)"
        )
        # Two read with their owner's rights. The benchmark: summaries, and nothing beside them.
        # Free text: by a policy that looks at who asks, so that nobody joins the table to a day.
        assert {row["relname"] for row in invokers} == {"benchmark_regio", "toelichting"}


async def test_a_response_carries_nothing_finer_than_an_hour(database: Database) -> None:
    async with database.superuser() as db:
        columns = await db.fetch(
            "select table_name, column_name, data_type from information_schema.columns"
            " where table_schema = 'meetpunt'"
            " and table_name in ('response', 'receipt', 'free_text', 'spent_token', 'invitation')"
        )
    forbidden = ("timestamp", "inet", "cidr", "interval", "xid", "serial")
    assert not [row for row in columns if row["data_type"].startswith(forbidden)]
    names = {row["column_name"] for row in columns}
    assert not names & {"ip", "address", "user_agent", "referrer", "token", "created_at"}


async def test_every_column_of_the_views_is_explained(database: Database) -> None:
    async with database.superuser() as db:
        bare = await db.fetch(
            "select a.attrelid::regclass::text as view, a.attname from pg_attribute a"
            " join pg_class c on c.oid = a.attrelid"
            " where c.relnamespace in ('bi'::regnamespace, 'bi_test'::regnamespace)"
            " and c.relkind = 'v' and a.attnum > 0"
            " and col_description(a.attrelid, a.attnum) is null"
        )
    assert bare == []


async def test_test_data_stands_in_the_test_views_alone(
    serve: Serve, database: Database, reader_of: Callable[..., Any]
) -> None:
    async with serve(all_test=True) as served:
        await fill(served)
    role = READER
    await reader_of(role, "GM9001")
    assert await read_as(database, role, "select * from bi.feit_reactie") == []
    assert len(await read_as(database, role, "select * from bi_test.feit_reactie")) == 2
    assert len(await read_as(database, role, "select * from bi_test.feit_antwoord")) == 2


async def test_migrations_run_once_and_may_not_change(postgres_version: int) -> None:
    server = running_postgres(postgres_version)
    name = f"migrate_{postgres_version}"
    await create_database(server, name)
    owner = await asyncpg.connect(server.url("meetpunt_owner", name))
    try:
        with pytest.raises(DatabaseBehind, match="meetpunt migrate"):
            await require_current(owner)
        assert await migrate(owner)
        assert await migrate(owner) == []
        await require_current(owner)
        await owner.execute("update public.meetpunt_migration set sha256 = 'other'")
        with pytest.raises(MigrationChanged):
            await migrate(owner)
    finally:
        await owner.close()
        await drop_database(server, name)
