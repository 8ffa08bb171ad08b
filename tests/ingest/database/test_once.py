"""What a superuser takes from everybody once, who keeps it, and what goes on working."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest

from ingest.database.once import ONCE, has_run, not_granted, run_once
from ingest.database.readers import grant_reader
from ingest.doctor import database as doctor
from ingest.postgres.programs import find_programs
from ingest.tasks.long_readers import end_long_readers
from tests.conftest import Database
from tests.ingest.database.tools import PSQL, QUESTIONS
from tests.ingest.doctor.looking import seen, sight_of, wrongs
from tests.postgres import newest_first, programs_of, versions

pytestmark = pytest.mark.anyio
on_every_version = pytest.mark.parametrize("postgres_version", versions())
# A database of its own each time: what is taken, and left to tools, is tested on every version.
on_the_newest_first = pytest.mark.parametrize("postgres_version", newest_first())

# Each tells a reader something of rows that are not theirs.
TELLING = (
    "select n_tup_ins from pg_stat_all_tables where relname = 'answered'",
    "select n_live_tup from pg_stat_user_tables where relname = 'answered'",
    "select heap_blks_read from pg_statio_all_tables where relname = 'answered'",
    "select pg_stat_get_tuples_inserted('answered_by_others.answered'::regclass)",
    "select pg_stat_get_live_tuples('answered_by_others.answered'::regclass)",
    "select xact_commit from pg_stat_database where datname = current_database()",
    "select null_frac from pg_stats where tablename = 'answered'",
    "select statistics_name from pg_stats_ext",
    "select query from pg_stat_activity",
    "select pg_relation_size('answered_by_others.answered'::regclass)",
    "select pg_table_size('answered_by_others.answered'::regclass)",
    "select pg_total_relation_size('answered_by_others.answered'::regclass)",
    "select pg_indexes_size('answered_by_others.answered'::regclass)",
    "select pg_relation_filenode('answered_by_others.answered'::regclass)",
    "select pg_relation_filepath('answered_by_others.answered'::regclass)",
    "select pg_database_size(current_database())",
    "select pg_tablespace_size('pg_default')",
    "select pid from pg_locks",
    "select pid from pg_lock_status()",
    "select pg_blocking_pids(pg_backend_pid())",
    "select pg_try_advisory_lock(1)",
    "select lo_creat(-1)",
    "select lo_from_bytea(0, 'x')",
    "select count(*) from pg_largeobject_metadata",
    "select pg_current_wal_lsn()",
    "select pg_current_wal_insert_lsn()",
    "select pg_logical_emit_message(false, 'a', 'b')",
    "select pg_current_snapshot()",
    "select pg_current_xact_id()",
    "select txid_current()",
    "select pg_xact_status('3'::xid8)",
    "select age('3'::xid)",
    "select pg_export_snapshot()",
    "select next_xid from pg_control_checkpoint()",
    "select reltuples from pg_class where relname = 'answered'",
    "select relpages from pg_class where relname = 'answered'",
    "select relallvisible from pg_class where relname = 'answered'",
    "select relfrozenxid from pg_class where relname = 'answered'",
    "select relminmxid from pg_class where relname = 'answered'",
    "select * from pg_class",
    # The number of the transaction in which a reader changed a setting of its own, for one.
    "select xmin from pg_db_role_setting",
    "select xmin from pg_default_acl",
    "select xmin from pg_depend",
    "select xmin from pg_shdepend",
    # The number of an object that a reader made a moment ago: a default right of its own.
    "select oid from pg_default_acl",
    "select objid from pg_shdepend",
    "select objid from pg_depend",
    "select objid from pg_get_object_address('table', '{pg_class}', '{}')",
    "select pg_identify_object('pg_class'::regclass, 1, 0)",
    "select pg_identify_object_as_address('pg_class'::regclass, 'pg_class'::regclass, 0)",
    "select pg_describe_object('pg_class'::regclass, 'pg_class'::regclass, 0)",
    # Whether a process is there: somebody else's session.
    "select pg_cancel_backend(1)",
    "select pg_terminate_backend(1)",
)


class Reader:
    """A login that may read one view and owns nothing."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.role = f"lezer_{uuid4().hex[:12]}"
        self.reads = f"meetpunt_reads_bi_{uuid4().hex[:12]}"

    async def made(self) -> None:
        async with self.database.superuser() as db:
            await db.execute(
                f"create role {self.reads};"
                f"create role {self.role} login password 'secret' in role {self.reads};"
                "create schema answered_by_others; create schema bi_once;"
                "create table answered_by_others.answered as select 1 as mark;"
                # Asking by name takes this; whoever lacks it asks by number.
                "grant usage on schema answered_by_others to public;"
                "create view bi_once.reacties as select 8 as cijfer, 'Prima'::text as tekst;"
                f"grant usage on schema bi_once to {self.reads};"
                f"grant select on all tables in schema bi_once to {self.reads};"
                f"alter role {self.role} in database {self.database.name}"
                " set search_path = bi_once, meetpunt_tools, pg_catalog"
            )

    async def gone(self) -> None:
        async with self.database.superuser() as db:
            for role in (self.role, self.reads):
                await db.execute(f"drop owned by {role}; drop role {role}")

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[asyncpg.Connection]:
        db = await asyncpg.connect(self.database.url("postgres"), user=self.role, password="secret")
        try:
            yield db
        finally:
            await db.close()


@pytest.fixture
async def reader(own_database: Database) -> AsyncIterator[Reader]:
    made = Reader(own_database)
    await made.made()
    yield made
    await made.gone()


async def once(database: Database) -> None:
    async with database.superuser() as db:
        await run_once(db)


def psql(version: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run psql of that version."""
    program = find_programs(programs_of(version), None).folder / "psql"
    return subprocess.run((program, "-X", *arguments), capture_output=True, text=True, check=False)


async def refused(db: asyncpg.Connection, statements: tuple[str, ...]) -> list[str]:
    """Those of the statements that this session may not ask."""
    found = []
    for statement in statements:
        try:
            await db.fetch(statement)
        except asyncpg.InsufficientPrivilegeError:
            found.append(statement)
    return found


@on_every_version
async def test_a_reader_learned_of_others_before_and_is_refused_after(
    own_database: Database, reader: Reader
) -> None:
    async with reader.connected() as db:
        assert await refused(db, TELLING) == []
        assert not await has_run_seen_by_the_owner(own_database)
    await once(own_database)
    async with reader.connected() as db:
        # The tools' own empty view stands before the one with the counters.
        told = tuple(
            t.replace("from pg_stat_user", "from pg_catalog.pg_stat_user") for t in TELLING
        )
        assert await refused(db, told) == list(told)
        assert await has_run_seen_by_the_owner(own_database)


@on_the_newest_first
@pytest.mark.parametrize("other", ["postgres", "template1"])
async def test_a_reader_does_not_ask_it_in_another_database_either(
    own_database: Database, reader: Reader, other: str
) -> None:
    await once(own_database)
    server = own_database.server
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for database"):
        await asyncpg.connect(server.url("postgres", other), user=reader.role, password="secret")
    for role in ("meetpunt_owner", "meetpunt_ingest", "meetpunt_folder"):
        db = await asyncpg.connect(server.url(role, other))
        await db.close()
    async with own_database.superuser() as db:
        await db.execute(f"grant connect on database {other} to public")
        assert not await has_run(db)
        await run_once(db)
        assert await has_run(db)


@on_the_newest_first
async def test_who_ran_the_file_of_an_older_version_is_told_what_is_lacking(
    own_database: Database,
) -> None:
    await once(own_database)
    async with own_database.superuser() as db, own_database.connected("meetpunt_ingest") as ingest:
        assert await not_granted(ingest) == []
        # As where it was run before that role was there, by a version without such a function.
        await db.execute(
            "revoke execute on function pg_terminate_backend from meetpunt_work;"
            "drop function meetpunt.end_long_readers"
        )
        assert await has_run(ingest)
        assert await not_granted(ingest) == [
            "meetpunt_folder may not use meetpunt.end_long_readers",
            "meetpunt_work may not use pg_terminate_backend",
        ]
        told = wrongs(await seen(sight_of(own_database), doctor.examine))
        (said,) = [each for each in told if each.startswith("once.sql")]
        assert "meetpunt_work may not use pg_terminate_backend" in said
        assert "Run once.sql again" in said
        await run_once(db)
        assert await not_granted(ingest) == []


async def has_run_seen_by_the_owner(database: Database) -> bool:
    async with database.connected("meetpunt_owner") as owner:
        return await has_run(owner)


@on_the_newest_first
async def test_the_owner_and_who_monitors_keep_it(own_database: Database, reader: Reader) -> None:
    await once(own_database)
    async with own_database.superuser() as db:
        await db.execute(f"grant pg_monitor to {reader.role}")
    for connected in (own_database.connected("meetpunt_owner"), reader.connected()):
        async with connected as db:
            assert await refused(db, TELLING) == []


@on_every_version
async def test_the_service_keeps_what_it_does_itself(own_database: Database) -> None:
    await once(own_database)
    needs = (
        "select pg_logical_emit_message(true, 'meetpunt', '')",
        # A task ends a session of its own that is stuck.
        "select pg_terminate_backend(1)",
    )
    for role in ("meetpunt_ingest", "meetpunt_folder", "meetpunt_owner"):
        async with own_database.connected(role) as db:
            assert await refused(db, needs) == [], role
            # From Postgres 16 on it comes in when readers took every other connection.
            assert await db.fetchval(
                "select coalesce(pg_has_role(to_regrole('pg_use_reserved_connections'), 'usage'),"
                " current_setting('server_version_num')::integer < 160000)"
            )


@on_every_version
async def test_what_drivers_and_tools_ask_is_answered(
    own_database: Database, reader: Reader
) -> None:
    await once(own_database)
    async with reader.connected() as db:
        for tool, question in QUESTIONS.items():
            assert await db.fetch(question), tool
        # What a pool does with a connection that comes back, and asyncpg with an unknown type.
        await db.reset()
        await db.execute("discard all")
        assert await db.fetchval("select '3'::information_schema.cardinal_number") == 3


@on_the_newest_first
async def test_psql_describes(
    own_database: Database, reader: Reader, postgres_version: int
) -> None:
    await once(own_database)
    url = own_database.url("postgres").split("@", 1)[1]
    for command in PSQL:
        ran = psql(
            postgres_version, f"postgresql://{reader.role}:secret@{url}", "-qA", "-c", command
        )
        assert ran.returncode == 0, (command, ran.stderr)
        assert ran.stdout, command


@on_the_newest_first
async def test_again_is_the_same(own_database: Database) -> None:
    rights = (
        "select 'c', oid, relacl::text from pg_class union all"
        " select 'f', oid, proacl::text from pg_proc union all"
        " select attname, attrelid, attacl::text from pg_attribute where attacl is not null"
        " order by 1, 2"
    )
    async with own_database.superuser() as db:
        await run_once(db)
        first = await db.fetch(rights)
        await run_once(db)
        assert await db.fetch(rights) == first


@on_the_newest_first
async def test_something_new_of_a_later_postgres_is_noticed(own_database: Database) -> None:
    async with own_database.superuser() as db:
        await run_once(db)
        await db.execute("grant execute on function pg_lock_status() to public")
        assert not await has_run(db)
        await run_once(db)
        assert await has_run(db)


@on_every_version
async def test_who_is_no_superuser_changes_nothing(own_database: Database) -> None:
    async with own_database.connected("meetpunt_owner") as owner:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await run_once(owner)
        assert not await has_run(owner)


@on_every_version
async def test_psql_applies_the_file(own_database: Database, postgres_version: int) -> None:
    ran = psql(
        postgres_version, own_database.url("postgres"), "-v", "ON_ERROR_STOP=1", "-f", str(ONCE)
    )
    assert ran.returncode == 0, ran.stderr
    assert await has_run_seen_by_the_owner(own_database)


async def until_gone(db: asyncpg.Connection, session: asyncpg.Connection) -> None:
    """A session is told to end and then does so: wait for it, as seen by another.

    Not from within a transaction: that sees until its end who was there at its first look.
    """
    while await there(db, session):
        pass


async def there(db: asyncpg.Connection, session: asyncpg.Connection) -> bool:
    seen: bool = await db.fetchval(
        "select exists (select from pg_stat_activity where pid = $1)", session.get_server_pid()
    )
    return seen


@on_every_version
async def test_a_reader_with_an_old_transaction_is_ended_and_nobody_else(
    own_database: Database, reader: Reader
) -> None:
    await once(own_database)
    async with own_database.superuser() as db:
        # Members by name only: who made the role, a role of the service, and one that may do all.
        for member in ("meetpunt_owner", "meetpunt_ingest", "postgres"):
            await db.execute(f"grant {reader.reads} to {member}")
    async with (
        reader.connected() as long,
        reader.connected() as idle,
        own_database.connected("meetpunt_owner") as owner,
        own_database.connected("meetpunt_ingest") as ingest,
        own_database.connected("postgres") as superuser,
        own_database.connected("meetpunt_folder") as folder,
    ):
        for session in (long, owner, ingest, superuser):
            await session.execute("begin isolation level repeatable read; select 1")
        assert await folder.fetchval("select meetpunt.end_long_readers()") == 0, "not yet long"
        assert await folder.fetchval("select meetpunt.end_long_readers(interval '0')") == 1
        async with own_database.superuser() as looking:
            await until_gone(looking, long)
        long.terminate()
        for other in (idle, owner, ingest, superuser):
            assert await other.fetchval("select 'still here'")


@on_the_newest_first
async def test_a_reader_through_another_role_is_a_reader(
    own_database: Database, reader: Reader
) -> None:
    await once(own_database)
    between = f"tussen_{uuid4().hex[:12]}"
    async with own_database.superuser() as db:
        await db.execute(f"create role {between} in role {reader.reads}")
        await db.execute(f"revoke {reader.reads} from {reader.role}")
        await db.execute(f"grant {between} to {reader.role}")
        try:
            async with (
                reader.connected() as long,
                own_database.connected("meetpunt_folder") as folder,
            ):
                await long.execute("begin; select 1")
                assert await folder.fetchval("select meetpunt.end_long_readers(interval '0')") == 1
                await until_gone(db, long)
                long.terminate()
        finally:
            await db.execute(f"drop role {between}")


@on_the_newest_first
@pytest.mark.parametrize("role", ["meetpunt_ingest", "meetpunt_owner"])
async def test_only_the_folder_ends_readers(own_database: Database, role: str) -> None:
    await once(own_database)
    async with own_database.connected(role) as db:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await db.fetchval("select meetpunt.end_long_readers()")


@on_the_newest_first
async def test_the_service_ends_long_readers_where_it_may_and_waits_elsewhere(
    own_database: Database, reader: Reader
) -> None:
    async with (
        own_database.connected("meetpunt_folder") as folder,
        own_database.superuser() as db,
        reader.connected() as long,
    ):
        await long.execute("begin; select 1")
        assert await end_long_readers(folder) == 0
        await once(own_database)
        assert await end_long_readers(folder) == 0, "not yet long"
        # As if ten minutes had gone by.
        await db.execute(
            "create or replace function meetpunt.end_long_readers(longer_than interval"
            " default interval '0') returns integer language sql security definer as"
            f" $$ select count(pg_terminate_backend({long.get_server_pid()}))::integer $$"
        )
        assert await end_long_readers(folder) == 1
        await until_gone(db, long)
        long.terminate()


@on_the_newest_first
async def test_what_is_published_goes_to_the_log_unpacked_and_all_else_as_the_server_has_it(
    own_database: Database,
) -> None:
    await once(own_database)
    show = "select setting, source from pg_settings where name = 'wal_compression'"
    async with own_database.connected("meetpunt_folder") as folder:
        assert tuple(await folder.fetchrow(show)) == ("off", "database user")
    async with own_database.connected("meetpunt_ingest") as ingest:
        assert (await ingest.fetchrow(show))["source"] != "database user"


@on_the_newest_first
async def test_a_reader_cannot_lift_its_limit_of_what_it_sorts(
    own_database: Database, reader: Reader
) -> None:
    await once(own_database)
    async with reader.connected() as db:
        for statement in (
            "set temp_file_limit = -1",
            f"alter role {reader.role} set temp_file_limit = -1",
            f"alter role {reader.role} reset temp_file_limit",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute(statement)
        await db.execute(f"alter role {reader.role} reset all; set statement_timeout = 0")
    async with reader.connected() as db:
        assert await db.fetchval("show temp_file_limit") == "512MB"
        with pytest.raises(asyncpg.ConfigurationLimitExceededError):
            await db.execute(
                "declare kept cursor with hold for"
                " select repeat('x', 800) || i from generate_series(1, 1000000) as i"
            )


@on_the_newest_first
async def test_a_limit_of_what_is_sorted_that_somebody_chose_stays(
    own_database: Database, reader: Reader
) -> None:
    async with own_database.superuser() as db:
        await db.execute(f"alter role {reader.role} set temp_file_limit = '2GB'")
    await once(own_database)
    async with reader.connected() as db:
        assert await db.fetchval("show temp_file_limit") == "2GB"


@on_every_version
async def test_a_reader_that_is_made_afterwards_is_limited_too(own_database: Database) -> None:
    role = f"lezer_{uuid4().hex[:12]}"
    await once(own_database)
    async with own_database.connected("meetpunt_owner") as owner, own_database.superuser() as db:
        try:
            await grant_reader(owner, "molensloot", role, "secret", free_text=False)
            limits = await db.fetchval(
                "select setconfig from pg_db_role_setting"
                " where setrole = $1::text::regrole and setdatabase = 0",
                role,
            )
            assert "temp_file_limit=512MB" in limits
        finally:
            await db.execute(f"drop owned by {role}; drop role {role}")
