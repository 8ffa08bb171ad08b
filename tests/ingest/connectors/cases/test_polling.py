"""What nobody told us of is found: a system that notifies gives up while we are away."""

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from ingest.connectors.notifications.statements import MOST_WAITING
from ingest.doctor import neighbours
from ingest.doctor.findings import Mark
from ingest.doctor.sight import INGEST
from ingest.municipalities.catalogue import Catalogue
from ingest.tokens.keys import Keys
from tests.case_systems import Systems, case_systems
from tests.conftest import Serve
from tests.ingest.doctor.looking import seen, sentences, sight_of
from tests.inviting import stages, states
from tests.log_lines import lines_of
from tests.neighbours.opennotificaties import TRIES
from tests.neighbours.server import BadDay, Reply, Silence

pytestmark = pytest.mark.anyio


async def test_two_hours_of_our_absence_lose_nobody_and_ask_nobody_twice(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        before = systems.case(1, kind=kind)
        zaak.close(before)
        await systems.told()
        answers = systems.notificaties._post

        async def nobody_answers(*_: object) -> int:
            return 0

        systems.notificaties._post = nobody_answers
        during = [systems.case(number, kind=kind) for number in range(2, 6)]
        for case in during:
            zaak.close(case)
        for _ in range(TRIES):
            await systems.deliver()
        assert systems.notificaties.queue == []
        assert systems.notificaties.dropped
        systems.notificaties._post = answers
        # Control: without the poll they are lost.
        await systems.told()
        assert await states(systems.database) == {"waiting": 1}
        for _ in range(3):
            await systems.poll()
            await systems.follow()
            assert await states(systems.database) == {"waiting": 5}
        # And of what is told again in the ordinary way nobody hears twice.
        for case in (before, *during):
            zaak.patch(case, omschrijving="kanarie")
        await systems.told()
        assert await states(systems.database) == {"waiting": 5}
        assert await stages(systems.database) == {"known": 5}


async def test_what_was_opened_again_while_we_were_away_is_taken_back(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        opened, closed = systems.case(1, kind=kind), systems.case(2, kind=kind)
        zaak.close(opened)
        zaak.close(closed)
        await systems.told()
        zaak.reopen(opened)
        systems.notificaties.queue.clear()
        # Control: nobody told of it.
        await systems.told()
        assert await states(systems.database) == {"waiting": 2}
        await systems.poll()
        await systems.follow()
        assert await states(systems.database) == {"waiting": 1, "withdrawn": 1}


async def test_a_long_list_is_read_to_its_end_and_asks_nothing_that_the_system_refuses(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        for number in range(110):
            zaak.close(systems.case(number, kind=kind))
        # Too long ago for anybody to be asked about it, and open still.
        zaak.close(systems.case(900, kind=kind), at=now - timedelta(days=9))
        systems.case(901, kind=kind)
        await systems.poll()
        asked = [each for each in zaak.asked if "/zaken?" in each]
        assert len(asked) == 2
        assert await kept(systems) == 110


async def test_a_system_that_is_away_is_asked_the_next_time(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        zaak.close(systems.case(1, kind=kind))
        zaak.rights = False
        await systems.poll()
        await systems.follow()
        assert await states(systems.database) == {}
        zaak.rights = True
        await systems.poll()
        await systems.follow()
        assert await states(systems.database) == {"waiting": 1}


async def test_a_system_that_refuses_us_shows_wherever_somebody_looks(
    serve: Serve,
    catalogue: Catalogue,
    keys: Keys,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        service = systems.served.service
        sight = replace(sight_of(systems.database, roles=(INGEST,)), catalogue=service.catalogue)

        async def told(mark: Mark) -> str:
            return sentences(await seen(sight, neighbours.examine), mark)

        async def ready() -> list[dict[str, str]]:
            await service.tasks.look()
            answer = (await systems.served.client.get("/readyz")).json()
            away: list[dict[str, str]] = answer["systemsAway"]
            return away

        assert "The case system of molensloot was not asked yet" in await told(Mark.LOOK)
        await systems.poll()
        assert "The case system of molensloot did as asked" in await told(Mark.OK)
        assert await ready() == []
        systems.zaak.rights = False
        # Whoever asks next is another process, and goes on with what the first wrote down.
        await systems.poll()
        first = await told(Mark.LOOK)
        await systems.poll()
        assert "The case system of molensloot refuses the key since 20" in first
        assert "run 'meetpunt connect zgw molensloot'" in first
        assert await told(Mark.LOOK) == first
        assert await ready() == [{"kind": "cases"}]
        systems.zaak.rights = True
        await systems.poll()
        assert "The case system of molensloot did as asked" in await told(Mark.OK)
        assert await ready() == []
    events = [line["event"] for line in lines_of(caplog) if line["event"].startswith("poll_")]
    assert events == ["poll_failed", "poll_failed", "poll_back"]


async def test_an_odd_address_and_a_system_that_breaks_keep_nobody_else_from_being_asked(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        cases = [systems.case(number, kind=kind) for number in range(3)]
        for case in cases:
            zaak.close(case)
        # Longer than anything that we keep.
        zaak.resources[cases[0]]["url"] += "a" * 1200
        await systems.poll()
        assert await kept(systems) == 2
        zaak.close(systems.case(3, kind=kind))
        # A municipality that our files do not know: whatever breaks there, the other is asked.
        await systems.poll(also=("weg",))
        assert await kept(systems) == 3


async def test_a_system_that_says_nothing_is_left_when_its_time_is_over(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        zaak.close(systems.case(1, kind=kind))
        zaak.bad_days.append(BadDay(Silence()))
        async with asyncio.timeout(4):
            await systems.poll(also=("waterakker",), most_seconds=0.5)
        # The other was asked meanwhile.
        assert await kept(systems) == 1


async def test_what_lies_outside_the_days_that_were_asked_for_is_dropped(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        cases = [systems.case(number, kind=kind) for number in range(3)]
        for case in cases:
            zaak.close(case)
        listed = [zaak.resources[case] for case in cases]
        listed[0]["einddatum"] = "1999-01-01"
        listed[1]["einddatum"] = "2999-01-01"
        page = {"count": 3, "next": None, "results": listed}
        zaak.bad_days.append(BadDay(Reply(200, json.dumps(page).encode())))
        await systems.poll()
        assert await kept(systems) == 1


async def test_where_too_many_wait_a_poll_adds_none(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        zaak.close(systems.case(1, kind=kind))
        await systems.poll()
        async with systems.database.superuser() as db:
            await db.execute(
                """insert into meetpunt.notification
                    (municipality, code, since, channel, resource, action, about, url, due)
                select municipality, sha256(number::text::bytea), since, channel, resource, action,
                    about, url, due
                from meetpunt.notification, generate_series(2, $1) as number""",
                MOST_WAITING,
            )
        zaak.close(systems.case(2, kind=kind))
        await systems.poll()
        assert await kept(systems) == MOST_WAITING


async def kept(systems: Systems) -> int:
    async with systems.database.superuser() as db:
        found: int = await db.fetchval("select count(*) from meetpunt.notification")
    return found
