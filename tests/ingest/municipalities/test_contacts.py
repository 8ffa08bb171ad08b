"""What a municipality's file may say of its Open Klant, and every mistake in it."""

from pathlib import Path

import pytest

from ingest.files.findings import Finding
from ingest.files.toml_files import read_toml
from ingest.files.toml_tables import Table
from ingest.municipalities.connecting import Queue
from ingest.municipalities.contacts import CallBacks, Contacts, read_contacts

URL = "https://openklant.molensloot.example/klantinteracties/api/v1"
USUAL = f"""
[contacts]
url = "{URL}"
key_file = "/etc/meetpunt/openklant.key"
queues = {{ "Paspoort" = "telefonie/paspoort", "*" = "telefonie" }}
"""
CALLED_BACK = """
[contacts.callbacks]
touchpoint = "terugbelverzoek"
"""
TOUCHPOINTS = """
[touchpoints.telefonie]
dimensions.product = ["paspoort"]
[touchpoints.telefonie.invitations]
[touchpoints.terugbelverzoek.invitations]
[touchpoints.online]
"""


def read(text: str, folder: Path) -> tuple[Contacts | None, list[Finding]]:
    path = folder / "molensloot.toml"
    path.write_text(text + TOUCHPOINTS)
    file = read_toml(path)
    findings: list[Finding] = []
    return read_contacts(Table(file, findings, file.data)), findings


def test_an_open_klant_with_its_queues(tmp_path: Path) -> None:
    assert read("", tmp_path) == (None, [])
    contacts, findings = read(USUAL, tmp_path)
    assert not findings
    assert contacts == Contacts(
        url=URL,
        key_file="/etc/meetpunt/openklant.key",
        queues={
            "Paspoort": Queue(touchpoint="telefonie", product="paspoort"),
            "*": Queue(touchpoint="telefonie"),
        },
    )
    assert contacts.channel == "telefoon"


def test_calls_back_have_two_working_days_unless_told_otherwise(tmp_path: Path) -> None:
    contacts, findings = read(USUAL + CALLED_BACK, tmp_path)
    assert not findings
    assert contacts is not None
    assert contacts.callbacks == CallBacks(queue=Queue(touchpoint="terugbelverzoek"))
    assert contacts.callbacks.working_days == 2
    more = 'working_days = 1\nactions = ["Terugbellen", "Bel terug"]\n'
    contacts, findings = read(USUAL + CALLED_BACK + more, tmp_path)
    assert not findings
    assert contacts is not None
    assert contacts.callbacks is not None
    assert contacts.callbacks.working_days == 1
    assert contacts.callbacks.actions == ("Terugbellen", "Bel terug")


@pytest.mark.parametrize(
    ("change", "told", "line"),
    [
        ((URL, URL + "/"), "without a slash at its end", 3),
        ((URL, "http://openklant.example/klantinteracties/api/v1"), "https", 3),
        ((URL, URL + "?page=1"), "without a slash at its end or a query", 3),
        (('"/etc/meetpunt/openklant.key"', '"openklant.key"'), "a whole path", 4),
        (('"telefonie/paspoort"', '"online"'), "nobody would be invited", 5),
        (('"telefonie/paspoort"', '"telefoni"'), "did you mean", 5),
        (("key_file", "keyfile"), "key_file", 2),
    ],
)
def test_every_mistake_is_named_at_its_line(
    tmp_path: Path, change: tuple[str, str], told: str, line: int
) -> None:
    _, findings = read(USUAL.replace(*change), tmp_path)
    assert any(told in each.message for each in findings), findings
    assert any(each.line == line for each in findings), findings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (USUAL.replace("queues", "rows"), "`queues` is missing"),
        (USUAL + "[contacts.callbacks]\n", "`touchpoint` is missing"),
        (USUAL + CALLED_BACK + "working_days = 9\n", "from 0 to 5"),
        (USUAL + CALLED_BACK.replace("terugbelverzoek", "online"), "nobody would be invited"),
        (USUAL + CALLED_BACK + "hours = 2\n", "hours"),
    ],
)
def test_what_is_missing_or_unknown_is_told(tmp_path: Path, text: str, told: str) -> None:
    _, findings = read(text, tmp_path)
    assert any(told in each.message for each in findings), findings
