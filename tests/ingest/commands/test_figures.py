"""`meetpunt figures import-base`: all of a file or nothing, in the place of what stood there."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Database
from tests.ingest.commands.conftest import type_of_run
from tests.ingest.commands.test_audit import query

HEADER = "channel,indicator,year,n,share_le_6\n"
STORED = "select channel, year, n, share_le_6, source from lees.basisjaar order by channel, year"


@pytest.fixture
def run(run: type_of_run, database: Database, tmp_path: Path) -> Any:
    """Imports what a file holds."""
    file = tmp_path / "earlier.csv"

    def imported(text: str, *options: str, municipality: str = "molensloot", **more: Any) -> Any:
        file.write_text(HEADER + text, encoding="utf-8")
        command = ("figures", "import-base", municipality, str(file), *options)
        return run(*command, MEETPUNT_FOLDER_URL=database.url("meetpunt_folder"), **more)

    return imported


def test_earlier_figures_are_stored_and_replaced_by_their_key(run: Any, database: Database) -> None:
    told = run("telefonie,tevredenheid,2023,300,0.2\nbalie,tevredenheid,2023,90,0.1\n").output
    assert told == "Taken in: 2 figures of earlier years.\n"
    run("telefonie,tevredenheid,2023,310,0.25\n", "--source", "KTO 2023")
    stored = [tuple(map(str, row)) for row in query(database, STORED)]
    assert stored == [
        ("balie", "2023", "90", "0.1", "eerder systeem"),
        ("telefonie", "2023", "310", "0.25", "KTO 2023"),
    ]
    lines = query(database, "select action, outcome, object from meetpunt.audit order by at, id")
    assert [tuple(line) for line in lines] == [
        ("import-base", "done", "molensloot: 2 figures"),
        ("import-base", "done", "molensloot: 1 figures"),
    ]


def test_one_wrong_line_keeps_all_of_them_out_and_is_named(run: Any, database: Database) -> None:
    refused = run(
        "balie,tevredenheid,2023,90,0.1\nbalie,tevredenheid,2023,9,0.1\nfax,gemak,2023,90,0.1\n",
        exit_code=1,
    ).output
    assert "line 3: n must be a whole number from 10" in refused
    assert "line 4: channel must be one of" in refused
    assert "nothing was taken in." in refused
    assert query(database, STORED) == []


def test_a_municipality_or_a_source_that_is_none_is_refused(run: Any, database: Database) -> None:
    line = "balie,tevredenheid,2023,90,0.1\n"
    assert "no municipality 'polder'" in run(line, municipality="polder", exit_code=1).output
    for source in ("", "a\nb", "s" * 81):
        assert "--source must be" in run(line, "--source", source, exit_code=1).output
    assert query(database, STORED) == []
