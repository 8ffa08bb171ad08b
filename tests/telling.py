"""Who is told of signals, for tests: a municipality that tells somebody, and signals to tell of."""

import base64
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from ingest.followup.pushing.work import PushingPace, Telling
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.pushing import Digest, Pushing, Webhook
from ingest.municipalities.signals import Signals
from ingest.senders.file import WrittenMessage
from tests.conftest import Database

SLUG, CODE = "molensloot", "GM9001"
FOLLOW_UP = "https://www.molensloot.example/opvolging"
REST = "kcc@molensloot.example"
QUICK = PushingPace(lease=60.0, again=0.0)
"""What came to nothing is due at once."""


def a_secret() -> str:
    """One as whoever runs the service makes it."""
    return f"whsec_{base64.b64encode(os.urandom(32)).decode()}"


def written(path: Path, secret: str) -> str:
    """The path of a file with it, that only we can read."""
    path.write_text(f"{secret}\n", "ascii")
    path.chmod(0o600)
    return str(path)


def telling_whom(
    catalogue: Catalogue, push: Pushing, *, at_once: bool = True, slug: str = SLUG
) -> Catalogue:
    """The same municipalities; Molensloot, or this one, tells whom this says."""
    chosen = msgspec.structs.replace(
        catalogue.municipality(slug), signals=Signals(push=push, at_once=at_once)
    )
    others = [each for each in catalogue.municipalities.values() if each.slug != slug]
    return Catalogue([chosen, *others], catalogue.questionnaires, catalogue.extensions)


def by_webhook(url: str, key_file: str, **more: Any) -> Pushing:
    """Told there alone."""
    webhook = Webhook(url=url, key_file=key_file, private_network=True, **more)
    return Pushing(follow_up_url=FOLLOW_UP, webhook=webhook)


def by_mail(to: str = REST) -> Pushing:
    """Told by mail alone, which becomes files."""
    return Pushing(follow_up_url=FOLLOW_UP, mail=Digest(sender="proef", to=to))


async def signals(
    database: Database,
    touchpoints: Sequence[int],
    *,
    reason: str = "laag",
    shown: str = "now() - interval '1 minute'",
    day: str = "(now() at time zone 'Europe/Amsterdam')::date",
    half: str = "ochtend",
    code: str = CODE,
) -> list[UUID]:
    """One at each of these touchpoints. `shown` and `day` are SQL."""
    async with database.superuser() as db:
        rows = await db.fetch(
            "insert into meetpunt.signal"
            " (municipality, touchpoint, reason, theme, day, half, shown_from)"
            " select $1, number, $3, case when $3 = 'thema' then 'wachttijd' end,"
            f" {day}, $4, {shown}"
            " from unnest($2::integer[]) as number returning id",
            code,
            touchpoints,
            reason,
            half,
        )
    return [row["id"] for row in rows]


async def tell(
    database: Database, catalogue: Catalogue, folder: Path, pace: PushingPace = QUICK
) -> None:
    """One run of the task, by a process that was just started."""
    async with database.connected("meetpunt_work") as db:
        await Telling(catalogue, folder=folder, pace=pace).tell(db)


def mails(folder: Path) -> list[WrittenMessage]:
    """Every mail of Molensloot that became a file, by whom it went to."""
    found = [
        msgspec.json.decode(path.read_bytes(), type=WrittenMessage)
        for path in (folder / SLUG).glob("*.json")
    ]
    return sorted(found, key=lambda each: each.to)


async def tallied(database: Database) -> dict[tuple[str, str], int]:
    """How many deliveries ended how, by way."""
    async with database.superuser() as db:
        rows: list[asyncpg.Record] = await db.fetch(
            "select way, outcome, sum(n)::integer as n from meetpunt.signal_tally group by 1, 2"
        )
    return {(row["way"], row["outcome"]): row["n"] for row in rows}


async def waiting(database: Database) -> list[dict[str, Any]]:
    """What is to be told yet."""
    async with database.superuser() as db:
        rows = await db.fetch(
            "select way, department, state, attempts, reason, due - now() as due,"
            " until - made as tried_for from meetpunt.signal_delivery order by way, department"
        )
    return [dict(row) for row in rows]
