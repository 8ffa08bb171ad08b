"""A line of the table that `make faults` prints: what a fault came to, and what its control did."""

import os
from pathlib import Path

import click
import msgspec

TABLE = "TESTS_FAULTS_TABLE"
"""The variable that names the file to which a drill adds its lines; without it nothing is kept."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What was thanked for in all rounds of a fault, and what is there of it.

    `fault` is its number in docs/faults.md; `stored` counts rows; `gap` is the longest time in
    seconds in which nobody was thanked. `control`: how much went wrong where we did it wrong on
    purpose, in the words of `shows`; None where a line of the same fault has it.
    """

    fault: str
    what: str
    acknowledged: int
    stored: int
    lost: int = 0
    double: int = 0
    gap: float | None = None
    control: int | None = None
    shows: str = "lost"
    rounds: int = 1

    @property
    def wrong(self) -> str:
        """What should not be, in words; empty when all is well."""
        faults = [
            f"{count} {word}"
            for word, count in (("lost", self.lost), ("double", self.double))
            if count
        ]
        if self.control == 0:
            faults.append(f"its control showed nothing {self.shows}")
        return f"{self.fault} {self.what}: {', '.join(faults)}" if faults else ""


class NotHere(click.ClickException):
    """This machine lacks what a fault needs; the sentence says what."""

    # sysexits.h: try again another time. `make faults` names it as left out, and goes on.
    exit_code = 75


def tell(*outcomes: Outcome) -> None:
    """Add lines to the table that is being made, if one is.

    Raises msgspec.ValidationError for one that could not be read again: here its drill fails, and
    not the programme at its end.
    """
    for outcome in outcomes:
        msgspec.convert(msgspec.to_builtins(outcome), Outcome)
    if TABLE in os.environ:
        with Path(os.environ[TABLE]).open("ab") as table:
            table.writelines(msgspec.json.encode(outcome) + b"\n" for outcome in outcomes)


def told_in(table: Path) -> list[Outcome]:
    """The lines that drills added to it."""
    if not table.exists():
        return []
    return [msgspec.json.decode(line, type=Outcome) for line in table.read_bytes().splitlines()]
