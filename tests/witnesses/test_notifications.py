"""The serializer with which Open Notificaties reads messages reads all that our fake one sends."""

import json
import subprocess
import venv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.clock import today_here
from tests.neighbours.open_klant import FakeOpenKlant
from tests.neighbours.opennotificaties import PING, as_told
from tests.neighbours.openzaak import OpenZaak
from tests.notifying import recorded_notifications

# Fetches thirty packages into an environment of its own; the same messages are compared with those
# that were recorded every time, in tests/neighbours/test_opennotificaties.py.
pytestmark = pytest.mark.long

OURS = Path(__file__).resolve().parent / "notifications"


def errors_of(messages: list[dict[str, Any]], folder: Path) -> list[dict[str, Any]]:
    lines = "\n".join(json.dumps(each) for each in messages)
    command = (str(folder / "bin" / "python"), str(OURS / "check.py"))
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("witness")
    venv.create(folder, with_pip=True)
    command = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet")
    subprocess.run((*command, "--requirement", str(OURS / "requirements.txt")), check=True)
    return folder


def everything_that_happens() -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    zaak = OpenZaak(lambda message: messages.append(json.loads(as_told(message))))
    zaak.url = "https://openzaak.molensloot.example"
    case = zaak.open(zaak.case_type(), begun=today_here(), person={"naam": ""})
    zaak.close(case)
    zaak.reopen(case)
    zaak.patch(case, omschrijving="")
    zaak.destroy(case)
    return messages


def test_every_message_of_our_fake_is_one(witness: Path) -> None:
    messages = everything_that_happens()
    assert {(each["resource"], each["actie"]) for each in messages} == {
        ("zaak", "create"),
        ("rol", "create"),
        ("resultaat", "create"),
        ("status", "create"),
        ("zaak", "partial_update"),
        ("zaak", "destroy"),
    }
    assert errors_of([*messages, PING], witness) == [{}] * (len(messages) + 1)


def test_so_is_what_was_recorded_and_what_is_none_is_refused(witness: Path) -> None:
    """Control: one without a resource, and one with the booleans of Open Klant's own."""
    (first, *_) = everything_that_happens()
    without = {name: each for name, each in first.items() if name != "resource"}
    kenmerken = first["kenmerken"] | {"indicatieContactGelukt": {"a": True}}
    recorded = recorded_notifications()
    assert errors_of(recorded, witness) == [{}] * len(recorded)
    bad = errors_of([without, first | {"kenmerken": kenmerken}], witness)
    assert [sorted(each) for each in bad] == [["resource"], ["kenmerken"]]


def test_what_open_klant_tells_of_a_task_is_one_and_of_a_contact_is_none(witness: Path) -> None:
    theirs, now = FakeOpenKlant(), datetime.now(UTC)
    contact = theirs.call(at=now)
    task = theirs.promise(contact, at=now, said="kanarie")
    theirs.call_back(task, at=now)
    assert errors_of(theirs.told, witness) == [{}] * 2
    (refused,) = errors_of([theirs.told_of(contact)], witness)
    assert sorted(refused) == ["kenmerken"]
