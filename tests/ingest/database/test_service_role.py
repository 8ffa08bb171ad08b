"""The service takes no role that may do more than storing responses, or that may not store them."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from ingest.database.service_role import RoleUnfit, require_service_role
from tests.conftest import Database
from tests.postgres import versions

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("postgres_version", versions(), indirect=True),
]


@pytest.fixture
async def as_superuser(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection whose changes are undone when the test ends."""
    async with database.superuser() as db:
        undone = db.transaction()
        await undone.start()
        yield db
        await undone.rollback()


async def test_the_service_s_own_role_will_do(database: Database) -> None:
    async with database.connected("meetpunt_ingest") as db:
        await require_service_role(db)


async def test_a_role_of_another_name_will_do_when_it_may_do_the_same(
    as_superuser: asyncpg.Connection,
) -> None:
    await as_superuser.execute("create role dienst in role meetpunt_ingest; set role dienst")
    await require_service_role(as_superuser)


@pytest.mark.parametrize(
    ("role", "why"),
    [
        ("postgres", "is a superuser"),
        ("meetpunt_owner", "owns the database"),
        ("meetpunt_folder", "may destroy responses"),
    ],
)
async def test_another_role_of_the_service_is_refused(
    database: Database, role: str, why: str
) -> None:
    async with database.connected(role) as db:
        with pytest.raises(RoleUnfit, match=f"role {role} {why}"):
            await require_service_role(db)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ("create role dienst in role meetpunt_reads_bi_molensloot", "may not store responses"),
        ("create role dienst bypassrls in role meetpunt_ingest", "bypasses row-level security"),
        ("create role dienst in role meetpunt_ingest, meetpunt_owner", "owns the database"),
        ("create role dienst", "may not store responses"),
    ],
)
async def test_a_role_that_may_do_more_or_less_is_refused(
    as_superuser: asyncpg.Connection, made: str, why: str
) -> None:
    await as_superuser.execute(f"{made}; set role dienst")
    with pytest.raises(RoleUnfit, match=f"role dienst {why}; .* connects as role meetpunt_ingest"):
        await require_service_role(as_superuser)
