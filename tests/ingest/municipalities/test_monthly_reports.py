"""Whether departments get their month by mail is read from the municipality's file."""

import shutil
from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.files.resources import example_directory
from ingest.municipalities.monthly_reports import MonthlyReports
from ingest.municipalities.municipality import load_municipality

POST = """
[senders.post]
kind = "smtp"
url = "smtp://mail.rietbroek.example:587"
from = "kto@rietbroek.example"

[senders.sms]
kind = "spryng"
url = "https://sms.example"
key_file = "/etc/meetpunt/sms.key"
from = "Rietbroek"
"""


def load(folder: Path, text: str) -> MonthlyReports | None:
    plain = (example_directory() / "rietbroek.toml").read_text("utf-8")
    (folder / "rietbroek.toml").write_text(plain + POST + text, encoding="utf-8")
    shutil.copy(example_directory() / "rietbroek.svg", folder)
    return load_municipality(folder / "rietbroek.toml").reports


@pytest.mark.parametrize(
    ("text", "reports"),
    [
        ("", None),
        ('[reports]\nsender = "post"', MonthlyReports(sender="post", on=True)),
        ('[reports]\nsender = "post"\non = false', MonthlyReports(sender="post", on=False)),
    ],
)
def test_who_writes_the_table_has_reports_until_it_says_otherwise(
    tmp_path: Path, text: str, reports: MonthlyReports | None
) -> None:
    assert load(tmp_path, text) == reports


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[reports]\non = true", "`sender` is missing"),
        ('[reports]\nsender = "pots"', "must be one of the senders of the municipality"),
        ('[reports]\nsender = "sms"', "must be a sender of mail, and sms sends none"),
        ('[reports]\nsender = "post"\non = "yes"', "`on` must be true or false"),
        ('[reports]\nsender = "post"\nto = "x"', "to"),
    ],
)
def test_what_cannot_be_is_told(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(FilesRejected) as refused:
        load(tmp_path, text)
    (finding,) = refused.value.findings
    assert fault in finding.message
