"""`meetpunt figures import` stores a list whole, or says what is wrong and stores nothing."""

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Database
from tests.ingest.commands.conftest import type_of_run

HEAD = "period,channel,measure,value,n,product\n"
LINES = "2026-10,telefonie,wachttijd,3.4,4210,\n2026-10,telefonie,afhandeltijd,8.5,640,paspoort\n"


@pytest.fixture
def run(run: type_of_run, database: Database) -> type_of_run:
    return partial(run, MEETPUNT_FOLDER_URL=database.url("meetpunt_folder"))


def stored(database: Database) -> list[tuple[Any, ...]]:
    async def look() -> list[tuple[Any, ...]]:
        async with database.superuser() as db:
            rows = await db.fetch(
                "select municipality, period::text, product, measure, value, n from lees.kengetal"
                " order by product"
            )
        return [tuple(row) for row in rows]

    return asyncio.run(look())


def test_a_list_is_stored_whole_noted_in_the_trail_and_twice_is_once(
    run: type_of_run, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(HEAD + LINES, encoding="utf-8")
    told = run("figures", "import", "molensloot", str(file)).output
    assert told == "Figures of molensloot: 2; 2 of them new or changed.\n"
    assert run("figures", "import", "molensloot", str(file)).output.startswith("Figures of")
    assert stored(database) == [
        ("GM9001", "2026-10-01", "", "wachttijd", 3.4, 4210),
        ("GM9001", "2026-10-01", "paspoort", "afhandeltijd", 8.5, 640),
    ]
    lines = json.loads(run("audit", "--json").output)
    noted = [line for line in lines if line["action"] == "import-figures"]
    assert [(line["outcome"], line["object"]) for line in noted] == [
        ("done", "molensloot 2 figures")
    ] * 2


def test_while_a_line_is_wrong_nothing_is_stored(
    run: type_of_run, database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(f"{HEAD}{LINES}2026-10,telefonie,binnen_norm,92,640,\n", encoding="utf-8")
    told = run("figures", "import", "molensloot", str(file), exit_code=1).output
    assert "line 4: value: A number from 0 to 1 is expected" in told
    assert "1 of 3 lines are wrong, and nothing was stored." in told
    file.write_text(HEAD, encoding="utf-8")
    assert (
        "no figure in it" in run("figures", "import", "molensloot", str(file), exit_code=1).output
    )
    assert "no municipality 'x'" in run("figures", "import", "x", str(file), exit_code=1).output
    assert stored(database) == []
