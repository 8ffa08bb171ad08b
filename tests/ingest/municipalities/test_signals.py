"""`[signals]` in a municipality's file: which marks are low, and where; mistakes at their line."""

from pathlib import Path

import pytest

from ingest.municipalities.municipality import Signals, read_municipality
from tests.example import example_directory


def read(folder: Path, table: str) -> tuple[Signals | None, list[str]]:
    """Molensloot with this table and no other."""
    for each in example_directory().glob("*.svg"):
        (folder / each.name).write_bytes(each.read_bytes())
    before, _, rest = (
        (example_directory() / "molensloot.toml").read_text("utf-8").partition("\n[signals]")
    )
    path = folder / "molensloot.toml"
    path.write_text(
        before + rest[rest.index("\n# What is promised of the work") :] + table, "utf-8"
    )
    found = read_municipality(path)
    return found.municipality.signals, [str(each) for each in found.findings]


def test_without_the_table_nobody_is_told_and_an_empty_one_is_enough(tmp_path: Path) -> None:
    assert read(tmp_path, "") == (None, [])
    signals, faults = read(tmp_path, "\n[signals]\n")
    assert faults == []
    assert signals == Signals(low=5, not_helped=True)


def test_departments_and_touchpoints_have_numbers_of_their_own(tmp_path: Path) -> None:
    signals, faults = read(
        tmp_path,
        "\n[signals]\nlow = 6\nnot_helped = false\nwithout = ['huwelijk']\n"
        "departments = { vergunningen = 4 }\ntouchpoints = { balie-zuil = 1, online = 0 }\n",
    )
    assert faults == []
    assert signals == Signals(
        low=6,
        not_helped=False,
        departments={"vergunningen": 4},
        touchpoints={"balie-zuil": 1, "online": 0},
        without=("huwelijk",),
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("low = 10", "`low` must be a whole number from 0 to 9"),
        ("low = true", "`low` must be a whole number"),
        ("not_helped = 1", "`not_helped` must be true or false"),
        (
            "touchpoints = { balie-hall = 4 }",
            "no touchpoint 'balie-hall'; did you mean 'balie-hal'",
        ),
        ("departments = { burgerzaken = 4 }", "there is no department 'burgerzaken'"),
        ("without = ['bruiloft']", "there is no touchpoint 'bruiloft'"),
        ("with_batch = ['bruiloft']", "there is no touchpoint 'bruiloft'"),
        ("at_once = true", "at_once"),
    ],
)
def test_a_mistake_is_told_at_its_line(line: str, told: str, tmp_path: Path) -> None:
    _, faults = read(tmp_path, f"\n[signals]\n{line}\n")
    assert len(faults) == 1
    assert told in faults[0]
