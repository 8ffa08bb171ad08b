"""The municipality of `linkage` with its own sender's log, of messages that we had sent.

Residents telephone, are invited in the way that is ours (taken in, sent by the work of a process,
delivered by a receipt), and some answer by their link. The log says who was sent which link, when,
and when it arrived; the municipality's own list says about what they called. It reads what is
published, every morning.

It does not know who answered. It names whoever is likeliest to have answered in the days of a
batch, knowing exactly how soon people do. Beside it stand: who draws lots among all that were sent
something, who learned from elsewhere who answered and at what moment, and, as the control, who
reads the tables themselves at every moment, as they lay open in the shape before.
"""

import asyncio
import math
import random
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
from msgspec.structs import replace

from ingest.clock import AMSTERDAM
from ingest.database.acknowledged import acknowledged
from ingest.invitations.codes import InvitationCodes
from ingest.invitations.opting_out_statements import note_opted_out
from ingest.invitations.receipts import apply_receipt
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.reporting.batches import ENOUGH
from ingest.reporting.plan import plan_of
from ingest.reporting.publishing import publish
from ingest.responses.submission import Submission
from ingest.senders.receipts import Receipt
from ingest.senders.sender import Accepted, Outcome, OutgoingMessage
from ingest.service import Options
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.attacks.linkage import (
    BEGIN,
    READER,
    Named,
    Pool,
    Row,
    Suspect,
    Watching,
    end_of,
    named,
    six_o_clock,
)
from tests.attacks.spent_links import SpentLinks, tried
from tests.conftest import Database, Served, emptied, serving_on
from tests.example import example_catalogue
from tests.inviting import (
    CODE,
    MUNICIPALITY,
    TOUCHPOINT,
    Provider,
    contact,
    inviting,
    mobile,
    until,
    working,
)
from tests.publishing import reading, reads

_TEN_YEARS = 10 * 365 * 24
ANSWERS, WANTS_NONE = 0.4, 0.05
# Most within the hour, the others within days; a link of this touchpoint lives for seven.
_SOON, _HOUR, _DAY, _LAST = 0.8, 3600.0, 86400.0, 6 * 86400.0


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on the municipality's list: `number`, `called_at` and `product`; the rest is ours.

    `answers_after` is in seconds since the message arrived; None: never.
    """

    number: int
    called_at: datetime
    product: str
    wants_none: bool
    answers_after: float | None
    mark: int
    text: str | None


class LogLine(msgspec.Struct, kw_only=True):
    """A line of the sender's log."""

    recipient: str
    reference: str
    link: str
    sent_at: datetime
    delivered_at: datetime


class Tied(msgspec.Struct, frozen=True, kw_only=True):
    """Answers and texts, and of how many the right person was named, on average."""

    rows: int
    rows_right: float
    texts: int
    texts_right: float

    @property
    def chance(self) -> float:
        """Of a guess at an answer to be right, 0 to 1."""
        return self.rows_right / max(1, self.rows)

    @property
    def texts_chance(self) -> float:
        """Of a guess at a text to be right, 0 to 1."""
        return self.texts_right / max(1, self.texts)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    per_day: int
    sent: int
    answered: int
    published: Tied
    lots: Tied
    links: Tied
    raw: Tied
    """By the log from what is published; by lots; by who knows who answered; from the tables."""

    smallest: int
    """Of how few a guess had to choose, at the least."""

    small_differences: int
    not_sent: int
    wanted_none: int
    """On the list and not in the log; and how many of those want no messages."""

    spent: SpentLinks

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        where, bad = f"the sender's log at {self.per_day} a day", []
        for who, tied in (("the log", self.published), ("who answered", self.links)):
            for what, chance in (("an answer", tied.chance), ("a text", tied.texts_chance)):
                if chance > 1 / ENOUGH + 1e-9:
                    bad.append(f"{where}: by {who} {what} is tied for {chance:.1%}")
        if self.small_differences:
            bad.append(f"{where}: {self.small_differences} figures moved by under ten")
        if not self.published.rows or self.raw.chance < 3 / ENOUGH:
            bad.append(f"{where}: its control finds nobody")
        return bad + [f"{where}: {each}" for each in self.spent.failures]


class SendersLog(Provider):
    """A provider that tells how a message ended, and keeps of each what it did."""

    receipts = True

    def __init__(self, now: datetime) -> None:
        super().__init__(answers=lambda _: Accepted(None, receipts=True))
        self.now = now
        self.lines: list[LogLine] = []

    async def send(self, message: OutgoingMessage) -> Outcome:
        self.lines.append(
            LogLine(
                recipient=message.recipient.address,
                reference=message.reference,
                link=message.link,
                sent_at=self.now,
                delivered_at=self.now + timedelta(seconds=3),
            )
        )
        return await super().send(message)


def found_with_log(keys: Keys, *, per_day: int, days: int, seed: int = 1) -> Found:
    """The attack on who called on so many days, in an empty database."""
    catalogue = inviting(example_catalogue())
    rules = catalogue.touchpoint(MUNICIPALITY, TOUCHPOINT).invitations
    assert rules is not None
    # By the clock of the database these people called long ago.
    catalogue = inviting(example_catalogue(), replace(rules, most_age_hours=_TEN_YEARS))
    callers = _callers(random.Random(f"{seed}/sent/{per_day}"), catalogue, per_day, days)
    return asyncio.run(_attacked(emptied(), catalogue, keys, callers, per_day, days))


def _callers(chance: random.Random, catalogue: Catalogue, per_day: int, days: int) -> list[Caller]:
    products = catalogue.touchpoint(MUNICIPALITY, TOUCHPOINT).dimensions["product"]
    found: list[Caller] = []
    for day in range(days):
        midnight = datetime.combine(BEGIN + timedelta(days=day), time(), AMSTERDAM)
        for second in sorted(chance.sample(range(9 * 3600, 17 * 3600), per_day)):
            number, kind = len(found), chance.random()
            wants_none, answers = kind < WANTS_NONE, kind > 1 - ANSWERS
            found.append(
                Caller(
                    number=number,
                    called_at=midnight + timedelta(seconds=second),
                    product=chance.choice(products),
                    wants_none=wants_none,
                    answers_after=_how_soon(chance) if answers else None,
                    mark=chance.choices(range(1, 11), (2, 1, 2, 3, 5, 9, 20, 32, 17, 9))[0],
                    text=f"Tekst van {number}." if chance.random() < 0.4 else None,
                )
            )
    return found


def _how_soon(chance: random.Random) -> float:
    mean = _HOUR if chance.random() < _SOON else _DAY
    return min(30 + chance.expovariate(1 / mean), _LAST)


def _answered_by(seconds: float) -> float:
    """Of those who answer, the share that did so within so many seconds: the attacker knows it."""
    if seconds >= _LAST:
        return 1.0
    later = max(0.0, seconds - 30)
    return 1 - _SOON * math.exp(-later / _HOUR) - (1 - _SOON) * math.exp(-later / _DAY)


async def _attacked(
    database: Database,
    catalogue: Catalogue,
    keys: Keys,
    callers: list[Caller],
    per_day: int,
    days: int,
) -> Found:
    await reads(database, MUNICIPALITY, READER, free_text=True)
    log = SendersLog(callers[0].called_at)
    # A whole town answers from one address here.
    options = Options(address_limit_per_minute=10**6, touchpoint_limit_per_minute=10**6)
    async with (
        serving_on(database, database.ingest, catalogue, keys, options) as served,
        working(database, catalogue, keys, log, clock=lambda: log.now),
    ):
        world = _World(served, catalogue, keys, log)
        await world.live(callers, days)
        spent = await tried(
            served,
            {line.link: world.answered_at[world.number_of[line.recipient]] for line in log.lines},
        )
    return _found(per_day, callers, world, spent)


class _World:
    """What happens, in the order in which it does, and what the two that look see of it."""

    def __init__(self, served: Served, catalogue: Catalogue, keys: Keys, log: SendersLog) -> None:
        self._served, self._database = served, served.database
        self._taking = Taking(catalogue, keys)
        self._codes = InvitationCodes(derived_keys(keys))
        self._plan = plan_of(catalogue)
        self._touchpoint = catalogue.touchpoint(MUNICIPALITY, TOUCHPOINT)
        self._ended: dict[str, int] = {"delivered": 0, "opted-out": 0}
        self.log = log
        self.watching = Watching()
        self.raw: list[Row] = []
        self.raw_windows: dict[int, tuple[datetime, datetime]] = {}
        self.raw_texts: dict[str, UUID] = {}
        self.answered_at: dict[int, datetime | None] = {}
        self.number_of: dict[str, int] = {}

    async def live(self, callers: list[Caller], days: int) -> None:
        """Everybody calls, and answers who does; each morning it is published and looked at."""
        moments = [(one.called_at, one.number, "calls") for one in callers]
        moments += [
            (one.called_at + timedelta(seconds=3 + one.answers_after), one.number, "answers")
            for one in callers
            if one.answers_after is not None
        ]
        moments.sort()
        async with (
            self._database.connected("meetpunt_ingest") as ingest,
            self._database.connected("meetpunt_folder") as folder,
            self._database.superuser() as tables,
            reading(self._database, READER) as reader,
        ):
            # A week more, in which the last links are answered.
            for day in range(days + 7):
                today = BEGIN + timedelta(days=day)
                while moments and moments[0][0] < end_of(today):
                    moment, number, what = moments.pop(0)
                    if what == "calls":
                        await self._call(ingest, callers[number])
                    else:
                        await self._answer(tables, callers[number], moment)
                morning = six_o_clock(today + timedelta(days=1))
                await publish(folder, self._plan, now=morning, wait=True, due_only=False)
                await self.watching.look(end_of(today), reader, tables)

    async def _call(self, ingest: asyncpg.Connection, one: Caller) -> None:
        """Told to us, sent, and delivered; or not sent, to who wants no messages."""
        self.log.now = one.called_at
        self.number_of[mobile(one.number).address] = one.number
        if one.wants_none:
            code = self._codes.of_opted_out(CODE, mobile(one.number))
            await note_opted_out(ingest, CODE, [code], one.called_at.date())
        told = contact(one.number, ended_at=one.called_at, dimensions={"product": one.product})
        async with acknowledged(ingest), ingest.transaction():
            assert await self._taking.take_in(ingest, [told], now=one.called_at) == ["waiting"]
        if one.wants_none:
            self._ended["opted-out"] += 1
            await until(self._database, self._ended)
            return
        await until(self._database, self._ended | {"sent": 1})
        line = self.log.lines[-1]
        receipt = Receipt(
            municipality=MUNICIPALITY, sender="proef", reference=line.reference, state="delivered"
        )
        assert await apply_receipt(ingest, receipt, municipality=CODE, now=line.delivered_at)
        self._ended["delivered"] += 1
        self.answered_at[one.number] = None

    async def _answer(self, tables: asyncpg.Connection, one: Caller, moment: datetime) -> None:
        """By the link that the message had; afterwards we write beside it whose it is, to count."""
        if one.wants_none:
            return
        link = self.log.lines[[*self.answered_at].index(one.number)].link
        response_id = uuid4()
        fields = {"cijfer": [str(one.mark)], "toelichting": [one.text or ""]}
        submission = Submission(
            token=link.rpartition("/")[2],
            language="nl",
            version=self._touchpoint.version,
            response_id=response_id,
            first_try=True,
            fields=fields,
        )
        await self._served.service.intake.receive(submission, purposes={"invitation"}, now=moment)
        self.answered_at[one.number] = moment
        stored = self._served.stored_id(response_id)
        await tables.execute(_MARK, stored, f'{{"volgnummer": "n{one.number}"}}')
        await self._look_at_the_tables(tables, moment)

    async def _look_at_the_tables(self, tables: asyncpg.Connection, moment: datetime) -> None:
        """Every second: so what is new was answered since the second before."""
        look, known = len(self.raw_windows), {row.id for row in self.raw}
        for row in await tables.fetch(_RAW):
            if row["id"] not in known:
                self.raw.append(
                    Row(
                        id=row["id"],
                        look=look,
                        day=None,
                        product=row["product"],
                        truth=int(row["volgnummer"][1:]),
                    )
                )
                if row["text"]:
                    self.raw_texts[row["text"]] = row["id"]
        self.raw_windows[look] = (moment - timedelta(seconds=1), moment)


_MARK = "update meetpunt.response set answers = answers || $2::text::jsonb where id = $1"

_RAW = """
    select id, dimensions->>'product' as product, answers->>'volgnummer' as volgnummer, text
    from meetpunt.response
    left join meetpunt.free_text on free_text.response_id = response.id
    where not is_test
"""


def _found(per_day: int, callers: list[Caller], world: _World, spent: SpentLinks) -> Found:
    watching, chance = world.watching, random.Random(per_day)
    author = {one.text: one.number for one in callers if one.text}
    rows, texts = [*watching.rows.values()], dict(watching.rows_of_texts())

    def from_views(pool: Pool) -> tuple[Named, Tied]:
        guess = named(chance, rows, watching.windows, pool)
        return guess, _tied(guess, rows, texts, author)

    guess, published = from_views(_by_log(world, callers))
    raw_rows = {row.id: row for row in world.raw}
    in_tables = named(chance, world.raw, world.raw_windows, _by_log(world, callers))
    own_row = {text: [raw_rows[id]] for text, id in world.raw_texts.items()}
    unsent = [one for one in callers if one.number not in world.answered_at]
    return Found(
        per_day=per_day,
        sent=len(world.log.lines),
        answered=len(world.raw),
        published=published,
        lots=from_views(_by_lots(world, callers))[1],
        links=from_views(_who_answered(world, callers))[1],
        raw=_tied(in_tables, world.raw, own_row, author),
        smallest=guess.smallest,
        small_differences=sum(more < ENOUGH for more in watching.differences),
        not_sent=len(unsent),
        wanted_none=sum(one.wants_none for one in unsent),
        spent=spent,
    )


def _tied(
    guess: Named, rows: list[Row], texts: Mapping[str, list[Row]], author: Mapping[str, int]
) -> Tied:
    """A text is tied by way of any of the rows that it can be of."""
    texts_right = sum(
        sum(guess.whose[row.id].get(author[text], 0.0) for row in its) / len(its)
        for text, its in texts.items()
    )
    return Tied(rows=len(rows), rows_right=guess.chances, texts=len(texts), texts_right=texts_right)


def _logged(world: _World, callers: list[Caller], upto: datetime) -> Iterator[tuple[Any, ...]]:
    for line in world.log.lines:
        if line.delivered_at <= upto:
            one = callers[world.number_of[line.recipient]]
            yield line, one.number, one.product


def _by_log(world: _World, callers: list[Caller]) -> Pool:
    """Who was sent a message, by how likely it is that they answered it then."""

    def pool(after: datetime, upto: datetime) -> list[Suspect]:
        found = []
        for line, number, product in _logged(world, callers, upto):
            by, before = (upto - line.delivered_at), max(after, line.delivered_at)
            likelihood = _answered_by(by.total_seconds()) - _answered_by(
                (before - line.delivered_at).total_seconds()
            )
            found.append(Suspect(number=number, product=product, day=None, likelihood=likelihood))
        return found

    return pool


def _by_lots(world: _World, callers: list[Caller]) -> Pool:
    """Whoever was sent a message before."""

    def pool(_after: datetime, upto: datetime) -> list[Suspect]:
        return [
            Suspect(number=number, product=None, day=None)
            for _, number, _ in _logged(world, callers, upto)
        ]

    return pool


def _who_answered(world: _World, callers: list[Caller]) -> Pool:
    """Who answered then: more than trying links tells, which is only that somebody had."""

    def pool(after: datetime, upto: datetime) -> list[Suspect]:
        return [
            Suspect(number=number, product=callers[number].product, day=None)
            for number, moment in world.answered_at.items()
            if moment is not None and after < moment <= upto
        ]

    return pool
