"""Decides about one batch of a kiosk: what is stored, what is kept apart, and the reply to it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from ingest.kiosk.clock import Bounds, Reading, offset_seconds, place, set_between, too_soon
from ingest.kiosk.item_statements import KeptItem, NewKioskItem
from ingest.kiosk.items import Answered, ReadItem, fit_to_keep
from ingest.kiosk.messages import KioskEnvelope, KioskVerdict, Verdict
from ingest.kiosk.pairing_messages import HIGHEST_COUNTER
from ingest.kiosk.statements import Seen, StoredKiosk
from ingest.municipalities.municipality import Touchpoint
from ingest.responses.submission import as_json


class Batch:
    """What becomes of a batch of `kiosk`, whose row is locked meanwhile.

    Call `judge` first. Store the rows of `rows`, and call `refuse` for each that could not be
    stored. Then read the other properties. `counter` goes into the reply: None when the kiosk needs
    an operator.
    """

    def __init__(
        self,
        kiosk: StoredKiosk,
        touchpoint: Touchpoint,
        envelope: KioskEnvelope,
        *,
        now: datetime,
    ) -> None:
        self._kiosk = kiosk
        self._touchpoint = touchpoint
        self._envelope = envelope
        self._now = now
        self._quarantine_reason = _reason_to_quarantine(kiosk, envelope)
        self._items: Sequence[ReadItem] = ()
        self._verdicts: dict[int, tuple[Verdict, str | None]] = {}
        self._fresh: dict[UUID, ReadItem] = {}
        self._repeated: list[tuple[ReadItem, ReadItem]] = []
        self.counter = None if self._quarantine_reason else _next_counter(kiosk, envelope)

    def judge(self, items: Sequence[ReadItem], known: Mapping[UUID, bytes | None]) -> None:
        """Give each item its verdict, except those to be stored: they get it once they are."""
        self._items = items
        for item in items:
            if item.id is None:
                self._verdicts[item.index] = ("set-aside", item.reason)
            elif item.id in known:
                # After 30 days only the id is known; it is random, so this is the same item.
                same = known[item.id] in (None, item.digest)
                self._verdicts[item.index] = ("known", None) if same else ("set-aside", "conflict")
            elif item.id in self._fresh:
                first = self._fresh[item.id]
                if first.digest == item.digest:
                    self._repeated.append((first, item))
                else:
                    self._verdicts[item.index] = ("set-aside", "conflict")
            else:
                self._fresh[item.id] = item
                if self._quarantine_reason and (item.answered or item.reason):
                    self._verdicts[item.index] = ("quarantined", self._quarantine_reason)
                elif item.reason:
                    self._verdicts[item.index] = ("set-aside", item.reason)

    def rows(self) -> list[NewKioskItem]:
        """The rows to store as responses."""
        return [
            self._with_signal(self._row(stored_id, item, answered), answered)
            for stored_id, item, answered in self._storing()
        ]

    def refuse(self, stored_id: UUID, reason: str) -> None:
        """Give the verdict for a row that the database refused."""
        self._verdicts[self._fresh[stored_id].index] = ("set-aside", reason)

    @property
    def verdicts(self) -> tuple[KioskVerdict, ...]:
        """The verdict of each item, in the order in which they came."""
        verdicts = dict(self._verdicts)
        for _, item, _ in self._storing():
            verdicts[item.index] = ("stored", None)
        for first, repeated in self._repeated:
            if first.index in verdicts:
                verdict, reason = verdicts[first.index]
                verdicts[repeated.index] = ("known" if verdict == "stored" else verdict, reason)
        return tuple(
            KioskVerdict(
                index=item.index,
                verdict=verdicts[item.index][0],
                response_id=item.response_id,
                reason=verdicts[item.index][1],
            )
            for item in self._items
            if item.index in verdicts
        )

    def set_aside(self) -> list[KeptItem]:
        """The items that are kept although they can never be stored."""
        return self._kept("set-aside")

    def quarantined(self) -> list[KeptItem]:
        """The items that are kept until an operator releases them."""
        return self._kept("quarantined")

    def seen(self, *, set_aside: int, quarantined: int) -> Seen:
        """The new state of the kiosk; both counts are of items kept for the first time."""
        kiosk, envelope = self._kiosk, self._envelope
        # A copied or revoked kiosk sent this, so the state of the kiosk itself stays as it was.
        if self.counter is None:
            return Seen(
                counter=kiosk.counter,
                last_seen=kiosk.last_seen,
                emptied_at=kiosk.emptied_at,
                emptied_offset_seconds=kiosk.emptied_offset_seconds,
                queue=kiosk.queue,
                version=kiosk.version,
                clock_offset_seconds=kiosk.clock_offset_seconds,
                last_boot=kiosk.last_boot,
                last_monotonic=kiosk.last_monotonic,
                set_aside=set_aside,
                quarantined=quarantined,
            )
        settled = len(self.verdicts)
        last = self._last_reading()
        offset = offset_seconds(envelope.now, self._now)
        emptied = envelope.queue <= settled
        return Seen(
            counter=self.counter,
            last_seen=self._now,
            emptied_at=self._now if emptied else kiosk.emptied_at,
            emptied_offset_seconds=offset if emptied else kiosk.emptied_offset_seconds,
            queue=max(0, envelope.queue - settled),
            version=envelope.version,
            clock_offset_seconds=offset,
            last_boot=None if last is None else last.boot,
            last_monotonic=None if last is None else last.monotonic,
            set_aside=set_aside,
            quarantined=quarantined,
            tile_mm=envelope.tile_mm,
        )

    @property
    def newly_set_aside(self) -> Counter[str]:
        """How many were set aside, by reason."""
        return Counter(item.reason for item in self.set_aside())

    @property
    def newly_quarantined(self) -> Counter[str]:
        """How many were put in quarantine, by reason."""
        return Counter(item.reason for item in self.quarantined())

    def _storing(self) -> list[tuple[UUID, ReadItem, Answered]]:
        return [] if self._quarantine_reason else self._sound()

    def _sound(self) -> list[tuple[UUID, ReadItem, Answered]]:
        """Items with valid answers: they are stored now, or when they are released."""
        return [
            (stored_id, item, item.answered)
            for stored_id, item in self._fresh.items()
            if item.answered is not None
            and self._verdicts.get(item.index, ("quarantined", None))[0] == "quarantined"
        ]

    def _readings(self) -> list[Reading]:
        return [answered.payload.time for _, _, answered in self._sound()]

    def _kept(self, verdict: Verdict) -> list[KeptItem]:
        releasable = {
            item.index: self._row(stored_id, item, answered)
            for stored_id, item, answered in (self._sound() if verdict == "quarantined" else ())
        }
        return [
            KeptItem(
                digest=item.digest,
                reason=self._verdicts[item.index][1] or "",
                payload=fit_to_keep(item.text),
                response=releasable.get(item.index),
            )
            for item in self._items
            if self._verdicts.get(item.index, ("", ""))[0] == verdict
        ]

    def _row(self, stored_id: UUID, item: ReadItem, answered: Answered) -> NewKioskItem:
        payload, questionnaire = answered.payload, answered.questionnaire
        jumped = item.jumped or self._envelope.now.jumped or self._clock_was_set()
        placed = place(payload.time, self._envelope.now, self._bounds(), jumped=jumped)
        return NewKioskItem(
            municipality=self._kiosk.municipality,
            kiosk=self._kiosk.id,
            id=stored_id,
            touchpoint=self._touchpoint.number,
            questionnaire=questionnaire.code,
            version=questionnaire.version,
            structure=questionnaire.structure,
            language=payload.language,
            day=placed.day,
            hour=placed.hour,
            day_uncertain=placed.uncertain,
            complete=payload.complete,
            suspect="too-quick" if payload.suspect or self._too_soon(payload.time) else "",
            content_code=item.digest,
            answers=as_json(answered.checked.answers),
            texts=as_json(answered.texts),
        )

    def _with_signal(self, row: NewKioskItem, answered: Answered) -> NewKioskItem:
        """Not of what is kept apart: once that is released, nobody can do anything about it."""
        if row.suspect:
            return row
        return msgspec.structs.replace(row, **answered.noticed)

    def _too_soon(self, reading: Reading) -> bool:
        """Whether another answer came less than the interval before, in this batch or stored."""
        interval = self._touchpoint.kiosk.interval_seconds
        last = _last_stored(self._kiosk)
        if last is not None and too_soon(last, reading, interval):
            return True
        return any(
            other is not reading
            and other.monotonic <= reading.monotonic
            and too_soon(other, reading, interval)
            for other in self._readings()
        )

    def _last_reading(self) -> Reading | None:
        """The latest answer: the first one of the next batch must not follow it too soon."""
        boot = self._envelope.now.boot
        readings = self._readings()
        last = _last_stored(self._kiosk)
        if last is not None:
            readings.append(last)
        # Answers since the current start of the browser come later than any before it.
        return max(
            readings, key=lambda reading: (reading.boot == boot, reading.monotonic), default=None
        )

    def _clock_was_set(self) -> bool:
        """Whether the wall clock was set since the kiosk last had nothing left to send.

        All items of this batch were answered after that moment, perhaps before the clock was set.
        """
        kiosk = self._kiosk
        if kiosk.emptied_at is None or kiosk.emptied_offset_seconds is None:
            return False
        offset = offset_seconds(self._envelope.now, self._now)
        return set_between(kiosk.emptied_offset_seconds, offset, self._now - kiosk.emptied_at)

    def _bounds(self) -> Bounds:
        kiosk = self._kiosk
        earliest = kiosk.answers_since or kiosk.enrolled_at
        # A new item was answered after the kiosk last had nothing left to send. For a copy of the
        # kiosk that is not known.
        if kiosk.emptied_at is not None and not self._quarantine_reason:
            earliest = max(earliest, kiosk.emptied_at)
        return Bounds(earliest=min(earliest, self._now), now=self._now)


def _last_stored(kiosk: StoredKiosk) -> Reading | None:
    if kiosk.last_boot is None or kiosk.last_monotonic is None:
        return None
    return Reading(boot=kiosk.last_boot, monotonic=kiosk.last_monotonic, wall=0)


def _reason_to_quarantine(kiosk: StoredKiosk, envelope: KioskEnvelope) -> str:
    """Why the whole batch goes into quarantine; empty when it does not."""
    if kiosk.revoked_on is not None:
        return "revoked"
    # A kiosk whose reply was lost sends the counter before this one.
    if envelope.counter < kiosk.counter - 1:
        return "old-counter"
    return ""


def _next_counter(kiosk: StoredKiosk, envelope: KioskEnvelope) -> int:
    """The counter that the kiosk must send next time.

    It moves on only when the latest one came, so that a kiosk may lose many replies. A counter
    ahead of ours comes from a kiosk that synced before our database was restored from a backup.
    """
    if envelope.counter < kiosk.counter:
        return kiosk.counter
    return min(envelope.counter, HIGHEST_COUNTER) + 1
