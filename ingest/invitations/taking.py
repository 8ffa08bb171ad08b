"""Take in what a neighbour tells: contacts that ended become messages that wait, or a figure."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from uuid import uuid4

import asyncpg
import msgspec

from ingest.clock import day_of
from ingest.files.resources import telephony_mappings
from ingest.invitations.codes import InvitationCodes
from ingest.invitations.counting import stage_of
from ingest.invitations.occasions import ContactEnded
from ingest.invitations.outbox_statements import (
    NewMessage,
    Stage,
    count_stages,
    store_messages,
    store_occasions,
    waiting_matters,
    withdraw_messages,
)
from ingest.invitations.rules import Invite, NotInvited, Reason, next_moment, verdict
from ingest.invitations.sealing import SealBroken, Sealed, Sealing
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.inviting import InvitationRules
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.responses.submission import allowed_dimensions
from ingest.running import metrics
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys

OCCASION_DAYS = 35
"""For so long after its message was due, or it was told, a contact is known when told again."""

SOURCES = ("api", "csv", *telephony_mappings(), "telephony", "zaken", "openklant")
"""Those that are counted by name, with each platform that we know; any other is `other`."""

# A provider that is down for a whole day, or over a weekend, loses nothing.
_LEAST_TRYING = timedelta(hours=24)

OF_ANOTHER_TIME = frozenset[Reason]({"too-old", "ended-in-the-future"})
"""Reasons that are about when a contact ended, as it was told."""

Taken = Literal["waiting", "again"] | Reason
"""What became of a contact: it waits in the outbox, was told before, or why nobody is invited."""


class Taking:
    """Takes occasions in, as meetpunt_ingest or meetpunt_work."""

    def __init__(self, catalogue: Catalogue, keys: Keys) -> None:
        derived = derived_keys(keys)
        self._catalogue = catalogue
        self._codes = InvitationCodes(derived)
        self._sealing = Sealing(derived.sealing)
        self._sampling_key = derived.sampling

    async def take_in(
        self, db: asyncpg.Connection, contacts: Sequence[ContactEnded], *, now: datetime
    ) -> list[Taken]:
        """Store what became known `now` (UTC), in the caller's `acknowledged` transaction.

        Returns what became of each, in their order. The same contact twice is `again` the second
        time. Raises `TouchpointUnknown` before anything is written.
        """
        told = [self._known(contact, now) for contact in contacts]
        known_until: dict[tuple[str, bytes], date] = {}
        for each in told:
            if not each.is_of_another_time:
                known_until.setdefault(each.code, each.known_until(now))
        fresh = await store_occasions(db, known_until)
        taken: list[Taken] = []
        messages: list[NewMessage] = []
        counted: Counter[Stage] = Counter()
        for each in told:
            is_new = each.code in fresh or each.is_of_another_time
            became, message = self._decide(each, now) if is_new else ("again", None)
            if not each.is_of_another_time:
                fresh.discard(each.code)
                if became != "again":
                    counted.update(each.stages(became, now))
            if message is not None:
                messages.append(message)
            source = each.contact.source if each.contact.source in SOURCES else "other"
            metrics.occasions.labels(source=source, verdict=became).inc()
            taken.append(became)
        if messages:
            await store_messages(db, messages)
        if counted:
            await count_stages(db, counted)
        return taken

    async def is_first(
        self, db: asyncpg.Connection, municipality: str, source: str, about: str, *, now: datetime
    ) -> bool:
        """Whether this was never told before, so that it is counted once; it is known from now on.

        `municipality` is a slug. In the caller's `acknowledged` transaction. It is known for
        `OCCASION_DAYS`, by a keyed code.
        """
        code = self._catalogue.municipality(municipality).code
        until = day_of(now) + timedelta(days=OCCASION_DAYS)
        key = (code, self._codes.of_matter(code, source, about))
        return key in await store_occasions(db, {key: until})

    async def withdraw(
        self, db: asyncpg.Connection, municipality: str, source: str, about: str, *, now: datetime
    ) -> int:
        """Take back what waits about this, such as a case that was opened again; how many.

        `municipality` is a slug. In the caller's `acknowledged` transaction, as meetpunt_work. What
        is told of it afterwards is another contact, under another `source_key`.
        """
        code = self._catalogue.municipality(municipality).code
        today = day_of(now)
        matter = self._codes.of_matter(code, source, about)
        taken_back = await withdraw_messages(db, code, matter, reason="taken-back", today=today)
        counted = Counter(stage_of(each, "withdrawn") for each in taken_back)
        if counted:
            await count_stages(db, counted)
        return len(taken_back)

    async def waiting_about(
        self, db: asyncpg.Connection, municipality: str, source: str
    ) -> set[str]:
        """What this source may still take back, as it is called there. As meetpunt_work."""
        code = self._catalogue.municipality(municipality).code
        found = set()
        for id, matter, sealed in await waiting_matters(db, code):
            try:
                about = self._sealing.open(code, id, sealed).about
            except SealBroken:
                # Of other keys: it is never sent either.
                continue
            if about and self._codes.of_matter(code, source, about) == matter:
                found.add(about)
        return found

    def _known(self, contact: ContactEnded, now: datetime) -> "_Told":
        municipality = self._catalogue.municipality(contact.municipality)
        touchpoint = self._catalogue.touchpoint(contact.municipality, contact.touchpoint)
        code = (municipality.code, self._codes.of_occasion(municipality.code, contact))
        allowed = dict(allowed_dimensions(touchpoint, contact.dimensions))
        decided = verdict(contact, touchpoint, now, self._sampling_key)
        return _Told(contact, municipality, touchpoint, code, allowed, decided)

    def _decide(self, told: "_Told", now: datetime) -> tuple[Taken, NewMessage | None]:
        decided = told.decided
        if not isinstance(decided, Invite):
            return decided.reason, None
        rules, recipient = told.touchpoint.invitations, told.contact.recipient
        if rules is None or rules.sender is None or recipient is None:
            raise ValueError("the rules invite nobody without a sender and somebody to reach")
        id = uuid4()
        content = Sealed(
            recipient=recipient,
            language=told.contact.language,
            dimensions=told.dimensions,
            about=told.contact.about,
        )
        message = NewMessage(
            municipality=told.municipality.code,
            id=id,
            touchpoint=told.touchpoint.number,
            sender=rules.sender.name,
            month=month_of(now),
            product=told.product,
            sealed=self._sealing.seal(told.municipality.code, id, content),
            due=decided.due,
            expires_at=_last_try(rules, decided.due),
            changed_on=day_of(now),
            about=self._matter_of(told),
        )
        return "waiting", message

    def _matter_of(self, told: "_Told") -> bytes | None:
        contact, code = told.contact, told.municipality.code
        if contact.about is None:
            return None
        return self._codes.of_matter(code, contact.source, contact.about)


class _Told(msgspec.Struct, frozen=True):
    """A contact at its touchpoint. `code` is with its municipality's; `dimensions` are allowed."""

    contact: ContactEnded
    municipality: Municipality
    touchpoint: Touchpoint
    code: tuple[str, bytes]
    dimensions: dict[str, str]
    decided: Invite | NotInvited

    @property
    def is_of_another_time(self) -> bool:
        """Whether its moment keeps it from being taken: it is told again once that is mended.

        Such a contact is neither remembered nor counted. It would be there twice, or for ever
        known by a date that was mistyped.
        """
        decided = self.decided
        return isinstance(decided, NotInvited) and decided.reason in OF_ANOTHER_TIME

    def known_until(self, now: datetime) -> date:
        """The last day, in Amsterdam, on which it is surely known when it is told again."""
        counted_from = max(now, self.decided.due) if isinstance(self.decided, Invite) else now
        return day_of(counted_from) + timedelta(days=OCCASION_DAYS)

    @property
    def product(self) -> str:
        return self.dimensions.get("product", "")

    def stages(self, became: Taken, now: datetime) -> list[Stage]:
        """What it counts as."""
        names = ["known"]
        if became != "waiting":
            names.append("sampled-out" if became == "sampled-out" else "not-this")
        return [
            Stage(
                municipality=self.municipality.code,
                month=month_of(now),
                touchpoint=self.touchpoint.number,
                product=self.product,
                stage=name,
            )
            for name in names
        ]


def month_of(now: datetime) -> date:
    """The first day of the month that it is in Amsterdam."""
    return day_of(now).replace(day=1)


def _last_try(rules: InvitationRules, due: datetime) -> datetime:
    """When it is too late to ask about the contact, or at the soonest after a day of trying."""
    after_a_day = next_moment(rules, due + _LEAST_TRYING) + _LEAST_TRYING / 2
    return max(due + timedelta(hours=rules.most_age_hours), after_a_day).astimezone(UTC)
