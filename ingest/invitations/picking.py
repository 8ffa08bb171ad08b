"""Pick what is due, and write down that it is being sent before anybody is called.

One transaction for many: the state `sending`, the link's digest, who was asked, and the look at
who wants no messages stand together or not at all.
"""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from secrets import token_bytes
from uuid import UUID

import asyncpg
import msgspec

from ingest.database.acknowledged import acknowledged
from ingest.invitations.calling import Providers, provider_of
from ingest.invitations.codes import InvitationCodes, quarter_before, quarter_of
from ingest.invitations.outbox_statements import change_messages, count_stages
from ingest.invitations.picked import DELIVERED, Attempt, Picked
from ingest.invitations.picking_statements import (
    find_due,
    name_waiting,
    set_aside,
    take_named,
    take_waiting,
)
from ingest.invitations.rules import next_moment
from ingest.invitations.sealing import SealBroken, Sealing
from ingest.invitations.sending_statements import (
    Asking,
    Waiting,
    find_opted_out,
    find_unspent,
    halves_of,
    mark_sending,
    note_asked,
)
from ingest.invitations.statements import store_invitations
from ingest.invitations.turns import Turns, Way
from ingest.municipalities.catalogue import Catalogue
from ingest.running.logs import log
from ingest.tokens.derived_keys import DerivedKeys
from ingest.tokens.response_tokens import digest

_HALF_BYTES = 32
_DAY = timedelta(days=1)
_OTHERS_KNOW = timedelta(minutes=15)

OF_THE_ROW = (
    *(TypeError, ValueError, OverflowError),
    *(asyncpg.DataError, asyncpg.IntegrityConstraintViolationError),
    asyncpg.ProgramLimitExceededError,
)
"""What a row raises of which something is as no row should be; not what a lost server raises."""

_Take = Callable[[asyncpg.Connection], Awaitable[list[Waiting]]]


class Picking:
    """Picks for one process, whose number is `holder`, as meetpunt_work."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        keys: DerivedKeys,
        providers: Providers,
        holder: UUID,
        lease: timedelta,
    ) -> None:
        self._catalogue = catalogue
        self._providers = providers
        self._municipalities = {each.code: each for each in catalogue.municipalities.values()}
        self._keys = keys
        self._codes = InvitationCodes(keys)
        self._sealing = Sealing(keys.sealing)
        self._holder = holder
        self._lease = lease
        self._halves: tuple[str, dict[str, bytes]] = ("", {})

    async def pick(
        self, db: asyncpg.Connection, turns: Turns, *, now: datetime, most: int | None = None
    ) -> list[Attempt]:
        """What is to be sent now, of each sender as many as `turns` deals, in all `most`.

        It is to be called at once: who opts out after this is not looked up again.
        Every attempt is committed as `sending`, also on a standby, when this returns. Raises
        `NotReplicated` and what a lost connection raises: of what was picked nothing may be sent
        then, and `give_back` lets it wait again.
        """
        dealt = turns.deal(await find_due(db, turns.each), most)
        if not dealt:
            return []
        try:
            attempts, taken = await self._taken(db, partial(take_waiting, rooms=dealt), now)
        except OF_THE_ROW:
            return await self._one_by_one(db, dealt, now)
        turns.took(dealt, taken)
        return attempts

    async def _one_by_one(
        self, db: asyncpg.Connection, dealt: Mapping[Way, int], now: datetime
    ) -> list[Attempt]:
        """One of these cannot be picked: it ends, and keeps no other from being sent."""
        attempts: list[Attempt] = []
        for municipality, id in await name_waiting(db, dealt):
            take = partial(take_named, municipality=municipality, id=id)
            try:
                attempts += (await self._taken(db, take, now))[0]
            except OF_THE_ROW as failure:
                log("message_set_aside", level="error", exception=failure)
                await self._set_aside(db, municipality, id, Picked(now).today)
        return attempts

    async def _set_aside(
        self, db: asyncpg.Connection, municipality: str, id: UUID, today: date
    ) -> None:
        ended = partial(set_aside, db, municipality, id, reason="row-unusable", today=today)
        try:
            async with acknowledged(db):
                await ended(counted=True)
        except OF_THE_ROW:
            # Not even a figure can be made of it.
            async with acknowledged(db):
                await ended(counted=False)

    async def _taken(
        self, db: asyncpg.Connection, take: _Take, now: datetime
    ) -> tuple[list[Attempt], Counter[Way]]:
        """What is to be sent of the rows that `take` takes, and how many those were."""
        picked = Picked(now)
        async with acknowledged(db), db.transaction():
            rows = await take(db)
            for row in rows:
                self._look_at(row, picked)
            await self._leave_out_opted_out(db, picked)
            await self._leave_out_asked(db, picked)
            await self._permit(db, picked)
            await self._write_down(db, picked)
        self._halves = picked.halves or self._halves
        return picked.attempts, Counter((each.municipality, each.sender) for each in rows)

    def _look_at(self, row: Waiting, picked: Picked) -> None:
        """What files, clock and keys say of it. Raises ValueError for a row that never ends."""
        if row.expires_at.tzinfo is None:
            raise ValueError("no moment: infinity")
        municipality = self._municipalities.get(row.municipality)
        touchpoint = self._catalogue.touchpoint_numbered(row.touchpoint)
        rules = touchpoint.invitations if touchpoint else None
        if row.over:
            picked.end(row, "expired")
        elif touchpoint is not None and touchpoint.retired:
            picked.end(row, "withdrawn", "touchpoint-retired")
        elif (
            municipality is None
            or touchpoint is None
            or rules is None
            or row.sender not in municipality.senders
        ):
            # Another process may have newer files than we have, or nobody any more.
            picked.postpone(row, min(picked.now + _OTHERS_KNOW, row.expires_at), "not-in-files")
        elif (moment := next_moment(rules, picked.now)) > picked.now:
            picked.postpone(row, min(moment, row.expires_at))
        else:
            try:
                content = self._sealing.open(row.municipality, row.id, row.sealed)
            except SealBroken:
                picked.end(row, "failed", "seal-broken")
                return
            provider = provider_of(self._providers, municipality.slug, row.sender)
            picked.attempt(row, municipality, touchpoint, content, provider)

    async def _leave_out_opted_out(self, db: asyncpg.Connection, picked: Picked) -> None:
        codes = {
            each.row.id: (
                each.municipality.code,
                self._codes.of_opted_out(each.municipality.code, each.content.recipient),
            )
            for each in picked.attempts
        }
        if not codes:
            return
        out = await find_opted_out(db, list(codes.values()))
        picked.leave_out((id for id, code in codes.items() if code in out), "opted-out")

    async def _leave_out_asked(self, db: asyncpg.Connection, picked: Picked) -> None:
        """The first attempt alone is a question: after that they were asked, by this very row."""
        firsts = [
            each
            for each in picked.attempts
            if each.row.attempts == 0 and each.municipality.invitations.not_again_days
        ]
        if not firsts:
            return
        quarter = quarter_of(picked.today)
        halves = await self._halves_of(db, quarter, picked)
        asking: dict[tuple[str, bytes], Asking] = {}
        asked_by: dict[tuple[str, bytes], UUID] = {}
        again: list[UUID] = []
        for each in firsts:
            one = self._asking(each, halves, quarter, picked.today)
            key = (one.municipality, one.code)
            if key in asking:
                again.append(each.row.id)
            else:
                asking[key], asked_by[key] = one, each.row.id
        may = await note_asked(db, list(asking.values()), picked.today)
        again += [asked_by[key] for key in asking.keys() - may]
        picked.leave_out(again, "asked-recently")

    def _asking(
        self, attempt: Attempt, halves: dict[str, bytes], quarter: str, today: date
    ) -> Asking:
        municipality, recipient = attempt.municipality, attempt.content.recipient
        half_before = halves.get(quarter_before(quarter))
        code = self._codes.of_asked(halves[quarter], municipality.code, recipient)
        return Asking(
            municipality=municipality.code,
            code=code,
            code_before=code
            if half_before is None
            else self._codes.of_asked(half_before, municipality.code, recipient),
            until=today + municipality.invitations.not_again_days * _DAY,
        )

    async def _halves_of(
        self, db: asyncpg.Connection, quarter: str, picked: Picked
    ) -> dict[str, bytes]:
        known, halves = self._halves
        if known != quarter:
            fresh = token_bytes(_HALF_BYTES)
            halves = await halves_of(db, quarter, quarter_before(quarter), fresh)
            # Kept by us only once it is kept there.
            picked.halves = (quarter, halves)
        return halves

    async def _permit(self, db: asyncpg.Connection, picked: Picked) -> None:
        """The digest of the link, once; whose is gone has answered, so nothing more is sent."""
        groups: dict[tuple[str, int, date, date], list[Attempt]] = defaultdict(list)
        retried: dict[bytes, Attempt] = {}
        for each in picked.attempts:
            if each.row.attempts:
                retried[self.digest_of(each)] = each
            else:
                row = each.row
                groups[row.municipality, row.touchpoint, row.month, _last_day(each)].append(each)
        for (municipality, touchpoint, month, expires_on), attempts in sorted(groups.items()):
            await store_invitations(
                db,
                municipality=municipality,
                touchpoint=touchpoint,
                digests=[self.digest_of(each) for each in attempts],
                dimensions=[
                    msgspec.json.encode(each.content.dimensions, order="sorted").decode()
                    for each in attempts
                ],
                expires_on=expires_on,
                day=picked.today,
                month=month,
            )
        if retried:
            unspent = await find_unspent(
                db,
                [(each.row.municipality, code) for code, each in retried.items()],
            )
            gone = [each.row.id for code, each in retried.items() if code not in unspent]
            picked.leave_out(gone, DELIVERED, "answered")

    def digest_of(self, attempt: Attempt) -> bytes:
        """What the database keeps of its link."""
        return digest(self._keys.link_id(attempt.row.id))

    async def _write_down(self, db: asyncpg.Connection, picked: Picked) -> None:
        if picked.attempts:
            await mark_sending(
                db,
                [(each.row.municipality, each.row.id, each.provider) for each in picked.attempts],
                holder=self._holder,
                lease=self._lease,
                today=picked.today,
            )
        if picked.changes:
            await change_messages(db, picked.changes, state="waiting", holder=None)
        if picked.counted:
            await count_stages(db, picked.counted)


def _last_day(attempt: Attempt) -> date:
    """The digest outlives the last link that may be sent of it, and a day more.

    Every attempt sends a link that is valid as long, and none finds the digest purged.
    """
    lifetime = attempt.touchpoint.link_lifetime_days * _DAY
    return (attempt.row.expires_at + lifetime).date() + _DAY
