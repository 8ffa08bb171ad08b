"""Who looks every morning at all that is told beside the rows, and takes one look from the other.

Themes, follow-up, what was improved and the report of a department: each is a figure of residents,
and the difference of two is one of those who came in between. Somebody who was there knows who
these are; so a difference of fewer than ten tells more than one in ten of what one of them said.
What was told once may not change at all.

The control is the same figures as the tables have them each morning.
"""

import asyncio
import json
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

import asyncpg
import msgspec

from ingest.database.mirror import mirror_files
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Improvement
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.reports.reading import read_department
from ingest.responses.statements import NewResponse, store_responses
from tests.attacks.linkage import six_o_clock
from tests.conftest import Database, of_its_own
from tests.example import example_catalogue
from tests.ingest.reporting.responses import one_response
from tests.publishing import reading, reads

Sight = Literal["published", "exact"]
Cell = tuple[str, ...]
Counts = dict[Cell, int]

BEGIN = date(2026, 1, 5)
DAYS = 120
READER = "lezer_van_alles"
_SLUG, _CODE, _DEPARTMENT = "molensloot", "GM9001", "publiekszaken"
_ENOUGH = 10
_PRODUCTS = ("paspoort", "rijbewijs", "verhuizing")


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """How often a figure of each sort moved, and of how few residents at the least."""

    figures: str
    moves: int
    fewest: int
    exact_moves: int
    exact_fewest: int

    @property
    def chance(self) -> float:
        """Of a guess at somebody who came in between, 0 to 1."""
        return 1 / self.fewest if self.moves else 0.0

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        bad = []
        if not self.moves:
            bad.append(f"{self.figures}: nothing was told, so nothing was tried")
        elif self.fewest < _ENOUGH:
            bad.append(f"{self.figures}: a figure moved by {self.fewest}")
        if self.exact_fewest >= _ENOUGH:
            bad.append(f"{self.figures}: its control moves by {self.exact_fewest} at the least")
        return bad


async def beside(
    database: Database, catalogue: Catalogue, sight: Sight, *, days: int, seed: int = 1
) -> Mapping[str, list[int]]:
    """By how many residents each figure moved from one morning to the next; from nothing as well.

    `database` is empty, and not for others. What was told once and changed, moved by one.
    """
    chance, files = random.Random(seed), _improved(catalogue)
    plan = plan_of(files)
    async with database.connected("meetpunt_owner") as owner:
        await mirror_files(owner, files, BEGIN)
    await reads(database, _SLUG, READER, free_text=True)
    moves: dict[str, list[int]] = {}
    before: Counts = {}
    async with (
        database.connected("meetpunt_ingest") as ingest,
        database.connected("meetpunt_folder") as folder,
        database.superuser() as superuser,
        reading(database, READER) as reader,
    ):
        for number in range(days):
            day = BEGIN + timedelta(days=number)
            await store_responses(ingest, list(_come(chance, catalogue, day)))
            await _follow_up(superuser, chance, day)
            morning = six_o_clock(day + timedelta(days=1))
            await publish(folder, plan, now=morning, wait=True, due_only=False)
            if sight == "exact":
                now = dict(await _exact(superuser))
            else:
                now = {**await _shown(reader), **await _report(reader, day)}
            for cell, n in now.items():
                if more := n - before.get(cell, 0):
                    told_once = cell[1] == "once" and cell in before and sight == "published"
                    moves.setdefault(cell[0], []).append(1 if told_once else abs(more))
            before |= now
    return moves


def _improved(catalogue: Catalogue) -> Catalogue:
    """The same files; something was improved on several days within reach."""
    own = msgspec.structs.replace(
        catalogue.municipality(_SLUG),
        improvements=tuple(
            Improvement(
                date=BEGIN + timedelta(days=days), channel="balie", text={"nl": "Er is nu koffie."}
            )
            for days in (3, 24, 45)
        ),
    )
    others = [each for each in catalogue.municipalities.values() if each.slug != _SLUG]
    files = catalogue.questionnaires, catalogue.extensions
    return Catalogue([own, *others], *files, themes=catalogue.themes)


def _come(chance: random.Random, catalogue: Catalogue, day: date) -> Iterator[NewResponse]:
    """Some a day at the desk: half of them write, about what they write about more or less."""
    finder = catalogue.themes.finder(_SLUG)
    for number in range(chance.randint(0, 14)):
        codes = [each.code for each in finder.themes[:3] if chance.random() < 0.4]
        text = {
            "item": "toelichting",
            "text": f"Tekst {number} van {day}",
            "masked": [],
            "themes": codes,
            "theme_version": finder.version,
        }
        response = one_response(
            catalogue,
            {"cijfer": chance.choice((2, 4, 8, 8, 9))},
            day=day,
            details={"product": chance.choice(_PRODUCTS)},
        )
        texts = json.dumps([text] if chance.random() < 0.5 else [])
        yield msgspec.structs.replace(response, texts=texts)


async def _follow_up(superuser: asyncpg.Connection, chance: random.Random, day: date) -> None:
    """A signal or two of that day, and each day something is done about one or two that lie."""
    shown = datetime.combine(day, time(16, 30), UTC)
    await superuser.execute(
        "insert into meetpunt.signal (municipality, touchpoint, reason, day, half, shown_from)"
        " select $1, 1, 'laag', $2, 'middag', $3 from generate_series(1, $4)",
        *(_CODE, day, shown, chance.randrange(3)),
    )
    for before, after in (("nieuw", "gezien"), ("gezien", "afgehandeld")):
        await superuser.execute(
            """update meetpunt.signal
            set state = $3, seen_on = coalesce(seen_on, $1), seen_after = coalesce(seen_after, 2),
                outcome = case when $3 = 'afgehandeld' then 'verbeterd' end,
                ended_on = case when $3 = 'afgehandeld' then $1 end
            where id in (
                select id from meetpunt.signal where state = $2 and day <= $1 order by day limit $4
            )""",
            *(day, before, after, chance.randrange(3)),
        )


async def _shown(reader: asyncpg.Connection) -> Counts:
    """Of each row of the views how many residents it is of, and all that it says of them."""
    found: Counts = {}
    for period in ("maand", "kwartaal", "jaar"):
        # A month never changes; a quarter and a year are months that are added up.
        once = "once" if period == "maand" else "grows"
        for row in await reader.fetch(f"select * from thema_per_{period}"):
            of = (str(row[period]), row["uitsplitsing"], row["waarde"], row["thema"])
            for column in ("n", "laag_n"):
                if row[column] is not None:
                    found["themes", once, period, *of, column] = row[column]
    for period in ("maand", "kwartaal"):
        for row in await reader.fetch(f"select * from opvolging_per_{period}"):
            place = (str(row[period]), row["kanaal"], row["afdeling"] or "")
            for column in ("signalen", "gezien", "te_beoordelen", "afgehandeld"):
                if row[column] is not None:
                    found["follow-up", "once", period, *place, column] = row[column]
    improved = "select * from verbeteringen where indicator = 'tevredenheid'"
    for row in await reader.fetch(improved):
        for column in ("voor_n", "na_n"):
            judged = (str(row["verbetering"]), row["kanaal"], row["soort"], column)
            found["improvements", "grows", *judged] = row[column]
    return found


async def _report(reader: asyncpg.Connection, day: date) -> Counts:
    """The page of a department, of the month that goes on."""
    month = day.replace(day=1)
    report = await read_department(reader, _DEPARTMENT, month, today=day)
    found: Counts = {}
    for series in report.series:
        found["reports", "grows", str(month), series.channel, series.kind] = series.last.n
    return found


async def _exact(superuser: asyncpg.Connection) -> Iterator[tuple[Cell, int]]:
    """The control: the same, of what is stored by that morning."""
    rows: list[Any] = await superuser.fetch(
        """
        select 'follow-up', date_trunc('month', day)::text, state, count(*)::integer as n
        from meetpunt.signal group by 1, 2, 3
        union all
        select 'themes', date_trunc('month', t.month)::text, theme, sum(t.hits)::integer
        from meetpunt.theme_tally as t where theme <> '' group by 1, 2, 3
        union all
        select 'improvements', date_trunc('week', day)::text, '', count(*)::integer
        from meetpunt.response group by 1, 2
        union all
        select 'reports', date_trunc('month', day)::text, '', count(*)::integer
        from meetpunt.response group by 1, 2
        """
    )
    return iter([((sort, "grows", *map(str, of)), n) for sort, *of, n in rows])


def all_beside(*, short: bool) -> Iterator[Beside]:
    """Two months, or four: a line for each sort of figure."""
    days = 63 if short else DAYS
    catalogue = example_catalogue()
    found: dict[Sight, Mapping[str, list[int]]] = {}
    sights: tuple[Sight, ...] = ("published", "exact")
    for sight in sights:
        with of_its_own() as database:
            found[sight] = asyncio.run(beside(database, catalogue, sight, days=days))
    yield from lines(found["published"], found["exact"])


def lines(shown: Mapping[str, list[int]], exact: Mapping[str, list[int]]) -> Iterator[Beside]:
    """What was seen beside its control."""
    for sort in ("themes", "follow-up", "improvements", "reports"):
        yield Beside(
            figures=sort,
            moves=len(shown.get(sort, ())),
            fewest=min(shown.get(sort, ()), default=0),
            exact_moves=len(exact.get(sort, ())),
            exact_fewest=min(exact.get(sort, ()), default=_ENOUGH),
        )


def table(found: list[Beside]) -> str:
    """As Markdown."""
    head = (
        "| figures of | moved | by at least | chance | as stored: moved | by at least |",
        "|---|---:|---:|---:|---:|---:|",
    )
    rows = (
        f"| {line.figures} | {line.moves} | {line.fewest} | {line.chance:.1%} |"
        f" {line.exact_moves} | {line.exact_fewest} |"
        for line in found
    )
    return "\n".join((*head, *rows))
