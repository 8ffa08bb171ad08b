"""What the database itself forbids, to whom, on every version of Postgres that is here."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from ingest.database.readers import revoke_reader
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.schemas import bi_schema, lees_schema, region_schema
from tests.conftest import Database, Serve
from tests.postgres import versions
from tests.publishing import published, reading, reads, seen

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("postgres_version", versions())]

READER = "lezer_molensloot"
OWN = "bi_molensloot"
ANSWERED = (
    *("response", "unpublished", "receipt", "free_text", "waiting_text"),
    *("invitation", "spent_token", "invitation_call", "answered_tally", "report_link"),
)
COUNTED = ("summary", "summary_responses", "invitation_count", "judged", "regional")
KEPT_APART = ("kiosk_set_aside", "kiosk_quarantine")

# Of ours: everything that is not Postgres' own.
RELATIONS = """
    select nspname as schema, relname as name, relkind::text as kind
    from pg_class
    join pg_namespace on pg_namespace.oid = relnamespace
    where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
        and nspname !~ '^pg_' and nspname <> 'information_schema'
    order by 1, 2
"""
FUNCTIONS = """
    select pg_proc.oid::regprocedure::text as signature, nspname as schema, proname as name,
        array(select format_type(kind, null) from unnest(proargtypes) as kind) as kinds
    from pg_proc
    join pg_namespace on pg_namespace.oid = pronamespace
    where nspname !~ '^pg_' and nspname <> 'information_schema'
    order by 1
"""


async def fill(served: Any) -> None:
    """The same answers for two municipalities of one region and one of another."""
    for municipality in ("molensloot", "waterakker", "duinrade"):
        path = f"{municipality}/balie-hal"
        for mark in (4, 8):
            body = served.body(
                served.token(path), path, answers={"cijfer": mark, "toelichting": "Prima zo."}
            )
            assert (await served.post(body)).status_code == 201


# Not allowed, or not to anybody: a view that adds up takes no rows.
REFUSED = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.FeatureNotSupportedError,
    asyncpg.WrongObjectTypeError,
)


async def allowed(db: asyncpg.Connection, statement: str) -> bool:
    """Whether the database lets this session do it. It is undone."""
    attempt = db.transaction()
    await attempt.start()
    try:
        await db.execute(statement)
    except REFUSED:
        return False
    except asyncpg.PostgresError:
        return True  # refused for what it says, by a database that would have done it
    finally:
        await attempt.rollback()
    return True


@asynccontextmanager
async def as_login(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """The reader itself, with its password."""
    place = database.owner.rpartition("@")[2]
    db = await asyncpg.connect(f"postgresql://{READER}:a%20password@{place}")
    try:
        yield db
    finally:
        await db.close()


async def test_a_reader_sees_own_rows_and_no_row_of_another(
    serve: Serve, database: Database, catalogue: Catalogue
) -> None:
    async with serve() as served:
        await fill(served)
    await published(database, catalogue)
    await reads(database, "molensloot", READER)
    for view in ("feit_reactie", "feit_antwoord"):
        rows = await seen(database, READER, f"select gemeente_code from {view}")
        assert [row["gemeente_code"] for row in rows] == ["GM9001"] * 2


@pytest.mark.parametrize("free_text", [False, True])
async def test_of_every_relation_a_reader_reads_the_views_of_its_own_schema_and_no_other(
    database: Database, free_text: bool
) -> None:
    await reads(database, "molensloot", READER, free_text=free_text)
    async with database.superuser() as db:
        relations = await db.fetch(RELATIONS)
    schemas = {row["schema"] for row in relations}
    assert {"meetpunt", "lees", "lees_molensloot", "lees_waterakker", "public"} <= schemas
    assert {OWN, "bi_waterakker", "bi_rietbroek", "bi_duinrade"} <= schemas
    readable = set()
    async with reading(database, READER) as db:
        for row in relations:
            place = f"{row['schema']}.{row['name']}"
            if await allowed(db, f"select * from {place}"):
                readable.add(place)
            for statement in (
                f"select from {place}",
                f"select count(*) from {place}",
                f"table {place}",
            ):
                assert await allowed(db, statement) == (place in readable), statement
            for statement in (
                f"insert into {place} default values",
                f"delete from {place}",
                f"truncate {place}",
                f"lock table {place} in exclusive mode",
                f"comment on table {place} is ''",
                f"select * from {place} for update",
                f"drop table {place}",
                f"drop view {place}",
            ):
                assert not await allowed(db, statement), statement
    views = {f"{OWN}.{row['name']}" for row in relations if row["schema"] == OWN}
    assert readable == (views if free_text else views - {f"{OWN}.toelichting"})


async def test_of_every_function_a_reader_calls_the_one_that_notes_an_export_and_no_other(
    database: Database,
) -> None:
    await reads(database, "molensloot", READER, free_text=True)
    async with database.superuser() as db:
        functions = await db.fetch(FUNCTIONS)
    assert len([row for row in functions if row["name"] == "noteer_uitvoer"]) == 4
    callable_ = set()
    async with reading(database, READER) as db:
        for row in functions:
            arguments = ", ".join(f"null::{kind}" for kind in row["kinds"])
            if await allowed(db, f"select * from {row['schema']}.{row['name']}({arguments})"):
                callable_.add(f"{row['schema']}.{row['name']}")
    assert callable_ == {f"{OWN}.noteer_uitvoer"}


async def test_a_reader_finds_no_statistics_of_what_it_may_not_read(
    serve: Serve, database: Database, catalogue: Catalogue
) -> None:
    """The most common values of a column stand in the catalogue, and are rows as well."""
    async with serve() as served:
        await fill(served)
    await published(database, catalogue)
    await reads(database, "molensloot", READER, free_text=True)
    async with database.superuser() as db:
        await db.execute("analyze")
        ours = "schemaname ~ '^(meetpunt|lees|bi|public)'"
        assert await db.fetchval(f"select count(*) from pg_stats where {ours}")
    assert (
        await seen(database, READER, f"select schemaname, tablename from pg_stats where {ours}")
        == []
    )


async def test_a_reader_whose_right_was_taken_sees_nothing_from_then_on(
    serve: Serve, database: Database, catalogue: Catalogue
) -> None:
    """Also in a session that was open."""
    async with serve() as served:
        await fill(served)
    await published(database, catalogue)
    await reads(database, "molensloot", READER)
    async with reading(database, READER) as db:
        assert len(await db.fetch("select * from feit_reactie")) == 2
        async with database.connected("meetpunt_owner") as owner:
            assert await revoke_reader(owner, "molensloot", READER)
            assert not await revoke_reader(owner, "molensloot", READER)
        for name in ("feit_reactie", f"{OWN}.feit_reactie", f"{OWN}.dim_datum"):
            with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedTableError)):
                await db.fetch(f"select * from {name}")


@pytest.mark.parametrize(
    "statement",
    [
        "create temporary table mine (x int)",
        "create table mine (x int)",
        "create table public.mine (x int)",
        f"create table {OWN}.mine (x int)",
        "create view mine as select 1",
        "create function mine() returns integer language sql return 1",
        "create function public.mine() returns integer language sql return 1",
        "create schema mine",
        "create role mine",
        "grant meetpunt_reads_bi_molensloot to meetpunt_ingest",
        "grant meetpunt_reads_bi_waterakker to lezer_molensloot",
        "set role meetpunt_views",
        "set role meetpunt_audit",
        "set role meetpunt_auditor",
        "select meetpunt.note_deed('x', 'export', 'x', 'done')",
        "select meetpunt.forget_audit(365)",
        "set session authorization meetpunt_folder",
        "alter role lezer_molensloot connection limit -1",
        "alter role lezer_molensloot valid until 'infinity'",
        f"alter view {OWN}.stand set (security_barrier)",
        f"drop view {OWN}.stand",
        "select pg_read_file('pg_hba.conf')",
        "copy (select 1) to program 'true'",
        "copy feit_reactie from stdin",
    ],
)
async def test_a_reader_can_do_no_more_than_read_its_views(
    database: Database, statement: str
) -> None:
    await reads(database, "molensloot", READER)
    async with database.superuser() as db:
        await db.execute(f"alter role {READER} password 'a password'")
    # A login of its own: a superuser who plays one may be anybody again.
    async with as_login(database) as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.execute(statement)


async def test_no_view_shows_more_than_one_municipality_its_region_and_what_is_the_same_to_all(
    database: Database,
) -> None:
    """Whatever a reader asks and however it is planned: no other table is ever touched."""
    async with database.superuser() as db:
        rows = await db.fetch(
            """select distinct viewed.nspname as schema, source.nspname as touched, of.relname
            from pg_rewrite
            join pg_class as view on view.oid = ev_class
            join pg_namespace as viewed on viewed.oid = view.relnamespace
            join pg_depend on pg_depend.objid = pg_rewrite.oid and refclassid = 'pg_class'::regclass
            join pg_class as of on of.oid = refobjid and of.oid <> view.oid
            join pg_namespace as source on source.oid = of.relnamespace
            where viewed.nspname ~ '^bi_'"""
        )
        regions = dict(await db.fetch("select slug, region from meetpunt.municipality"))
    touched: dict[str, set[str]] = {}
    for row in rows:
        place = row["touched"]
        touched.setdefault(row["schema"], set()).add(
            f"lees.{row['relname']}" if place == "lees" else place
        )
    shared = {"lees.dim_gemeente", "lees.dim_kanaal", "lees.dim_datum"}
    assert touched == {
        bi_schema(slug): {lees_schema(slug), region_schema(region), *shared}
        for slug, region in regions.items()
    }


# --- The service, the owner ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "select touchpoint from meetpunt.response",
        "select answers from meetpunt.response",
        "select mode from meetpunt.response",
        "select * from meetpunt.free_text",
        "select * from meetpunt.unpublished",
        "select * from meetpunt.summary",
        "select * from meetpunt.waiting_text",
        "select * from lees.reactie",
        "select * from lees_molensloot.tekst",
        "select * from bi_molensloot.feit_reactie",
        "select bi_molensloot.noteer_uitvoer('feit_reactie', null, 'csv')",
        "update meetpunt.response set day = current_date",
        "delete from meetpunt.response",
        "delete from meetpunt.unpublished",
        "delete from meetpunt.spent_token",
        "insert into lees.reactie default values",
        "select * from lees.cijfer",
        "select * from lees.dim_meetpunt",
        "select * from lees.norm",
        "select * from lees_molensloot.kengetal",
        "update lees.kengetal set measure = 'wachttijd'",
        "delete from lees.kengetal",
        "insert into meetpunt.norm values ('GM9001', 'balie', '', '', 'wachttijd', 3)",
        "insert into meetpunt.api_key values ('GM9001', ''::bytea, 'mine', current_date)",
        "select * from meetpunt.audit",
        "insert into meetpunt.audit (actor, action, object) values ('x', 'x', 'x')",
        "select meetpunt.note_deed('x', 'export', 'x', 'done')",
        "select meetpunt.forget_audit(365)",
        "truncate meetpunt.response",
        "alter table meetpunt.response disable row level security",
    ],
)
async def test_the_service_can_do_only_its_one_thing(database: Database, statement: str) -> None:
    async with database.connected("meetpunt_ingest") as ingest:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ingest.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update meetpunt.response set answers = '{}'",
        "update meetpunt.free_text set text = ''",
        "select * from meetpunt.api_key",
        "select public_key from meetpunt.kiosk",
        "select * from bi_molensloot.feit_reactie",
        "insert into lees.dim_gemeente values ('GM9009', 'x', 'X', 'x', true)",
        "update lees.dim_meetpunt set batch = 3",
        "update lees_molensloot.norm set value = 3",
        "select * from meetpunt.audit",
        "delete from meetpunt.audit",
        "alter table meetpunt.audit no force row level security",
        "truncate lees.reactie",
        "alter table lees.reactie disable row level security",
    ],
)
async def test_who_publishes_cannot_change_what_was_answered_or_what_files_say(
    database: Database, statement: str
) -> None:
    async with database.connected("meetpunt_folder") as folder:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await folder.execute(statement)


async def test_the_owner_cannot_read_what_residents_answered_or_what_was_published_of_it(
    serve: Serve, database: Database, catalogue: Catalogue
) -> None:
    async with serve() as served:
        await fill(served)
        await served.invitation()
        await published(database, catalogue)
        await fill(served)
    tables = [f"meetpunt.{name}" for name in (*ANSWERED, *COUNTED, *KEPT_APART)]
    async with database.superuser() as db:
        await db.execute(
            "insert into meetpunt.kiosk (municipality, touchpoint, public_key, name, enrolled_at)"
            " select municipality, number, $1, '', now() from meetpunt.touchpoint limit 1",
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
        for table in (
            "kengetal",
            "kiosk",
            "stand",
            "tekst",
            "uitnodiging",
            "vergelijking",
        ):
            await one_row(db, f"lees.{table}")
        await db.execute(
            "insert into lees.uitnodiging_maand (municipality, month, touchpoint, product, known,"
            " told_at) values ('GM9001', '2026-01-01', 1, '', 1, now())"
        )
        parts = await db.fetch(
            "select oid::regclass::text as name from pg_class where relkind in ('p', 'r')"
            " and relnamespace::regnamespace::text ~ '^lees'"
            " and relname !~ '^(dim_|doel|norm|verbetering)'"
        )
        tables += [row["name"] for row in parts]
        full = {name for name in tables if await db.fetchval(f"select exists (table {name})")}
    assert {f"meetpunt.{name}" for name in ("response", "free_text", "receipt", "summary")} <= full
    assert {"lees.reactie", "lees_molensloot.reactie", "lees_molensloot.cijfer"} <= full
    assert len(full) > 20
    async with database.connected("meetpunt_owner") as owner:
        for table in full:
            assert await owner.fetchval(f"select count(*) from {table}") == 0, table
        for view in ("feit_reactie", "indicator_per_maand", "toelichting"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await owner.fetch(f"select * from bi_molensloot.{view}")


async def one_row(db: asyncpg.Connection, table: str) -> None:
    """Something of Molensloot, whatever it says."""
    columns = await db.fetch(
        "select attname as name, format_type(atttypid, null) as type from pg_attribute"
        " where attrelid = $1::text::regclass and attnum > 0 and attgenerated = ''",
        table,
    )
    values = {
        "municipality": "'GM9001'", "grain": "'month'", "text": "'x'", "date": "'2026-01-01'",
        "uuid": "gen_random_uuid()", "boolean": "false", "double precision": "1", "bigint": "1",
        "integer": "1",
        "smallint": "1", "timestamp with time zone": "now()", "text[]": "'{}'",
        "bigint[]": "'{1,1,1,1,1,1,1,1,1,1}'",
    }  # fmt: skip
    told = ", ".join(values.get(row["name"], values[row["type"]]) for row in columns)
    named = ", ".join(row["name"] for row in columns)
    await db.execute(f"insert into {table} ({named}) values ({told}) on conflict do nothing")


async def test_no_role_of_ours_is_above_the_rules(database: Database) -> None:
    async with database.superuser() as db:
        rows = await db.fetch(
            "select rolname from pg_roles where rolname like 'meetpunt%'"
            " and (rolsuper or rolbypassrls or rolreplication)"
        )
        assert rows == []
        logins = await db.fetch(
            "select rolname from pg_roles where rolname like 'meetpunt%' and rolcanlogin"
        )
    assert {row["rolname"] for row in logins} == {
        "meetpunt_owner", "meetpunt_ingest", "meetpunt_folder", "meetpunt_work",
    }  # fmt: skip


async def test_row_level_security_holds_wherever_somebody_s_answers_are_counted(
    database: Database,
) -> None:
    """For the owner of the table, too. What stands in files alone is no secret to it."""
    async with database.superuser() as db:
        unprotected = await db.fetch(
            "select relname as name from pg_class where relkind in ('r', 'p')"
            " and relnamespace::regnamespace::text ~ '^(meetpunt$|lees)'"
            " and not (relrowsecurity and relforcerowsecurity)"
        )
    files = {"municipality", "applied_view", "doel", "dim_meetpunt", "dim_vragenlijst", "dim_item"}
    assert {row["name"] for row in unprotected} == files | {
        "dim_gemeente", "dim_kanaal", "dim_datum", "dim_afdeling", "dim_wijk", "dim_thema", "norm",
        "verbetering",
    }  # fmt: skip


async def test_views_and_the_functions_that_note_belong_to_roles_that_nobody_logs_in_as(
    database: Database,
) -> None:
    async with database.superuser() as db:
        views = await db.fetch(
            "select distinct relowner::regrole::text as owner, reloptions from pg_class"
            " where relnamespace::regnamespace::text ~ '^bi_' and relkind = 'v'"
        )
        definers = await db.fetch(
            "select proname as name, proowner::regrole::text as owner, proconfig as settings"
            " from pg_proc where prosecdef and pronamespace::regnamespace::text"
            " !~ '^(pg_|information_schema)'"
        )
    # Not invokers: then a reader would need rights on the tables.
    assert [tuple(row) for row in views] == [("meetpunt_views", None)]
    assert {(row["name"], row["owner"]) for row in definers} == {
        (name, "meetpunt_audit") for name in ("noteer_uitvoer", "note_deed", "forget_audit")
    }
    # Whoever calls one does not choose where it finds its operators.
    assert {tuple(row["settings"]) for row in definers} == {("search_path=pg_catalog, pg_temp",)}


async def test_a_response_carries_nothing_finer_than_an_hour(database: Database) -> None:
    async with database.superuser() as db:
        columns = await db.fetch(
            "select table_name, column_name, data_type from information_schema.columns"
            " where table_schema = 'meetpunt' and table_name = any ($1)"
            " or table_schema = 'lees' and table_name in ('reactie', 'tekst')",
            list(ANSWERED),
        )
    forbidden = ("timestamp", "inet", "cidr", "interval", "xid", "serial")
    finer = {(r["table_name"], r["column_name"]) for r in columns
             if r["data_type"].startswith(forbidden)}  # fmt: skip
    # When a call may no longer be made again: it says nothing of an answer.
    assert finer == {("invitation_call", "expires_at")}
    names = {row["column_name"] for row in columns}
    assert not names & {"ip", "address", "user_agent", "referrer", "token", "created_at"}
    published_ = {row["column_name"] for row in columns if row["table_name"] == "reactie"}
    # Of the hour no more than its part of the day, which no view of rows shows.
    assert not published_ & {"hour", "response_id", "invited", "day_uncertain"}


async def test_a_database_that_everybody_could_make_things_in_lets_nobody_any_more(
    own_database: Database,
) -> None:
    """As one that was upgraded from before Postgres 15."""
    async with own_database.superuser() as db:
        rights = await db.fetchrow(
            "select has_schema_privilege('public', 'public', 'create') as creates,"
            " has_database_privilege('public', current_database(), 'temporary') as temporary"
        )
    assert tuple(rights) == (False, False)


async def test_what_a_municipality_is_called_fits_the_name_of_a_schema(database: Database) -> None:
    async with database.connected("meetpunt_owner") as owner:
        for slug in ("a; drop schema lees", "A", "a_b", "a" * 40, "", "a--b", "a\n"):
            with pytest.raises(asyncpg.CheckViolationError):
                await owner.execute(
                    "insert into meetpunt.municipality values ('GM9099', $1, 'A', 'a', true)", slug
                )
