"""All that one reader ever saw of a region, solved as one system; and what follows that was hidden.

An attacker kept every look, knows the own cells exactly, and knows the rule. Unknown are what each
municipality was given in a month when that was first told, and what each revision added: its
number, sum and each share and place. Known are all rows of months, quarters and years.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from ingest.reporting.region_rule import answers, total
from tests.conftest import Database
from tests.ingest.reporting.linear import System
from tests.ingest.reporting.region_guesses import PATIENCE, Guess, Left, found_by_trying
from tests.ingest.reporting.region_worlds import ALL, Given, Told, tell_worlds

COLUMNS = ("n", "total", "le_6", "lt_6", "ge_8", *(f"place {place}" for place in range(1, 11)))
SMALL = 10
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """How many cells are hidden from all readers together, how many of them were found all the
    same, and how many sums of fewer than ten answers. `what` tells some of them."""

    hidden: int
    found: int
    small_sums: int
    what: tuple[str, ...] = ()

    def __add__(self, other: "Found") -> "Found":
        return Found(
            hidden=self.hidden + other.hidden,
            found=self.found + other.found,
            small_sums=self.small_sums + other.small_sums,
            what=(self.what + other.what)[:20],
        )


class Piece(NamedTuple):
    """What one revision of one month added."""

    month: date
    revision: int


async def solve_worlds(
    database: Database,
    worlds: int,
    seed: int,
    *,
    months: int = 15,
    at_a_time: int = 40,
    patience: int = PATIENCE,
) -> Found:
    """Play every municipality and an outsider in so many random worlds.

    `database` is a migrated one, in which nothing else is told or published meanwhile: what it
    has of the region's figures is deleted. With no `patience` nothing is guessed, only solved.
    """
    chance = random.Random(seed)
    found = Found(hidden=0, found=0, small_sums=0)
    for begin in range(0, worlds, at_a_time):
        told = await tell_worlds(database, min(at_a_time, worlds - begin), months, chance)
        found += solve(told, chance, patience)
    return found


def solve(told: Told, chance: random.Random, patience: int = PATIENCE) -> Found:
    """What follows from all that was told."""
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    truth: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in told.rows:
        rows[str(row["indicator"]), str(row["municipality"])].append(row)
    for row in told.truth:
        truth[str(row["indicator"]), str(row["municipality"])].append(row)
    found = Found(hidden=0, found=0, small_sums=0)
    left: dict[tuple[str, str, date], list[Left]] = defaultdict(list)
    for (world, code), seen in sorted(rows.items()):
        one = _Municipality(f"{world} {code}", seen, truth[world, code])
        # What others may know of it is the same for each of them: an outsider and the others.
        found += one.solved()
        for pieces in one.sums:
            for piece in pieces:
                if piece.revision == 0 and len(pieces) > 1:
                    n, amount = one.sum(pieces, "n"), one.sum(pieces, "total")
                    left[world, code, piece.month].append((n, amount, len(pieces) - 1))
    return found + _by_trying(told, left, chance, patience) if patience else found


class _Municipality:
    """One municipality in one world: its pieces, and what was told of their sums."""

    def __init__(
        self, name: str, rows: Sequence[Mapping[str, Any]], truth: Sequence[Mapping[str, Any]]
    ) -> None:
        self.name = name
        self.rows = rows
        # What follows of its number of answers.
        self.sums: list[frozenset[Piece]] = []
        self.size: dict[Piece, dict[str, int]] = {}
        before: dict[date, Given] = {}
        for row in sorted(truth, key=lambda row: (row["month"], row["revision"])):
            last = before.get(row["month"], (0,) * 10)
            added = [now - then for now, then in zip(row["given"], last, strict=True)]
            self.size[Piece(row["month"], row["revision"])] = values_of(added)
            before[row["month"]] = tuple(row["given"])
        self.told_on = {
            Piece(row["period"], row["revision"]): row["published_on"]
            for row in rows
            if row["grain"] == "month"
        }
        assert self.told_on.keys() == self.size.keys(), "every revision is told, or said to be hid"

    def pieces(self, row: Mapping[str, Any]) -> frozenset[Piece]:
        """What a row is the sum of: of its months all that was told up to that day."""
        begin: date = row["period"]
        months = MONTHS[row["grain"]]
        return frozenset(
            piece
            for piece, day in self.told_on.items()
            if day <= row["published_on"]
            and piece.month.year == begin.year
            and begin.month <= piece.month.month < begin.month + months
        )

    def solved(self) -> Found:
        """What follows in each column, for somebody who knows nothing of their own here."""
        systems: dict[frozenset[frozenset[Piece]], list[str]] = defaultdict(list)
        for column in COLUMNS:
            told = set()
            for row in self.rows:
                value = told_values(row).get(column)
                if value is not None:
                    pieces = self.pieces(row)
                    assert value == self.sum(pieces, column), "a sum of what was told of months"
                    told.add(pieces)
            systems[frozenset(told)].append(column)
        hidden = sum(told_values(row) == {} for row in self.rows)
        found = Found(hidden=hidden * (len(ALL)), found=0, small_sums=0)
        for told_sums, columns in systems.items():
            found += self._solved(told_sums, columns)
        return found

    def _solved(self, told: frozenset[frozenset[Piece]], columns: Sequence[str]) -> Found:
        system = System(told)
        what = []
        cells = {self._cell(piece): piece for piece in self.size}
        for cell, piece in cells.items():
            if cell not in told and system.determines(cell):
                what.append(f"{self.name}: {piece} in {columns}")
        small = []
        sums = list(system.determined_sums())
        if "n" in columns:
            self.sums = sums
        for pieces in sums:
            n = self.sum(pieces, "n")
            if n < SMALL:
                small.append(f"{self.name}: {n} answers, {sorted(pieces)} in {columns}")
            elif "n" in columns and pieces not in told and self._cornered(pieces):
                what.append(f"{self.name}: {n} answers say all of {sorted(pieces)}")
        return Found(hidden=0, found=len(what), small_sums=len(small), what=(*what, *small))

    def _cell(self, piece: Piece) -> frozenset[Piece]:
        """The cell of a month as it was at this revision."""
        return frozenset(
            each
            for each in self.size
            if each.month == piece.month and each.revision <= piece.revision
        )

    def _cornered(self, pieces: frozenset[Piece]) -> bool:
        """Hidden cells that are all as small, or as large, as what is hidden for itself can be.

        Then their sum says each of them. Others have such a sum by chance, of five and ten and
        twelve: who takes that for thrice nine is wrong.
        """
        sizes = {self.size[piece]["n"] for piece in pieces}
        return all(piece.revision == 0 for piece in pieces) and sizes in ({1}, {SMALL - 1})

    def sum(self, pieces: frozenset[Piece], column: str) -> int:
        """The truth."""
        return sum(self.size[piece][column] for piece in pieces)


def values_of(given: Sequence[int]) -> dict[str, int]:
    """Every column of a distribution."""
    return {
        "n": answers(given),
        "total": total(given),
        "le_6": sum(given[:6]),
        "lt_6": sum(given[:5]),
        "ge_8": sum(given[7:]),
        **{f"place {place}": times for place, times in enumerate(given, start=1)},
    }


def told_values(row: Mapping[str, Any]) -> dict[str, int]:
    """What a row tells, and what follows from that: a distribution tells all the others."""
    told = {column: row[column] for column in COLUMNS[:5] if row[column] is not None}
    return told | (values_of(row["given"]) if row["given"] else {})


def _by_trying(
    told: Told,
    left: Mapping[tuple[str, str, date], Sequence[Left]],
    chance: random.Random,
    patience: int,
) -> Found:
    """Months with a mean over all: rounded, so not a system, but a guess at every hidden cell."""
    cells: dict[tuple[Any, ...], dict[str, Given]] = defaultdict(dict)
    out_of_sight: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    given = {
        (row["indicator"], row["municipality"], row["month"]): tuple(row["given"])
        for row in told.truth
        if row["revision"] == 0
    }
    for row in told.rows:
        if row["grain"] == "month" and row["revision"] == 0:
            key = (row["region"], row["period"], row["indicator"], row["published_on"])
            code = str(row["municipality"])
            cells[key][code] = given[row["indicator"], code, row["period"]]
            if row["n"] is None:
                out_of_sight[key].add(code)
    found = Found(hidden=0, found=0, small_sums=0)
    for mean in told.means:
        key = (mean["region"], mean["period"], mean["indicator"], mean["seen_on"])
        if mean["grain"] != "month" or not out_of_sight[key]:
            continue
        for reader in (None, *cells[key]):
            guess = Guess(
                kind=str(mean["kind"]),
                cells=cells[key],
                hidden=frozenset(out_of_sight[key]),
                reader=reader,
                pooled=mean["pooled"],
                unweighted=mean["unweighted"],
                left={
                    code: left.get((str(mean["indicator"]), code, mean["period"]), ())
                    for code in cells[key]
                },
            )
            codes = found_by_trying(guess, chance, patience)
            what = tuple(
                f"{mean['indicator']} {mean['period']} {c} by {reader} {guess}" for c in codes
            )
            found += Found(hidden=0, found=len(codes), small_sums=0, what=what)
    return found
