"""A municipality that wants to know who answered what, with all it has and all the time it wants.

It holds its own sending list, or the log of its own form: who was asked about what, and when. It
is its own reader, looks as often as it likes, keeps every look, and joins what is new with its
list. To make it as hard for us as can be, everybody on the list answers, and the list says when
they did. Its best guess is right for one in ten at the most, because ten hide each other.

The controls are the same attack on the same residents where more can be seen: every row as it comes
in (`moment`), and every row on the day on which it came in (`day`).
"""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID, uuid4

import asyncpg
import msgspec

from ingest.clock import AMSTERDAM
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Touchpoint
from ingest.reporting.batches import ENOUGH
from ingest.reporting.half_days import close_half_days
from ingest.reporting.plan import Plan, plan_of
from ingest.reporting.publishing import publish
from ingest.responses.statements import NewResponse, store_responses
from tests.conftest import Database
from tests.publishing import reading, reads

Sight = Literal["published", "day", "moment"]

BEGIN = date(2026, 3, 2)
DAYS = 30
READER = "lezer_lijst"


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list: what the municipality knows of one who answered, and what it does not.

    The list has `number`, `answered_at` and `product`. The rest is what it is after.
    """

    number: int
    answered_at: datetime
    product: str | None
    mark: int
    text: str | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row as the reader found it first, and the look at which that was."""

    id: UUID
    look: int
    day: date | None
    product: str | None
    daypart: str | None = None
    """No view of rows shows it. Figures of it move with the rows: so we give it away."""
    truth: int
    """Whose it is; for counting, after the guess."""


class Suspect(msgspec.Struct, frozen=True, kw_only=True):
    """One whom a row may be of. `likelihood` has no unit: who has more of it is named sooner."""

    number: int
    product: str | None
    day: date | None
    """On which they answered, where that is known."""

    daypart: str | None = None
    likelihood: float = 1.0


Pool: TypeAlias = Callable[[datetime, datetime], list[Suspect]]
"""What somebody holds: of whom a row can be that was answered after one moment, up to another."""


class Named(msgspec.Struct, kw_only=True):
    """How many rows were said to be of the right resident, and the sum of the chances of that."""

    right: int = 0
    chances: float = 0.0
    smallest: int
    whose: dict[UUID, dict[int, float]]
    """Of each row who was named, and how surely they were, 0 to 1."""


class Linked(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows were guessed at, and how many right; of open answers the same."""

    rows: int
    right: int
    chance: float
    """Of a guess at a row to be right, 0 to 1, on average: one in as many as it can be of."""

    texts: int
    texts_right: int
    texts_chance: float
    smallest: int
    """Of how few residents a guess had to choose, at the least."""

    differences: int
    """How often a figure of a week or month counted more than at the look before."""

    small_differences: int
    """How often by fewer than ten: then the difference of two means is theirs."""


async def simulate(
    database: Database,
    catalogue: Catalogue,
    path: str,
    *,
    per_day: int,
    sight: Sight,
    seed: int,
    days: int = DAYS,
) -> Linked:
    """`per_day` residents answer at a touchpoint on each of `days`, and the municipality looks.

    `database` is empty. An invited touchpoint is one of channel telefonie; at any other the list is
    the log of the form. Returns what it guessed right.
    """
    chance = random.Random(f"{seed}/{path}/{per_day}")
    residents, watching = await watched(
        database, catalogue, path, per_day=per_day, sight=sight, chance=chance, days=days
    )
    return _guessed(chance, residents, watching)


async def watched(
    database: Database,
    catalogue: Catalogue,
    path: str,
    *,
    per_day: int,
    sight: Sight,
    chance: random.Random,
    days: int,
) -> tuple[list[Resident], "Watching"]:
    """Who answered, and everything that was seen of it: see `simulate`."""
    municipality, _, slug = path.partition("/")
    touchpoint = catalogue.touchpoint(municipality, slug)
    residents = _residents(chance, per_day, days, touchpoint)
    plan = plan_of(catalogue, at_once=sight != "published")
    await reads(database, municipality, READER, free_text=True)
    async with (
        database.connected("meetpunt_ingest") as ingest,
        database.connected("meetpunt_folder") as folder,
        reading(database, READER) as reader,
        database.superuser() as superuser,
    ):
        watching = Watching()
        # A half day closes once somebody looked.
        await _look(folder, plan, six_o_clock(BEGIN))
        for day in range(days):
            today = [one for one in residents if one.answered_at.date() == BEGIN + timedelta(day)]
            closes = closes_of(BEGIN + timedelta(day))
            for one in today:
                while closes and closes[0] <= one.answered_at:
                    await close_half_days(folder, plan, now=closes.pop(0), wait=True)
                await _answer(ingest, catalogue, touchpoint, one)
                if sight == "moment":
                    await _look(folder, plan, one.answered_at + timedelta(seconds=1))
                    await watching.look(one.answered_at, reader, superuser)
            for close in closes:
                await close_half_days(folder, plan, now=close, wait=True)
            await _look(folder, plan, six_o_clock(BEGIN + timedelta(day + 1)))
            await watching.look(end_of(BEGIN + timedelta(day)), reader, superuser)
    return residents, watching


def _residents(
    chance: random.Random, per_day: int, days: int, touchpoint: Touchpoint
) -> list[Resident]:
    """Marks are drawn as they fall; a fifth write something that is theirs alone."""
    products = touchpoint.dimensions.get("product", ())
    found: list[Resident] = []
    for day in range(days):
        seconds = sorted(chance.sample(range(9 * 3600, 17 * 3600), per_day))
        for second in seconds:
            moment = datetime.combine(BEGIN + timedelta(day), time(), AMSTERDAM)
            number = len(found)
            found.append(
                Resident(
                    number=number,
                    answered_at=moment + timedelta(seconds=second),
                    product=chance.choice(products) if products else None,
                    mark=chance.choices(range(1, 11), (2, 1, 2, 3, 5, 9, 20, 32, 17, 9))[0],
                    text=f"Tekst van {number}." if chance.random() < 0.2 else None,
                )
            )
    return found


async def _answer(
    ingest: asyncpg.Connection, catalogue: Catalogue, touchpoint: Touchpoint, one: Resident
) -> None:
    """As the service stores it: rows differ in nothing but the day and the product."""
    questionnaire = catalogue.questionnaire(touchpoint)
    invited = touchpoint.channel == "telefonie"
    here = one.answered_at.astimezone(AMSTERDAM)
    texts = [{"item": "toelichting", "text": one.text, "masked": []}] if one.text else []
    await store_responses(
        ingest,
        [
            NewResponse(
                municipality=catalogue.municipality(touchpoint.municipality).code,
                id=uuid4(),
                touchpoint=touchpoint.number,
                questionnaire=questionnaire.code,
                version=questionnaire.version,
                structure=questionnaire.structure,
                language="nl",
                day=here.date(),
                hour=None if invited else here.hour,
                mode="bericht" if invited else "widget",
                complete=True,
                suspect="",
                is_test=False,
                dimensions=_json({"product": one.product} if one.product else {}),
                content_code=uuid4().bytes * 2,
                # A second item that nobody sees as one: it tells whose row it is, to be counted.
                answers=_json({"cijfer": one.mark, "volgnummer": f"n{one.number}"}),
                texts=_json(texts),
                invitation=None,
                token_id=uuid4().bytes,
                token_expires_on=here.date() + timedelta(days=2),
            )
        ],
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


async def _look(folder: asyncpg.Connection, plan: Plan, now: datetime) -> None:
    await publish(folder, plan, now=now, wait=True, due_only=False)


def six_o_clock(day: date) -> datetime:
    return datetime.combine(day, time(6, 1), AMSTERDAM)


def closes_of(day: date) -> list[datetime]:
    """When its half days are closed."""
    return [datetime.combine(day, at, AMSTERDAM) for at in (time(12, 25), time(17, 25))]


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), AMSTERDAM)


class Watching:
    """Everything that was seen, and at which look it was new."""

    def __init__(self) -> None:
        self.looks: list[datetime] = []
        self.rows: dict[UUID, Row] = {}
        self.texts: dict[str, tuple[int, str]] = {}
        self.judged: dict[UUID, str] = {}
        self.differences: list[int] = []
        self._figures: dict[tuple[Any, ...], int] = {}

    async def look(
        self, upto: datetime, reader: asyncpg.Connection, superuser: asyncpg.Connection
    ) -> None:
        """`upto`: by then had answered whoever can be in what is new.

        `superuser` tells only what we give away: see `Row.daypart`.
        """
        self.looks.append(upto)
        look = len(self.looks) - 1
        dayparts = dict(await superuser.fetch("select id, daypart from lees.reactie"))
        for row in await reader.fetch(_ROWS):
            if row["reactie_id"] not in self.rows:
                self.rows[row["reactie_id"]] = Row(
                    id=row["reactie_id"],
                    look=look,
                    day=row["datum"],
                    product=row["product"],
                    daypart=dayparts[row["reactie_id"]],
                    truth=int(row["volgnummer"][1:]),
                )
                self.judged[row["reactie_id"]] = row["oordeel"]
        for row in await reader.fetch(_TEXTS):
            self.texts.setdefault(row["tekst"], (look, row["oordeel"]))
        for *figure, n in await reader.fetch(_FIGURES):
            if more := n - self._figures.get(tuple(figure), 0):
                self.differences.append(more)
            self._figures[tuple(figure)] = n

    @property
    def windows(self) -> dict[int, tuple[datetime, datetime]]:
        """Of each look that showed rows: since when they were answered, and by when.

        What came in and was in nothing that was published before.
        """
        found, after = {}, datetime.min.replace(tzinfo=UTC)
        for look in sorted({row.look for row in self.rows.values()}):
            found[look] = (after, self.looks[look])
            after = self.looks[look]
        return found

    def rows_of_texts(self) -> Iterator[tuple[str, list[Row]]]:
        """Of each text the rows of its judgement that were new since such texts last were."""
        looks = {(judgement, look) for look, judgement in self.texts.values()}
        for text, (look, judgement) in self.texts.items():
            before = max(
                (other for j, other in looks if j == judgement and other < look), default=-1
            )
            yield (
                text,
                [
                    row
                    for row in self.rows.values()
                    if before < row.look <= look and self.judged[row.id] == judgement
                ],
            )


_ROWS = """
    select reactie.reactie_id, reactie.datum, reactie.product, nummer.code as volgnummer,
        case when cijfer.waarde <= 5 then '1 t/m 5' when cijfer.waarde >= 8 then '8 t/m 10'
            else cijfer.waarde::text end as oordeel
    from feit_reactie as reactie
    join feit_antwoord as nummer
        on nummer.reactie_id = reactie.reactie_id and nummer.vraag = 'volgnummer'
    join feit_antwoord as cijfer
        on cijfer.reactie_id = reactie.reactie_id and cijfer.vraag = 'cijfer'
"""

# What everybody answers, so that a difference counts residents.
_FIGURES = """
    select 'maand', maand, kanaal, n from indicator_per_maand where indicator = 'tevredenheid'
    union all
    select 'week', week, kanaal, n from indicator_per_week where indicator = 'tevredenheid'
    union all
    select uitsplitsing || waarde, maand, kanaal, n from uitsplitsing_per_maand
    where indicator = 'tevredenheid'
"""

_TEXTS = "select tekst, oordeel from toelichting"


def _guessed(chance: random.Random, residents: Sequence[Resident], watching: Watching) -> Linked:
    """The best that can be done: of each row the residents that it can be of, and one of them."""
    found = named(chance, watching.rows.values(), watching.windows, pool_of(residents))
    texts_right, texts_chances = _guessed_texts(chance, residents, watching)
    texts = len(watching.texts)
    return Linked(
        rows=len(watching.rows),
        right=found.right,
        chance=found.chances / max(1, len(watching.rows)),
        texts=texts,
        texts_right=texts_right,
        texts_chance=texts_chances / max(1, texts),
        smallest=found.smallest,
        differences=len(watching.differences),
        small_differences=sum(more < ENOUGH for more in watching.differences),
    )


def _daypart(moment: datetime) -> str:
    hour = moment.astimezone(AMSTERDAM).hour
    return "ochtend" if hour < 12 else "middag" if hour < 17 else "avond"


def pool_of(residents: Sequence[Resident]) -> Pool:
    """Who answered, and when: all of a list on which everybody did."""

    def pool(after: datetime, upto: datetime) -> list[Suspect]:
        return [
            Suspect(
                number=one.number,
                product=one.product,
                day=one.answered_at.date(),
                daypart=_daypart(one.answered_at),
            )
            for one in residents
            if after < one.answered_at <= upto
        ]

    return pool


def named(
    chance: random.Random,
    rows: Iterable[Row],
    windows: Mapping[int, tuple[datetime, datetime]],
    pool: Pool,
) -> Named:
    """Say of each row whose it is. `windows`: between which moments a look's rows were answered."""
    new: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        new[row.look].append(row)
    found = Named(smallest=sys.maxsize, whose={})
    for look in sorted(new):
        suspects = pool(*windows[look])
        for alike in _alike(new[look]).values():
            candidates = candidates_of(suspects, alike[0], new[look])
            found.smallest = min(found.smallest, len(candidates))
            _name(chance, alike, candidates, found)
    return found


def _name(
    chance: random.Random, alike: Sequence[Row], candidates: Sequence[Suspect], found: Named
) -> None:
    """The likeliest of them, in any order: nothing tells one of these rows from the other."""
    shuffled = chance.sample(candidates, len(candidates))
    chosen = sorted(shuffled, key=lambda one: -one.likelihood)[: len(alike)]
    surely = _surely(candidates, len(alike))
    for row in alike:
        found.whose[row.id] = surely
        found.chances += surely.get(row.truth, 0.0)
    found.right += sum(row.truth == one.number for row, one in zip(alike, chosen, strict=False))


def _surely(candidates: Sequence[Suspect], many: int) -> dict[int, float]:
    """How often each is named of one of so many rows: lots are drawn among who is as likely."""
    by_likelihood = Counter(one.likelihood for one in candidates)
    share, left = {}, many
    for likelihood in sorted(by_likelihood, reverse=True):
        share[likelihood] = min(1.0, left / by_likelihood[likelihood]) / many
        left = max(0, left - by_likelihood[likelihood])
    return {one.number: share[one.likelihood] for one in candidates if share[one.likelihood]}


def _alike(rows: Sequence[Row]) -> Mapping[tuple[Any, ...], list[Row]]:
    """Rows that show the same: nothing tells one from the other."""
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[row.day, row.product, row.daypart].append(row)
    return found


def candidates_of(pool: Sequence[Suspect], row: Row, rows: Sequence[Row]) -> list[Suspect]:
    """Whose row it can be: what it shows is true of them, and what others show is not."""
    days = {each.day for each in rows if each.day}
    products = {each.product for each in rows if each.product and each.day == row.day}
    dayparts = {
        each.daypart
        for each in rows
        if each.daypart and (each.day, each.product) == (row.day, row.product)
    }

    def fits(one: Suspect) -> bool:
        return (
            (one.day == row.day if row.day else one.day not in days)
            and (one.product == row.product if row.product else one.product not in products)
            and (one.daypart == row.daypart if row.daypart else one.daypart not in dayparts)
        )

    return [one for one in pool if fits(one)] or list(pool)


def _guessed_texts(
    chance: random.Random, residents: Sequence[Resident], watching: Watching
) -> tuple[int, float]:
    """Of each text one of the rows that it can be of: how many right, the sum of the chances."""
    whose = {one.text: one.number for one in residents if one.text}
    right, chances = 0, 0.0
    for text, rows in watching.rows_of_texts():
        right += chance.choice(rows).truth == whose[text]
        chances += 1 / len(rows)
    return right, chances
