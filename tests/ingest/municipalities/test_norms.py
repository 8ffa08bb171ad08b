"""A norm is taken as it is written, or refused at its line with what is wrong with it."""

from decimal import Decimal
from pathlib import Path

import pytest

from ingest.municipalities.municipality import MunicipalityFile, Norm, read_municipality
from tests.example import example_directory

PHONE = """
[[norms]]
channel = "telefonie"
measure = "wachttijd"
value = 3
"""


def written(folder: Path, norms: str) -> MunicipalityFile:
    """Molensloot with these norms and no others, read."""
    for name in ("molensloot.toml", "molensloot.svg"):
        (folder / name).write_bytes((example_directory() / name).read_bytes())
    path = folder / "molensloot.toml"
    before, _, rest = path.read_text("utf-8").partition("\n[[norms]]")
    after = rest[rest.index("\n# Who answers for what") :]
    path.write_text(before + after + norms, encoding="utf-8")
    return read_municipality(path)


def test_a_norm_is_read_exactly_as_it_is_written(tmp_path: Path) -> None:
    read = written(tmp_path, PHONE + PHONE.replace("= 3", '= 0.05\nproduct = "paspoort"'))
    assert read.findings == ()
    assert read.municipality.norms == (
        Norm(channel="telefonie", measure="wachttijd", value=Decimal(3)),
        Norm(channel="telefonie", measure="wachttijd", value=Decimal("0.05"), product="paspoort"),
    )


@pytest.mark.parametrize(
    ("norms", "wrong"),
    [
        (PHONE * 2, "telefonie has this norm for wachttijd already"),
        (PHONE.replace("wachttijd", "wachtijd"), "did you mean 'wachttijd'?"),
        (PHONE.replace("telefonie", "telefoon"), "`channel` must be one of balie"),
        (PHONE.replace("telefonie", "chat"), "there is no touchpoint on channel chat"),
        (PHONE.replace("= 3", "= -1"), "`value` must be a number from 0 to 10000"),
        (PHONE.replace('wachttijd"', 'binnen_norm"').replace("= 3", "= 90"), "from 0 to 1,"),
        (PHONE.replace("value = 3", ""), "`value` is missing"),
        (PHONE + "minutes = 3", "unknown key 'minutes'"),
        (
            PHONE + 'department = "publiekzaken"',
            "there is no department 'publiekzaken'; did you mean 'publiekszaken'?",
        ),
        (
            PHONE + 'product = "paspoorten"',
            "no touchpoint on channel telefonie has product 'paspoorten'; did you mean 'paspoort'?",
        ),
    ],
)
def test_a_norm_that_cannot_be_is_refused_with_what_is_wrong(
    tmp_path: Path, norms: str, wrong: str
) -> None:
    (finding,) = written(tmp_path, norms).findings
    assert wrong in finding.message
    assert finding.line
