"""Readers of the demo: made once, each for its own municipality, with a password that stays."""

import stat
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from ingest.demo.reader_roles import START_PAGE, grant_readers, reader_of
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, Serve
from tests.ingest.demo.conftest import reader_url
from tests.publishing import published

pytestmark = pytest.mark.anyio


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def remove(path: Path) -> None:
    path.unlink()


async def granted(database: Database, catalogue: Catalogue, passwords: Path) -> dict[str, str]:
    async with database.connected("meetpunt_owner") as owner:
        return await grant_readers(owner, catalogue, passwords)


async def read(database: Database, role: str, password: str, query: str) -> list[Any]:
    """What somebody finds who connects with the line that the demo prints."""
    reader = await asyncpg.connect(reader_url(database, role, password))
    try:
        rows: list[Any] = await reader.fetch(query)
    finally:
        await reader.close()
    return rows


async def municipalities_seen(database: Database, role: str, password: str) -> set[str]:
    rows = await read(database, role, password, "select distinct gemeente_code from dim_meetpunt")
    return {row["gemeente_code"] for row in rows}


async def test_each_reader_sees_its_own_municipality(
    database: Database, catalogue: Catalogue, passwords: Path
) -> None:
    chosen = await granted(database, catalogue, passwords)
    for slug, municipality in catalogue.municipalities.items():
        role = reader_of(slug)
        assert await municipalities_seen(database, role, chosen[role]) == {municipality.code}
    assert await municipalities_seen(database, START_PAGE, chosen[START_PAGE]) == {"GM9001"}


async def test_a_reader_finds_figures_texts_and_targets_under_their_bare_names(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve() as served:
        chosen = await granted(served.database, catalogue, passwords)
        answers = {"cijfer": 8, "toelichting": "Vlot geholpen."}
        for path in ("molensloot/balie-hal", "waterakker/balie-hal"):
            sent = await served.post(served.body(served.token(path), path, answers=answers))
            assert sent.status_code == 201
        await published(served.database, catalogue)
        role = reader_of("molensloot")

        async def found(view: str) -> list[Any]:
            return await read(served.database, role, chosen[role], f"select * from {view}")

        assert [row["n"] for row in await found("indicator_per_maand")] == [1]
        assert [row["tekst"] for row in await found("toelichting")] == ["Vlot geholpen."]
        assert len(await found("doelen")) == 2


async def test_the_start_page_cannot_read_what_residents_wrote(
    database: Database, catalogue: Catalogue, passwords: Path
) -> None:
    chosen = await granted(database, catalogue, passwords)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await read(database, START_PAGE, chosen[START_PAGE], "select * from toelichting")


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
