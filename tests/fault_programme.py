"""`make faults`: every fault in its rounds, with its control, and one table of what came of it.

What loads both cores has them for itself; what mostly waits runs beside others. Each is a process
of its own, as if it were typed.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import click
import msgspec

from tests.system.outcome import TABLE, NotHere, Outcome, told_in

LEAST_ACKNOWLEDGED = 1_000_000
"""In all faults together: with none lost, fewer than 3 in a million are, 95 times in 100."""

ALONE: tuple[tuple[str, ...], ...] = (
    ("parts", "10"),
    ("soak", "300"),
    ("slow", "10"),
    ("items", "20000"),
)
"""What computes as much as it can, one after the other: here the million is thanked for."""

BESIDE: tuple[tuple[str, ...], ...] = (
    ("kiosk", "100"),
    ("disk", "--rounds", "10"),
    ("machine",),
    ("away", "3"),
    ("line", "10"),
    ("crowd", "10"),
    ("replica", "20", "--runs", "10"),
    ("rolling", "20"),
    ("tasks", "10"),
    ("image",),
    ("upgrade",),
    ("writeback", "10"),
    ("signals", "10"),
    ("line", "1", "--seconds", "120", "--way", "frozen", "--no-control"),
    ("kill", "10"),
    ("invitations", "10"),
    ("cancelled", "100"),
    ("backup",),
    ("clock",),
    ("chart",),
)
"""What mostly waits, three at once; the longest first."""

_REST_OF_HA = ("switchover", "cut off", "split", "stalled")
LAST: tuple[tuple[str, ...], ...] = (
    ("ha", "--rounds", "10", "--lane", "strict", "--fault", "kill -9", "--fault", "alone"),
    (
        *("ha", "--rounds", "1", "--lane", "strict", "--no-control"),
        *(word for fault in _REST_OF_HA for word in ("--fault", fault)),
    ),
)
"""Three machines on one: alone, for seconds count there."""

LITTLE: tuple[tuple[str, ...], ...] = (
    ("invitations", "2", "--occasions", "100"),
    ("tasks", "1", "--workers", "2"),
    ("kill", "1", "--no-control"),
    ("replica", "8"),
    ("writeback", "1", "--forms", "15"),
    ("signals", "1", "--signals", "15", "--no-control"),
    ("kiosk", "2"),
    ("backup", "50", "--way", "encrypted"),
    ("disk", "everything", "--if-possible", "--no-control"),
    ("items", "2000"),
    ("clock", "1000"),
)
"""What CI runs, the longest first."""

_SIDE_BY_SIDE = 3
# So that one that hangs does not keep the table of the others.
_LONGEST_SECONDS = 2400


class Told(msgspec.Struct, frozen=True):
    """What a drill said, how it ended, and its lines of the table."""

    command: str
    code: int
    output: str
    seconds: float
    outcomes: list[Outcome]

    @property
    def left_out(self) -> str:
        """Why it could not be tried here; empty when it was."""
        if self.code != NotHere.exit_code:
            return ""
        return self.output.strip().splitlines()[-1].removeprefix("Error: ")


def run(command: Sequence[str]) -> Told:
    """One drill, in a process of its own."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table"
        try:
            done = subprocess.run(
                (sys.executable, "-m", "tests.faults", *command),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=_LONGEST_SECONDS,
                env={**os.environ, TABLE: str(table)},
            )
            code, output = done.returncode, done.stdout
        except subprocess.TimeoutExpired as late:
            code, output = 1, (late.stdout or b"") + b"Error: it did not come to an end\n"
        outcomes = told_in(table)
    took = time.monotonic() - began
    return Told(" ".join(command), code, output.decode(errors="replace"), took, outcomes)


def side_by_side(commands: Iterable[Sequence[str]], at_once: int) -> Iterator[Told]:
    """So many at once, each as it ends."""
    with ThreadPoolExecutor(at_once) as pool:
        for done in as_completed([pool.submit(run, command) for command in commands]):
            yield done.result()


_PAGE = Path(__file__).parents[1] / "docs" / "faults.md"


def drills_of(number: str) -> list[str]:
    """The drills that break this fault, as the page lists them; none for another number."""
    rows = (line.split(" | ") for line in _PAGE.read_text("utf-8").splitlines())
    told = next((row[3] for row in rows if row[0] == f"| {number.upper()}"), "")
    # `long` runs what `make test` leaves out, and is no part of the programme.
    return [name for name in re.findall(r"`(\w+)`", told) if name != "long"]


class ByNumber(click.Group):
    """Takes the number of a fault for the part of the programme that breaks it."""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if drills := drills_of(args[0]):
            args = ["all", *(word for name in drills for word in ("--only", name)), *args[1:]]
        return super().resolve_command(context, args)


@click.command()
def short() -> None:
    """A little of each, within two minutes: what CI runs.

    Several side by side: each waits more than it computes.
    """
    done = list(_said(side_by_side(LITTLE, _SIDE_BY_SIDE)))
    if failed := [each.command for each in done if each.code]:
        raise click.ClickException(f"failed: {', '.join(failed)}")


@click.command(name="all")
@click.option("--table", type=click.Path(path_type=Path), help="Also write the table here.")
@click.option("--only", multiple=True, help="Of the programme these drills alone, by name.")
def programme(table: Path | None, only: tuple[str, ...]) -> None:
    """Every fault, with its control, and one table: under 90 minutes on two cores."""
    stages = ((ALONE, 1), (BESIDE, _SIDE_BY_SIDE), (LAST, 1))
    began = time.monotonic()
    done: list[Told] = []
    for commands, at_once in stages:
        chosen = [command for command in commands if not only or command[0] in only]
        done += _said(side_by_side(chosen, at_once))
    text = as_table(done)
    click.echo(f"\n{text}\n{(time.monotonic() - began) / 60:.0f} minutes")
    if table is not None:
        table.write_text(text)
    if wrong := wrong_of(done, LEAST_ACKNOWLEDGED if not only else 0):
        raise click.ClickException("; ".join(wrong))


def _said(done: Iterable[Told]) -> Iterator[Told]:
    for each in done:
        click.echo(f"{each.output}({each.command}: {each.seconds:.0f} s)")
        yield each


def as_table(done: Sequence[Told]) -> str:
    """In Markdown, in the order of the faults; below it the sum, and what was left out."""
    lines = [
        "| | fault | rounds | acknowledged | stored | lost | double | gap, s | control |",
        "|---|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    outcomes = sorted(
        (outcome for each in done for outcome in each.outcomes), key=lambda one: one.fault
    )
    lines += [_line(outcome) for outcome in outcomes]
    sums = [sum(getattr(one, name) for one in outcomes) for name in _SUMMED]
    lines.append(f"| | together | | {sums[0]:,} | {sums[1]:,} | {sums[2]:,} | {sums[3]:,} | | |")
    lines += [f"\nLeft out, {each.command}: {each.left_out}" for each in done if each.left_out]
    return "\n".join(lines) + "\n"


_SUMMED = ("acknowledged", "stored", "lost", "double")


def _line(one: Outcome) -> str:
    gap = "" if one.gap is None else f"{one.gap:.1f}"
    control = "" if one.control is None else f"{one.control:,} {one.shows}"
    return (
        f"| {one.fault} | {one.what} | {one.rounds} | {one.acknowledged:,} | {one.stored:,} |"
        f" {one.lost:,} | {one.double:,} | {gap} | {control} |"
    )


def wrong_of(done: Sequence[Told], least: int) -> list[str]:
    """What should not be: a drill that failed, a loss, a double, a control that showed nothing."""
    wrong = [f"{each.command} failed" for each in done if each.code and not each.left_out]
    outcomes = [outcome for each in done for outcome in each.outcomes]
    wrong += [outcome.wrong for outcome in outcomes if outcome.wrong]
    acknowledged = sum(outcome.acknowledged for outcome in outcomes)
    if acknowledged < least:
        wrong.append(f"{acknowledged:,} acknowledged, not {least:,}")
    return wrong
