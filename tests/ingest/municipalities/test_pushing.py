"""Who is told of signals, in a municipality's file: what it needs, and what is refused."""

import re
from pathlib import Path

import pytest

from ingest.municipalities.municipality import read_municipality
from ingest.municipalities.pushing import Digest, Pushing, Webhook
from tests.example import example_directory

GOOD = """
[signals]
follow_up_url = "https://www.molensloot.example/opvolging"

[signals.webhook]
url = "https://automaat.molensloot.example/signalen?sp=%2Frun&sig=a_b-c"
key_file = "/etc/meetpunt/signalen.key"

[signals.mail]
sender = "proef"
to = "kcc@molensloot.example"
"""
_ITS_OWN = re.compile(r"^\[signals.*?(?=^\[(?!signals))", re.MULTILINE | re.DOTALL)
SENDERS = """
[senders.sms]
kind = "spryng"
url = "https://rest.spryngsms.example"
key_file = "/etc/meetpunt/spryng.key"
from = "Molensloot"
"""


def read(folder: Path, table: str, without: str = "") -> tuple[Pushing | None, list[str]]:
    text = (example_directory() / "molensloot.toml").read_text("utf-8")
    text = _ITS_OWN.sub("", text)
    for each in example_directory().glob("*.svg"):
        (folder / each.name).write_bytes(each.read_bytes())
    path = folder / "molensloot.toml"
    path.write_text(text.replace(without, "") + SENDERS + table, "utf-8")
    found = read_municipality(path)
    signals = found.municipality.signals
    return signals.push if signals else None, [str(each) for each in found.findings]


def test_who_is_told_stands_with_what_is_low(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == (
        Pushing(
            follow_up_url="https://www.molensloot.example/opvolging",
            webhook=Webhook(
                url="https://automaat.molensloot.example/signalen?sp=%2Frun&sig=a_b-c",
                key_file="/etc/meetpunt/signalen.key",
            ),
            mail=Digest(sender="proef", to="kcc@molensloot.example"),
        ),
        [],
    )
    assert read(tmp_path, "\n[signals]\nlow = 4\n") == (Pushing(), [])


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("follow_up_url", "", "who is told goes on there"),
        ("follow_up_url", 'follow_up_url = "opvolging"', "must be an address"),
        ("url", 'url = "http://molensloot.example/x"', "must begin with https"),
        ("url", 'url = "https://molensloot.example/x#y"', "must have no #"),
        ("url", "", "`url` is missing"),
        ("key_file", "", "`key_file` is missing"),
        ("key_file", 'key_file = "signalen.key"', "must be a whole path"),
        ("key_file", 'key_file = "/x"\nsecret = "whsec_x"', "secret"),
        ("sender", 'sender = "proe"', "did you mean 'proef'"),
        ("sender", 'sender = "sms"', "a sender of kind `spryng` sends no mail"),
        ("to", 'to = "kcc"', "must be one mail address"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, line: str, instead: str, told: str) -> None:
    table = "\n".join(
        instead if each.startswith(f"{line} ") else each for each in GOOD.splitlines()
    )
    _, faults = read(tmp_path, table)
    assert len(faults) == 1, faults
    assert told in faults[0]


def test_mail_needs_a_mailbox(tmp_path: Path) -> None:
    table = GOOD.replace('to = "kcc@molensloot.example"', "")
    assert read(tmp_path, table)[1] == []
    _, faults = read(tmp_path, table, without='mail = "publiekszaken@molensloot.example"')
    assert len(faults) == 1
    assert "nobody is told" in faults[0]
