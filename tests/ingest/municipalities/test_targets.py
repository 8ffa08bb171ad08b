"""A target is taken as it is written, or refused at its line with what is wrong with it."""

from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest

from ingest.files.findings import FilesRejected
from ingest.files.resources import questionnaires_directory
from ingest.municipalities.catalogue import load_catalogue
from ingest.municipalities.municipality import Target, load_municipality
from ingest.municipalities.targets import target_faults
from ingest.questionnaires.items import Item
from tests.example import example_directory

DESK = """
[[targets]]
channel = "balie"
indicator = "tevredenheid"
measure = "mean_at_least"
value = 7.8
"""
PHONE = """
[[targets]]
channel = "telefonie"
indicator = "tevredenheid"
measure = "share_le_6_falls_by"
percentage = 30
base_year = 2025
"""


class Files:
    """The example's files with other targets in that of Molensloot."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self.own = config / "molensloot.toml"
        for path in example_directory().rglob("*.*"):
            copy = config / path.relative_to(example_directory())
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
        plain, _, _ = self.own.read_text("utf-8").partition("\n# At least an 8 at the desk.")
        self.first_line = (
            plain.count("\n") + 2
        )  # of what is written after it: that of `[[targets]]`
        self._plain = plain

    def write(self, text: str) -> None:
        self.own.write_text(self._plain + text, encoding="utf-8")

    def findings(self) -> list[tuple[int, str]]:
        """Lines counted from that of the first `[[targets]]`, which is 0."""
        with pytest.raises(FilesRejected) as refused:
            load_catalogue(self.config, questionnaires_directory())
        assert {finding.path for finding in refused.value.findings} == {str(self.own)}
        return [
            ((finding.line or 0) - self.first_line, finding.message)
            for finding in refused.value.findings
        ]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_targets_are_read_exactly_as_they_are_written(files: Files) -> None:
    files.write(DESK + PHONE)
    catalogue = load_catalogue(files.config, questionnaires_directory())
    desk, phone = catalogue.municipality("molensloot").targets
    assert desk == Target(
        channel="balie",
        indicator="tevredenheid",
        measure="mean_at_least",
        value=Decimal("7.8"),
    )
    assert desk.amount == Decimal("7.8")
    assert phone.percentage == phone.amount == Decimal(30)
    assert phone.base_year == 2025


def test_a_municipality_needs_no_targets() -> None:
    assert load_municipality(example_directory() / "waterakker.toml").targets == ()


def test_molensloot_wants_an_eight_at_the_desk_and_fewer_low_marks_by_telephone() -> None:
    desk, phone = load_municipality(example_directory() / "molensloot.toml").targets
    assert (desk.channel, desk.value) == ("balie", Decimal(8))
    assert (phone.channel, phone.percentage) == ("telefonie", Decimal(30))
    assert phone.base_year == 2024


@pytest.mark.parametrize(
    ("written", "instead", "line", "told"),
    [
        ('"balie"', '"bali"', 1, "`channel` must be one of balie, telefonie"),
        ('"balie"', '"chat"', 1, "there is no touchpoint on channel chat"),
        ('"tevredenheid"', '"tevredenhijd"', 2, "did you mean 'tevredenheid'?"),
        ('"tevredenheid"', '"gemak"', 2, "'gemak' is not asked on channel balie"),
        ('"tevredenheid"', "3", 2, "`indicator` must be a text"),
        ('"mean_at_least"', '"mean_atleast"', 3, "did you mean 'mean_at_least'?"),
        ('"tevredenheid"', '"oplossing"', 3, "answered with yes_partly_no, which has no mean"),
        ('"tevredenheid"', '"vriendelijkheid"', 4, "answered from 1 to 5; aim within it"),
        ("7.8", "10.5", 4, "`value` must be a number from 1 to 10"),
        ("7.8", "7.855", 4, "at most two decimals"),
        ("7.8", "nan", 4, "`value` must be a number"),
        ("7.8", "true", 4, "`value` must be a number"),
        ("7.8", '"8"', 4, "`value` must be a number"),
        ("value = 7.8", "", 0, "`value` is missing"),
        ("value = 7.8", "value = 7.8\nbase_year = 2025", 5, "unknown key 'base_year'"),
    ],
)
def test_a_mean_that_cannot_be_is_refused_at_its_line(
    files: Files, written: str, instead: str, line: int, told: str
) -> None:
    files.write(DESK.replace(written, instead))
    (finding,) = files.findings()
    assert finding[0] == line
    assert told in finding[1]


@pytest.mark.parametrize(
    ("written", "instead", "line", "told"),
    [
        ("30", "0", 4, "`percentage` must be a number from 1 to 100"),
        ("30", "101", 4, "`percentage` must be a number from 1 to 100"),
        ("2025", "25", 5, "`base_year` must be a whole number from 2000 to 2100"),
        ("base_year = 2025", "", 0, "`base_year` is missing"),
        ('"tevredenheid"', '"vriendelijkheid"', 3, "only a mark can be 6 or lower"),
    ],
)
def test_a_fall_that_cannot_be_is_refused_at_its_line(
    files: Files, written: str, instead: str, line: int, told: str
) -> None:
    files.write(PHONE.replace(written, instead))
    (finding,) = files.findings()
    assert finding[0] == line
    assert told in finding[1]


def test_the_same_target_twice_is_refused_at_the_second(files: Files) -> None:
    files.write(DESK + DESK.replace("7.8", "8"))
    assert files.findings() == [
        (6, "balie has a target `mean_at_least` for tevredenheid already"),
    ]


def test_a_target_may_be_of_one_department_beside_that_of_the_channel(files: Files) -> None:
    of_one = DESK.replace("indicator", 'department = "publiekszaken"\nindicator')
    files.write(DESK + of_one)
    catalogue = load_catalogue(files.config, questionnaires_directory())
    departments = [each.department for each in catalogue.municipality("molensloot").targets]
    assert departments == [None, "publiekszaken"]
    files.write(of_one + of_one)
    told = "balie of publiekszaken has a target `mean_at_least` for tevredenheid already"
    assert files.findings() == [(7, told)]


@pytest.mark.parametrize(
    ("department", "told"),
    [
        ("publiekzaken", "there is no department 'publiekzaken'; did you mean 'publiekszaken'?"),
        ("vergunningen", "vergunningen answers for nothing on channel balie"),
        ("Publiekszaken", "`department` "),
    ],
)
def test_a_department_that_cannot_reach_it_is_refused_at_its_line(
    files: Files, department: str, told: str
) -> None:
    files.write(DESK.replace("indicator", f'department = "{department}"\nindicator'))
    (finding,) = files.findings()
    assert finding[0] == 2
    assert finding[1].startswith(told)


def test_targets_are_a_list_of_tables(files: Files) -> None:
    files.write(DESK.replace("[[targets]]", "[targets]"))
    assert files.findings() == [(0, "`targets` must be written as `[[targets]]`, once for each")]


def test_every_fault_of_every_target_is_told_in_one_go(files: Files) -> None:
    files.write(DESK.replace("7.8", "0") + PHONE.replace("2025", "1999"))
    assert [line for line, _ in files.findings()] == [4, 11]


def item(code: str, kind: Literal["mark", "smileys"]) -> Item:
    return Item(code=code, kind=kind, indicator="tevredenheid", text={"nl": "Hoe ging het?"})


def test_an_indicator_that_a_channel_asks_in_two_ways_has_no_one_mean() -> None:
    example = load_municipality(example_directory() / "molensloot.toml")
    asked = [item("cijfer", "mark"), item("gezicht", "smileys")]
    (fault, *others) = target_faults(example.targets, example.touchpoints, lambda _: asked)
    assert fault[:2] == (0, "indicator")
    assert fault[2] == "tevredenheid is asked in several ways here: mark, smileys"
    assert len(others) == 1


def test_a_questionnaire_that_could_not_be_read_is_told_elsewhere() -> None:
    example = load_municipality(example_directory() / "molensloot.toml")
    assert list(target_faults(example.targets, example.touchpoints, lambda _: None)) == []
