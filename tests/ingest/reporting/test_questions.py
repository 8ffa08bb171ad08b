"""Every question of docs/vragen.md, asked by a reader of a year in which all answers are known.

What should come out is worked out from what was answered, and never with the page's SQL; the tables
on the page must say the same.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.figures import tell
from tests.ingest.reporting.known_year import fill_the_known_year
from tests.ingest.reporting.worked_out import Row, expected
from tests.publishing import reading, reads

pytestmark = pytest.mark.anyio

PAGE = Path(__file__).resolve().parents[3] / "docs" / "vragen.md"
READER = "lezer_vragen"
MANY = 20


def questions() -> dict[int, str]:
    """What the page says under each question, by its number."""
    parts = re.split(r"^## (\d+)\. ", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {int(number): text for number, text in zip(parts[::2], parts[1::2], strict=True)}


def sql_of(text: str) -> str:
    (query,) = re.findall(r"^```sql\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return str(query)


def table_of(text: str) -> list[list[str]]:
    """The cells of its table, headings first."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]
    return [row for row in rows if set("".join(row)) != {"-"}]


def shown(value: Any) -> str:
    """As the page shows a value: rounded, and as a Dutch reader writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "waar" if value else "onwaar"
    if isinstance(value, float):
        hundredths = Decimal(f"{value:.9f}").quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{hundredths}".rstrip("0").rstrip(".").replace(".", ",")
    return str(value)


def same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, float):
        return found is not None and float(found) == pytest.approx(wanted, abs=1e-5)
    return bool(found == wanted)


def as_expected(found: Sequence[Sequence[Any]], wanted: Sequence[Row]) -> bool:
    return len(found) == len(wanted) and all(
        len(row) == len(cells) and all(map(same, row, cells))
        for row, cells in zip(found, wanted, strict=True)
    )


async def test_every_question_gets_the_answer_that_was_worked_out(
    own_database: Database, catalogue: Catalogue
) -> None:
    await fill_the_known_year(own_database, catalogue)
    await reads(own_database, "molensloot", READER, free_text=True)
    wrong = []
    async with reading(own_database, READER) as db:
        for number, wanted in expected().items():
            text = questions()[number]
            asked = await db.prepare(sql_of(text))
            found = [tuple(row) for row in await asked.fetch()]
            headings = [column.name for column in asked.get_attributes()]
            table = [headings, *([shown(cell) for cell in row] for row in wanted)]
            if not as_expected(found, wanted) or table_of(text) != table:
                wrong.append((number, found, wanted, table_of(text), table))
    tell("questions of docs/vragen.md answered as worked out", f"{MANY - len(wrong)} of {MANY}")
    assert not wrong


@pytest.mark.dear
def test_there_are_twenty_and_none_names_a_schema() -> None:
    found = questions()
    assert list(found) == list(range(1, MANY + 1)) == list(expected())
    for text in found.values():
        assert not re.search(r"\b(bi_\w+|lees|meetpunt)\.", sql_of(text))
