"""The database of a Monday: a year of every municipality, and what the hour needs beside it."""

import asyncio
import itertools
import json
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import asyncpg
import msgspec

from ingest.clock import today_here
from ingest.files.resources import questionnaires_directory
from ingest.invitations.minting import api_key_digest
from ingest.invitations.statements import store_invitations
from ingest.municipalities.catalogue import Catalogue, load_catalogue
from ingest.postgres.server import OWNER, SUPERUSER
from ingest.tokens.keys import load_keys
from ingest.tokens.response_tokens import digest
from tests.bench import generator
from tests.bench.growth import sizes_of
from tests.bench.invitations import DUE_AT_ONCE
from tests.bench.measuring import cpu_us, family
from tests.bench.monday.municipalities import Place, write_files
from tests.bench.monday.requests import Invited, api_key
from tests.bench.monday.tablets import KioskAt, hang
from tests.bench.surroundings import Bench
from tests.country import NETHERLANDS, settle
from tests.postgres import create_database

DATABASE = "monday"

_ALL_OF_THEM = 1_000_000


class Country(msgspec.Struct, frozen=True, kw_only=True):
    """What was made: the files, a year in the tables, and kiosks that hang there.

    `made_seconds` and `made_mb` are what municipalities take before there is any response: tables
    and views of their readers. `publishing_cpu_us` is what it took to publish one response.
    """

    folder: Path
    catalogue: Catalogue
    places: list[Place]
    kiosks: list[KioskAt]
    made_seconds: float
    made_mb: float
    responses: int
    bytes_per_response: dict[str, float]
    publishing_cpu_us: float


async def make(bench: Bench, rows: int, say: Callable[[str], None]) -> Country:
    """About `rows` responses over a year, of each municipality in proportion to its inhabitants.

    With fewer than a million, as in a quick try, there is a tenth of the municipalities: to make
    what the readers of each reach takes longer than all the rest.
    """
    folder = bench.folder / "municipalities"
    places = write_files(folder, NETHERLANDS if rows >= _ALL_OF_THEM else NETHERLANDS // 10)
    catalogue = load_catalogue(folder, questionnaires_directory())
    await create_database(bench.server, DATABASE)
    began = time.monotonic()
    owner = await asyncpg.connect(bench.server.url(OWNER, DATABASE))
    try:
        await settle(owner, catalogue, today_here() - timedelta(days=366))
    finally:
        await owner.close()
    made = time.monotonic() - began
    say(f"  {len(places)} municipalities and what their readers reach: {made:.0f} s")
    db = await asyncpg.connect(bench.server.url(SUPERUSER, DATABASE))
    folder_ = await asyncpg.connect(bench.server.url("meetpunt_folder", DATABASE))
    try:
        empty = await db.fetchval("select pg_database_size(current_database())")
        await generator.fill(db, rows, say, {each.code: each.inhabitants for each in places})
        before = _cpu_us(bench)
        await generator.publish_all(folder_, catalogue, say)
        publishing = _cpu_us(bench) - before
        await generator.tidy(db)
        await db.execute(DUE_AT_ONCE)
        await _give_keys(db, bench, places)
        kiosks = await hang(db, catalogue, places)
        responses = await db.fetchval("select count(*) from meetpunt.response")
        return Country(
            folder=folder,
            catalogue=catalogue,
            places=places,
            kiosks=kiosks,
            made_seconds=made,
            made_mb=empty / 1e6,
            responses=responses,
            bytes_per_response=await sizes_of(db),
            publishing_cpu_us=publishing / responses,
        )
    finally:
        await folder_.close()
        await db.close()


def _cpu_us(bench: Bench) -> float:
    """Of Postgres and of this process, which publishes."""
    return cpu_us(family(bench.postgres)) + time.process_time() * 1_000_000


async def _give_keys(db: asyncpg.Connection, bench: Bench, places: Sequence[Place]) -> None:
    accounts = load_keys(bench.keys_file).accounts
    await db.executemany(
        "insert into meetpunt.api_key (municipality, digest, name, created_on)"
        " values ($1, $2, 'bench', current_date)",
        [(each.code, api_key_digest(accounts, api_key(each.slug))) for each in places],
    )


async def invite(bench: Bench, invited: list[Invited]) -> None:
    """The links that are opened and answered were sent before. Empties the list."""
    today = today_here()
    invited.sort(key=lambda each: (each.municipality, each.touchpoint))
    db = await asyncpg.connect(bench.server.url("meetpunt_ingest", DATABASE))
    try:
        for (municipality, touchpoint), group in itertools.groupby(
            invited, lambda each: (each.municipality, each.touchpoint)
        ):
            digests = [digest(each.id) for each in group]
            await store_invitations(
                db,
                municipality=municipality,
                touchpoint=touchpoint,
                digests=digests,
                dimensions=[json.dumps({})] * len(digests),
                expires_on=today + timedelta(days=14),
                day=today,
            )
    finally:
        await db.close()
    invited.clear()


def count(bench: Bench, question: str) -> int:
    """One number of the database, from where there is no event loop."""

    async def ask() -> int:
        db = await asyncpg.connect(bench.server.url(SUPERUSER, DATABASE))
        try:
            number: int = await db.fetchval(question)
        finally:
            await db.close()
        return number

    return asyncio.run(ask())
