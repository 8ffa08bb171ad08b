"""What a contact in Open Klant says: where it leads, whom it reaches, and whether a call came."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from ingest.connectors.openklant.contacts import (
    Contact,
    Promise,
    Read,
    Task,
    read_contact,
    read_promise,
)
from ingest.connectors.openklant.norms import promised_until
from ingest.invitations.occasions import ContactEnded
from ingest.municipalities.connecting import Queue
from ingest.municipalities.contacts import CallBacks, Contacts
from tests.neighbours.open_klant import FakeOpenKlant, address

AT = datetime(2026, 11, 27, 13, 5, tzinfo=UTC)  # a Friday
NOW = AT + timedelta(days=10)
EVERYTHING = {"hadBetrokkenen", "hadBetrokkenen.digitaleAdressen", "leiddeTotInterneTaken"}
CONTACTS = Contacts(
    url="https://openklant.example/klantinteracties/api/v1",
    key_file="/key",
    queues={
        "Paspoort": Queue(touchpoint="telefonie", product="paspoort"),
        "Team Vergunningen": Queue(touchpoint="vergunning"),
    },
    callbacks=CallBacks(queue=Queue(touchpoint="terugbelverzoek"), actions=("Terugbellen",)),
)


def meant(theirs: FakeOpenKlant, contacts: Contacts = CONTACTS) -> Read:
    """What the last contact is read as."""
    told = msgspec.json.encode(theirs._shown(theirs.contacts[-1], EVERYTHING))
    return read_contact(
        contacts,
        msgspec.json.decode(told, type=Contact),
        municipality="molensloot",
        holidays=(),
        now=NOW,
    )


def read(theirs: FakeOpenKlant, contacts: Contacts = CONTACTS) -> ContactEnded:
    told = meant(theirs, contacts)
    assert isinstance(told, ContactEnded)
    return told


def called(number: str = "0612345678", **told: Any) -> FakeOpenKlant:
    theirs = FakeOpenKlant()
    theirs.call(number, at=AT, **told)
    return theirs


def test_a_contact_leads_where_its_subject_says_and_else_who_took_it() -> None:
    told = read(called())
    assert (told.touchpoint, told.dimensions) == ("telefonie", {"product": "paspoort"})
    assert (told.ended_at, told.source, told.outcome) == (AT, "openklant", "answered")
    by_team = called(subject="Een boom", actors=("Jan", "Team Vergunningen"))
    assert read(by_team).touchpoint == "vergunning"
    assert meant(called(subject="Een boom")) == "unknown-queue"
    rest = msgspec.structs.replace(
        CONTACTS, queues=CONTACTS.queues | {"*": Queue(touchpoint="telefonie")}
    )
    assert read(called(subject="Een boom"), rest).dimensions == {}


def test_the_number_that_somebody_prefers_goes_first_and_a_land_line_reaches_nobody() -> None:
    numbers = [
        address("jan@example.nl", "email", preferred=True),
        address("020 123 4567", preferred=True),
        address("06-1111 1111"),
        address("0031622222222", preferred=True),
    ]
    recipient = read(called(addresses=numbers)).recipient
    assert recipient is not None
    assert recipient.address == "+31622222222"
    assert read(called(addresses=numbers[:2])).recipient is None
    assert read(called(number="")).recipient is None


def test_of_several_people_the_one_who_sought_the_contact() -> None:
    theirs = called("0611111111")
    (first,) = theirs.contacts[0]["hadBetrokkenen"]
    theirs.contacts[0]["hadBetrokkenen"] = [
        first | {"initiator": False},
        first | {"digitaleAdressen": [address("0622222222") | {"uuid": "1", "url": "2"}]},
    ]
    recipient = read(theirs).recipient
    assert recipient is not None
    assert recipient.address == "+31622222222"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kanaal": "balie"}, "another-event"),
        ({"vertrouwelijk": True}, "another-event"),
        ({"indicatieContactGelukt": None}, "not-answered"),
        ({"plaatsgevondenOp": None}, "no-moment"),
    ],
)
def test_what_the_list_was_asked_for_is_looked_at_again(changes: dict[str, Any], told: str) -> None:
    assert meant(called(**changes)) == told


def test_languages_are_read_as_open_klant_writes_them() -> None:
    assert read(called(taal="eng")).language == "en"
    assert read(called(taal="dut")).language == "nl"
    assert read(called(taal="sqi")).language is None


def test_a_contact_waits_for_the_call_that_was_promised() -> None:
    theirs = called()
    task = theirs.promise(theirs.contacts[0]["uuid"], at=AT)
    assert meant(theirs) == "call-back-open"
    theirs.call_back(task, at=AT + timedelta(days=4))
    told = read(theirs)
    # Tuesday, the second working day.
    assert told.dimensions == {"product": "paspoort", "teruggebeld": "op-tijd"}
    assert (told.touchpoint, told.ended_at) == ("terugbelverzoek", AT + timedelta(days=4))
    theirs.open_again(task, at=AT + timedelta(days=4))
    assert meant(theirs) == "call-back-open"
    theirs.call_back(task, at=AT + timedelta(days=5))
    assert read(theirs).dimensions["teruggebeld"] == "te-laat"


def test_another_task_than_a_call_back_keeps_nothing_waiting() -> None:
    theirs = called()
    theirs.promise(theirs.contacts[0]["uuid"], at=AT, action="Brief sturen")
    assert read(theirs).touchpoint == "telefonie"
    without = msgspec.structs.replace(CONTACTS, callbacks=None)
    theirs.promise(theirs.contacts[0]["uuid"], at=AT)
    assert read(theirs, without).touchpoint == "telefonie"


def test_of_two_promises_both_have_to_be_kept() -> None:
    theirs = called()
    one, two = (theirs.promise(theirs.contacts[0]["uuid"], at=AT) for _ in range(2))
    theirs.call_back(one, at=AT + timedelta(hours=1))
    assert meant(theirs) == "call-back-open"
    theirs.call_back(two, at=AT + timedelta(days=7))
    assert read(theirs).dimensions["teruggebeld"] == "te-laat"


@pytest.mark.parametrize(
    ("promised", "done", "counted"),
    [
        (AT, AT + timedelta(hours=1), True),
        (AT, None, True),
        # The clock there goes a little before ours.
        (NOW + timedelta(minutes=4), NOW, True),
        # Nobody can have promised or done it yet, and no figure is of that year.
        (AT.replace(year=2999), AT, False),
        (AT.replace(year=2999), None, False),
        (AT, AT.replace(year=2999), False),
    ],
)
def test_a_promise_of_a_moment_that_is_to_come_is_not_counted(
    promised: datetime, done: datetime | None, *, counted: bool
) -> None:
    theirs = called()
    task = theirs.promise(theirs.contacts[0]["uuid"], at=promised)
    if done:
        theirs.call_back(task, at=done)
    told = msgspec.json.encode(theirs.tasks[task])
    assert CONTACTS.callbacks is not None
    found = read_promise(
        CONTACTS.callbacks, msgspec.json.decode(told, type=Task), holidays=(), now=NOW
    )
    assert isinstance(found, Promise) == counted
    if isinstance(found, Promise):
        assert found.promised_at <= NOW
    if done:
        assert ("teruggebeld" in read(theirs).dimensions) == counted


@pytest.mark.parametrize(
    ("promised", "days", "until"),
    [
        # On Friday afternoon: Tuesday is the second working day, all of it.
        ("2026-11-27T13:05", 2, "2026-12-01T23:00"),
        ("2026-11-28T13:05", 2, "2026-12-01T23:00"),
        ("2026-11-30T08:00", 0, "2026-11-30T23:00"),
        # Christmas, and a weekend after it.
        ("2026-12-24T08:00", 2, "2026-12-29T23:00"),
        # At half past midnight in Amsterdam it is the next day.
        ("2026-11-29T23:30", 1, "2026-12-01T23:00"),
        # The clock changes on the way.
        ("2026-03-27T08:00", 1, "2026-03-30T22:00"),
    ],
)
def test_a_promise_lasts_to_the_end_of_a_working_day(promised: str, days: int, until: str) -> None:
    moment = datetime.fromisoformat(f"{promised}+00:00")
    assert promised_until(moment, days, ()) == datetime.fromisoformat(f"{until}+00:00")


def test_a_contact_shows_nobody() -> None:
    theirs = called()
    told = msgspec.json.encode(theirs._shown(theirs.contacts[-1], EVERYTHING))
    assert "0612345678" not in repr(msgspec.json.decode(told, type=Contact))
