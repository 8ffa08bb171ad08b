"""Who becomes a reader of what, until when; who does not; and which passwords are ours to give."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import asyncpg
import pytest

from ingest.database.readers import (
    CONNECTIONS,
    Reader,
    RoleRefused,
    WorldUnknown,
    grant_reader,
    list_readers,
    revoke_reader,
    set_password,
)
from tests.conftest import Database
from tests.postgres import versions
from tests.publishing import reads

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("postgres_version", versions(), indirect=True),
]


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """As the owner; what a test does is undone when it ends."""
    async with database.superuser() as db:
        undone = db.transaction()
        await undone.start()
        await db.execute(
            "create role alziend bypassrls; create role almachtig superuser;"
            " create role kopie replication; create role rollenmaker login createrole;"
            " create role gewoon login;"
            # A right that once.sql gives, for the whole of a server that tests share.
            " revoke set on parameter temp_file_limit from meetpunt_owner; set role meetpunt_owner"
        )
        yield db
        await undone.rollback()


async def grant(
    owner: asyncpg.Connection,
    role: str = "lezer_nieuw",
    slug: str = "molensloot",
    *,
    free_text: bool = False,
    until: date | None = None,
) -> bool:
    return await grant_reader(owner, slug, role, "wachtwoord", free_text=free_text, until=until)


# --- Who is no reader ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "why"),
    [
        ("alziend", "reads everything"),
        ("almachtig", "reads everything"),
        ("kopie", "reads everything"),
        ("rollenmaker", "may make roles"),
        ("meetpunt_ingest", "role of Meetpunt"),
        ("meetpunt_nieuw", "role of Meetpunt"),
        ("meetpunt_reads_bi_molensloot", "role of Meetpunt"),
        ("pg_read_all_data", "Postgres itself"),
    ],
)
async def test_a_role_that_sees_more_is_no_reader(
    owner: asyncpg.Connection, role: str, why: str
) -> None:
    with pytest.raises(RoleRefused, match=why):
        await grant(owner, role)
    assert await list_readers(owner) == []


@pytest.mark.parametrize(
    "of",
    [
        *("pg_read_all_data", "pg_monitor", "pg_read_server_files", "pg_execute_server_program"),
        *("meetpunt_ingest", "meetpunt_folder", "meetpunt_views", "meetpunt_audit"),
        "meetpunt_auditor",
        *("alziend", "almachtig", "kopie"),
    ],
)
@pytest.mark.parametrize("through", ["gewoon", "ploeg"])
async def test_a_role_that_can_become_somebody_who_sees_more_is_no_reader(
    owner: asyncpg.Connection, of: str, through: str
) -> None:
    """Also by way of another role, and where it has to say so first."""
    await owner.execute(
        f"reset role; create role ploeg noinherit; grant ploeg to gewoon; grant {of} to {through};"
        " set role meetpunt_owner"
    )
    with pytest.raises(RoleRefused, match=f"gewoon is a member of {of}, and sees more"):
        await grant(owner, "gewoon")
    assert await list_readers(owner) == []


async def test_whoever_owns_the_database_is_no_reader_nor_who_can_become_the_owner(
    owner: asyncpg.Connection,
) -> None:
    await owner.execute(
        "reset role; grant create on database shared to gewoon; create role chef login;"
        " grant gewoon to chef; alter database shared owner to gewoon; set role meetpunt_owner"
    )
    for role in ("gewoon", "chef"):
        with pytest.raises(RoleRefused, match="owns the database"):
            await grant(owner, role)


@pytest.mark.parametrize("slug", ["nergens", "molensloot; drop schema lees", "molen_sloot", ""])
async def test_nobody_reads_a_world_that_is_not_there(owner: asyncpg.Connection, slug: str) -> None:
    with pytest.raises(WorldUnknown):
        await grant(owner, slug=slug)
    assert not await owner.fetch("select from pg_roles where rolname = 'lezer_nieuw'")


# --- Who is --------------------------------------------------------------------------------------


async def test_a_role_that_was_there_becomes_a_reader_and_keeps_its_password(
    owner: asyncpg.Connection,
) -> None:
    assert not await grant(owner, "gewoon")
    assert [reader.role for reader in await list_readers(owner)] == ["gewoon"]


async def test_a_name_that_needs_quotes_gets_them(owner: asyncpg.Connection) -> None:
    odd = 'le"zer; drop schema lees'
    assert await grant(owner, odd)
    assert [reader.role for reader in await list_readers(owner)] == [odd]
    await set_password(owner, odd, "wacht'woord")
    assert await revoke_reader(owner, "molensloot", odd)


LIMITS = "select rolconnlimit, rolconfig from pg_roles where rolname = $1"


async def test_a_new_reader_has_limits_and_later_ones_of_the_administrator_stay(
    owner: asyncpg.Connection,
) -> None:
    await grant(owner)
    connections, settings = await owner.fetchrow(LIMITS, "lezer_nieuw")
    assert connections == CONNECTIONS
    assert settings == ["statement_timeout=60s", "idle_in_transaction_session_timeout=60s"]
    await owner.execute(
        "alter role lezer_nieuw connection limit 3;"
        " alter role lezer_nieuw set statement_timeout = '5min'"
    )
    await grant(owner, slug="waterakker")
    connections, settings = await owner.fetchrow(LIMITS, "lezer_nieuw")
    assert connections == 3
    assert "statement_timeout=5min" in settings


async def test_a_role_that_was_there_keeps_its_limits(owner: asyncpg.Connection) -> None:
    await grant(owner, "gewoon")
    assert tuple(await owner.fetchrow(LIMITS, "gewoon")) == (-1, None)


async def test_the_list_says_who_reads_what_with_which_texts_and_until_when(
    owner: asyncpg.Connection,
) -> None:
    await grant(owner, "gewoon", free_text=True)
    await grant(owner, "lezer_nieuw", until=date(2027, 7, 1))
    await grant(owner, "lezer_nieuw", "waterakker", free_text=True)
    # The day begins in Amsterdam.
    until = datetime(2027, 6, 30, 22, tzinfo=UTC)
    assert await list_readers(owner) == [
        Reader(role="gewoon", schema="bi_molensloot", free_text=True, until=None),
        Reader(role="lezer_nieuw", schema="bi_molensloot", free_text=False, until=until),
        Reader(role="lezer_nieuw", schema="bi_waterakker", free_text=True, until=until),
    ]


async def test_a_later_grant_leaves_the_end_alone_unless_it_names_another(
    owner: asyncpg.Connection,
) -> None:
    await grant(owner, until=date(2027, 1, 1))
    await grant(owner, free_text=True)
    (reader,) = await list_readers(owner)
    assert reader.until == datetime(2026, 12, 31, 23, tzinfo=UTC)
    await grant(owner, until=date(2028, 1, 1))
    (reader,) = await list_readers(owner)
    assert reader.until == datetime(2027, 12, 31, 23, tzinfo=UTC)
    await owner.execute("alter role lezer_nieuw valid until 'infinity'")
    (reader,) = await list_readers(owner)
    assert reader.until is None


async def test_an_open_session_of_whoever_is_granted_again_without_texts_reads_none_any_more(
    owner: asyncpg.Connection,
) -> None:
    sees = "select has_table_privilege('lezer_nieuw', 'bi_molensloot.toelichting', 'select')"
    await grant(owner, free_text=True)
    assert await owner.fetchval(sees)
    await grant(owner, free_text=False)
    assert not await owner.fetchval(sees)


# What tools ask for and need not know stands before the catalogue: see once.sql.
TOOLS = "meetpunt_tools, pg_catalog"
PATH = """
    select setting from pg_db_role_setting, unnest(setconfig) as setting
    where setrole = 'lezer_nieuw'::regrole and setdatabase =
        (select oid from pg_database where datname = current_database())
"""


async def test_a_reader_finds_its_views_by_their_bare_names_in_this_database_alone(
    owner: asyncpg.Connection,
) -> None:
    await grant(owner)
    assert await owner.fetchval(PATH) == f"search_path=bi_molensloot, {TOOLS}"
    await grant(owner, slug="waterakker")
    assert await owner.fetchval(PATH) == f"search_path=bi_molensloot, bi_waterakker, {TOOLS}"
    assert await revoke_reader(owner, "molensloot", "lezer_nieuw")
    assert await owner.fetchval(PATH) == f"search_path=bi_waterakker, {TOOLS}"
    assert await revoke_reader(owner, "waterakker", "lezer_nieuw")
    assert await owner.fetchval(PATH) == f"search_path={TOOLS}"
    _, everywhere = await owner.fetchrow(LIMITS, "lezer_nieuw")
    assert not any("search_path" in setting for setting in everywhere)


async def test_what_was_taken_from_one_stays_with_another(owner: asyncpg.Connection) -> None:
    await grant(owner, "gewoon")
    await grant(owner, free_text=True)
    assert not await revoke_reader(owner, "waterakker", "gewoon")
    assert await revoke_reader(owner, "molensloot", "lezer_nieuw")
    assert not await revoke_reader(owner, "molensloot", "lezer_nieuw")
    assert [reader.role for reader in await list_readers(owner)] == ["gewoon"]


async def test_who_was_made_a_reader_by_several_reads_nothing_once_it_was_taken(
    owner: asyncpg.Connection,
) -> None:
    """Or is told that it was not: a superuser's grant is not ours to take from Postgres 16 on."""
    sees = "select has_schema_privilege('lezer_nieuw', 'bi_molensloot', 'usage')"
    await grant(owner)
    await owner.execute("reset role")
    await grant(owner)
    assert await revoke_reader(owner, "molensloot", "lezer_nieuw")
    assert not await owner.fetchval(sees)
    await grant(owner, free_text=True)
    await owner.execute("set role meetpunt_owner")
    try:
        async with owner.transaction():
            await revoke_reader(owner, "molensloot", "lezer_nieuw")
    except asyncpg.InsufficientPrivilegeError:
        assert await owner.fetchval(sees)
    else:
        assert not await owner.fetchval(sees)


# Seconds each, until who holds on is let go; both end in the same.
@pytest.mark.parametrize(
    "by", ["revoke", pytest.param("a grant without texts", marks=pytest.mark.long)]
)
async def test_a_reader_that_holds_on_to_its_settings_keeps_no_right(
    database: Database, by: str
) -> None:
    holder = "lezer_vasthouder"
    await reads(database, "molensloot", holder, free_text=True)
    url = database.url("postgres")
    held = await asyncpg.connect(url, user=holder, password="a password")
    texts = "select from bi_molensloot.toelichting"
    try:
        await held.execute(texts)
        await held.execute(
            "begin; set local idle_in_transaction_session_timeout = 0;"
            f" alter role current_user in database {database.name} set work_mem = '8MB'"
        )
        async with database.connected("meetpunt_owner") as owner, asyncio.timeout(30):
            if by == "revoke":
                assert await revoke_reader(owner, "molensloot", holder)
            else:
                await grant(owner, holder, free_text=False)
            assert not [reader for reader in await list_readers(owner) if reader.free_text]
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await held.execute(texts)
    finally:
        await held.close()


# --- Passwords -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role", ["gewoon", "meetpunt_views", "meetpunt_reads_bi_molensloot", "almachtig", "rollenmaker"]
)
async def test_what_is_no_reader_gets_no_password(owner: asyncpg.Connection, role: str) -> None:
    with pytest.raises(RoleRefused):
        await set_password(owner, role, "wachtwoord")


async def test_a_reader_that_came_to_see_more_gets_no_password(owner: asyncpg.Connection) -> None:
    await grant(owner)
    await owner.execute(
        "reset role; grant pg_read_all_data to lezer_nieuw; set role meetpunt_owner"
    )
    with pytest.raises(RoleRefused, match="member of pg_read_all_data"):
        await set_password(owner, "lezer_nieuw", "wachtwoord")


async def test_a_password_is_told_to_no_server(owner: asyncpg.Connection) -> None:
    told: list[str] = []
    with owner.query_logger(lambda query: told.append(f"{query.query} {query.args}")):
        await grant(owner)
        await set_password(owner, "lezer_nieuw", "ander wachtwoord")
    assert sum("SCRAM-SHA-256$" in each for each in told) >= 2
    assert not any("wachtwoord" in each for each in told)


async def test_a_reader_and_a_role_of_the_service_get_a_new_password(
    owner: asyncpg.Connection,
) -> None:
    assert await grant(owner)
    known = "select rolpassword from pg_authid where rolname = $1"
    for role in ("lezer_nieuw", "meetpunt_ingest"):
        await owner.execute("reset role")
        before = await owner.fetchval(known, role)
        await owner.execute("set role meetpunt_owner")
        await set_password(owner, role, "ander wachtwoord")
        await owner.execute("reset role")
        assert await owner.fetchval(known, role) != before
        await owner.execute("set role meetpunt_owner")
