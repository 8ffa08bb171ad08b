"""`[signalen]` in a municipality's file: what it needs, and what is refused with its line."""

from pathlib import Path

import pytest

from ingest.municipalities.municipality import read_municipality
from tests.example import example_directory

GOOD = """
[signalen]
url = "https://api.molensloot.example/signals/"
site = "https://meldingen.molensloot.example"
touchpoints = ["melding"]
"""


def read(folder: Path, table: str) -> tuple[str, list[str]]:
    text = (example_directory() / "molensloot.toml").read_text("utf-8")
    for each in example_directory().glob("*.svg"):
        (folder / each.name).write_bytes(each.read_bytes())
    path = folder / "molensloot.toml"
    path.write_text(text + table, "utf-8")
    found = read_municipality(path)
    signalen = found.municipality.signalen
    return signalen.url if signalen else "", [str(each) for each in found.findings]


def test_without_the_table_there_is_no_signalen(tmp_path: Path) -> None:
    assert read(tmp_path, "") == ("", [])
    assert read(tmp_path, GOOD) == ("https://api.molensloot.example/signals", [])


@pytest.mark.parametrize(
    ("line", "instead", "told"),
    [
        ("url", 'url = "ftp://molensloot.example"', "must be an address"),
        ("url", 'url = "https://api.molensloot.example/signals/v1"', "before /v1"),
        ("site", 'site = "https://meldingen.molensloot.example/kto"', "must be an origin"),
        ("site", "", "`site` is missing"),
        ("touchpoints", 'touchpoints = ["meldig"]', "did you mean"),
        ("touchpoints", 'touchpoints = ["telefonie"]', "reports are of `melding`"),
        ("touchpoints", 'touchpoints = ["melding"]\nsolved = " Ja"', "begin or end with a space"),
        ("touchpoints", 'touchpoints = ["melding"]\nsolved = "x"\nunsolved = "x"', "two different"),
        ("touchpoints", 'touchpoints = ["melding"]\nurll = "x"', "urll"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, line: str, instead: str, told: str) -> None:
    table = "\n".join(
        instead if each.startswith(f"{line} ") else each for each in GOOD.splitlines()
    )
    _, faults = read(tmp_path, table)
    assert len(faults) == 1, faults
    assert told in faults[0]
