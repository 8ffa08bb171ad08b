"""A view comes out of its file the same for everybody, but for whose rows it reads."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import asyncpg
import pytest

from ingest.database.views import MUNICIPAL, REGIONAL, VIEWS, View, World, views_of
from tests.conftest import Database

MOLENSLOOT = World(
    slug="molen-sloot",
    codes=("GM9001",),
    municipal=("lees_molen_sloot",),
    regional=("lees_regio_aa",),
)
TWO = World(
    slug="samen",
    codes=("GM9001", "GM9002"),
    municipal=("lees_een", "lees_twee"),
    regional=("lees_regio_aa", "lees_regio_bb"),
)


def view(world: World, name: str) -> View:
    return {each.name: each for each in views_of(world)}[name]


def texts() -> Mapping[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted(VIEWS.glob("*.sql"))}


@pytest.mark.parametrize("world", [MOLENSLOOT, TWO], ids=["one", "two"])
def test_there_is_a_view_a_file_and_every_place_in_it_is_filled_in(world: World) -> None:
    made = views_of(world)
    assert [each.name for each in made] == list(texts())
    for each in made:
        # What is left between braces is SQL's own: an empty array or object.
        assert set(re.findall(r"\{[^}]*\}", each.sql)) <= {"{}"}, each.name
        assert "--!" not in each.sql, each.name
        assert f"create view {world.schema}.{each.name} as" in each.sql


def test_a_view_reads_the_partition_of_its_municipality_by_name() -> None:
    assert "from lees_molen_sloot.dim_item as item" in view(MOLENSLOOT, "dim_item").sql
    assert "from lees_regio_aa.gepubliceerd as told" in view(MOLENSLOOT, "benchmark_regio").sql
    assert "municipality = any (array['GM9001']::text[])" in view(MOLENSLOOT, "dim_gemeente").sql


def test_several_municipalities_are_one_table_to_a_view() -> None:
    assert (
        "from (table lees_een.dim_item union all table lees_twee.dim_item) as item"
        in view(TWO, "dim_item").sql
    )
    assert (
        "from (table lees_regio_aa.gepubliceerd union all table lees_regio_bb.gepubliceerd) as told"
        in view(TWO, "benchmark_regio").sql
    )
    assert "any (array['GM9001', 'GM9002']::text[])" in view(TWO, "dim_gemeente").sql


def test_views_that_share_a_part_differ_in_the_words_of_their_files() -> None:
    month, week = (view(MOLENSLOOT, f"indicator_per_{period}").sql for period in ("maand", "week"))
    assert "figures.period as maand" in month
    assert "figures.period as week" in week
    assert "where figure.grain = 'month'" in month
    assert "where figure.grain = 'week'" in week
    assert "response.suspect = '{}'" in view(MOLENSLOOT, "feit_reactie").sql
    assert "response.suspect is distinct from '{}'" in view(MOLENSLOOT, "feit_verdacht").sql


def test_every_part_and_every_partitioned_table_is_of_use_to_some_view() -> None:
    parts = {part.stem: part.read_text("utf-8") for part in (VIEWS / "parts").glob("*.sql")}
    used = " ".join((*texts().values(), *parts.values()))
    for part in parts:
        # A part may be named by a word of the view's file.
        assert f"--! {part} " in used or f'"rows": "{part}"' in used, part
    for table in (*MUNICIPAL, *REGIONAL):
        assert f"{{{table}}}" in used, table


def test_no_view_reads_a_parent_or_anything_of_another_schema() -> None:
    """Who reads the parent may be shown, by a plan or an error, that there are others."""
    for each in views_of(MOLENSLOOT):
        named = set(re.findall(r"(?:from|join) ((?:lees|meetpunt|bi)\w*\.\w+)", each.sql))
        shared = {"lees.dim_gemeente", "lees.dim_kanaal", "lees.dim_datum"}
        for place in named - shared:
            assert place.startswith(("lees_molen_sloot.", "lees_regio_aa.")), (each.name, place)


def test_a_checksum_changes_with_the_text_with_whose_rows_and_with_a_word_of_explanation() -> None:
    one = view(MOLENSLOOT, "stand")
    words = {**one.comments, "meetpunt": "Anders."}
    others = [
        view(TWO, "stand"),
        View(name="stand", sql=one.sql + " ", comments=one.comments),
        View(name="stand", sql=one.sql, comments=words),
    ]
    assert len({one.sha256, *(other.sha256 for other in others)}) == 4
    assert view(MOLENSLOOT, "stand").sha256 == one.sha256


# --- Words ---------------------------------------------------------------------------------------


def told() -> dict[str, dict[str, Any]]:
    return tomllib.loads((VIEWS / "comments.toml").read_text("utf-8"))


async def columns(db: asyncpg.Connection) -> dict[str, set[str]]:
    rows = await db.fetch(
        "select relname, array_agg(attname::text) as columns from pg_attribute"
        " join pg_class on pg_class.oid = attrelid"
        " where relnamespace = 'bi_molensloot'::regnamespace and relkind = 'v' and attnum > 0"
        " group by relname"
    )
    return {row["relname"]: set(row["columns"]) for row in rows}


@pytest.mark.anyio
async def test_every_column_has_words_and_no_words_are_left_over(database: Database) -> None:
    async with database.superuser() as db:
        there = await columns(db)
    words = told()
    shared = words.pop("alle")
    assert words.keys() == there.keys()
    for name, own in words.items():
        like, nearest = dict[str, Any](), own
        while "lijkt_op" in nearest:
            nearest = words[nearest["lijkt_op"]]
            like = {**nearest, **like}
        explained = shared.keys() | like.keys() | own.keys()
        assert there[name] <= explained, name
        left_over = own.keys() - there[name] - {"", "lijkt_op"}
        assert not left_over, f"[{name}] explains {left_over}, which it does not have"
        assert own.get(""), name
        # Said once: what all share, or another view says, is not said again in the same words.
        assert not {c for c, said in own.items() if {**shared, **like}.get(c) == said}, name
    used = set.union(*there.values())
    assert shared.keys() <= used


@pytest.mark.anyio
async def test_the_words_stand_in_the_database_as_they_are_in_the_file(database: Database) -> None:
    async with database.superuser() as db:
        for each in views_of(await world_of_molensloot(db)):
            rows = await db.fetch(
                "select attname, col_description(attrelid, attnum) as words,"
                " obj_description(attrelid, 'pg_class') as about from pg_attribute"
                " where attrelid = $1::text::regclass and attnum > 0",
                f"bi_molensloot.{each.name}",
            )
            assert {row["about"] for row in rows} == {each.comments[""]}
            for row in rows:
                assert row["words"] == each.comments[row["attname"]]


async def world_of_molensloot(db: asyncpg.Connection) -> World:
    regional = await db.fetchval(
        "select nspname from pg_namespace where nspname ~ '^lees_regio_' limit 1"
    )
    return World(
        slug="molensloot", codes=("GM9001",), municipal=("lees_molensloot",), regional=(regional,)
    )
