"""`meetpunt invitations`: an operator sees what waits, what ended badly, and tries again."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from ingest.invitations.codes import InvitationCodes
from ingest.invitations.recipients import read_typed_recipient
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.senders.sender import Accepted, Outcome, OutgoingMessage, RefusedForGood, RefusedForNow
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.ingest.commands.conftest import type_of_run
from tests.inviting import Provider, contact, inviting, noon, take_in, until, working


@pytest.fixture
def work_url(database: Database) -> str:
    return database.url("meetpunt_work")


def answers(message: OutgoingMessage) -> Outcome:
    """One is refused for good, one for a week, one is sent."""
    match message.recipient.address[-1]:
        case "1":
            return RefusedForGood("recipient-refused")
        case "2":
            return RefusedForNow("provider-busy", 7 * 86_400.0)
    return Accepted(None)


async def put(database: Database, state: str, rows: int, *, due: datetime | None = None) -> None:
    """So many messages in a state; with `due` they wait until then."""
    waits = (b"s", due, due) if due else (None, None, None)
    async with database.superuser() as db:
        await db.execute(
            "insert into meetpunt.outbox (municipality, id, touchpoint, sender, state, month,"
            " product, changed_on, sealed, due, expires_at)"
            " select 'GM9001', gen_random_uuid(), 2, 'proef', $1, '2026-11-01', '', current_date,"
            " $3, $4, $5 from generate_series(1, $2)",
            *(state, rows, *waits),
        )


@pytest.fixture
def three(database: Database, catalogue: Catalogue, keys: Keys) -> Database:
    """Three messages, and what became of them."""
    files = inviting(catalogue)

    async def send() -> None:
        await take_in(database, Taking(files, keys), [contact(n) for n in (1, 2, 3)])
        async with working(database, files, keys, Provider(answers)):
            await until(database, {"failed": 1, "waiting": 1, "sent": 1})

    asyncio.run(send())
    return database


def test_status_tells_what_waits_and_how_the_others_ended(
    three: Database, run: type_of_run, work_url: str
) -> None:
    told = run("invitations", "status", MEETPUNT_WORK_URL=work_url).output.splitlines()
    first, *told = told
    assert re.fullmatch(
        r"Waiting: 1, of which due: 0 \(the first at \d{4}-\d\d-\d\d \d\d:\d\d\)\. Being sent: 0\.",
        first,
    )
    assert told == [
        "molensloot/telefonie  proef  failed (recipient-refused)  1",
        "molensloot/telefonie  proef  sent  1",
        "molensloot/telefonie  proef  waiting (provider-busy)  1",
    ]


def test_the_first_that_waits_is_told_by_the_clock_in_amsterdam(
    database: Database, run: type_of_run, work_url: str
) -> None:
    asyncio.run(put(database, "waiting", 10, due=datetime(2126, 1, 30, 8, tzinfo=UTC)))
    told = run("invitations", "status", MEETPUNT_WORK_URL=work_url).output
    assert "Waiting: 10, of which due: 0 (the first at 2126-01-30 09:00). Being sent: 0.\n" in told
    asyncio.run(put(database, "waiting", 1, due=datetime.now(UTC)))
    told = run("invitations", "status", MEETPUNT_WORK_URL=work_url).output
    assert "Waiting: 11, of which due: 1. Being sent: 0.\n" in told


@pytest.mark.parametrize("state", ["opted-out", "asked-recently"])
def test_who_was_held_back_is_counted_from_ten_up(
    database: Database, run: type_of_run, work_url: str, state: str
) -> None:
    asyncio.run(put(database, state, 9))
    assert state not in run("invitations", "status", MEETPUNT_WORK_URL=work_url).output
    asyncio.run(put(database, state, 1))
    told = run("invitations", "status", MEETPUNT_WORK_URL=work_url).output
    assert f"molensloot/telefonie  proef  {state}  10\n" in told


@pytest.mark.parametrize("typed", ["06-1234 5678", "tel:0612345678", "a@example.nl"])
def test_who_is_allowed_messages_again_is_typed_as_on_a_list(
    database: Database, keys: Keys, run: type_of_run, typed: str
) -> None:
    person = read_typed_recipient(typed)
    code = InvitationCodes(derived_keys(keys)).of_opted_out("GM9001", person)

    async def opt_out() -> None:
        async with database.superuser() as db:
            await db.execute("insert into meetpunt.opted_out values ('GM9001', $1, now())", code)

    asyncio.run(opt_out())
    told = run("invitations", "allow", "molensloot", typed=typed).output
    assert "They can be sent messages, whether or not they had asked for none.\n" in told

    async def left() -> int:
        async with database.superuser() as db:
            rows: int = await db.fetchval("select count(*) from meetpunt.opted_out")
            return rows

    assert asyncio.run(left()) == 0
    # Nothing tells whoever asks a second time that it was so the first time.
    assert run("invitations", "allow", "molensloot", typed=typed).output == told
    trail = run("audit", "--json").output
    assert trail.count('"action":"allow-messages"') == 2
    assert trail.count('"outcome":"done"') == 2
    assert not re.search(r"612345678|example\.nl", trail)


def test_dead_letters_keep_the_reason_and_nothing_of_the_person(
    three: Database, run: type_of_run, work_url: str
) -> None:
    told = run("invitations", "dead", MEETPUNT_WORK_URL=work_url).output
    assert "molensloot/telefonie  proef  failed  recipient-refused\n1 message.\n" in told
    assert "+316" not in told


def test_what_was_refused_for_now_is_tried_at_once_when_somebody_says_so(
    three: Database, catalogue: Catalogue, keys: Keys, run: type_of_run, work_url: str
) -> None:
    elsewhere = run("invitations", "retry", "duinrade", MEETPUNT_WORK_URL=work_url)
    assert elsewhere.output == "To be tried at once: 0 messages.\n"
    here = run("invitations", "retry", "molensloot", MEETPUNT_WORK_URL=work_url)
    assert here.output == "To be tried at once: 1 message.\n"

    async def send() -> None:
        async with working(three, inviting(catalogue), keys, Provider()):
            await until(three, {"failed": 1, "sent": 2})

    asyncio.run(send())


def test_without_the_role_that_sends_it_says_what_is_missing(
    database: Database, run: type_of_run
) -> None:
    told = run("invitations", "status", exit_code=1, MEETPUNT_WORK_URL="").output
    assert "set MEETPUNT_WORK_URL: this needs the role meetpunt_work." in told
    other = run("invitations", "status", exit_code=1, MEETPUNT_WORK_URL=database.ingest).output
    assert "MEETPUNT_WORK_URL connects as meetpunt_ingest; it has to be role meetpunt_work" in other


def test_after_a_restore_nothing_that_was_due_is_sent_without_asking(
    database: Database, catalogue: Catalogue, keys: Keys, run: type_of_run, work_url: str
) -> None:
    files = inviting(catalogue)
    later = noon() + timedelta(days=2)

    async def take() -> None:
        await take_in(database, Taking(files, keys), [contact(n) for n in (1, 2)])
        await take_in(database, Taking(files, keys), [contact(3, send_after=later)])

    asyncio.run(take())
    told = run("invitations", "restored", MEETPUNT_WORK_URL=work_url)
    assert told.output == "To be looked up before they are sent: 2 messages.\n"
    # One of them had gone out, and of the other nobody can tell.
    answers: list[Outcome | None] = [Accepted(None), None]
    provider = Provider(found=lambda _: answers.pop())

    async def send() -> None:
        async with working(database, files, keys, provider):
            await until(database, {"sent": 1, "unknown": 1, "waiting": 1})

    asyncio.run(send())
    assert provider.sent == []
