"""`[notifications]` and `[cases]` of a municipality's file: what they say, and what is wrong."""

from pathlib import Path

import pytest

from ingest.files.findings import Finding
from ingest.files.toml_files import read_toml
from ingest.files.toml_tables import Table
from ingest.municipalities.cases import Cases, read_cases
from ingest.municipalities.connecting import Queue
from ingest.municipalities.notifying import Notifying, read_notifying

TOUCHPOINTS = """
[touchpoints.vergunning]
dimensions.product = ["kapvergunning"]
[touchpoints.vergunning.invitations]
[touchpoints.ontvangen.invitations]
[touchpoints.online]
"""
NOTIFYING = """
[notifications]
key_file = "/etc/meetpunt/notificaties.key"
client_id = "notificaties"
"""
CASES = """
[cases]
zaken_url = "https://openzaak.molensloot.example/zaken/api/v1"
catalogi_url = "https://openzaak.molensloot.example/catalogi/api/v1"
client_id = "meetpunt"
key_file = "/etc/meetpunt/openzaak.key"
most_confidential = "zaakvertrouwelijk"
organisations = ["001234567"]

[cases.types]
"B0123" = "vergunning/kapvergunning"

[cases.phases."B0123"]
"Ontvangen" = "ontvangen"
"""


def table(text: str, folder: Path) -> tuple[Table, list[Finding]]:
    path = folder / "molensloot.toml"
    path.write_text(text + TOUCHPOINTS)
    file = read_toml(path)
    findings: list[Finding] = []
    return Table(file, findings, file.data), findings


def test_a_file_says_where_cases_are_and_where_each_type_leads(tmp_path: Path) -> None:
    read, findings = table(NOTIFYING + CASES, tmp_path)
    assert read_notifying(read) == Notifying(
        key_file="/etc/meetpunt/notificaties.key", client_id="notificaties"
    )
    assert read_cases(read) == Cases(
        zaken_url="https://openzaak.molensloot.example/zaken/api/v1",
        catalogi_url="https://openzaak.molensloot.example/catalogi/api/v1",
        client_id="meetpunt",
        key_file="/etc/meetpunt/openzaak.key",
        most_confidential="zaakvertrouwelijk",
        organisations=("001234567",),
        types={"B0123": Queue(touchpoint="vergunning", product="kapvergunning")},
        phases={"B0123": {"Ontvangen": Queue(touchpoint="ontvangen")}},
    )
    assert findings == []


def test_who_says_nothing_is_told_nothing_and_asks_for_the_least_confidential(
    tmp_path: Path,
) -> None:
    read, _ = table("", tmp_path)
    assert (read_notifying(read), read_cases(read)) == (None, None)
    read, findings = table(CASES.replace('most_confidential = "zaakvertrouwelijk"', ""), tmp_path)
    cases = read_cases(read)
    assert cases is not None
    assert (cases.most_confidential, findings) == ("openbaar", [])


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("/zaken/api/v1", "/zaken/api/v1/", "without a slash at its end"),
        ("/zaken/api/v1", "/zaken/api/v1?a=b", "without a slash at its end or a query"),
        ("https://openzaak", "http://openzaak", "must begin with https"),
        ('"/etc/meetpunt/openzaak.key"', '"openzaak.key"', "must be a whole path"),
        ('"zaakvertrouwelijk"', '"zaak_vertrouwelijk"', "did you mean"),
        ("001234567", "1234567", "an RSIN of nine digits"),
        ("vergunning/kapvergunning", "vergunning/bouw", "must be one of vergunning"),
        ('"ontvangen"\n', '"online"\n', "nobody would be invited"),
        ("client_id", "client", "`client_id` is missing"),
        ('[cases.types]\n"B0123"', '[cases.typen]\n"B0123"', "typen"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in CASES
    read, findings = table(CASES.replace(right, wrong, 1), tmp_path)
    read_cases(read)
    assert any(told in finding.message for finding in findings), findings


def test_cases_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    read, findings = table(CASES.partition("[cases.types]")[0], tmp_path)
    read_cases(read)
    assert [finding.message for finding in findings] == [
        "`types` is missing: it leads from each type of case to a touchpoint"
    ]


def test_who_notifies_needs_a_key_to_show(tmp_path: Path) -> None:
    url = 'notificaties_url = "https://notificaties.molensloot.example/api/v1"\n'
    with_url = CASES.replace("client_id", f"{url}client_id", 1)
    for notifying, faults in ((NOTIFYING, 0), ("", 1)):
        read, findings = table(notifying + with_url, tmp_path)
        read_cases(read)
        assert len(findings) == faults
        assert all("`[notifications]` names its file" in each.message for each in findings)
