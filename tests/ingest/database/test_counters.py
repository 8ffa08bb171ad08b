"""A text takes no number of an object, which whoever makes an object could count."""

from random import Random

import pytest

from ingest.questionnaires.kinds import MOST_CHARACTERS
from tests.conftest import Database
from tests.postgres import versions

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("postgres_version", versions())]

# The largest that a resident can write: four bytes a character, and nothing in it repeats.
_LETTERS = range(0x20000, 0x2A6D0)
LARGEST = "".join(map(chr, Random(1).choices(_LETTERS, k=MOST_CHARACTERS)))

_APART = "select pg_relation_size(reltoastrelid) from pg_class where oid = $1::regclass"

_TEXTS = {
    "meetpunt.free_text": "('GM9001', '2026-11-30', gen_random_uuid(), 'toelichting', $1, '{}')",
    "lees_molensloot.tekst": (
        "('GM9001', '2026-11-01', gen_random_uuid(), 1, 'balie', 'toelichting', 'hoog', false,"
        " $1, '{}')"
    ),
}


@pytest.mark.parametrize("table", _TEXTS)
async def test_the_largest_text_stays_in_its_row(database: Database, table: str) -> None:
    async with database.superuser() as db, db.transaction():
        await db.execute("set local session_replication_role = replica")  # without its response
        await db.execute(f"insert into {table} values {_TEXTS[table]}", LARGEST)
        assert await db.fetchval(_APART, table) == 0
        await db.execute("create temporary table usual (text text) on commit drop")
        await db.execute("insert into usual values ($1)", LARGEST)
        assert await db.fetchval(_APART, "usual") > 0


async def test_so_does_what_a_kiosk_handed_in(database: Database) -> None:
    async with database.superuser() as db:
        stored = await db.fetch(
            "select attrelid::regclass::text as name from pg_attribute"
            " where attname = 'payload' and attstorage = 'm' order by 1"
        )
    assert [row["name"] for row in stored] == [
        "meetpunt.kiosk_quarantine",
        "meetpunt.kiosk_set_aside",
    ]
