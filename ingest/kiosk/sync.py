"""Take in a kiosk's batch: each item gets a verdict, and is stored once however often it comes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg
import msgspec

from ingest.asgi.json_bodies import BodyUnreadable
from ingest.asgi.messages import InvalidParam
from ingest.asgi.rate_limits import TokenLimits
from ingest.database.acknowledged import acknowledged
from ingest.kiosk.batch import Batch
from ingest.kiosk.item_statements import (
    NewKioskItem,
    keep_quarantined,
    keep_set_aside,
    known_items,
)
from ingest.kiosk.items import Items, ReadItem
from ingest.kiosk.messages import KioskEnvelope, SignedEnvelope, SyncReply
from ingest.kiosk.pairing import SignatureRefused
from ingest.kiosk.signatures import PublicKey
from ingest.kiosk.statements import KioskUnknown, StoredKiosk, find_kiosk, note_seen, take_turn
from ingest.kiosk.storing import REFUSED, store_at_once, store_each, tell_refused
from ingest.kiosk.survey import KioskSurveys
from ingest.municipalities.catalogue import Catalogue, TouchpointUnknown
from ingest.municipalities.municipality import Touchpoint
from ingest.responses.writer import WriterUnavailable, type_of_database
from ingest.running import metrics
from ingest.running.logs import log
from ingest.tokens.keyed_codes import Codes

# Connections that all kiosks together may hold: the other lookups share the same few.
_AT_ONCE = 2
# How many unknown ids one address may have looked up in a minute. After a restart all tablets of a
# town hall are unknown to this process; somebody who guesses ids would need thousands.
_STRANGERS_OF_ADDRESS = 60
_STRANGERS = 6_000

type_of_store = Callable[
    [asyncpg.Connection, Sequence[NewKioskItem]], Awaitable[Mapping[UUID, str]]
]

_envelope = msgspec.json.Decoder(KioskEnvelope).decode
_NO_ENVELOPE = InvalidParam(
    name="envelope", code="wrong-type", reason="JSON of an envelope is needed."
)


class Syncing:
    """Takes in batches.

    `asks` says whether a touchpoint asks, or ever asked, a version; `look_again` reads that again.
    """

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        codes: Codes,
        surveys: KioskSurveys,
        database: type_of_database,
        asks: Callable[[Touchpoint, str, int], bool],
        look_again: Callable[[], Awaitable[None]],
    ) -> None:
        self._catalogue = catalogue
        self._surveys = surveys
        self._database = database
        self._items = Items(catalogue, codes, asks)
        self._look_again = look_again
        self._municipalities = [
            municipality.code for municipality in catalogue.municipalities.values()
        ]
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._met: dict[UUID, tuple[StoredKiosk, PublicKey]] = {}
        self._strangers = TokenLimits(
            address_per_minute=_STRANGERS_OF_ADDRESS, touchpoint_per_minute=_STRANGERS
        )

    async def sync(
        self, kiosk_id: UUID, body: SignedEnvelope, *, address: str, now: datetime
    ) -> SyncReply:
        """Take in one batch and say what became of each item, after the commit.

        `address` is where it came from; kiosks that this process has not seen yet count against it.
        Raises `KioskUnknown`, `SignatureRefused`, `BodyUnreadable`, `TooManyRequests` or
        `WriterUnavailable`; nothing was taken in then.
        """
        turn = self._turns.setdefault(kiosk_id, asyncio.Lock())
        kiosk, key = await self._meet(kiosk_id, address)
        touchpoint = self._catalogue.touchpoint_numbered(kiosk.touchpoint)
        if touchpoint is None:
            raise TouchpointUnknown(str(kiosk.touchpoint))
        envelope = _read(body, kiosk, key)
        items = await self._read_items(envelope, kiosk, key)
        if any(item.reason == "version-unknown" for item in items):
            # A newer version may have been added since we last looked.
            await self._look_again()
            items = await self._read_items(envelope, kiosk, key)
        # The kiosk's own turn comes first, so that one kiosk holds at most one connection.
        async with turn, self._room:
            batch = await self._take(kiosk, touchpoint, envelope, items, now)
        _report(touchpoint, batch)
        return SyncReply(
            counter=batch.counter,
            verdicts=batch.verdicts,
            now=int(now.timestamp() * 1000),
            survey=self._surveys.of(touchpoint).etag,
        )

    async def _meet(self, kiosk_id: UUID, address: str) -> tuple[StoredKiosk, PublicKey]:
        """The kiosk with this id, and its key. Both are remembered, since they never change."""
        if kiosk_id not in self._met:
            async with self._room:
                # While this call waited, another one may have looked the same kiosk up.
                if kiosk_id not in self._met:
                    self._strangers.take(0, address)
                    async with self._database() as db:
                        kiosk = await find_kiosk(db, self._municipalities, kiosk_id)
                    self._met[kiosk_id] = kiosk, PublicKey(kiosk.public_key)
        return self._met[kiosk_id]

    async def _read_items(
        self, envelope: KioskEnvelope, kiosk: StoredKiosk, key: PublicKey
    ) -> list[ReadItem]:
        items = []
        for index, raw in enumerate(envelope.items):
            items.append(self._items.read(index, bytes(raw), kiosk, key))
            await asyncio.sleep(0)  # fifty signatures take milliseconds: let other requests run
        return items

    async def _take(
        self,
        kiosk: StoredKiosk,
        touchpoint: Touchpoint,
        envelope: KioskEnvelope,
        items: list[ReadItem],
        now: datetime,
    ) -> Batch:
        """One transaction: every item is stored or kept apart, or nothing is.

        After a refusal it begins anew with a savepoint an item. Not before: a savepoint takes a
        number of a transaction, so a batch would take two where any other answer takes one.
        """

        async def take_with(store: type_of_store) -> Batch:
            return await self._take_with(
                store, kiosk, items, lambda turn: Batch(turn, touchpoint, envelope, now=now)
            )

        try:
            return await take_with(store_at_once)
        except REFUSED as refused:
            tell_refused(refused, len(items))
            return await take_with(store_each)

    async def _take_with(
        self,
        store: type_of_store,
        kiosk: StoredKiosk,
        items: list[ReadItem],
        batch_of: Callable[[StoredKiosk], Batch],
    ) -> Batch:
        try:
            async with self._database() as db, acknowledged(db), db.transaction():
                kiosk = await take_turn(db, kiosk.municipality, kiosk.id)
                ids = [item.id for item in items if item.id is not None]
                known = await known_items(db, kiosk.municipality, kiosk.id, ids)
                batch = batch_of(kiosk)
                batch.judge(items, known)
                for refused_id, reason in (await store(db, batch.rows())).items():
                    batch.refuse(refused_id, reason)
                set_aside = await keep_set_aside(
                    db, kiosk.municipality, kiosk.id, batch.set_aside()
                )
                quarantined = await keep_quarantined(
                    db, kiosk.municipality, kiosk.id, batch.quarantined()
                )
                seen = batch.seen(set_aside=set_aside, quarantined=quarantined)
                await note_seen(db, kiosk.municipality, kiosk.id, seen)
        except KioskUnknown:
            # The database was restored to a moment before this kiosk was enrolled.
            self._met.pop(kiosk.id, None)
            raise
        except asyncpg.DeadlockDetectedError:
            raise WriterUnavailable("try-again", retry_after_seconds=1) from None
        return batch


def _read(body: SignedEnvelope, kiosk: StoredKiosk, key: PublicKey) -> KioskEnvelope:
    signed = body.envelope.encode()
    if not key.signed(signed, body.signature):
        raise SignatureRefused
    try:
        envelope = _envelope(signed)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise BodyUnreadable((_NO_ENVELOPE,)) from None
    if envelope.kiosk != kiosk.id:
        raise SignatureRefused
    return envelope


_OUTCOMES: Mapping[str, str] = {"stored": "stored", "known": "already-received"}


def _report(touchpoint: Touchpoint, batch: Batch) -> None:
    """Count the verdicts, and log which items an operator has to look at."""
    municipality, slug = touchpoint.municipality, touchpoint.slug
    for verdict in batch.verdicts:
        outcome = _OUTCOMES.get(verdict.verdict, verdict.verdict)
        metrics.count_outcome(municipality, touchpoint.channel, outcome)
    for reason, count in batch.newly_set_aside.items():
        metrics.kiosk_set_aside.labels(municipality, slug, reason).inc(count)
        _warn("kiosk_set_aside", touchpoint, reason, count)
    for reason, count in batch.newly_quarantined.items():
        metrics.kiosk_quarantined.labels(municipality, slug, reason).inc(count)
        _warn("kiosk_quarantined", touchpoint, reason, count)


def _warn(event: str, touchpoint: Touchpoint, reason: str, count: int) -> None:
    log(
        event,
        level="warning",
        municipality=touchpoint.municipality,
        touchpoint=touchpoint.slug,
        reason=reason,
        count=count,
    )
