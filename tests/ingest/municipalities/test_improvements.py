"""What was improved is read from the municipality's file, and the latest of a channel is told."""

import datetime
import shutil
from pathlib import Path

import pytest

from ingest.files.findings import FilesRejected
from ingest.files.resources import example_directory
from ingest.municipalities.improvements import Improvement, latest_improvement
from ingest.municipalities.municipality import load_municipality

OPEN_LATE = """
[[improvements]]
date = 2026-05-31
channel = "balie"
department = "Publiekszaken"
text.nl = "De balie is langer open."
text.en = "The desk is open longer."
"""
DAY = datetime.date(2026, 5, 31)


def file_with(folder: Path, text: str) -> Path:
    """The example's Rietbroek with this behind it."""
    path = folder / "rietbroek.toml"
    plain = (example_directory() / "rietbroek.toml").read_text("utf-8")
    path.write_text(plain + text, encoding="utf-8")
    shutil.copy(example_directory() / "rietbroek.svg", folder)
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(FilesRejected) as refused:
        load_municipality(file_with(folder, text))
    return [finding.message for finding in refused.value.findings]


def test_an_improvement_is_taken_as_it_is_written(tmp_path: Path) -> None:
    (read,) = load_municipality(file_with(tmp_path, OPEN_LATE)).improvements
    assert read == Improvement(
        date=DAY,
        channel="balie",
        department="Publiekszaken",
        text={"nl": "De balie is langer open.", "en": "The desk is open longer."},
    )


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("date = 2026-05-31", 'date = "2026-05-31"', "`date` must be a day without quotes"),
        ("date = 2026-05-31", "date = 2026-05-31T12:00:00", "`date` must be a day without quotes"),
        ("date = 2026-05-31\n", "", "`date` is missing"),
        ('"balie"', '"balei"', "`channel` must be one of"),
        ("text.nl", "text.de", "`text` needs a Dutch text"),
        ("De balie", "De balie " * 25, "`text.nl` must be one line of at most 200 characters"),
        ("department", "departement", "unknown key"),
    ],
)
def test_what_is_wrong_with_one_is_told(
    tmp_path: Path, written: str, instead: str, told: str
) -> None:
    assert any(told in fault for fault in faults(tmp_path, OPEN_LATE.replace(written, instead)))


def improved(day: str, channel: str | None = None) -> Improvement:
    return Improvement(date=datetime.date.fromisoformat(day), channel=channel, text={"nl": day})


def test_the_newest_of_this_channel_or_of_all_is_told() -> None:
    early, late = improved("2026-01-01"), improved("2026-03-01", "balie")
    other = improved("2026-04-01", "telefonie")
    assert latest_improvement((early, late, other), "balie", DAY) is late
    assert latest_improvement((early, late, other), "online", DAY) is early
    assert latest_improvement((late,), "online", DAY) is None


def test_one_that_is_still_to_come_is_told_from_its_day_on() -> None:
    early, late = improved("2026-05-30"), improved("2026-06-01")
    assert latest_improvement((late, early), "balie", DAY) is early
    assert latest_improvement((late, early), "balie", datetime.date(2026, 6, 1)) is late
