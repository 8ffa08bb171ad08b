"""What was kept apart can be looked at, and counts once somebody released it."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from ingest.clock import today_here
from ingest.kiosk.quarantine import Released, items, kept, release
from ingest.kiosk.statements import KioskUnknown
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, Serve, Served
from tests.ingest.kiosk.tablet import (
    HOUR,
    Tablet,
    id_of,
    revoked,
    rows,
    since_last_year,
    verdicts,
)
from tests.ingest.web.test_replaced_version import NEXT, replaced, with_next_version

pytestmark = pytest.mark.anyio


async def released(database: Database, tablet: Tablet) -> Released:
    async with database.connected("meetpunt_folder") as folder:
        return await release(folder, UUID(tablet.kiosk))


async def looked_at(database: Database) -> list[dict[str, Any]]:
    async with database.connected("meetpunt_folder") as folder:
        return await kept(folder)


async def test_what_is_released_is_stored_as_if_it_had_been_from_the_start(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await since_last_year(served.database)
        await tablet.sync()
        tablet.monotonic = 200 * HOUR
        answers = {"cijfer": 6, "toelichting": "Bel mij op 06 12345678."}
        found = [tablet.item(ago=48 * HOUR, answers=answers), tablet.item(complete=False)]
        # The same, on a tablet that was revoked before it handed them in.
        await revoked(served.database, tablet)
        assert verdicts(await tablet.sync(found)) == ["quarantined"] * 2
        assert await served.responses() == []
        (kiosk,) = await looked_at(served.database)
        assert (kiosk["verdict"], kiosk["reason"]) == ("quarantined", "revoked")
        assert (kiosk["items"], kiosk["releasable"]) == (2, 2)

        assert await released(served.database, tablet) == Released(stored=2, known=0, left=0)
        first, last = sorted(await served.responses(), key=lambda row: row["day"])
        assert (last["day"] - first["day"]).days == 2
        assert (first["complete"], last["complete"]) == (True, False)
        assert not first["day_uncertain"]
        assert first["id"] == served.stored_id(id_of(found[0]))
        (text,) = await rows(served.database, "free_text")
        assert "12345678" not in text["text"]
        assert text["masked"] == ["telefoon"]
        assert len(await rows(served.database, "unpublished")) == 2
        # Handed in again it is known, and the list has nothing left to look at.
        assert verdicts(await tablet.sync(found)) == ["known"] * 2
        assert await looked_at(served.database) == []
        (after,) = await rows(served.database, "kiosk")
        assert after["quarantined"] == 0
        assert await released(served.database, tablet) == Released(stored=0, known=0, left=0)


async def test_what_was_stored_since_is_not_stored_again(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await tablet.sync()
        shared = tablet.items(2)
        copy = tablet.copied()
        copy.counter = 0
        mine = copy.item()
        await tablet.sync()
        assert verdicts(await copy.sync([*shared, mine])) == ["quarantined"] * 3
        assert verdicts(await tablet.sync(shared)) == ["stored"] * 2
        assert await released(served.database, tablet) == Released(stored=1, known=2, left=0)
        assert len(await served.responses()) == 3


async def test_what_is_no_response_stays_where_it_is(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await revoked(served.database, tablet)
        await tablet.sync([tablet.item(answers={"cijfer": 11}), tablet.item()])
        (kiosk,) = await looked_at(served.database)
        assert (kiosk["items"], kiosk["releasable"]) == (2, 1)
        assert await released(served.database, tablet) == Released(stored=1, known=0, left=1)
        (kiosk,) = await looked_at(served.database)
        assert (kiosk["items"], kiosk["releasable"]) == (1, 0)


async def test_a_look_shows_each_item_without_personal_data(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        bad = tablet.item(answers={"cijfer": 99, "toelichting": "Bel mij op 06 12345678."})
        await tablet.sync([bad])
        async with served.database.connected("meetpunt_folder") as folder:
            (item,) = await items(folder, UUID(tablet.kiosk))
        assert (item["verdict"], item["reason"]) == ("set-aside", "answers-rejected")
        assert json.loads(item["payload"])["answers"]["cijfer"] == 99
        assert "12345678" not in item["payload"]


async def test_a_copy_is_dated_from_the_enrolment_and_not_by_what_the_other_handed_in(
    serve: Serve,
) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await since_last_year(served.database)
        copy = tablet.copied()
        copy.counter, copy.monotonic = 0, 200 * HOUR
        await tablet.sync()
        await tablet.sync()
        # Of before the other had nothing left to send.
        await copy.sync([copy.item(ago=5 * 24 * HOUR)])
        await released(served.database, tablet)
        (row,) = await served.responses()
        assert (today_here() - row["day"]).days in (5, 6)
        assert not row["day_uncertain"]


async def test_a_kiosk_that_is_not_there_has_nothing_to_release(database: Database) -> None:
    async with database.connected("meetpunt_folder") as folder:
        with pytest.raises(KioskUnknown):
            await release(folder, uuid4())


async def with_550_in_quarantine(served: Served) -> Tablet:
    tablet = await Tablet(served).enrolled()
    await revoked(served.database, tablet)
    for _ in range(11):
        await tablet.sync(tablet.items(50))
    return tablet


async def test_as_many_as_there_are(serve: Serve) -> None:
    async with serve() as served:
        tablet = await with_550_in_quarantine(served)
        assert await released(served.database, tablet) == Released(stored=550, known=0, left=0)


async def test_one_that_the_database_refuses_keeps_no_other_where_it_is(serve: Serve) -> None:
    async with serve() as served:
        tablet = await with_550_in_quarantine(served)
        async with served.database.superuser() as db:
            await db.execute(
                """update meetpunt.kiosk_quarantine
                set response = jsonb_set(response::jsonb, '{7}', '"xx-xx"')::text
                where digest = (select min(digest) from meetpunt.kiosk_quarantine)"""
            )
        assert await released(served.database, tablet) == Released(stored=549, known=0, left=1)


async def test_of_two_under_one_id_the_other_stays(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await revoked(served.database, tablet)
        one = tablet.item()
        for other in (one, tablet.item(responseId=id_of(one), answers={"cijfer": 3})):
            await tablet.sync([other])
        for stored in (1, 0):
            done = await released(served.database, tablet)
            assert done == Released(stored=stored, known=0, left=1)
        assert len(await served.responses()) == 1


async def test_what_a_worker_cannot_read_yet_waits_on_the_tablet(
    serve: Serve, own_database: Database, catalogue: Catalogue
) -> None:
    async with serve(on=own_database) as served:
        tablet = await Tablet(served, "waterakker/online").enrolled()
        await revoked(own_database, tablet)
        await replaced(own_database, with_next_version(catalogue), days_ago=0)
        told = await tablet.sync([tablet.item(version=NEXT), tablet.item()])
        assert verdicts(told) == ["quarantined"]
        assert told["verdicts"][0]["index"] == 1
