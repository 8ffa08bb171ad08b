"""The programme of `make faults`: what fails it, what its table says, that its page is right."""

import re
from pathlib import Path

import click
import pytest

from tests.fault_programme import (
    ALONE,
    BESIDE,
    LAST,
    LITTLE,
    ByNumber,
    Told,
    as_table,
    drills_of,
    programme,
    wrong_of,
)
from tests.system.outcome import NotHere, Outcome

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8")
ROWS = re.findall(r"^\| (F\d\d) \| [^|]+ \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)


def outcome(**changes: object) -> Outcome:
    told = {
        "fault": "F02",
        "what": "`kill -9`",
        "acknowledged": 2_000,
        "stored": 2_000,
        "control": 7,
    }
    return Outcome(**(told | changes))  # type: ignore[arg-type]


def told(*outcomes: Outcome, code: int = 0, output: str = "") -> Told:
    return Told("parts 10", code, output, 1.0, list(outcomes))


def test_all_is_well_where_nothing_is_lost_and_the_control_lost_something() -> None:
    assert wrong_of([told(outcome())], least=2_000) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lost": 1}, "F02 `kill -9`: 1 lost"),
        ({"double": 2}, "F02 `kill -9`: 2 double"),
        ({"control": 0}, "F02 `kill -9`: its control showed nothing lost"),
        ({"acknowledged": 1_999}, "1,999 acknowledged, not 2,000"),
    ],
)
def test_each_of_these_fails_it(changes: dict[str, object], said: str) -> None:
    assert wrong_of([told(outcome(**changes))], least=2_000) == [said]


def test_a_drill_that_fails_by_itself_fails_it_too() -> None:
    assert wrong_of([told(outcome(), code=1)], least=0) == ["parts 10 failed"]


def test_what_this_machine_cannot_do_is_named_with_its_reason_and_fails_nothing() -> None:
    left_out = told(code=NotHere.exit_code, output="Error: namespaces want root\n")
    assert wrong_of([left_out], least=0) == []
    assert "Left out, parts 10: namespaces want root" in as_table([left_out])


def test_the_number_of_a_fault_runs_its_drills_of_the_programme() -> None:
    group = ByNumber(commands=[programme])
    context = click.Context(group)
    assert group.resolve_command(context, ["F05"]) == ("all", programme, ["--only", "slow"])
    assert group.resolve_command(context, ["f08", "--table", "here"])[2] == [
        *("--only", "ha", "--only", "replica"),
        *("--table", "here"),
    ]
    in_programme = {command[0] for command in (*ALONE, *BESIDE, *LAST)}
    for number, *_ in ROWS:
        assert set(drills_of(number)) & in_programme, number


def test_the_table_is_in_the_order_of_the_faults_and_sums_them() -> None:
    lines = as_table([told(outcome(fault="F03", gap=1.25)), told(outcome(control=None))]).split(
        "\n"
    )
    assert lines[2:5] == [
        "| F02 | `kill -9` | 1 | 2,000 | 2,000 | 0 | 0 |  |  |",
        "| F03 | `kill -9` | 1 | 2,000 | 2,000 | 0 | 0 | 1.2 | 7 lost |",
        "| | together | | 4,000 | 4,000 | 0 | 0 | | |",
    ]


def test_the_page_names_every_fault_and_the_control_of_each() -> None:
    numbers = [number for number, _, _ in ROWS]
    assert numbers == [f"F{n:02}" for n in range(1, 25) if n not in (12, 14)]
    assert all(control.strip() for _, _, control in ROWS)


def test_every_fault_of_the_page_has_a_drill_and_every_drill_a_fault_of_the_page() -> None:
    named = {name for _, drills, _ in ROWS for name in re.findall(r"`([a-z]+)`", drills)}
    run = {command[0] for command in (*ALONE, *BESIDE, *LAST)}
    # What looks at an installation, and answers nobody.
    assert run - named == {"chart", "image"}
    # The three days are a test that is `long`.
    assert named - run == {"long"}


def test_what_ci_runs_a_little_of_is_part_of_the_programme() -> None:
    assert {each[0] for each in LITTLE} <= {each[0] for each in (*ALONE, *BESIDE)}


def test_the_lines_of_the_table_have_numbers_of_the_page() -> None:
    files = [*(ROOT / "tests" / "system").rglob("*.py"), ROOT / "tests" / "fault_rows.py"]
    used = {
        number for file in files for number in re.findall(r'"(F\d\d)"', file.read_text("utf-8"))
    }
    assert used == {number for number, _, _ in ROWS}
