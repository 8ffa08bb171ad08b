"""Contacts that ended, a municipality that invites after them, and a provider that remembers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

import asyncpg
from msgspec.structs import replace

from ingest.clock import AMSTERDAM
from ingest.database.acknowledged import acknowledged
from ingest.invitations.occasions import ContactEnded, Recipient
from ingest.invitations.outcomes import Pauses
from ingest.invitations.sending import Pace, Work, never
from ingest.invitations.taking import Taken, Taking
from ingest.invitations.working import work_of
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.hours import WEEKDAYS
from ingest.municipalities.inviting import HouseRules, InvitationRules
from ingest.municipalities.municipality import Municipality
from ingest.municipalities.senders import Sender as DeclaredSender
from ingest.senders.sender import Accepted, Outcome, OutgoingMessage
from ingest.tokens.keys import Keys
from ingest.tokens.response_tokens import Tokens
from tests.conftest import Database

TOUCHPOINT = "telefonie"
MUNICIPALITY, CODE = "molensloot", "GM9001"

QUICK = Pace(
    look=0.02,
    look_for_lost=0.02,
    lease=30.0,
    call=5.0,
    pauses=Pauses(look_up=timedelta(0), look_again=timedelta(0), believed=timedelta(0)),
)
"""As fast as it goes: what is looked up, is at once."""


def noon() -> datetime:
    """The last noon in Amsterdam: a moment that was, at which messages are sent."""
    now = datetime.now(AMSTERDAM)
    today = datetime.combine(now.date(), time(12), AMSTERDAM)
    return (today if now > today else today - timedelta(days=1)).astimezone(UTC)


def inviting(
    catalogue: Catalogue,
    rules: InvitationRules | None = None,
    *,
    not_again_days: int = 90,
    retired: bool = False,
) -> Catalogue:
    """The same municipalities, without items of their own; Molensloot is as `invites` says."""
    chosen = invites(
        catalogue.municipality(MUNICIPALITY),
        rules,
        not_again_days=not_again_days,
        retired=retired,
    )
    others = [each for each in catalogue.municipalities.values() if each.slug != MUNICIPALITY]
    return Catalogue([chosen, *others], catalogue.questionnaires)


def invites(
    municipality: Municipality,
    rules: InvitationRules | None = None,
    *,
    not_again_days: int = 90,
    retired: bool = False,
) -> Municipality:
    """Molensloot, which invites who telephoned, on every day; any other stays as it is."""
    if municipality.slug != MUNICIPALITY:
        return municipality
    declared = DeclaredSender(name="proef", kind="file")
    usual = InvitationRules(
        sender=declared,
        hours="08:00-21:00",
        days=WEEKDAYS,
        on_holidays=True,
        text={"nl": "Hoe ging het? {link}", "en": "How did it go? {link}"},
        subject={"nl": "Hoe ging het?"},
        mail={"nl": "Vertel het ons: {link}"},
    )
    return replace(
        municipality,
        invitations=HouseRules(not_again_days=not_again_days),
        senders={"proef": declared},
        touchpoints=tuple(
            replace(each, invitations=rules or usual, retired=retired)
            if each.slug == TOUCHPOINT
            else each
            for each in municipality.touchpoints
        ),
    )


def mobile(number: int) -> Recipient:
    """Somebody with a telephone."""
    return Recipient(scheme="tel", address=f"+316{10_000_000 + number}")


def contact(number: int, recipient: Recipient | None = None, **changes: Any) -> ContactEnded:
    """A call that ended, at noon; each number is another call, of another person."""
    told: dict[str, Any] = {
        "municipality": MUNICIPALITY,
        "touchpoint": TOUCHPOINT,
        "ended_at": noon(),
        "source": "api",
        "source_key": f"call-{number}",
        "recipient": recipient or mobile(number),
    }
    return ContactEnded(**told | changes)


async def take_in(
    database: Database,
    taking: Taking,
    contacts: Sequence[ContactEnded],
    *,
    now: datetime | None = None,
) -> list[Taken]:
    """As the service does it."""
    async with database.connected("meetpunt_ingest") as db, acknowledged(db), db.transaction():
        return await taking.take_in(db, contacts, now=now or noon())


class Provider:
    """Remembers what it was handed; `answers` decides what it says, and to what it was asked."""

    kinds = frozenset({"tel", "mailto"})
    receipts = False
    account: str | None = "a provider"

    def __init__(
        self,
        answers: Callable[[OutgoingMessage], Outcome] = lambda _: Accepted(None),
        found: Callable[[str], Outcome | None] = lambda _: None,
    ) -> None:
        self.sent: list[OutgoingMessage] = []
        self.looked_up: list[str] = []
        self.answers, self.found = answers, found
        self.taking = asyncio.Event()
        self.taking.set()
        self._called = asyncio.Event()

    async def send(self, message: OutgoingMessage) -> Outcome:
        self.sent.append(message)
        self._called.set()
        await self.taking.wait()
        return self.answers(message)

    async def look_up(self, reference: str, provider_reference: str | None) -> Outcome | None:
        self.looked_up.append(reference)
        return self.found(reference)

    def of(self, _municipality: str, _name: str) -> "Provider":
        return self

    async def close(self) -> None:
        """Nothing is open."""

    async def until_sent(self, many: int) -> None:
        """Return when it was handed so many. Raises TimeoutError."""
        async with asyncio.timeout(20):
            while len(self.sent) < many:
                self._called.clear()
                await self._called.wait()

    @property
    def numbers(self) -> list[str]:
        return [message.recipient.address for message in self.sent]


@asynccontextmanager
async def working(
    database: Database,
    catalogue: Catalogue,
    keys: Keys,
    provider: Provider,
    *,
    pace: Pace = QUICK,
    clock: Callable[[], datetime] = noon,
    url: str | None = None,
    busy: Callable[[], bool] = never,
) -> AsyncIterator[Work]:
    """One process that sends, for as long as this lasts."""
    work = work_of(
        url or database.url("meetpunt_work"),
        catalogue=catalogue,
        keys=keys,
        tokens=Tokens(keys),
        providers=provider,
        pace=pace,
        clock=clock,
        busy=busy,
    )
    await work.start()
    try:
        yield work
    finally:
        await work.close(seconds=1.0)


async def states(database: Database) -> Counter[str]:
    """How many rows of the outbox are in each state."""
    async with database.superuser() as db:
        rows = await db.fetch("select state, count(*) as n from meetpunt.outbox group by state")
    return Counter({row["state"]: row["n"] for row in rows})


async def stages(database: Database) -> dict[str, int]:
    """The figures, over all touchpoints and months; what is nought is left out."""
    async with database.superuser() as db:
        rows = await db.fetch(
            "select stage, sum(n)::integer as n from meetpunt.invitation_stage group by stage"
        )
    return {row["stage"]: row["n"] for row in rows if row["n"]}


async def until(database: Database, wanted: dict[str, int], *, seconds: float = 20.0) -> None:
    """Return when the outbox is so. Raises TimeoutError, which tells how it is."""
    async with database.superuser() as db:
        try:
            async with asyncio.timeout(seconds):
                while await states(database) != Counter(wanted):
                    await db.execute("select pg_sleep(0.02)")
        except TimeoutError:
            raise TimeoutError(f"{await states(database)} instead of {wanted}") from None


async def let_leases_run_out(database: Database) -> None:
    """As if whoever sent had been gone for long.

    A statement that was on its way when they stopped is waited for: the server may yet run it, and
    then it takes the row once more, for who is not there.
    """
    async with database.superuser() as db:
        while await db.fetchval(_STILL_THERE):
            await db.execute("select pg_sleep(0.005)")
        await db.execute("update meetpunt.outbox set held_until = now()")


_STILL_THERE = """
    select exists (
        select from pg_stat_activity
        where datname = current_database() and application_name = 'meetpunt work'
    )
"""


async def everything_in_the_past(db: asyncpg.Connection) -> None:
    """Every lease has run out, and every look is due."""
    await db.execute("update meetpunt.outbox set held_until = now() where state = 'sending'")
