"""Read a list of operational figures (CSV), whole, before any is stored: or say what is wrong."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from ingest.files.csv_lists import BadLine, LineUnreadable, named, read_lines
from ingest.municipalities.municipality import Municipality
from ingest.operational.figures import Figure, faults_of, figure_of
from ingest.operational.messages import OperationalFigure

COLUMNS = ("period", "channel", "measure", "value", "n", "department", "product")
NEEDED = COLUMNS[:4]
TAKEN_BACK = "-"
"""In place of a value: the figure that was told before is taken back."""

# As office programs in the Netherlands write a day, and a number with decimals.
_DAY_FIRST = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_COUNT = re.compile(r"[0-9]{1,15}")


class FigureList(msgspec.Struct, frozen=True):
    """What a file holds: figures in its order, and every line that is none."""

    figures: tuple[Figure, ...]
    bad_lines: tuple[BadLine, ...]


def read_figures(path: Path, municipality: Municipality, today: date) -> FigureList:
    """Every line of the file. `today` is in Amsterdam. Raises `ListUnreadable`."""
    columns, rows, semicolons = read_lines(path, COLUMNS, NEEDED)
    figures: list[Figure] = []
    bad_lines: list[BadLine] = []
    first: dict[object, int] = {}
    for number, row in rows:
        try:
            fields = named(columns, row)
            if semicolons:
                _refuse_thousands(fields)
            figure = _figure(fields, municipality, today)
        except (_Wrong, LineUnreadable) as wrong:
            bad_lines.append(BadLine(number, str(wrong)))
            continue
        if (earlier := first.setdefault(figure.key, number)) == number:
            figures.append(figure)
        else:
            bad_lines.append(BadLine(number, f"is the figure of line {earlier} once more"))
    return FigureList(tuple(figures), tuple(bad_lines))


class _Wrong(Exception):
    """What is wrong with a line."""


def _refuse_thousands(row: Mapping[str, str]) -> None:
    """Such a program writes twelve hundred as 1.200, and others mean one and a fifth by that."""
    for name in ("value", "n"):
        if _THOUSANDS.fullmatch(number := row.get(name, "")):
            plain = number.replace(".", "")
            raise _Wrong(f"{name} is {number}: write {plain} for thousands, or a comma for parts")


def _figure(row: Mapping[str, str], municipality: Municipality, today: date) -> Figure:
    faults = []
    value, n = row.get("value", ""), row.get("n", "")
    if value != TAKEN_BACK and not _NUMBER.fullmatch(value):
        faults.append(f"value is no number such as 3.4, and no {TAKEN_BACK} to take one back")
    if n and not _COUNT.fullmatch(n):
        faults.append("n is no whole number")
    # What is no number is told once: with a harmless one the rest is checked too.
    readable = not faults
    told = OperationalFigure(
        period=_period(row.get("period", "")),
        channel=row.get("channel", ""),
        measure=row.get("measure", ""),
        value=_value(value) if readable else 0.0,
        n=int(n) if readable and n else None,
        department=row.get("department") or None,
        product=row.get("product") or None,
    )
    faults += (
        f"{fault.field}: {fault.reason}"
        for fault in faults_of(municipality, told, today)
        if readable or fault.field not in ("value", "n")
    )
    if faults:
        raise _Wrong(_ended("; ".join(fault.rstrip(".") for fault in faults)))
    return figure_of(told)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith("?") else f"{sentence}."


def _value(text: str) -> float | None:
    return None if text == TAKEN_BACK else float(text.replace(",", "."))


def _period(text: str) -> str:
    """As the API has it: 5-10-2026 is 2026-10-05."""
    if match := _DAY_FIRST.fullmatch(text):
        return f"{match[3]}-{match[2].zfill(2)}-{match[1].zfill(2)}"
    return text
