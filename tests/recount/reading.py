"""The views as a reader of each municipality sees them, and the rows all is worked out from."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from ingest.municipalities.schemas import bi_schema
from ingest.questionnaires.kinds import KINDS
from tests.read_later import read_later
from tests.recount.filling import READER, World

pd = read_later("pandas")

Frame = Any
"""A DataFrame of pandas."""

Views = dict[str, Frame]
"""By name of the view: its rows of every municipality, each read by the reader of that one."""


@asynccontextmanager
async def _as_reader(world: World, slug: str) -> AsyncIterator[asyncpg.Connection]:
    async with world.database.superuser() as db:
        await db.execute(f"set search_path = {bi_schema(slug)}; set role {READER}")
        yield db


async def views_of(world: World, names: Iterable[str]) -> Views:
    """These views, whole."""
    found: dict[str, list[Frame]] = {name: [] for name in names}
    for slug, municipality in world.catalogue.municipalities.items():
        async with _as_reader(world, slug) as db:
            for name, frames in found.items():
                statement = await db.prepare(f"select * from {name}")
                columns = [each.name for each in statement.get_attributes()]
                rows = [tuple(row) for row in await statement.fetch()]
                read = pd.DataFrame(rows, columns=columns, dtype=object)
                read["lezer"] = municipality.code
                frames.append(read)
    return {name: pd.concat(frames, ignore_index=True) for name, frames in found.items()}


async def names_of_views(world: World) -> list[str]:
    """Every view that a municipality's reader has, but for texts."""
    slug = next(iter(world.catalogue.municipalities))
    async with world.database.superuser() as db:
        rows = await db.fetch(
            "select viewname from pg_views where schemaname = $1 order by 1", bi_schema(slug)
        )
    return [row["viewname"] for row in rows if row["viewname"] != "toelichting"]


async def parts_of_the_day(world: World) -> Frame:
    """Which part of the day a row has: no reader sees that in a row."""
    return await superuser_reads(
        world,
        "select municipality as gemeente_code, id as reactie_id, daypart as dagdeel"
        " from lees.reactie",
    )


async def superuser_reads(world: World, query: str) -> Frame:
    """What stands in the tables, whoever may read it."""
    async with world.database.superuser() as db:
        statement = await db.prepare(query)
        columns = [each.name for each in statement.get_attributes()]
        rows = [tuple(row) for row in await statement.fetch()]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def answers_of(views: Views, dayparts: Frame) -> Frame:
    """A row for each answer that figures count, with all that figures are told apart by.

    `plaats` is the answer as a number from 1, of no, partly and yes as well.
    """
    responses = responses_of(views).merge(dayparts, on=["gemeente_code", "reactie_id"], how="left")
    given = views["feit_antwoord"][
        ["gemeente_code", "reactie_id", "vraag_sleutel", "waarde", "code"]
    ]
    items = views["dim_item"][["vraag_sleutel", "soort", "indicator"]]
    asked = given.merge(items[items.indicator.notna()], on="vraag_sleutel")
    places = {
        (kind.name, value): place
        for kind in KINDS.values()
        for place, value in enumerate(kind.places, start=1)
    }
    value = asked.waarde.where(asked.waarde.notna(), asked.code)
    keys = zip(asked.soort, value, strict=True)
    asked["plaats"] = [places.get(key, 0) for key in keys]
    columns = ["gemeente_code", "reactie_id", "vraag_sleutel", "soort", "indicator", "plaats"]
    counted = asked[asked.plaats > 0][columns]
    return counted.merge(responses, on=["gemeente_code", "reactie_id"])


def responses_of(views: Views) -> Frame:
    """The rows of feit_reactie, with their department and neighbourhood."""
    responses = views["feit_reactie"].copy()
    order = views["dim_afdeling"].sort_values("volgorde")
    departments = {code: list(rows.itertuples()) for code, rows in order.groupby("gemeente_code")}
    known: dict[Any, str] = {}
    for key in set(
        zip(responses.gemeente_code, responses.meetpunt, responses["product"], strict=True)
    ):
        known[key] = department_of(departments[key[0]], key[1], key[2])
    keys = zip(responses.gemeente_code, responses.meetpunt, responses["product"], strict=True)
    responses["afdeling"] = [known[key] for key in keys]
    responses["wijk"] = [json.loads(each).get("wijk") for each in responses.kenmerken]
    for period, letter in (("kwartaal", "Q"), ("jaar", "Y")):
        responses[period] = start_of(responses.maand, letter)
    return responses


def start_of(days: Any, letter: str) -> Any:
    """The first day of the period ("W", "M", "Q" or "Y") that each of these days is in."""
    return pd.to_datetime(days).dt.to_period(letter).dt.start_time.dt.date


def department_of(departments: Iterable[Any], touchpoint: str | None, product: str | None) -> str:
    """The first that fits, of rows of `dim_afdeling` in their order."""
    for each in departments:
        if touchpoint in (each.meetpunten or ()) or product in (each.producten or ()):
            return str(each.afdeling)
    return "overig"
