"""What the demo makes of Molensloot's file, and of the time."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from ingest.clock import AMSTERDAM
from ingest.connectors.notifications.channels import Notification, read_notification
from ingest.connectors.openklant.contacts import Contact, TaskOfContact, read_contact
from ingest.connectors.telephony.calls import read_call
from ingest.demo.neighbours.openklant import ContactRegister
from ingest.demo.neighbours.residents import made_up_address, made_up_number
from ingest.demo.neighbours.voys import call_ended
from ingest.demo.played import CALLED, CONNECTOR, by_day, played, write_key
from ingest.files.resources import example_directory, questionnaires_directory
from ingest.files.secret_files import read_secret
from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.recipients import read_recipient
from ingest.invitations.rules import Invite, may_send, verdict
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from tests.ingest.connectors.calling import VOYS

DATA = Path(__file__).resolve().parents[2] / "data"
HOURS = [datetime(2026, 12, 24, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(48 * 8)]


@pytest.fixture
def files(tmp_path: Path) -> Catalogue:
    adapted = played(["http://localhost:9"], tmp_path / "voys.key")
    return load_catalogue(example_directory(), questionnaires_directory(), adapted=adapted)


@pytest.mark.parametrize("name", ["telefonie", "melding", "vergunning", "terugbelverzoek"])
def test_by_the_demo_s_clock_something_may_be_sent_on_any_day_at_any_hour(
    files: Catalogue, name: str
) -> None:
    rules = files.touchpoint("molensloot", name).invitations
    assert rules is not None
    for now in HOURS:
        assert may_send(rules, by_day(now))


def test_the_demo_s_clock_is_right_by_day_and_never_ahead() -> None:
    for now in HOURS:
        assert timedelta(0) <= now - by_day(now) < timedelta(hours=12)
        if 8 <= now.astimezone(AMSTERDAM).hour < 21:
            assert by_day(now) == now


def test_a_call_that_ends_in_the_demo_invites_whoever_called_at_once(files: Catalogue) -> None:
    connector = files.municipality("molensloot").connectors[CONNECTOR]
    touchpoint = files.touchpoint("molensloot", "telefonie")
    for now in HOURS:
        told = call_ended(made_up_number(), called=CALLED, now=by_day(now))
        contact = read_call(connector, told, municipality="molensloot", now=now)
        assert isinstance(contact, ContactEnded)
        decided = verdict(contact, touchpoint, by_day(now), b"k" * 32)
        assert isinstance(decided, Invite)
        assert decided.due <= now


def test_what_is_played_has_the_shape_of_a_message_of_voys() -> None:
    told = call_ended("+31612345678", called=CALLED, now=datetime.now(UTC))
    assert {name: type(value) for name, value in told.items()} == {
        name: type(value) for name, value in VOYS.items()
    }
    same = ("status", "reason", "version", "direction", "destination")
    assert {name: told[name] for name in same} == {name: VOYS[name] for name in same}


def test_a_call_back_in_the_demo_invites_whoever_was_called_at_once(files: Catalogue) -> None:
    contacts = files.municipality("molensloot").contacts
    touchpoint = files.touchpoint("molensloot", "terugbelverzoek")
    assert contacts is not None
    assert contacts.callbacks is not None
    for now in HOURS:
        register, number = ContactRegister("http://localhost:9"), made_up_number()
        told = register.call_back(number, now=by_day(now))
        _, shown = register.answer(urlsplit(told["hoofdObject"]).path)
        task = msgspec.convert(shown, TaskOfContact)
        assert task.is_call_back(contacts.callbacks)
        (listed,) = register.answer(f"{urlsplit(contacts.url).path}/klantcontacten")[1]["results"]
        assert task.aanleidinggevend_klantcontact is not None
        assert listed["uuid"] == str(task.aanleidinggevend_klantcontact.uuid)
        assert register.answer(urlsplit(listed["url"]).path) == (200, listed)
        contact = read_contact(
            contacts,
            msgspec.convert(listed, Contact),
            municipality="molensloot",
            holidays=(),
            now=by_day(now),
        )
        assert isinstance(contact, ContactEnded)
        assert contact.recipient == Recipient(scheme="tel", address=number)
        assert contact.dimensions == {"teruggebeld": "op-tijd", "product": "paspoort"}
        decided = verdict(contact, touchpoint, by_day(now), b"k" * 32)
        assert isinstance(decided, Invite)
        assert decided.due <= now
    assert register.answer(f"{urlsplit(contacts.url).path}/actoren")[0] == 404


def test_what_is_played_has_the_shape_of_a_message_of_open_klant(files: Catalogue) -> None:
    told = ContactRegister("http://localhost:9").call_back("+31612345678", now=datetime.now(UTC))
    recorded = (DATA / "recorded-openklant.jsonl").read_text("utf-8").splitlines()[1]
    real = json.loads(json.loads(recorded)["body"])
    same = ("actie", "kanaal", "source", "resource", "kenmerken")
    assert told.keys() == real.keys()
    assert {name: told[name] for name in same} == {name: real[name] for name in same}
    read = read_notification(files.municipality("molensloot"), told)
    assert isinstance(read, Notification)


def test_made_up_residents_can_be_reached_and_are_others_each_time() -> None:
    numbers = {read_recipient(f"tel:{made_up_number()}").address for _ in range(50)}
    addresses = {read_recipient(f"mailto:{made_up_address()}").address for _ in range(50)}
    assert len(numbers) == len(addresses) == 50


def test_only_the_municipality_that_is_played_is_another(
    files: Catalogue, catalogue: Catalogue
) -> None:
    for slug, municipality in files.municipalities.items():
        own = catalogue.municipality(slug)
        assert (municipality.connectors == own.connectors) == (slug != "molensloot")
        for each, written in zip(municipality.touchpoints, own.touchpoints, strict=True):
            changed = each.invitations != written.invitations
            # In the file nobody is asked by us when a case is closed, or somebody called back.
            asks = written.slug in ("vergunning", "terugbelverzoek")
            invites = written.invitations is not None or asks
            assert changed == (slug == "molensloot" and invites)


def test_what_a_file_names_of_a_municipal_site_is_at_hand(files: Catalogue) -> None:
    for slug, each in files.municipalities.items():
        site = f"http://localhost:9/voorbeeld/{slug}"
        assert each.contact_url == f"{site}/contact"
        assert each.privacy_url == f"{site}/privacy"
        assert each.accessibility_url == f"{site}/toegankelijkheid"


def test_the_key_of_the_platform_is_another_at_each_start_and_ours_alone(tmp_path: Path) -> None:
    path = tmp_path / "demo" / "voys.key"
    keys = [write_key(path) for _ in range(2)]
    assert len(set(keys)) == 2
    assert read_secret(path) == keys[1]
