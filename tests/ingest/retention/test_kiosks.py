"""What is kept of kiosks, for how long; and what is read and stored while other things change."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.retention import Retention
from ingest.retention.purging import purge
from tests.conftest import Database, Serve
from tests.example import VERSION
from tests.ingest.kiosk.tablet import Tablet, id_of, rows, verdicts
from tests.ingest.web.test_replaced_version import LAST, NEXT, replaced, with_next_version

pytestmark = pytest.mark.anyio

TERMS = {"GM9001": Retention(free_text_months=6)}


async def destroyed(database: Database, days: int) -> dict[str, int]:
    """What a purge destroys so many days from now."""
    async with database.superuser() as db:
        await db.execute("truncate meetpunt.destruction_record")
    async with database.connected("meetpunt_folder") as folder:
        told = await purge(folder, TERMS, now=datetime.now(UTC) + timedelta(days=days))
    recorded = {row["kind"]: row["rows"] for row in await rows(database, "destruction_record")}
    counts = {each.kind: each.rows for each in told}
    assert recorded == counts
    return {kind: count for kind, count in counts.items() if kind.startswith("kiosk")}


async def test_each_kind_goes_at_its_own_term_and_an_id_never(serve: Serve) -> None:
    async with serve() as served:
        database = served.database
        tablet = await Tablet(served).enrolled()
        await tablet.pair()
        items = tablet.items(2)
        await tablet.sync([*items, tablet.item(answers={"cijfer": 11})])
        copy = tablet.copied()
        copy.counter = 0
        await copy.sync([copy.item()])
        assert await destroyed(database, 0) == {}
        assert await destroyed(database, 2) == {"kiosk_pairing": 1}
        assert await destroyed(database, 30) == {}
        assert await destroyed(database, 32) == {"kiosk_item": 2}
        assert await destroyed(database, 33) == {}
        assert await destroyed(database, 200) == {"kiosk_set_aside": 1, "kiosk_quarantine": 1}
        (kiosk,) = await rows(database, "kiosk")
        assert (kiosk["set_aside"], kiosk["quarantined"]) == (0, 0)
        assert await destroyed(database, 12 * 365) == {}
        left = await rows(database, "kiosk_item")
        assert {(row["content_code"], row["received_on"]) for row in left} == {(None, None)}
        assert verdicts(await tablet.sync(items)) == ["known", "known"]


async def test_what_was_answered_to_an_older_version_is_stored_under_it_after_years(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    files = with_next_version(catalogue)
    await replaced(own_database, files, days_ago=900)
    async with serve(on=own_database, files=files) as served:
        tablet = await Tablet(served, "waterakker/online").enrolled()
        old = tablet.item(version=VERSION, answers={"cijfer": 8, LAST: 5})
        named = tablet.item(version=VERSION, questionnaire="online", ago=60_000)
        new = tablet.item(version=NEXT, ago=120_000)
        other = tablet.item(version=VERSION, questionnaire="balie", ago=180_000)
        told = await tablet.sync([old, named, new, other])
        assert verdicts(told) == ["stored", "stored", "stored", "set-aside"]
        stored = {row["id"]: row["version"] for row in await served.responses()}
        assert [stored[served.stored_id(id_of(item))] for item in (old, named, new)] == [
            VERSION,
            VERSION,
            NEXT,
        ]
