"""The demo's database is filled once, with the rights of the service and no more."""

from datetime import UTC, date, datetime

import pytest

from ingest.demo.filling import fill
from ingest.demo.generator import made_up_responses
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, Serve
from tests.publishing import published, reads, seen

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 21)
ROLE = "lezer_filling"


async def filled(database: Database, catalogue: Catalogue) -> int:
    async with database.connected("meetpunt_ingest") as db:
        return await fill(db, catalogue, today=TODAY)


async def stored(database: Database) -> dict[str, int]:
    async with database.superuser() as db:
        rows = await db.fetch("select municipality, count(*) from meetpunt.response group by 1")
    return {row["municipality"]: row["count"] for row in rows}


async def test_every_municipality_gets_all_of_its_responses_once(
    database: Database, catalogue: Catalogue
) -> None:
    expected = {
        municipality.code: len(list(made_up_responses(catalogue, municipality, today=TODAY)))
        for municipality in catalogue.municipalities.values()
    }
    assert await filled(database, catalogue) == sum(expected.values())
    assert await stored(database) == expected
    # The second time nothing is added.
    assert await filled(database, catalogue) == 0
    assert await stored(database) == expected


async def test_a_municipality_that_has_responses_is_left_alone(
    serve: Serve, catalogue: Catalogue
) -> None:
    async with serve() as served:
        await served.post(served.body(served.token()))
        await filled(served.database, catalogue)
        assert (await stored(served.database))["GM9001"] == 1


# Whether made-up figures are plausible; that they are there, others show.
@pytest.mark.long
async def test_channels_that_invite_have_a_plausible_response_rate(
    database: Database, catalogue: Catalogue
) -> None:
    await filled(database, catalogue)
    await published(database, catalogue, now=datetime(2026, 11, 21, 12, tzinfo=UTC))
    async with database.superuser() as db:
        by_municipality = await db.fetch(
            """select municipality, sum(issued) as issued, sum(spent) as spent
            from meetpunt.invitation_count group by municipality"""
        )
    await reads(database, "molensloot", ROLE)
    months = await seen(
        database, ROLE, "select kanaal, respons from indicator_per_maand where respons is not null"
    )
    assert {row["municipality"] for row in by_municipality} == set(await stored(database))
    for row in by_municipality:
        assert 0.2 <= row["spent"] / row["issued"] <= 0.45
    assert {row["kanaal"] for row in months} >= {"telefonie", "melding"}
    assert all(0.2 <= row["respons"] <= 0.45 for row in months), months
    assert not {row["kanaal"] for row in months} & {"balie", "online"}
