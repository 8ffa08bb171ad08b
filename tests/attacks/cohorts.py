"""A municipality with its own list that looks every day at how far the contacts of a month came.

It holds who was in contact, on which day and about what, and reads the figures each morning. At
every move it names people: of who was not invited the latest on its list, since they are refused
within the day; of who answered the latest that were sent a message, since people answer soon.

`published` are the views: of the months, and of the links that the municipality makes itself, one a
day beside ours. The controls are the exact counts of each morning (`exact`), and those counts told
from ten up and again when ten more came (`tens`), whose move says that the tenth answered since
yesterday; and the counts of each day as they were (`days`), see `day_counts`.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal
from uuid import uuid4

import asyncpg
import msgspec

from ingest.invitations.outbox_statements import Stage, count_stages
from ingest.invitations.statements import store_invitations
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.batches import ENOUGH
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.responses.statements import NewResponse, store_responses
from ingest.retention.purging import purge
from tests.attacks.day_counts import AS_IT_WAS, LINK_DAYS, DayCount, subtracted
from tests.attacks.linkage import six_o_clock
from tests.conftest import Database, emptied
from tests.example import example_catalogue
from tests.publishing import reads, seen

Sight = Literal["published", "tens", "exact", "days"]
Cell = tuple[date, str]

BEGIN = date(2026, 1, 1)
DAYS = 183
READER = "lezer_maanden"
PRODUCTS = ("paspoort", "rijbewijs", "verhuizing")
REFUSED, ANSWERED = 0.06, 0.3
_EVERYBODY_DONE = 60


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list. `refused` and `answered_on` are what the municipality is after."""

    day: date
    product: str
    refused: str | None
    answered_on: date | None
    digest: bytes
    by_itself: bool = False

    @property
    def cell(self) -> Cell:
        return self.day.replace(day=1), self.product


class Named(msgspec.Struct, kw_only=True):
    """How many people were named, how many rightly, and how many of theirs did it, 0 to 1.

    `by_chance` is how often somebody of the same month and product did, on average: what a figure
    may say, of nobody in particular.
    """

    people: int = 0
    right: int = 0
    by_chance: float = 0.0

    @property
    def share(self) -> float:
        """Of who was named, how many were named rightly, 0 to 1."""
        return self.right / self.people if self.people else 0.0

    @property
    def gain(self) -> float:
        """How much better than whoever draws lots among them, 0 to 1."""
        return self.share - self.by_chance


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What came of half a year of looking. `rows` were seen by the end, and `days` of links."""

    answered: Named
    refused: Named
    rows: int
    days: int


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """The attack on what is published, and on what its controls show, at one speed."""

    per_day: int
    days: int
    published: Found
    exact: Found
    counted: Found
    tens: Found | None = None

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        where, bad = f"how far contacts came, {self.per_day} a day", []
        if self.published.answered.gain >= _LITTLE:
            bad.append(f"{where}: who answered is named {self.published.answered.gain:.1%} better")
        if self.published.refused.share >= _LITTLE:
            bad.append(f"{where}: {self.published.refused.share:.1%} of the refused named rightly")
        if self.published.answered.people < ENOUGH or self.published.refused.people < ENOUGH:
            bad.append(f"{where}: nothing was published")
        if self.published.days < self.days:
            bad.append(f"{where}: not every day's links were published")
        for control in (self.exact, self.counted):
            if control.answered.gain < 2 * _LITTLE or control.refused.share < 2 * _LITTLE:
                bad.append(f"{where}: its control names nobody")
        return bad


_LITTLE = 0.1


def all_looked(*, short: bool) -> Iterator[Looked]:
    """Half a year at two and at five contacts a day; or two months at five."""
    for per_day, days in ((5, 61),) if short else ((2, DAYS), (5, DAYS)):
        yield Looked(
            per_day=per_day,
            days=days,
            published=looked("published", per_day=per_day, days=days),
            exact=looked("exact", per_day=per_day, days=days),
            counted=looked("days", per_day=per_day, days=days),
            tens=looked("tens", per_day=per_day, days=days),
        )


def table(lines: list[Looked]) -> str:
    """As Markdown, a line a speed: above drawing lots, and named rightly."""
    columns = (
        *("how far contacts came: a day", "days", "answered: above lots", "refused: right"),
        *("when tens came: answered", "every morning: answered", "refused"),
        *("links by the day: answered", "refused"),
    )
    head = (f"| {' | '.join(columns)} |", f"|{'---:|' * len(columns)}")
    rows = (
        f"| {line.per_day} | {line.days} | {line.published.answered.gain:.1%} |"
        f" {line.published.refused.share:.1%} | {_gain(line.tens)} | {_gain(line.exact)} |"
        f" {line.exact.refused.share:.1%} | {_gain(line.counted)} |"
        f" {line.counted.refused.share:.1%} |"
        for line in lines
    )
    return "\n".join((*head, *rows))


def _gain(found: Found | None) -> str:
    return f"{found.answered.gain:.1%}" if found else ""


def looked(sight: Sight, *, per_day: int, days: int = DAYS, seed: int = 1) -> Found:
    """The attack on who was in contact over so many days, in an empty database."""
    contacts = _list(random.Random(f"{seed}/{per_day}"), per_day, days)
    itself = _list(random.Random(f"{seed}/itself"), 1, days, by_itself=True)
    everybody = sorted([*contacts, *itself], key=lambda one: one.day)
    return asyncio.run(_simulate(emptied(), example_catalogue(), sight, everybody, days))


def _list(
    chance: random.Random, per_day: int, days: int, *, by_itself: bool = False
) -> list[Contact]:
    contacts = []
    for number in range(days * per_day):
        day = BEGIN + timedelta(days=number // per_day)
        refused = chance.choice(("opted-out", "asked-recently")) if _hits(chance, REFUSED) else None
        refused = None if by_itself else refused
        answers = refused is None and _hits(chance, ANSWERED)
        later = min(int(chance.expovariate(1.0)), 7)
        contacts.append(
            Contact(
                day=day,
                product=chance.choice(PRODUCTS),
                refused=refused,
                answered_on=day + timedelta(days=later) if answers else None,
                digest=chance.randbytes(32),
                by_itself=by_itself,
            )
        )
    return contacts


def _hits(chance: random.Random, share: float) -> bool:
    return chance.random() < share


async def _simulate(
    database: Database, catalogue: Catalogue, sight: Sight, contacts: list[Contact], days: int
) -> Found:
    plan = plan_of(catalogue)
    await reads(database, "molensloot", READER)
    watching = _Watching(sight)
    async with (
        database.connected("meetpunt_work") as work,
        database.connected("meetpunt_ingest") as ingest,
        database.connected("meetpunt_folder") as folder,
    ):
        for number in range(days + _EVERYBODY_DONE):
            today = BEGIN + timedelta(days=number)
            came = [one for one in contacts if one.day == today]
            await _send(work, catalogue, came, counted=sight == "days")
            await _answer(ingest, catalogue, [c for c in contacts if c.answered_on == today])
            known = [one for one in contacts if one.day <= today]
            morning = six_o_clock(today + timedelta(days=1))
            if sight == "days":
                async with database.superuser() as db:
                    await db.execute(AS_IT_WAS, morning.date())
            await purge(folder, {}, now=morning)
            await publish(folder, plan, now=morning, wait=True, due_only=False)
            if sight == "published":
                watching.look(known, _published(await seen(database, READER, _MONTHS)))
                watching.subtract(known, await seen(database, READER, _LINKS), morning.date())
                continue
            async with database.superuser() as db:
                if sight == "days":
                    watching.subtract(known, await db.fetch(_COUNTS), morning.date())
                else:
                    watching.look(known, _exact(await db.fetch(_STAGES)))
    return watching.found(contacts)


_MONTHS = "select * from uitnodiging_per_maand where bekend >= 10"
_LINKS = """
    select datum as day, coalesce(product, '') as product, uitgegeven as issued, verlopen as expired
    from feit_uitnodiging"""
_COUNTS = "select day, product, issued, expired from meetpunt.invitation_count"
_STAGES = "select month, product, stage, n from meetpunt.invitation_stage"


def _published(rows: list[asyncpg.Record]) -> dict[str, dict[Cell, int]]:
    cells = {(row["maand"], row["product"]): row for row in rows}
    return {
        "answered": {cell: row["beantwoord"] or 0 for cell, row in cells.items()},
        # Nobody was sampled out, so whoever was not sent a message was refused.
        "refused": {cell: row["bekend"] - row["verzonden"] for cell, row in cells.items()},
    }


def _exact(rows: list[asyncpg.Record]) -> dict[str, dict[Cell, int]]:
    counted: dict[str, dict[Cell, int]] = {"answered": {}, "refused": {}}
    for row in rows:
        kind = "answered" if row["stage"] == "answered" else "refused"
        if row["stage"] in ("answered", "opted-out", "asked-recently"):
            cell = (row["month"], row["product"])
            counted[kind][cell] = counted[kind].get(cell, 0) + row["n"]
    return counted


class _Watching:
    """Names people whenever a figure moved."""

    def __init__(self, sight: Sight) -> None:
        self._least = ENOUGH if sight == "tens" else 1
        self._most = 1 if sight == "tens" else None
        self._before: dict[tuple[str, Cell], int] = {}
        self._named: dict[str, set[bytes]] = {"answered": set(), "refused": set()}
        self._cells: set[Cell] = set()
        self._days: set[date] = set()
        self._right: dict[str, Callable[[Contact], bool]] = {
            "answered": lambda one: one.answered_on is not None,
            "refused": lambda one: one.refused is not None,
        }

    def look(self, known: list[Contact], figures: Mapping[str, Mapping[Cell, int]]) -> None:
        """The list so far, and the figures as they stand this morning, of what we send."""
        for kind, cells in figures.items():
            for cell, n in cells.items():
                self._cells.add(cell)
                more = n - self._before.get((kind, cell), 0)
                if more < self._least:
                    continue
                self._before[kind, cell] = n
                named = self._named[kind]
                unnamed = [
                    one
                    for one in known
                    if one.cell == cell and not one.by_itself and one.digest not in named
                ]
                named.update(one.digest for one in unnamed[-(self._most or more) :])

    def subtract(self, known: list[Contact], rows: list[asyncpg.Record], today: date) -> None:
        """The list so far, and the counts of each day as they stand this morning."""
        counts = [DayCount(**row) for row in rows]
        self._days |= {count.day for count in counts if count.issued}
        # What was named first is said again: a day that is over does not change.
        for kind, people in subtracted(known, counts, today).items():
            self._named[kind] |= people

    def found(self, contacts: list[Contact]) -> Found:
        """How often it was right."""
        counted = {}
        for kind, named in self._named.items():
            is_right = self._right[kind]
            people = [one for one in contacts if one.digest in named]
            everybody = Counter(map(_alike, contacts))
            right = Counter(_alike(one) for one in contacts if is_right(one))
            chances = [right[_alike(one)] / everybody[_alike(one)] for one in people]
            counted[kind] = Named(
                people=len(people),
                right=sum(map(is_right, people)),
                by_chance=sum(chances) / len(people) if people else 0.0,
            )
        return Found(**counted, rows=len(self._cells), days=len(self._days))


def _alike(one: Contact) -> tuple[Cell, bool]:
    return one.cell, one.by_itself


async def _send(
    work: asyncpg.Connection, catalogue: Catalogue, today: list[Contact], *, counted: bool
) -> None:
    """As taking in and sending do: all is decided, sent and delivered within the day.

    `counted`: ours too count as issued on their day, as they did.
    """
    number = catalogue.touchpoint("molensloot", "telefonie").number
    stages: dict[Stage, int] = {}
    for one in today:
        went = ("known", one.refused) if one.refused else ("known", "sent", "delivered")
        for stage in () if one.by_itself else went:
            key = Stage(
                municipality="GM9001",
                month=one.cell[0],
                touchpoint=number,
                product=one.product,
                stage=stage,
            )
            stages[key] = stages.get(key, 0) + 1
        if one.refused is None:
            await store_invitations(
                work,
                municipality="GM9001",
                touchpoint=number,
                digests=[one.digest],
                dimensions=[f'{{"product": "{one.product}"}}'],
                expires_on=one.day + timedelta(days=LINK_DAYS + 1),
                day=one.day,
                month=None if counted or one.by_itself else one.cell[0],
            )
    if stages:
        await count_stages(work, stages)


async def _answer(ingest: asyncpg.Connection, catalogue: Catalogue, today: list[Contact]) -> None:
    touchpoint = catalogue.touchpoint("molensloot", "telefonie")
    questionnaire = catalogue.questionnaire(touchpoint)
    responses = [
        NewResponse(
            municipality="GM9001",
            id=uuid4(),
            touchpoint=touchpoint.number,
            questionnaire=questionnaire.code,
            version=questionnaire.version,
            structure=questionnaire.structure,
            language="nl",
            day=one.answered_on or one.day,
            hour=None,
            mode="bericht",
            complete=True,
            suspect="",
            is_test=False,
            dimensions="{}",
            content_code=bytes(32),
            answers='{"cijfer": 8}',
            texts="[]",
            invitation=one.digest,
            token_id=None,
            token_expires_on=None,
        )
        for one in today
    ]
    if responses:
        assert await store_responses(ingest, responses) == {}
