"""`meetpunt report` writes a page a department, and one for the council, from a database."""

from pathlib import Path

import pytest

from tests.conftest import Database
from tests.ingest.commands.conftest import type_of_run


def test_a_page_is_written_for_each_department_and_for_the_council(
    run: type_of_run, database: Database, tmp_path: Path
) -> None:
    as_folder = {"MEETPUNT_FOLDER_URL": database.url("meetpunt_folder")}
    to = ("--to", str(tmp_path / "made"))
    told = run("report", "molensloot", "--month", "2026-10", *to, **as_folder)
    names = [Path(line).name for line in told.output.splitlines()]
    assert names == [
        "molensloot-publiekszaken-2026-10.html",
        "molensloot-openbare-ruimte-2026-10.html",
        "molensloot-vergunningen-2026-10.html",
    ]
    page = (tmp_path / "made" / names[0]).read_text("utf-8")
    assert "Er is nog niets verschenen dat bij " in page
    run("report", "molensloot", "--quarter", "2026-Q3", "--council", *to, **as_folder)
    council = (tmp_path / "made" / "molensloot-raad-2026-Q3.html").read_text("utf-8")
    assert "nog niets aan de regio verteld" in council
    # Of one without departments there is one page, of all.
    told = run("report", "rietbroek", *to, **as_folder)
    assert len(told.output.splitlines()) == 1
    assert "rietbroek-overig-" in told.output


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--month", "oktober"), "a month is written as 2026-10."),
        (("--month", "2999-01"), "2999-01 has not begun."),
        (("--quarter", "2026-3", "--council"), "a quarter is written as 2026-Q3."),
        (("--quarter", "2026-Q3"), "--quarter 2026-Q3 --council, and nothing else"),
        (("--council",), "--quarter 2026-Q3 --council, and nothing else"),
        (("--department", "publiekzaken"), "there is no department 'publiekzaken'"),
    ],
)
def test_what_it_cannot_make_is_told(
    run: type_of_run, database: Database, arguments: tuple[str, ...], why: str
) -> None:
    url = database.url("meetpunt_folder")
    told = run("report", "molensloot", *arguments, exit_code=1, MEETPUNT_FOLDER_URL=url)
    assert why in told.output
