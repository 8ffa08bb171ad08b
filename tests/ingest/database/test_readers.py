"""Only a role that row-level security holds becomes a reader, and only ours get passwords."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from ingest.database.readers import CONNECTIONS, RoleRefused, grant_reader, set_password
from tests.conftest import Database
from tests.postgres import versions

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
            " create role gewoon login; set role meetpunt_owner"
        )
        yield db
        await undone.rollback()


@pytest.mark.parametrize(
    ("role", "why"),
    [
        ("alziend", "sees every row"),
        ("almachtig", "sees every row"),
        ("meetpunt_ingest", "role of Meetpunt"),
        ("meetpunt_nieuw", "role of Meetpunt"),
        ("pg_read_all_data", "Postgres itself"),
    ],
)
async def test_a_role_that_no_policy_holds_is_no_reader(
    owner: asyncpg.Connection, role: str, why: str
) -> None:
    with pytest.raises(RoleRefused, match=why):
        await grant_reader(owner, "GM9001", role, "wachtwoord", free_text=False)
    assert not await owner.fetch("select from meetpunt.reader")


async def test_whoever_owns_the_database_is_no_reader(owner: asyncpg.Connection) -> None:
    await owner.execute(
        "reset role; grant create on database shared to gewoon;"
        " alter database shared owner to gewoon; set role meetpunt_owner"
    )
    with pytest.raises(RoleRefused, match="owns the database"):
        await grant_reader(owner, "GM9001", "gewoon", "wachtwoord", free_text=False)


async def test_a_role_that_was_there_becomes_a_reader_and_keeps_its_password(
    owner: asyncpg.Connection,
) -> None:
    assert not await grant_reader(owner, "GM9001", "gewoon", "wachtwoord", free_text=False)


LIMITS = "select rolconnlimit, rolconfig from pg_roles where rolname = $1"


async def test_a_new_reader_has_limits_and_later_ones_of_the_administrator_stay(
    owner: asyncpg.Connection,
) -> None:
    await grant_reader(owner, "GM9001", "lezer_nieuw", "wachtwoord", free_text=False)
    connections, settings = await owner.fetchrow(LIMITS, "lezer_nieuw")
    assert connections == CONNECTIONS
    assert settings == ["statement_timeout=60s", "idle_in_transaction_session_timeout=60s"]
    await owner.execute(
        "alter role lezer_nieuw connection limit 3;"
        " alter role lezer_nieuw set statement_timeout = '5min'"
    )
    await grant_reader(owner, "GM9002", "lezer_nieuw", "wachtwoord", free_text=False)
    connections, settings = await owner.fetchrow(LIMITS, "lezer_nieuw")
    assert connections == 3
    assert "statement_timeout=5min" in settings


async def test_a_role_that_was_there_keeps_its_limits(owner: asyncpg.Connection) -> None:
    await grant_reader(owner, "GM9001", "gewoon", "wachtwoord", free_text=False)
    assert tuple(await owner.fetchrow(LIMITS, "gewoon")) == (-1, None)


@pytest.mark.parametrize("role", ["gewoon", "meetpunt_reader", "meetpunt_benchmark", "almachtig"])
async def test_what_is_no_reader_gets_no_password(owner: asyncpg.Connection, role: str) -> None:
    with pytest.raises(RoleRefused):
        await set_password(owner, role, "wachtwoord")


async def test_a_reader_gets_a_new_password(owner: asyncpg.Connection) -> None:
    assert await grant_reader(owner, "GM9001", "lezer_nieuw", "wachtwoord", free_text=False)
    await set_password(owner, "lezer_nieuw", "ander wachtwoord")
