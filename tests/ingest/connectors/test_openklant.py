"""Open Klant is asked for calls that ended, and each is taken in once: it cannot tell us."""

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from msgspec.structs import replace

from ingest.connectors.openklant.api import PAGE
from ingest.connectors.openklant.polling import WHOLE_SECONDS
from ingest.connectors.openklant.polling import asking as task_of
from ingest.municipalities.catalogue import Catalogue
from ingest.tasks.leases import take
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.ingest.connectors.klantcontacten import CALLED_BACK, asking, promises, read
from tests.ingest.invitations.test_canaries import dump_of
from tests.inviting import noon, states
from tests.log_lines import lines_of
from tests.neighbours.open_klant import TOKEN, FakeOpenKlant
from tests.neighbours.opennotificaties import OpenNotificaties
from tests.neighbours.server import BadDay, Reply, Silence

pytestmark = pytest.mark.anyio

NOW = noon()
JUST = NOW - timedelta(minutes=5)


class Clock:
    """Counts seconds when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_it_cannot_tell_of_a_contact_itself() -> None:
    async def nobody(*_: object) -> int:
        return 204

    theirs, notificaties = FakeOpenKlant(), OpenNotificaties(nobody)
    contact = theirs.call(at=JUST)
    with pytest.raises(ValueError, match="kenmerken"):
        notificaties.publish(theirs.told_of(contact))
    theirs.promise(contact, at=JUST)
    # Of a task all is text.
    notificaties.publish(theirs.told[0])


async def test_it_is_asked_as_the_real_one_was(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with asking(catalogue, keys, tmp_path) as (asked, theirs, server):
        theirs.call(at=JUST)
        assert await read(asked, database, NOW) == {"taken": 1}
        (request,) = server.requests
        assert request.method == "GET"
        assert request.headers["authorization"] == f"Token {TOKEN}"
        target = urlsplit(request.target)
        assert target.path == "/klantinteracties/api/v1/klantcontacten"
        query = parse_qs(target.query)
        assert query["kanaal"] == ["telefoon"]
        assert query["indicatieContactGelukt"] == ["true"]
        assert query["vertrouwelijk"] == ["false"]
        assert "hadBetrokkenen" in query["expand"][0].split(",")
        # A range is ignored there: who asked for one would get everything, and believe otherwise.
        assert not any(name.startswith("plaatsgevondenOp") for name in query)
    assert await states(database) == {"waiting": 1}


async def test_only_who_was_reached_by_telephone_and_is_not_confidential_is_taken_in(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with asking(catalogue, keys, tmp_path) as (asked, theirs, _):
        theirs.call("0612340001", at=JUST)
        theirs.call("0612340002", at=JUST, indicatieContactGelukt=False)
        theirs.call("0612340003", at=JUST, indicatieContactGelukt=None)
        theirs.call("0612340004", at=JUST, vertrouwelijk=True)
        theirs.call("0612340005", at=JUST, kanaal="e-mail")
        theirs.call("0612340006", at=JUST, subject="Iets anders", actors=())
        theirs.call("0201234567", at=JUST)
        assert await read(asked, database, NOW) == {
            "taken": 1,
            "unknown-queue": 1,
            "no-number": 1,
        }
    assert await states(database) == {"waiting": 1}


async def test_each_is_taken_in_once_also_after_a_restart_and_by_two_who_ask(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with asking(catalogue, keys, tmp_path) as (asked, theirs, server):
        for number in range(2 * PAGE + 3):
            theirs.call(f"06{10_000_000 + number}", at=JUST)
        assert await read(asked, database, NOW) == {"taken": 2 * PAGE + 3}
        before = server.taken
        # What is known is not asked for again: one page.
        assert await read(asked, database, NOW) == {}
        assert server.taken == before + 1
        asked._settled.clear()
        asked._whole_at = None
        assert await read(asked, database, NOW) == {"taken": 2 * PAGE + 3}
    assert await states(database) == {"waiting": 2 * PAGE + 3}


async def test_reading_goes_on_past_what_is_new_and_after_it_was_cut_off(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    clock = Clock()
    async with asking(catalogue, keys, tmp_path, clock=clock) as (asked, theirs, _):
        theirs.call("0612340000", at=JUST)
        await read(asked, database, NOW)
        for number in range(PAGE + 5):
            theirs.call(f"06{10_000_000 + number}", at=JUST)
        # The first page is taken in, the second fails.
        theirs.bad_days += [None, BadDay(Reply(503))]
        assert await read(asked, database, NOW) == {"away": 1}
        assert await states(database) == {"waiting": PAGE + 1}
        clock.seconds += 10
        assert await read(asked, database, NOW) == {"taken": 5}
    assert await states(database) == {"waiting": PAGE + 6}


async def test_a_contact_that_was_changed_later_is_found_within_the_hour(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    clock = Clock()
    async with asking(catalogue, keys, tmp_path, clock=clock) as (asked, theirs, _):
        theirs.call("0612340001", at=JUST, indicatieContactGelukt=None)
        for number in range(PAGE):
            theirs.call(f"06{10_000_000 + number}", at=JUST)
        assert await read(asked, database, NOW) == {"taken": PAGE}
        theirs.contacts[0]["indicatieContactGelukt"] = True
        assert await read(asked, database, NOW) == {}
        clock.seconds += WHOLE_SECONDS
        assert await read(asked, database, NOW) == {"taken": 1}


async def test_what_is_too_old_to_ask_about_is_not_read_for_ever(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with asking(catalogue, keys, tmp_path) as (asked, theirs, server):
        for number in range(8 * PAGE):
            theirs.call(f"06{10_000_000 + number}", at=NOW - timedelta(days=400))
        theirs.call("0612340001", at=JUST)
        await read(asked, database, NOW)
        assert server.taken == 4
    assert await states(database) == {"waiting": 1}


async def test_an_open_klant_that_is_away_is_told_once_and_left_alone_for_a_while(
    database: Database,
    catalogue: Catalogue,
    keys: Keys,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    clock = Clock()
    async with asking(catalogue, keys, tmp_path, clock=clock) as (asked, theirs, server):
        theirs.call(at=JUST)
        theirs.bad_days += [BadDay(Reply(502)), BadDay(Reply(502))]
        assert await read(asked, database, NOW) == {"away": 1}
        assert await read(asked, database, NOW) == {}
        assert server.taken == 1
        clock.seconds += 10
        assert await read(asked, database, NOW) == {"away": 1}
        clock.seconds += 60
        assert await read(asked, database, NOW) == {"taken": 1}
    told = [line["event"] for line in lines_of(caplog)]
    assert told.count("contacts_away") == 1
    assert told.count("contacts_back") == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply(200, b"{"), "answer-unreadable"),
        (Reply(200, b'{"results": 3}'), "answer-unreadable"),
        (Reply(302, b"", (("Location", "http://127.0.0.1/"),)), "answer-unreadable"),
        (Reply(200, b" " * 2_100_000), "answer-unreadable"),
        (Reply(400, b"{}"), "question-refused"),
        (Reply(429, b"{}"), "too-many"),
    ],
)
async def test_whatever_it_answers_nothing_is_raised(
    database: Database,
    catalogue: Catalogue,
    keys: Keys,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    answer: Reply,
    reason: str,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    async with asking(catalogue, keys, tmp_path) as (asked, theirs, _):
        theirs.bad_days.append(BadDay(answer))
        assert await read(asked, database, NOW) == {"away": 1}
    (told,) = [line for line in lines_of(caplog) if line["event"] == "contacts_away"]
    assert told["reason"] == reason


async def test_what_breaks_for_one_municipality_is_logged_and_raises_nothing(
    database: Database,
    catalogue: Catalogue,
    keys: Keys,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    async with asking(catalogue, keys, tmp_path) as (asked, theirs, _):
        theirs.call(at=JUST)
        # One that our files do not know, so that nothing of it can be stored.
        asked._telling.municipality = replace(asked._telling.municipality, slug="weg")
        assert await read(asked, database, NOW) == {"away": 1}
    (told,) = [line for line in lines_of(caplog) if line["event"] == "contacts_away"]
    assert (told["reason"], told["level"]) == ("failed", "error")


async def test_a_wrong_token_and_one_contact_that_cannot_be_read(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with asking(catalogue, keys, tmp_path, token="another-token-of-some-length") as (
        asked,
        _,
        _,
    ):
        assert await read(asked, database, NOW) == {"away": 1}
    async with asking(catalogue, keys, tmp_path) as (asked, theirs, _):
        theirs.call(at=JUST, onderwerp=12)
        theirs.call(at=JUST)
        assert await read(asked, database, NOW) == {"taken": 1, "unreadable": 1}


async def test_who_was_promised_a_call_is_asked_once_somebody_called(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    clock = Clock()
    async with asking(catalogue, keys, tmp_path, clock=clock, callbacks=CALLED_BACK) as made:
        asked, theirs, server = made
        for number in range(PAGE):
            theirs.call(f"06{10_000_000 + number}", at=JUST)
        contact = theirs.call(at=JUST)
        task = theirs.promise(contact, at=JUST)
        assert await read(asked, database, NOW) == {"call-back-open": 1, "taken": PAGE}
        assert await states(database) == {"waiting": PAGE}
        before = server.taken
        assert await read(asked, database, NOW) == {}
        assert server.taken == before + 1
        theirs.call_back(task, at=NOW)
        assert await read(asked, database, NOW) == {"taken": 1}
        assert await states(database) == {"waiting": PAGE + 1}
        assert await promises(database) == [(1.0, 1)]


async def test_nothing_that_was_said_is_kept_or_logged(
    database: Database,
    catalogue: Catalogue,
    keys: Keys,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    said = "kanarie-in-een-kooi 123456782"
    async with asking(catalogue, keys, tmp_path, callbacks=CALLED_BACK) as (asked, theirs, _):
        for number in range(20):
            contact = theirs.call(f"06{58_310_000 + number}", at=JUST, said=said)
            theirs.call_back(theirs.promise(contact, at=JUST, said=said), at=NOW)
        theirs.call(at=JUST, said=said, onderwerp=12, inhoud=[said])
        assert await read(asked, database, NOW) == {"taken": 20, "unreadable": 1}
        # The control: it did come in.
        assert said in json.dumps(theirs._shown(theirs.contacts[0], {"leiddeTotInterneTaken"}))
    dump = dump_of(database)
    assert b"kanarie" not in dump
    assert b"5831000" not in dump
    assert "kanarie" not in json.dumps(lines_of(caplog))
    assert "kanarie" not in caplog.text


async def test_no_municipality_waits_for_the_open_klant_of_another(
    database: Database,
    catalogue: Catalogue,
    keys: Keys,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    async with (
        asking(catalogue, keys, tmp_path) as (silent, theirs, _),
        asking(catalogue, keys, tmp_path) as (other, others, _),
    ):
        silent._most_seconds = 1.0
        theirs.bad_days.append(BadDay(Silence()))
        others.call(at=JUST)
        task, holder = task_of([silent, other], clock=lambda: NOW), uuid4()
        async with database.connected("meetpunt_work") as db:
            assert await take(db, task.name, holder)
            async with asyncio.timeout(4):
                await task.work(db, holder)
    async with database.superuser() as db:
        # By the clock that it was given: a demo has another at night.
        (row,) = await db.fetch("select state, due from meetpunt.outbox")
    assert (row["state"], row["due"]) == ("waiting", NOW)
    (told,) = [line for line in lines_of(caplog) if line["event"] == "contacts_away"]
    assert told["reason"] == "too-slow"


async def test_nobody_answers_and_the_task_goes_on(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    async with asking(catalogue, keys, tmp_path) as (asked, theirs, _):
        asked.open_klant._client._most_seconds = 0.2
        theirs.bad_days.append(BadDay(Silence()))
        assert await read(asked, database, datetime.now(UTC)) == {"away": 1}
