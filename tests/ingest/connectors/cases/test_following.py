"""Who asked for a case is invited once it is closed: once for each closing, whatever comes when."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.connecting import Queue
from ingest.tokens.keys import Keys
from tests.case_systems import Systems, case_systems, person
from tests.conftest import Database, Serve
from tests.inviting import TOUCHPOINT, stages, states
from tests.neighbours.server import BadDay, Reply

pytestmark = pytest.mark.anyio


async def inbox(database: Database) -> tuple[int, int]:
    """How many notifications wait, and how many are worked off."""
    async with database.superuser() as db:
        row = await db.fetchrow(
            """select count(*) filter (where due is not null) as waiting,
                count(*) filter (where due is null) as done from meetpunt.notification"""
        )
    return row["waiting"], row["done"]


async def test_each_closing_invites_once_whatever_comes_twice_late_or_in_another_order(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        first, second = systems.case(1, kind=kind), systems.case(2, kind=kind)
        zaak.set_status(first, "In behandeling")
        await systems.told()
        assert await states(systems.database) == {}
        zaak.close(first)
        zaak.patch(first, omschrijving="kanarie")
        zaak.close(second)
        # Some are delivered twice: the answer came too late.
        await systems.deliver(twice=0.5)
        await systems.follow()
        assert await states(systems.database) == {"waiting": 2}
        await systems.told()
        await systems.poll()
        await systems.follow()
        zaak.patch(first, omschrijving="kanarie")
        await systems.told()
        assert await states(systems.database) == {"waiting": 2}
        assert await stages(systems.database) == {"known": 2}
        waiting, done = await inbox(systems.database)
        assert waiting == 0 < done
        # Only what is needed was asked, and none of what is kept says which case it was.
        async with systems.database.superuser() as db:
            rows = await db.fetch("select * from meetpunt.notification")
        assert not any("/zaken/" in str(row) or "kanarie" in str(row) for row in rows)


async def test_a_case_that_is_opened_again_takes_back_what_was_not_sent_and_its_next_closing_asks(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        case, gone = systems.case(1, kind=kind), systems.case(2, kind=kind)
        zaak.close(case)
        zaak.close(gone)
        await systems.told()
        zaak.reopen(case)
        zaak.destroy(gone)
        await systems.told()
        assert await states(systems.database) == {"withdrawn": 2}
        # Told late of the closing before, it is still open.
        await systems.poll()
        await systems.follow()
        assert await states(systems.database) == {"withdrawn": 2}
        zaak.close(case)
        await systems.told()
        assert await states(systems.database) == {"withdrawn": 2, "waiting": 1}
        # Opened and closed again before anybody looked: one message, about the last closing.
        zaak.reopen(case)
        zaak.close(case)
        await systems.told()
        await systems.told()
        assert await states(systems.database) == {"withdrawn": 3, "waiting": 1}
        assert await stages(systems.database) == {"known": 4, "withdrawn": 3}


@pytest.mark.parametrize("by", ["notification", "poll"])
async def test_nobody_is_asked_about_what_is_none_of_our_concern(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path, by: str
) -> None:
    types = {name: Queue(touchpoint=TOUCHPOINT) for name in ("B0123", "B0999")}
    async with case_systems(
        serve, catalogue, keys, tmp_path, types=types, organisations=("517439943",)
    ) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        silent = zaak.case_type("B0999", informs=False)
        another = zaak.case_type("B0777")
        whole = systems.case(1, kind=kind)
        for case in (
            systems.case(2, kind=kind, part_of=whole),
            systems.case(3, kind=kind, confidentiality="beperkt_openbaar"),
            systems.case(4, kind=kind, confidentiality="geheim"),
            systems.case(5, kind=silent),
            systems.case(6, kind=another),
            systems.case(7, kind=kind, organisation="001234567"),
        ):
            zaak.close(case)
        if by == "notification":
            await systems.deliver()
        else:
            await systems.poll()
        await systems.follow()
        assert await states(systems.database) == {}
        assert await stages(systems.database) == {}
        assert (await inbox(systems.database))[0] == 0


async def test_a_case_that_became_confidential_takes_back_what_waits(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(
        serve, catalogue, keys, tmp_path, most_confidential="zaakvertrouwelijk"
    ) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        case = systems.case(1, kind=kind, confidentiality="zaakvertrouwelijk")
        zaak.close(case)
        await systems.told()
        assert await states(systems.database) == {"waiting": 1}
        zaak.patch(case, vertrouwelijkheidaanduiding="vertrouwelijk")
        asked = len(zaak.asked)
        await systems.told()
        assert await states(systems.database) == {"withdrawn": 1}
        # Of a case that is so confidential nothing more is read than that it is.
        assert zaak.asked[asked:] == [f"GET {urlsplit(case).path}"]


async def test_that_a_case_is_confidential_is_believed_of_the_case_alone(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        case = systems.case(1, kind=kind, confidentiality="geheim")
        late = list(systems.notificaties.queue)
        systems.notificaties.queue.clear()
        zaak.patch(case, vertrouwelijkheidaanduiding="openbaar")
        zaak.close(case)
        await systems.told()
        assert await states(systems.database) == {"waiting": 1}
        # What was told while it was secret comes after it became public and was closed.
        systems.notificaties.queue.extend(late)
        await systems.told()
        assert await states(systems.database) == {"waiting": 1}
        assert (await inbox(systems.database))[0] == 0


async def test_a_phase_may_have_a_touchpoint_of_its_own(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    phases = {"B0123": {"Ontvangen": Queue(touchpoint=TOUCHPOINT)}}
    async with case_systems(serve, catalogue, keys, tmp_path, phases=phases) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type(phases=("Ontvangen",))
        case = systems.case(1, kind=kind)
        zaak.set_status(case, "Ontvangen")
        await systems.told()
        assert await states(systems.database) == {"waiting": 1}
        # Going on takes back nothing of what was asked about the phase itself.
        zaak.set_status(case, "In behandeling")
        zaak.patch(case, omschrijving="kanarie")
        await systems.told()
        assert await states(systems.database) == {"waiting": 1}


async def test_who_cannot_be_reached_is_counted(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        people: list[dict[str, Any] | None] = [
            None,
            person(1, telefoonnummer="0201234567"),
            person(2, telefoonnummer="", emailadres="bewoner@example.nl"),
        ]
        for number, who in enumerate(people):
            zaak.close(systems.case(number, kind=kind, person=who))
        await systems.told()
        assert await states(systems.database) == {"waiting": 1}
        assert await stages(systems.database) == {"known": 3, "not-this": 2}


async def test_what_cannot_be_asked_now_waits_and_keeps_nothing_else_waiting(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        zaak.close(systems.case(1, kind=kind))
        zaak.rights = False
        await systems.told()
        assert await inbox(systems.database) != (0, 0)
        assert await states(systems.database) == {}
        zaak.rights = True
        zaak.bad_days.append(BadDay(Reply(503)))
        zaak.close(systems.case(2, kind=kind))
        await systems.told()
        await _now_due(systems)
        await systems.follow()
        assert await states(systems.database) == {"waiting": 2}
        assert (await inbox(systems.database))[0] == 0


async def test_an_address_that_leads_elsewhere_is_never_called(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        case = systems.case(1, kind=kind)
        status = zaak.close(case)
        zaak.resources[status]["statustype"] = "http://169.254.169.254/catalogi/api/v1/x/1"
        await systems.told()
        assert await states(systems.database) == {}
        assert (await inbox(systems.database))[0] > 0


async def test_two_weeks_of_trying_are_enough(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        zaak, kind = systems.zaak, systems.zaak.case_type()
        zaak.close(systems.case(1, kind=kind))
        zaak.rights = False
        await systems.deliver()
        async with systems.database.superuser() as db:
            await db.execute("update meetpunt.notification set since = since - 15")
        await systems.follow()
        assert (await inbox(systems.database))[0] == 0


async def _now_due(systems: Systems) -> None:
    async with systems.database.superuser() as db:
        await db.execute("update meetpunt.notification set due = now() where due is not null")
