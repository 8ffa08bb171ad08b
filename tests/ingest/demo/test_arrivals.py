"""What came in since the demo started, as a report maker of one municipality sees it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from anyio import fail_after

from ingest.demo.arrivals import Watch
from ingest.demo.reader_roles import START_PAGE, grant_readers
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, Serve, Served
from tests.example import VERSION
from tests.ingest.demo.conftest import reader_url
from tests.publishing import published

pytestmark = pytest.mark.anyio


Play = Callable[..., Any]


async def watch_of(database: Database, catalogue: Catalogue, passwords: Path) -> Watch:
    async with database.connected("meetpunt_owner") as owner:
        chosen = await grant_readers(owner, catalogue, passwords)
    return Watch(reader_url(database, START_PAGE, chosen[START_PAGE]), pause_seconds=0)


async def answered(
    served: Served, mark: int = 7, *, path: str = "molensloot/balie-hal", **details: Any
) -> None:
    """Somebody answers, and it is published at once, as the demo does."""
    answers = {"cijfer": mark, "geholpen": "deels"}
    body = served.body(served.token(path), path, answers=answers, **details)
    assert (await served.post(body)).status_code == 201
    assert await published(served.database, served.service.catalogue) == 1


async def test_what_was_there_before_is_an_example_and_what_came_since_is_new(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve() as served:
        await answered(served, 6)
        watch = await watch_of(served.database, catalogue, passwords)
        first = await watch.look()
        assert [(r.cijfer, r.new) for r in first.responses] == [("6", False)]
        assert (first.arrived, first.total) == (0, 1)
        await answered(served, 9)
        second = await watch.look()
        assert [(r.cijfer, r.new) for r in second.responses] == [("9", True), ("6", False)]
        assert (second.arrived, second.total) == (1, 2)


async def test_a_response_has_the_columns_of_the_views(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve() as served:
        await answered(served)
        (response,) = (
            await (await watch_of(served.database, catalogue, passwords)).look()
        ).responses
    assert response.reactie["reactie_id"] == response.id
    assert response.reactie["meetpunt"] == "balie-hal"
    assert response.reactie["afnamewijze"] == "link"
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
    async with serve() as served:
        watch = await watch_of(served.database, catalogue, passwords)
        await answered(served, path="duinrade/balie-hal")
        assert (await watch.look()).total == 0


async def test_the_newest_comes_first_and_a_few_are_enough(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve() as served:
        watch = await watch_of(served.database, catalogue, passwords)
        await watch.look()
        for mark in range(1, 9):
            await answered(served, mark)
            await watch.look()
        seen = await watch.look()
    assert [response.cijfer for response in seen.responses] == ["8", "7", "6", "5", "4", "3"]
    assert seen.arrived == 8


async def until_noticed(watch: Watch, many: int) -> None:
    """Or, for 0, until it has looked for the first time."""
    with fail_after(20):
        while watch.noticed is None or watch.noticed < many:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)


async def test_what_nobody_looked_at_stands_in_order_of_arrival_all_the_same(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    """A visitor answers in another tab: the start page is hidden then, and asks for nothing."""
    async with serve() as served:
        await answered(served, 5)
        watch = await watch_of(served.database, catalogue, passwords)
        await watch.start()
        try:
            await watch.look()
            # In seven places the order of random ids is that of arrival once in 5,040 times.
            for mark in range(1, 8):
                await answered(served, mark)
                await until_noticed(watch, mark)
            seen = await watch.look()
        finally:
            await watch.close()
    assert [response.cijfer for response in seen.responses] == ["7", "6", "5", "4", "3", "2"]
    assert seen.arrived == 7


async def test_the_demo_looks_from_its_start_to_its_end_with_no_visitor_at_all(
    play: Play, database: Database, catalogue: Catalogue, passwords: Path
) -> None:
    watch = await watch_of(database, catalogue, passwords)
    async with play(watch=watch) as served:
        await until_noticed(watch, 0)
        for mark in (3, 8):
            known = watch.noticed or 0
            await answered(served, mark)
            await until_noticed(watch, known + 1)
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "notice arrivals"]


async def test_a_watch_outlives_a_database_that_is_away() -> None:
    watch = Watch("postgresql://lezer_demo:x@127.0.0.1:1/meetpunt", every_seconds=0)
    await watch.start()
    for _ in range(3):
        assert (await watch.look(at_once=True)).arrived == 0
    await watch.close()


async def test_who_is_taken_for_a_program_still_sees_what_they_sent(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve() as served:
        watch = await watch_of(served.database, catalogue, passwords)
        await watch.look()
        form = {
            "cijfer": "3",
            "_version": str(VERSION),
            "_language": "nl",
            "_website": "http://a.example",
        }
        sent = await served.client.post(f"/v/{served.token()}", data=form)
        assert sent.status_code == 303
        await published(served.database, catalogue)
        (response,) = (await watch.look()).responses
    assert response.new
    assert response.reactie["waarom"] != ""
    assert (response.view, response.answers_view) == ("feit_verdacht", "feit_verdacht.antwoorden")
    assert [(a.vraag, a.waarde) for a in response.antwoorden] == [("cijfer", "3")]


async def test_many_who_look_at_once_see_the_same(
    serve: Serve, catalogue: Catalogue, passwords: Path
) -> None:
    async with serve() as served:
        await answered(served)
        watch = await watch_of(served.database, catalogue, passwords)
        seen = await asyncio.gather(*(watch.look() for _ in range(5)))
    assert all(arrivals == seen[0] for arrivals in seen)


async def test_what_was_seen_last_stays_while_the_database_is_away() -> None:
    watch = Watch("postgresql://lezer_demo:x@127.0.0.1:1/meetpunt", pause_seconds=0)
    assert (await watch.look()).responses == ()
