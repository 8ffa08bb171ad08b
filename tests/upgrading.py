"""A database as a version left it, kept in tests/data: every later version must take it over.

    python -m tests.upgrading v0.1.0

writes the dump of that version anew. It is done once, by who makes the version, and never again:
what lies at a municipality was made by that version, and not by a later one.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import uuid4

import asyncpg

from ingest.audit import Action, Entry, audited
from ingest.clock import believed, today_here
from ingest.database.once import run_once
from ingest.invitations.minting import api_key_digest
from ingest.kiosk.watching import watch_kiosks
from ingest.municipalities.catalogue import Catalogue
from ingest.postgres.programs import find_programs, ordinary_account
from ingest.postgres.server import OWNER, SUPERUSER
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.reporting.region import tell_regions
from ingest.retention.purging import purge
from ingest.service import Options
from ingest.tokens.keys import Keys, load_keys, new_keys
from tests.bench.arriving import arriving, store
from tests.conftest import Database, Served, serving_on
from tests.country import settle
from tests.example import example_catalogue
from tests.ingest.kiosk.tablet import HOUR, Tablet, revoked, since_last_year
from tests.postgres import create_database, drop_database, programs_of, running_postgres

DATA = Path(__file__).resolve().parent / "data"

# The oldest Postgres that we support: what it dumps, newer ones read.
_VERSION = 15
_DAYS, _A_DAY, _API_KEY = 64, 30, "mp_zaaksysteem"
# The password of a moment that pg_dump hands to psql, and rights on what is the server's own, which
# docs/backup.md leaves out of a restore as well.
_NOISE = re.compile(r"^(\\(un)?restrict .*|(GRANT|REVOKE) .* pg_catalog\..*;)\n", re.MULTILINE)
_ROLE = re.compile(r"\bTO (meetpunt_\w+)")

# Tables that hold nothing while nothing is going on, and why.
EMPTY = {
    "meetpunt_migrating": "whose turn it is to change tables: nobody's",
}


def dumps() -> list[Path]:
    """The dumps that there are, the oldest version first."""
    return sorted(DATA.glob("v*.sql"))


def restore(database: Database, dump: Path, version: int) -> None:
    """Into a new database, with the roles that it names made first; as a superuser."""
    asyncio.run(_with_roles(database, sorted(set(_ROLE.findall(dump.read_text("utf-8"))))))
    program = find_programs(programs_of(version), None).folder / "psql"
    url = database.url(SUPERUSER)
    done = subprocess.run(
        (program, "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", dump, "-d", url),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"psql failed: {done.stderr}")


async def _with_roles(database: Database, roles: Sequence[str]) -> None:
    await create_database(database.server, database.name)
    async with database.connected(OWNER) as owner:
        there = {row["name"] for row in await owner.fetch("select rolname as name from pg_roles")}
        for role in roles:
            if role not in there:
                await owner.execute(f"create role {role} nologin")
            # Who reads texts reads the rest: memberships are no part of a database either.
            if role.endswith("_texts"):
                await owner.execute(f"grant {role.removesuffix('_texts')} to {role}")


async def counted(db: asyncpg.Connection) -> dict[str, int]:
    """How many rows each table has; of one that is in parts, all parts together."""
    names = await db.fetch(
        """select c.oid::regclass::text as name
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where (n.nspname in ('meetpunt', 'lees') or c.relname like 'meetpunt%')
            and c.relkind in ('r', 'p') and not c.relispartition
        order by 1"""
    )
    return {row["name"]: await db.fetchval(f"select count(*) from {row['name']}") for row in names}


async def fill(database: Database, catalogue: Catalogue, keys: Keys, today: date) -> None:
    """Two months of four municipalities, and whatever else a database can hold."""
    chance = Random(today.toordinal())
    async with database.connected(OWNER) as owner:
        await settle(owner, catalogue, today - timedelta(days=2400))
    async with database.superuser() as db:
        await run_once(db)
    async with serving_on(database, database.ingest, catalogue, keys, Options()) as served:
        await _asked(database, served, keys)
        await _kiosks(database, served)
    days = [today - timedelta(days=ago) for ago in (*range(2200, 2197, -1), *range(_DAYS, 0, -3))]
    async with database.connected("meetpunt_ingest") as db:
        for day in days:
            for municipality in catalogue.municipalities.values():
                await store(db, list(arriving(catalogue, municipality, day, _A_DAY, chance)))
    now = datetime(today.year, today.month, today.day, 8, tzinfo=UTC)
    async with database.connected("meetpunt_folder") as folder:
        for moment in (now - timedelta(days=30), now):
            await publish(folder, plan_of(catalogue), now=moment, wait=True, due_only=False)
        await tell_regions(folder, now=now, wait=True)
        await watch_kiosks(folder)
        await purge(folder, {}, now=await believed(folder, now, is_right=True))


async def _asked(database: Database, served: Served, keys: Keys) -> None:
    """What a case system asks for, what residents send, and what of it is on the way."""
    deed = Entry(action=Action.NEW_API_KEY, object="molensloot/zaaksysteem")
    async with database.connected(OWNER) as owner, audited(owner, deed):
        await owner.execute(
            "insert into meetpunt.api_key (municipality, digest, name, created_on)"
            " values ($1, $2, 'zaaksysteem', '2026-11-01')",
            served.service.catalogue.municipality("molensloot").code,
            api_key_digest(keys.accounts, _API_KEY),
        )
    asked = await served.client.post(
        "/api/v1/invitations",
        json={
            "touchpoint": "molensloot/telefonie",
            "invitations": [{"dimensions": {}} for _ in range(15)],
        },
        headers={"authorization": f"Bearer {_API_KEY}", "idempotency-key": str(uuid4())},
    )
    asked.raise_for_status()
    links = [each["link"] for each in asked.json()["invitations"]]
    for link in links[:12]:
        token = link.rpartition("/")[2]
        (await served.post(served.body(token, "molensloot/telefonie"))).raise_for_status()
    (await served.post(served.body(served.token()))).raise_for_status()


async def _kiosks(database: Database, served: Served) -> None:
    """One that hangs there, one that was revoked, one that waits for its code; what they sent."""
    await Tablet(served).pair()
    working, gone = await Tablet(served).enrolled(), await Tablet(served).enrolled("Hal rechts")
    await since_last_year(database)
    for tablet in (working, gone):
        await tablet.sync()
        tablet.monotonic = 200 * HOUR
    await working.sync([*working.items(3), working.signed("geen antwoord")])
    await revoked(database, gone)
    await gone.sync(gone.items(2))


def made(today: date) -> str:
    """The dump, and on the way whether it holds something of everything."""
    server = running_postgres(_VERSION)
    database = Database(server, f"made_{uuid4().hex}")
    with tempfile.TemporaryDirectory() as folder:
        keys_file = Path(folder) / "keys.json"
        new_keys(keys_file, now=datetime(2026, 1, 1, tzinfo=UTC))
        asyncio.run(create_database(server, database.name))
        try:
            asyncio.run(_filled(database, load_keys(keys_file), today))
            program = find_programs(programs_of(_VERSION), ordinary_account(server.data))
            dumped = subprocess.run(
                (program.folder / "pg_dump", f"--dbname={database.url(SUPERUSER)}"),
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        finally:
            asyncio.run(drop_database(server, database.name))
    return _NOISE.sub("", dumped)


async def _filled(database: Database, keys: Keys, today: date) -> None:
    await fill(database, example_catalogue(), keys, today)
    async with database.superuser() as db:
        empty = [name for name, rows in (await counted(db)).items() if not rows]
    if lacking := set(empty) - EMPTY.keys():
        raise RuntimeError(f"nothing in {sorted(lacking)}")


if __name__ == "__main__":
    (DATA / f"{sys.argv[1]}.sql").write_text(made(today_here()), "utf-8")
