"""Every panel of the dashboards in deploy/grafana plots columns that the views have, with rows."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from anyio import to_thread

from ingest.clock import today_here
from ingest.database.views import VIEWS
from ingest.demo.filling import fill
from ingest.kiosk.watching import watch_kiosks
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, emptied
from tests.publishing import published, reading, reads

pytestmark = pytest.mark.anyio

GRAFANA = Path(__file__).resolve().parents[3] / "deploy" / "grafana"
BOARDS = sorted((GRAFANA / "dashboards").glob("*.json"))
ROLE = "lezer_grafana"
# A municipality need not set itself a target.
MAY_BE_EMPTY = {"Doelen"}
# Who was invited, and who tried another way first: figures that the demo has none of.
TOLD_ONCE = """
    insert into lees.uitnodiging_maand
        (municipality, month, touchpoint, product, known, sent, delivered, answered, told_at)
    values
        ('GM9001', date_trunc('month', now() - interval '3 months'), 2, '', 90, 80, 70, 30, now());
    insert into lees.kanaalwissel
        (municipality, quarter, channel, part, code, n, small_group, told_at)
    select 'GM9001', date_trunc('quarter', now() - interval '4 months'), 'telefonie',
        told.part, told.code, told.n, false, now()
    from (values ('gevraagd', '', 60), ('eerder', '', 24), ('kanaal', 'website', 24))
        as told (part, code, n)
"""
# What a time series may plot: text is the name of a line.
NUMBERS = {"int2", "int4", "int8", "float8", "numeric"}


def boards() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in BOARDS}


def panels(board: Any) -> Iterator[Any]:
    yield from (panel for panel in board["panels"] if "targets" in panel)


def sql(query: str, chosen: dict[str, str]) -> str:
    """As Grafana sends it: with the choices and the time range of the board filled in."""
    until = datetime.now(UTC)
    since = until - timedelta(days=425)
    # Grafana writes times as text, and Postgres reads them as what the column is.
    query = re.sub(
        r"\$__timeFilter\((\w+)\)",
        rf"\1 BETWEEN '{since:%Y-%m-%dT%H:%M:%SZ}' AND '{until:%Y-%m-%dT%H:%M:%SZ}'",
        query,
    )
    query = re.sub(r"\$(\w+)", lambda found: chosen[found[1]], query)
    assert "$" not in query, query
    return query


@pytest.fixture(scope="module")
async def filled(catalogue: Catalogue) -> Database:
    """Made-up responses and invitations in all months, for who only reads them."""
    database = await to_thread.run_sync(emptied)
    await reads(database, "molensloot", ROLE)
    async with database.connected("meetpunt_ingest") as db:
        await fill(db, catalogue, today=today_here())
    await published(database, catalogue)
    async with database.superuser() as db:
        await db.execute(
            """insert into meetpunt.kiosk
                (municipality, touchpoint, public_key, name, enrolled_at)
            values ('GM9001', 1, decode(repeat('04', 65), 'hex'), 'Hal links', now())"""
        )
        await db.execute(TOLD_ONCE)
        # As a running database does by itself: what is planned without figures takes far longer.
        await db.execute("analyze")
    async with database.connected("meetpunt_folder") as folder:
        await watch_kiosks(folder)
    return database


async def chosen_on(db: asyncpg.Connection, board: Any) -> dict[str, str]:
    """The first choice of every variable, from its own query."""
    chosen: dict[str, str] = {}
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            offered = [row[0] for row in await db.fetch(sql(variable["query"], chosen))]
            assert offered, f"{variable['name']} offers nothing to choose"
            # The invited are on the telephone; there every panel has something to plot.
            chosen[variable["name"]] = "telefonie" if "telefonie" in offered else offered[0]
    return chosen


def named_fields(panel: Any) -> set[str]:
    """Every column that a panel's settings speak of."""
    overrides = panel["fieldConfig"]["overrides"]
    fields = {one["matcher"]["options"] for one in overrides}
    fields |= {
        setting["value"]
        for one in overrides
        for setting in one["properties"]
        if setting["id"] == "custom.fillBelowTo"
    }
    return fields | {value for key, value in panel["options"].items() if key == "xField"}


@pytest.mark.parametrize("name", [path.stem for path in BOARDS])
async def test_every_panel_has_rows_with_the_columns_that_it_plots(
    filled: Database, name: str
) -> None:
    board = boards()[name]
    async with reading(filled, ROLE) as db:
        chosen = await chosen_on(db, board)
        for panel in panels(board):
            title = panel["title"]
            (target,) = panel["targets"]
            asked = await db.prepare(sql(target["rawSql"], chosen))
            columns = {one.name: one.type.name for one in asked.get_attributes()}
            rows = await asked.fetch()
            assert named_fields(panel) <= columns.keys(), title
            assert rows or title in MAY_BE_EMPTY, title
            if panel["type"] == "timeseries":
                assert columns["time"] == "timestamp", title
                assert [row["time"] for row in rows] == sorted(row["time"] for row in rows), title
            if panel["type"] in {"timeseries", "barchart"}:
                plotted = {c for c, kind in columns.items() if kind in NUMBERS}
                assert plotted, f"{title} has nothing to plot"
                for column in plotted:
                    assert any(row[column] is not None for row in rows), f"{title}: {column}"


@pytest.mark.parametrize("name", ["afdelingen-en-werk", "eigen-gemeente"])
async def test_an_improvement_marks_every_course_of_time(filled: Database, name: str) -> None:
    board = boards()[name]
    (marks,) = board["annotations"]["list"]
    async with reading(filled, ROLE) as db:
        chosen = {**await chosen_on(db, board), "kanaal": "balie"}
        asked = await db.prepare(sql(marks["target"]["rawSql"], chosen))
        columns = {one.name: one.type.name for one in asked.get_attributes()}
        assert columns == {"time": "timestamp", "text": "text", "tags": "text"}
        # At whatever moment this runs: the one of the example, once, however many figures it has.
        every = re.sub(r"and \$__timeFilter\(datum\)", "", marks["target"]["rawSql"])
        assert len(await db.fetch(sql(every, chosen))) == 1


async def test_a_hidden_figure_is_a_gap_and_never_a_nought(
    filled: Database,
) -> None:
    (panel,) = (p for p in panels(boards()["regio"]) if p["title"].startswith("Alle gemeenten"))
    async with reading(filled, ROLE) as db:
        for channel in ("balie", "telefonie", "online", "melding"):
            query = sql(panel["targets"][0]["rawSql"], {"kanaal": channel})
            assert all(row["value"] is None or row["value"] >= 1 for row in await db.fetch(query))


def test_shipped_dashboards_name_views_without_a_schema() -> None:
    """So that the same file serves every municipality: its reader's search path says whose."""
    views = {path.stem for path in VIEWS.glob("*.sql")}
    for path in BOARDS:
        text = path.read_text("utf-8")
        named = set(re.findall(rf"\b({'|'.join(views)})\b", text))
        assert named, path.name
        assert not re.findall(rf"\b\w+\.({'|'.join(views)})\b", text), path.name
        assert "$schema" not in text


def test_boards_have_ids_of_their_own_and_one_data_source() -> None:
    found = boards()
    assert len({board["uid"] for board in found.values()}) == len(found) == 4
    source = (GRAFANA / "provisioning" / "datasources" / "meetpunt.yaml").read_text("utf-8")
    (uid,) = re.findall(r"^ +uid: (\S+)$", source, re.MULTILINE)
    for board in found.values():
        ids = [panel["id"] for panel in board["panels"]]
        assert len(ids) == len(set(ids))
        assert {panel["datasource"]["uid"] for panel in panels(board)} == {uid}


def test_no_password_is_in_the_files() -> None:
    source = (GRAFANA / "provisioning" / "datasources" / "meetpunt.yaml").read_text("utf-8")
    assert re.findall(r"password: (\S+)", source) == ["$MEETPUNT_READER_PASSWORD"]


def test_panels_do_not_lie_on_each_other() -> None:
    for name, board in boards().items():
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert not cells & taken, f"{name}: {panel['title']}"
            assert max(x for x, _ in cells) < 24
            taken |= cells
