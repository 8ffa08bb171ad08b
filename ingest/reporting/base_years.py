"""Earlier figures of another system, read from a file (CSV) whole or not at all, as base years.

What is said of a line is its number and what is wrong with it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import asyncpg
import msgspec

from ingest.files.csv_lists import BadLine, LineUnreadable, ListUnreadable, named, read_lines
from ingest.files.near_misses import did_you_mean
from ingest.municipalities.touchpoints import channel_fault
from ingest.questionnaires.items import INDICATORS

SHARES = ("share_lt_6", "share_le_6")
NEEDED = ("channel", "indicator", "year", "n")
COLUMNS = (*NEEDED, "mean", *SHARES)

FEWEST = 10
"""Under ten answers there is no figure anywhere, and of another system neither."""

_FIRST_YEAR = 2000
_MOST_ANSWERS = 1_000_000_000
_MOST_MB = 5
_HIGHEST_MARK = 10


class BaseYear(msgspec.Struct, frozen=True, kw_only=True):
    """What another system counted in a year: `n` answers, their mean, and shares (0 to 1)."""

    channel: str
    indicator: str
    year: int
    n: int
    mean: Decimal | None
    share_lt_6: Decimal | None
    share_le_6: Decimal | None


class BaseYearsUnreadable(Exception):
    """The file is no list of figures, or some of its lines are none.

    `args[0]` is the sentence; `bad_lines` is every line that is wrong.
    """

    def __init__(self, sentence: str, bad_lines: Sequence[BadLine] = ()) -> None:
        super().__init__(sentence)
        self.bad_lines = tuple(bad_lines)


def read_base_years(path: Path, *, channels: Sequence[str], this_year: int) -> list[BaseYear]:
    """Every line of the file. Raises `BaseYearsUnreadable` with all that is wrong.

    `channels` are those on which the municipality has a touchpoint. `this_year` and later are
    refused: a base year is over.
    """
    try:
        return _read(path, channels, this_year)
    except ListUnreadable as unreadable:
        raise BaseYearsUnreadable(str(unreadable)) from None


def _read(path: Path, channels: Sequence[str], this_year: int) -> list[BaseYear]:
    columns, rows, _ = read_lines(path, COLUMNS, NEEDED, most_mb=_MOST_MB)
    found: dict[tuple[str, str, int], BaseYear] = {}
    bad_lines = []
    for number, row in rows:
        try:
            read = _base_year(named(columns, row), channels, this_year)
        except (_Wrong, LineUnreadable) as wrong:
            bad_lines.append(BadLine(number, str(wrong)))
            continue
        key = (read.channel, read.indicator, read.year)
        if key in found:
            told = "the same channel, indicator and year stand on a line before"
            bad_lines.append(BadLine(number, told))
        found[key] = read
    if bad_lines:
        raise BaseYearsUnreadable("nothing was taken in.", bad_lines)
    if not found:
        raise BaseYearsUnreadable("it holds no figures.")
    return list(found.values())


async def store_base_years(
    folder: asyncpg.Connection,
    code: str,
    base_years: Sequence[BaseYear],
    *,
    source: str,
    today: date,
) -> None:
    """Put them in the place of those of the same channel, indicator and year.

    `folder` is a connection as `meetpunt_folder`; `source` is what readers are told they are from.
    """
    await folder.executemany(
        """/* store_base_year */
        insert into lees.basisjaar as b (municipality, channel, indicator, year, n, mean,
            share_lt_6, share_le_6, source, imported_on)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (municipality, channel, indicator, year) do update
        set n = excluded.n, mean = excluded.mean, share_lt_6 = excluded.share_lt_6,
            share_le_6 = excluded.share_le_6, source = excluded.source,
            imported_on = excluded.imported_on
        """,
        [(code, *msgspec.structs.astuple(each), source, today) for each in base_years],
    )


class _Wrong(Exception):
    """What is wrong with a line."""


def _base_year(row: Mapping[str, str], channels: Sequence[str], this_year: int) -> BaseYear:
    channel, indicator = row.get("channel", ""), row.get("indicator", "")
    if fault := channel_fault(channel):
        raise _Wrong(f"channel {fault}")
    if channel not in channels:
        raise _Wrong(f"there is no touchpoint on channel {channel}")
    if indicator not in INDICATORS:
        shown = ascii(indicator[:40])
        raise _Wrong(f"indicator {shown} is not known{did_you_mean(indicator, INDICATORS)}")
    base_year = BaseYear(
        channel=channel,
        indicator=indicator,
        year=_whole(row, "year", _FIRST_YEAR, this_year - 1),
        n=_whole(row, "n", FEWEST, _MOST_ANSWERS),
        mean=_figure(row, "mean", 1, _HIGHEST_MARK),
        share_lt_6=_figure(row, "share_lt_6", 0, 1),
        share_le_6=_figure(row, "share_le_6", 0, 1),
    )
    lower, low = base_year.share_lt_6, base_year.share_le_6
    if base_year.mean is None and lower is None and low is None:
        raise _Wrong("has neither mean nor share_lt_6 nor share_le_6")
    if lower is not None and low is not None and lower > low:
        raise _Wrong("share_lt_6 is more than share_le_6, which holds it")
    return base_year


def _whole(row: Mapping[str, str], column: str, least: int, most: int) -> int:
    text = row.get(column, "")
    number = int(text) if re.fullmatch(r"[0-9]{1,10}", text) else -1
    if not least <= number <= most:
        raise _Wrong(f"{column} must be a whole number from {least} to {most}")
    return number


def _figure(row: Mapping[str, str], column: str, least: int, most: int) -> Decimal | None:
    text = row.get(column, "").replace(",", ".")
    if not text:
        return None
    try:
        figure = Decimal(text)
    except InvalidOperation:
        figure = Decimal("NaN")
    if figure.is_nan() or not least <= figure <= most:
        raise _Wrong(f"{column} must be a number from {least} to {most}")
    return figure
