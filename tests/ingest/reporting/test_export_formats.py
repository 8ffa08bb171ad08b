"""Files that a spreadsheet opens without running anything, and that a program reads back."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.reporting.export_formats import FORMATS, Column, CsvFile, text_cell
from tests.read_later import read_later

parquet = read_later("pyarrow.parquet")

HOSTILE = [
    "=1+1",
    '=HYPERLINK("https://example.org";"klik")',
    "+31",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "  =1+1",
    "\u00a0=1+1",
    " " * 20 + "=1+1",
    "\u3000" * 40 + "＝1+1",
    "'=1+1",
]
HARMLESS = ["Prima zo.", "a=1", 'Zij zei: "dank u"; en toen?', "twee\nregels", "", "é ü 😀", "7,5"]


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_could_run_begins_with_an_apostrophe(text: str) -> None:
    assert text_cell(text).startswith("\"'")


@pytest.mark.parametrize("text", HARMLESS)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert not text_cell(text).startswith("\"'")


def test_every_text_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    with CsvFile(path, [Column(name="=tekst", type="text")]) as file:
        file.write([(text,) for text in HOSTILE + HARMLESS])
    header, *rows = read(path)
    assert header == ["'=tekst"]
    assert [row[0].removeprefix("'") for row in rows] == HOSTILE + HARMLESS


VALUES: list[tuple[str, str, Any]] = [
    ("naam", "text", "-"),
    ("dag", "date", date(2026, 10, 5)),
    ("klein", "int2", -3),
    ("groot", "int8", 10**12),
    ("gemiddelde", "numeric", Decimal("7.50")),
    ("breuk", "float8", -0.25),
    ("ja", "bool", True),
    ("verdeling", "_int8", [1, 0, 2]),
    ("waarom", "_text", ["honeypot", "too-quick"]),
    ("meer", "jsonb", '{"loket": "1"}'),
]


def write(file_format: str, path: Path) -> None:
    columns = [Column(name=name, type=kind) for name, kind, _ in VALUES]
    with FORMATS[file_format](path, columns) as file:
        file.write([[value for _, _, value in VALUES]])
        file.write([[None] * len(VALUES)])


def test_a_dutch_spreadsheet_takes_every_cell_for_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "cells.csv"
    write("csv", path)
    assert path.read_bytes().decode() == (
        "\ufeff"
        '"naam";"dag";"klein";"groot";"gemiddelde";"breuk";"ja";"verdeling";"waarom";"meer"\r\n'
        '"\'-";2026-10-05;-3;1000000000000;7,50;-0,25;true;"[1,0,2]";'
        '"[""honeypot"",""too-quick""]";"{""loket"": ""1""}"\r\n'
        ";;;;;;;;;\r\n"
    )


def test_parquet_has_types_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "cells.parquet"
    write("parquet", path)
    table = parquet.read_table(path)
    expected = [7.5 if kind == "numeric" else value for _, kind, value in VALUES]
    assert [column.to_pylist() for column in table.columns] == [[v, None] for v in expected]
    assert [str(field.type) for field in table.schema] == [
        *("string", "date32[day]", "int16", "int64", "double", "double", "bool"),
        *("list<element: int64>", "list<element: string>", "string"),
    ]
