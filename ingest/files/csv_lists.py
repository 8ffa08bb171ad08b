"""Read a list from a spreadsheet (CSV in UTF-8), whole, or say in a sentence what is wrong with it.

What is said of a line is its number, never what stood there.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import msgspec

from ingest.files.near_misses import did_you_mean

_MB = 1_000_000


class BadLine(msgspec.Struct, frozen=True):
    """A line that cannot be taken; the first has number 1, and is that with the columns' names."""

    number: int
    wrong: str


class ListUnreadable(Exception):
    """The file is no list of the columns asked for; the sentence says why."""


class LineUnreadable(Exception):
    """A line has more fields than there are columns; the message says how many."""


Line = tuple[int, list[str]]


class Lines(NamedTuple):
    """A list as it is read. `semicolons`: these stand between the fields, as Dutch office programs
    write them; a dot in a number is theirs for thousands.
    """

    columns: list[str]
    rows: Iterator[Line]
    semicolons: bool


def read_lines(
    path: Path, columns: Sequence[str], needed: Sequence[str], *, most_mb: int = 50
) -> Lines:
    """The columns in the order of the file, and its further lines that hold something.

    Each line has the number of the line on which it begins. `needed` are those of `columns` that
    must be there. The file may have `most_mb` megabytes (of a million bytes). Raises
    `ListUnreadable`, also while the lines are read.
    """
    text = _text(path, most_mb)
    semicolons = _has_semicolons(text)
    rows = _rows(text, ";" if semicolons else ",")
    return Lines(_columns(next(rows, (1, []))[1], columns, needed), rows, semicolons)


def named(columns: Sequence[str], row: Sequence[str]) -> Mapping[str, str]:
    """The fields of a line by their column. Raises `LineUnreadable`."""
    if len(row) > len(columns) and any(row[len(columns) :]):
        raise LineUnreadable(f"has {len(row)} fields, and there are {len(columns)} columns")
    return dict(zip(columns, row, strict=False))


def _text(path: Path, most_mb: int) -> str:
    try:
        if path.stat().st_size > most_mb * _MB:
            raise ListUnreadable(f"it is larger than {most_mb} MB: make several of it.")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ListUnreadable("it is not in UTF-8: save it as 'CSV UTF-8'.") from None
    except OSError as error:
        raise ListUnreadable(f"it cannot be read: {error.strerror}.") from None
    if "\0" in text:
        raise ListUnreadable("it holds bytes that are no text: save it as 'CSV UTF-8'.")
    return text


def _has_semicolons(text: str) -> bool:
    first = text.partition("\n")[0]
    return ";" in first and first.count(";") >= first.count(",")


def _rows(text: str, delimiter: str) -> Iterator[Line]:
    """Rows that hold something, each with the number of the line on which it begins."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            if any(field.strip() for field in row):
                yield begins, [field.strip() for field in row]
            begins = reader.line_num + 1
    except csv.Error:
        told = "a quote that is opened is not closed, or something stands behind a closed one"
        raise ListUnreadable(f"line {begins} is no CSV: {told}.") from None


def _columns(header: Sequence[str], columns: Sequence[str], needed: Sequence[str]) -> list[str]:
    found = [name.lower() for name in header]
    for name in found:
        if name not in columns:
            meant = did_you_mean(name, columns)
            shown = ascii(name[:40])
            raise ListUnreadable(
                f"the column {shown} is not known{meant}; the columns are {', '.join(columns)}."
            )
    if len(set(found)) < len(found):
        raise ListUnreadable("a column stands there twice.")
    if missing := [name for name in needed if name not in found]:
        raise ListUnreadable(f"the first line must name the columns; {', '.join(missing)} is not.")
    return found
