"""What came in since the demo started, as a report maker of one municipality sees it."""

import asyncio
from pathlib import Path

import pytest

from ingest.demo.arrivals import Watch
from ingest.demo.reader_roles import START_PAGE, grant_readers
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, Serve, Served
from tests.ingest.demo.conftest import reader_url

pytestmark = pytest.mark.anyio


async def watch_of(database: Database, catalogue: Catalogue, passwords: Path) -> Watch:
    async with database.connected("meetpunt_owner") as owner:
        chosen = await grant_readers(owner, catalogue, passwords)
    return Watch(reader_url(database, START_PAGE, chosen[START_PAGE]), pause_seconds=0)


async def answered(served: Served, path: str = "molensloot/balie-hal") -> str:
    body = served.body(served.token(path), path, answers={"cijfer": 7, "geholpen": "deels"})
    assert (await served.post(body)).status_code == 201
    return str(served.stored_id(body["responseId"]))


async def test_what_was_there_before_is_an_example_and_what_came_since_is_new(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve(all_test=True) as served:
        before = await answered(served)
        watch = await watch_of(served.database, catalogue, passwords)
        first = await watch.look()
        assert [(r.id, r.new) for r in first.responses] == [(before, False)]
        assert (first.arrived, first.total) == (0, 1)
        since = await answered(served)
        second = await watch.look()
        assert [(r.id, r.new) for r in second.responses] == [(since, True), (before, False)]
        assert (second.arrived, second.total) == (1, 2)


async def test_a_response_has_the_columns_of_the_views(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve(all_test=True) as served:
        id = await answered(served)
        (response,) = (
            await (await watch_of(served.database, catalogue, passwords)).look()
        ).responses
    assert response.reactie["reactie_id"] == id
    assert response.reactie["meetpunt"] == "balie-hal"
    assert response.reactie["volledig"] == "true"
    assert response.reactie["kenmerken"] == ""
    assert response.cijfer == "7"
    assert [(a.vraag, a.indicator, a.waarde, a.code) for a in response.antwoorden] == [
        ("cijfer", "tevredenheid", "7", ""),
        ("geholpen", "oplossing", "", "deels"),
    ]


async def test_another_municipality_s_responses_are_not_seen(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve(all_test=True) as served:
        watch = await watch_of(served.database, catalogue, passwords)
        await answered(served, "duinrade/balie-hal")
        assert (await watch.look()).total == 0


async def test_the_newest_comes_first_and_a_few_are_enough(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve(all_test=True) as served:
        watch = await watch_of(served.database, catalogue, passwords)
        await watch.look()
        came = []
        for _ in range(8):
            came.append(await answered(served))
            await watch.look()
        seen = await watch.look()
    assert [response.id for response in seen.responses] == came[:1:-1]
    assert seen.arrived == 8


async def test_many_who_look_at_once_see_the_same(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve(all_test=True) as served:
        await answered(served)
        watch = await watch_of(served.database, catalogue, passwords)
        seen = await asyncio.gather(*(watch.look() for _ in range(5)))
    assert all(arrivals == seen[0] for arrivals in seen)


async def test_what_was_seen_last_stays_while_the_database_is_away() -> None:
    watch = Watch("postgresql://lezer_demo:x@127.0.0.1:1/meetpunt", pause_seconds=0)
    assert (await watch.look()).responses == ()
