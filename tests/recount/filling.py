"""Store and publish what was drawn, by the product's own code, into a database of its own."""

import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec

from ingest.database.mirror import mirror_files
from ingest.database.readers import grant_reader
from ingest.invitations.outbox_statements import Stage, count_stages
from ingest.invitations.statements import store_invitations
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality
from ingest.operational.figures import Figure
from ingest.operational.storing import put_figures
from ingest.postgres.server import OWNER
from ingest.reporting.base_years import BaseYear, store_base_years
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.reporting.region import tell_regions
from ingest.responses.statements import NewResponse, store_responses
from tests.conftest import Database
from tests.country import settle
from tests.postgres import create_database, drop_database, running_postgres
from tests.recount.signals import Signal, drawn_signals, store_signals
from tests.recount.world import Drawn, catalogues, drawn

READER = "lezer_nagerekend"
EARLIER_SYSTEM = "Eerder systeem"
_BATCH = 256
_STAGES = (
    *("known", "sampled-out", "not-this", "withdrawn", "asked-recently", "opted-out"),
    *("sent", "delivered", "failed", "unknown", "expired"),
)
Cohort = tuple[str, date, int, str]
"""Municipality, month, touchpoint and product of contacts."""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """A filled database, and what was put into it."""

    database: Database
    catalogue: Catalogue
    stored: dict[UUID, NewResponse]
    figures: dict[str, list[Figure]]
    base_years: dict[str, BaseYear]
    contacts: dict[Cohort, Counter[str]]
    signals: dict[str, list[Signal]]
    now: datetime


@asynccontextmanager
async def filled(responses: int, seed: int) -> AsyncIterator[World]:
    """Two years up to yesterday of about so many responses, and what other systems count."""
    now = datetime.now(UTC)
    today = now.date()
    first = today.replace(year=today.year - 2, day=1)
    middle = today.replace(year=today.year - 1, day=1)
    chance = random.Random(seed)
    earlier, later = catalogues(today)
    server = running_postgres()
    database = Database(server, f"recount_{uuid4().hex}")
    await create_database(server, database.name)
    try:
        async with database.connected(OWNER) as owner:
            await settle(owner, earlier, first)
        day_before = middle - timedelta(days=1)
        every = list(drawn(earlier, first, day_before, responses // 2, chance))
        async with database.connected(OWNER) as owner:
            await mirror_files(owner, later, middle)
        yesterday = today - timedelta(days=1)
        every += drawn(later, middle, yesterday, responses // 2, chance)
        world = World(
            database=database,
            catalogue=later,
            stored={each.response.id: each.response for each in every},
            figures={
                each.code: list(_figures(each, first, yesterday, chance))
                for each in later.municipalities.values()
            },
            base_years={
                each.code: _base_year(number)
                for number, each in enumerate(later.municipalities.values())
                if number % 3 == 0
            },
            contacts=_contacts(every, chance),
            signals={
                each.code: list(drawn_signals(each, first, yesterday, chance))
                for each in later.municipalities.values()
            },
            now=now,
        )
        await _store(world, every)
        await _publish(world)
        yield world
    finally:
        await drop_database(server, database.name)


def _contacts(every: Sequence[Drawn], chance: random.Random) -> dict[Cohort, Counter[str]]:
    """How far contacts came, of which those who answered are a part."""
    contacts: dict[Cohort, Counter[str]] = defaultdict(Counter)
    for each in every:
        if each.sent_by_us:
            details = msgspec.json.decode(each.response.dimensions, type=dict[str, str])
            response = each.response
            place = response.municipality, each.sent_by_us, response.touchpoint
            contacts[*place, details.get("product", "")]["answered"] += 1
    for told in contacts.values():
        sent = told["answered"] + chance.randrange(3 * told["answered"] + 2)
        left_out = {stage: chance.randrange(12) for stage in _STAGES[1:6]}
        told.update(left_out)
        failed = chance.randrange(1 + sent - told["answered"])
        told.update(sent=sent, failed=failed, unknown=chance.randrange(3), expired=1)
        # A provider that does not tell what was delivered, in some months.
        told["delivered"] = sent - failed if chance.random() < 0.9 else 0
        told["known"] = sent + 1 + sum(left_out.values())
    return dict(contacts)


def _figures(
    municipality: Municipality, first: date, last: date, chance: random.Random
) -> Iterator[Figure]:
    """Of each month; by department and product too; by the day in the last months."""
    channels = {each.channel for each in municipality.touchpoints}
    month = first
    while month <= last:
        for channel, department, product, measure in (
            ("telefonie", "", "", "wachttijd"),
            ("telefonie", "publiekszaken", "", "wachttijd"),
            ("telefonie", "", "paspoort", "wachttijd"),
            ("telefonie", "publiekszaken", "rijbewijs", "wachttijd"),
            ("balie", "", "", "binnen_norm"),
            ("melding", "", "", "werkvoorraad"),
            ("telefonie", "", "", "herhaalcontact"),
        ):
            if channel in channels and chance.random() < 0.97:
                in_days = measure in ("werkvoorraad", "herhaalcontact") and chance.random() < 0.8
                days = sorted(chance.sample(range(1, 29), 5)) if in_days else []
                whole = not days or chance.random() < 0.2
                periods = [("month", month)] if whole else []
                periods += [("day", month.replace(day=day)) for day in days]
                for grain, period in periods:
                    if period > last:
                        continue
                    yield Figure(
                        grain="month" if grain == "month" else "day",
                        period=period,
                        channel=channel,
                        department=department,
                        product=product,
                        measure=measure,
                        **_measured(measure, chance),
                    )
        month = (month + timedelta(days=31)).replace(day=1)


def _measured(measure: str, chance: random.Random) -> dict[str, Any]:
    if measure == "werkvoorraad":
        return {"value": float(chance.randrange(500)), "n": None}
    value = round(chance.random(), 3) * (5 if measure == "wachttijd" else 1)
    return {"value": value, "n": chance.randint(1, 900)}


def _base_year(number: int) -> BaseYear:
    return BaseYear(
        channel="telefonie",
        indicator="tevredenheid",
        year=2024,
        n=60 + 40 * number,
        mean=Decimal("7.1"),
        share_lt_6=Decimal("0.215"),
        share_le_6=Decimal("0.38") if number % 2 else None,
    )


async def _store(world: World, every: Sequence[Drawn]) -> None:
    database = world.database
    async with database.connected("meetpunt_work") as work:
        await _invite(work, every)
        await count_stages(
            work,
            {
                Stage(
                    municipality=code, month=month, touchpoint=number, product=product, stage=stage
                ): n
                for (code, month, number, product), told in world.contacts.items()
                for stage, n in told.items()
                if n and stage != "answered"
            },
        )
    async with database.connected("meetpunt_ingest") as db:
        responses = [each.response for each in every]
        for start in range(0, len(responses), _BATCH):
            assert await store_responses(db, responses[start : start + _BATCH]) == {}
    async with database.connected("meetpunt_folder") as folder:
        for code, figures in world.figures.items():
            await put_figures(folder, code, figures, now=world.now)
        for code, base in world.base_years.items():
            await store_base_years(
                folder, code, [base], source=EARLIER_SYSTEM, today=world.now.date()
            )
    async with database.superuser() as db:
        await store_signals(db, [each for told in world.signals.values() for each in told])


async def _invite(work: asyncpg.Connection, every: Sequence[Drawn]) -> None:
    """A link for each who answers by one, made in the month before they do or in the same; and of
    those that the municipality sends itself as many again that nobody uses."""
    groups: dict[tuple[str, int, date, bool], list[NewResponse]] = defaultdict(list)
    for each in every:
        if each.response.invitation:
            month = each.response.day.replace(day=1)
            key = each.response.municipality, each.response.touchpoint, month
            groups[*key, each.sent_by_us is not None].append(each.response)
    for (code, number, month, sent_by_us), responses in groups.items():
        unused = [] if sent_by_us else [uuid4().bytes * 2 for _ in responses]
        digests = [each.invitation or b"" for each in responses] + unused
        dimensions = [each.dimensions for each in responses]
        await store_invitations(
            work,
            municipality=code,
            touchpoint=number,
            digests=digests,
            dimensions=dimensions + dimensions[: len(unused)],
            expires_on=date(2100, 1, 1),
            day=month,
            month=month if sent_by_us else None,
        )


async def _publish(world: World) -> None:
    database = world.database
    async with database.connected("meetpunt_folder") as folder:
        plan = plan_of(world.catalogue)
        await publish(folder, plan, now=world.now, wait=True, due_only=False)
        await tell_regions(folder, now=world.now, wait=True)
    async with database.connected(OWNER) as owner:
        for slug in world.catalogue.municipalities:
            await grant_reader(owner, slug, READER, uuid4().hex, free_text=False)
