"""What a municipality's file may say of connectors, and every mistake in it, each at its line."""

import shutil
from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected, Finding
from ingest.files.toml_files import read_toml
from ingest.files.toml_tables import Table
from ingest.municipalities.call_mappings import shipped_mapping
from ingest.municipalities.connecting import Connector, Queue, read_connectors
from ingest.municipalities.municipality import load_municipality
from tests.example import example_directory

TOUCHPOINTS = """
[touchpoints.telefonie]
dimensions.product = ["paspoort", "rijbewijs"]
[touchpoints.telefonie.invitations]
[touchpoints.balie-hal.invitations]
[touchpoints.online]
"""
USUAL = """
[connectors.centrale]
kind = "telephony"
mapping = "voys"
key_file = "/etc/meetpunt/voys.key"
queues = { "+31881234567" = "telefonie" }
"""
SIGNED = """
[connectors.centrale.signature]
header = "X-Signature"
"""
OWN = """
[connectors.centrale]
kind = "telephony"
key_file = "/etc/meetpunt/own.key"
least_seconds = 20
queues = { burgerzaken = "balie-hal" }

[connectors.centrale.mapping]
number = "/from"
queue = ["/queue", "/group"]
id = "/id"
duration = "/seconds"
answered = { "/answered" = ["true"] }
"""


def read(text: str, folder: Path) -> tuple[dict[str, Connector], list[Finding]]:
    path = folder / "molensloot.toml"
    path.write_text(text + TOUCHPOINTS)
    file = read_toml(path)
    findings: list[Finding] = []
    return read_connectors(Table(file, findings, file.data)), findings


def faults(text: str, folder: Path) -> list[str]:
    return [finding.message for finding in read(text, folder)[1]]


def test_a_connector_of_a_platform_that_we_know(tmp_path: Path) -> None:
    connectors, findings = read(USUAL, tmp_path)
    assert not findings
    assert connectors["centrale"] == Connector(
        name="centrale",
        kind="telephony",
        platform="voys",
        mapping=shipped_mapping("voys"),
        key_file="/etc/meetpunt/voys.key",
        queues={"+31881234567": Queue(touchpoint="telefonie")},
    )


def test_a_queue_may_be_for_one_product(tmp_path: Path) -> None:
    of_one = USUAL.replace('"telefonie"', '"telefonie/rijbewijs"')
    connectors, findings = read(of_one, tmp_path)
    assert not findings
    assert connectors["centrale"].queues == {
        "+31881234567": Queue(touchpoint="telefonie", product="rijbewijs")
    }
    (told,) = faults(of_one.replace("rijbewijs", "rijbewij"), tmp_path)
    assert "did you mean 'telefonie/rijbewijs'?" in told
    # It says of what the calls are: nothing follows for a touchpoint without products.
    assert faults(of_one.replace("telefonie/", "balie-hal/"), tmp_path)


def test_a_queue_leads_to_a_touchpoint_that_invites(tmp_path: Path) -> None:
    _, (finding,) = read(USUAL.replace('"telefonie"', '"online"'), tmp_path)
    assert finding.message == (
        "this queue leads to online, which has no [touchpoints.online.invitations]: "
        "nobody would be invited"
    )
    assert finding.line == 6


def test_a_mapping_of_ones_own(tmp_path: Path) -> None:
    connectors, findings = read(OWN, tmp_path)
    assert not findings
    mapping = connectors["centrale"].mapping
    assert (mapping.number, mapping.queue) == (("/from",), ("/queue", "/group"))
    assert mapping.answered == {"/answered": ("true",)}
    assert connectors["centrale"].platform == "telephony"


def test_a_signature_with_a_moment(tmp_path: Path) -> None:
    more = 'prefix = "v0="\nsigned = "v0:{timestamp}:{body}"\ntimestamp_header = "X-Time"\n'
    connectors, findings = read(USUAL + SIGNED + more, tmp_path)
    assert not findings
    signature = connectors["centrale"].signature
    assert signature is not None
    # As headers come in.
    assert (signature.header, signature.timestamp_header) == ("x-signature", "x-time")
    assert (signature.encoding, signature.prefix) == ("hex", "v0=")


def test_a_municipality_has_the_connectors_of_its_file(tmp_path: Path) -> None:
    example = (example_directory() / "molensloot.toml").read_text("utf-8")
    path = tmp_path / "molensloot.toml"
    shutil.copy(example_directory() / "molensloot.svg", tmp_path)
    path.write_text(example + USUAL)
    assert load_municipality(path).connectors["centrale"].queues == {
        "+31881234567": Queue(touchpoint="telefonie")
    }
    path.write_text(example + USUAL.replace('"telefonie" }', '"telefoon" }'))
    with pytest.raises(FilesRejected) as rejected:
        load_municipality(path)
    (finding,) = rejected.value.findings
    assert "did you mean 'telefonie'?" in finding.message


def test_no_connectors_is_none(tmp_path: Path) -> None:
    assert read("", tmp_path) == ({}, [])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"telephony"', '"telefonie"', "must be one of telephony"),
        ('"voys"', '"vois"', "must be one of asterisk, voys, not 'vois'; did you mean"),
        ('"voys"', "1", "`mapping` must be a text"),
        ('key_file = "/etc/meetpunt/voys.key"', "", "`key_file` is missing"),
        ('"/etc/meetpunt/voys.key"', '"voys.key"', "must be a whole path"),
        ('"telefonie" }', '"telefoon" }', "must be one of telefonie, balie-hal, online"),
        ('queues = { "+31881234567" = "telefonie" }', "", "`queues` is missing"),
        ("[connectors.centrale]", "[connectors.Centrale]", "the name of a connector must be"),
        ('kind = "tel', 'secret = "x"\nkind = "tel', "secret"),
        ('kind = "tel', 'least_seconds = 5\nkind = "tel', "and messages of 'voys' have none"),
        ('kind = "tel', 'least_seconds = -1\nkind = "tel', "from 0 to 3600"),
        ('"+31881234567"', '" "', "the name of a queue must be one line"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in USUAL
    found = faults(USUAL.replace(old, new, 1), tmp_path)
    assert any(told in message for message in found), found


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"/from"', '"from"', "`number` must be a JSON pointer such as /caller/number"),
        ('"/from"', '"/a~2"', "must be a JSON pointer"),
        ('id = "/id"', "", "`id` is missing"),
        ('answered = { "/answered" = ["true"] }', "", "who was not spoken to is not invited"),
        ('"/answered" =', '"answered" =', "what is named in `answered` must be a JSON pointer"),
        ('["true"]', "[]", "must be a list with at least one text"),
        ('duration = "/seconds"', "", "the duration of a call, and `mapping` has no `duration`"),
        ('id = "/id"', 'id = "/id"\nname = "/name"', "name"),
    ],
)
def test_a_mistake_in_a_mapping_is_named(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in OWN
    found = faults(OWN.replace(old, new, 1), tmp_path)
    assert any(told in message for message in found), found


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('encoding = "hexadecimal"', "must be one of hex, base64"),
        ('timestamp_header = "X-Time"', "go together"),
        ('signed = "{timestamp}.{body}"', "go together"),
        ('signed = "{timestamp}"', "must have {body} once"),
        ('signed = "{body}{body}"', "must have {body} once"),
        ('signed = "{body!r}"', "must have {body} once"),
        ('signed = "{body.__class__}"', "must have {body} once"),
        ('signed = "{body"', "a brace without its other half"),
        ('prefix = "' + "x" * 21 + '"', "at most 20 signs"),
        ('timestamp_header = "X Time"', "must be the name of a header"),
        ('algorithm = "md5"', "algorithm"),
    ],
)
def test_a_mistake_in_a_signature_is_named(more: str, told: str, tmp_path: Path) -> None:
    found = faults(f"{USUAL}{SIGNED}{more}\n", tmp_path)
    assert any(told in message for message in found), found


def test_a_finding_stands_at_its_line(tmp_path: Path) -> None:
    _, (finding,) = read(USUAL.replace('"voys"', '"vois"'), tmp_path)
    assert finding.line == 4
