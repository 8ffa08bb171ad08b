"""Readers of the demo: made once, each for its own municipality, with a password that stays."""

import stat
from pathlib import Path

import asyncpg
import pytest

from ingest.demo.reader_roles import START_PAGE, grant_readers, reader_of
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.ingest.demo.conftest import reader_url

pytestmark = pytest.mark.anyio


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def remove(path: Path) -> None:
    path.unlink()


async def granted(database: Database, catalogue: Catalogue, passwords: Path) -> dict[str, str]:
    async with database.connected("meetpunt_owner") as owner:
        return await grant_readers(owner, catalogue, passwords)


async def municipalities_seen(database: Database, role: str, password: str) -> set[str]:
    reader = await asyncpg.connect(reader_url(database, role, password))
    try:
        rows = await reader.fetch("select distinct municipality from meetpunt.touchpoint")
    finally:
        await reader.close()
    return {row["municipality"] for row in rows}


async def test_each_reader_sees_its_own_municipality(
    database: Database, catalogue: Catalogue, passwords: Path
) -> None:
    chosen = await granted(database, catalogue, passwords)
    for slug, municipality in catalogue.municipalities.items():
        role = reader_of(slug)
        assert await municipalities_seen(database, role, chosen[role]) == {municipality.code}
    assert await municipalities_seen(database, START_PAGE, chosen[START_PAGE]) == {"GM9001"}


async def test_the_passwords_stay_and_nobody_else_can_read_them(
    database: Database, catalogue: Catalogue, passwords: Path
) -> None:
    first = await granted(database, catalogue, passwords)
    assert await granted(database, catalogue, passwords) == first
    assert mode_of(passwords) == 0o600


async def test_a_file_that_was_removed_gives_new_passwords_that_work(
    database: Database, catalogue: Catalogue, passwords: Path
) -> None:
    first = await granted(database, catalogue, passwords)
    remove(passwords)
    second = await granted(database, catalogue, passwords)
    assert first[START_PAGE] != second[START_PAGE]
    assert await municipalities_seen(database, START_PAGE, second[START_PAGE]) == {"GM9001"}
