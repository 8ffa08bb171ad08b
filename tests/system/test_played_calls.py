"""Four hundred calls in a day, and all that goes wrong: one invitation for each that should be.

Who was not reached, and then was; whom a call back was promised, and kept or not; contacts that are
confidential, or not by telephone. Open Klant is away for an hour, answers half of a list now and
then, and a new process asks every ten minutes, that knows nothing of the one before. None of the
promises is told by a notification: the reading has to find them all.
"""

import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest.connectors.openklant.polling import Asked
from ingest.invitations.sealing import Sealing
from ingest.municipalities.catalogue import Catalogue
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.conftest import Database
from tests.ingest.connectors.klantcontacten import CALLED_BACK, asking, promises
from tests.inviting import CODE, noon
from tests.neighbours.open_klant import FakeOpenKlant
from tests.neighbours.server import BadDay, Cut, Reply

# Some hundreds of readings of eight pages take half a minute; each thing that goes wrong in it is
# tested every time, in tests/ingest/connectors/test_openklant.py.
pytestmark = [pytest.mark.anyio, pytest.mark.long]

CALLS, STEPS = 400, 60
AWAY = range(24, 30)
"""Steps of ten minutes: an hour, in a day of ten."""


class Ledger(msgspec.Struct, frozen=True):
    """Against what should wait: who is missing, who is there twice, who should not be there."""

    missing: int
    double: int
    wrong: int


class _Day:
    """What is written down in Open Klant, a step at a time."""

    def __init__(self, theirs: FakeOpenKlant, begin: datetime) -> None:
        self.chance = random.Random(11)  # the same day each time
        self.expected: set[str] = set()
        self.kept = 0
        self.promised = 0
        self._theirs = theirs
        self._begin = begin
        self._unreached: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []

    def step(self, step: int) -> datetime:
        """Ten minutes; gives the moment at their end."""
        now = self._begin + timedelta(minutes=10 * step)
        for number in range(step * CALLS // STEPS, (step + 1) * CALLS // STEPS):
            self._call(number, now)
        # Hours after it was written down, and after more pages than are read each time.
        if step > STEPS / 3 and self.chance.random() < 0.6:
            contact, who = self._unreached.pop(0)
            self._changed(contact, indicatieContactGelukt=True)
            self.expected.add(who)
        if self._open and self.chance.random() < 0.4:
            task, who = self._open.pop(self.chance.randrange(len(self._open)))
            self._theirs.call_back(task, at=now)
            self.expected.add(who)
            self.kept += 1
        self._theirs.bad_days.clear()
        if step in AWAY:
            self._theirs.bad_days.extend([BadDay(Reply(503))] * 100)
        elif self.chance.random() < 0.3:
            good = [None] * self.chance.randrange(6)
            self._theirs.bad_days.extend([*good, BadDay(Cut(b"HTTP/1.1 200 OK\r\n"))])
        return now + timedelta(minutes=10)

    def _call(self, number: int, now: datetime) -> None:
        who, at = f"06{10_000_000 + number}", now + timedelta(minutes=self.chance.random() * 10)
        changes: dict[str, Any] = {}
        kind = self.chance.randrange(10)
        match kind:
            case 0:
                changes = {"indicatieContactGelukt": None}
            case 1:
                changes = {"vertrouwelijk": True}
            case 2:
                changes = {"kanaal": "e-mail"}
            case 3:
                changes = {"indicatieContactGelukt": False}
        contact = self._theirs.call(who, at=at, **changes)
        if kind == 0:
            self._unreached.append((contact, who))
        elif kind == 4:
            self.promised += 1
            self._open.append((self._theirs.promise(contact, at=at), who))
        elif not changes:
            self.expected.add(who)

    def _changed(self, contact: str, **changes: Any) -> None:
        (found,) = [each for each in self._theirs.contacts if each["uuid"] == contact]
        found |= changes


async def test_a_day_of_calls_asks_each_who_should_be_asked_and_nobody_else(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    begin = noon() - timedelta(hours=10)
    async with asking(catalogue, keys, tmp_path, callbacks=CALLED_BACK) as (asked, theirs, _):
        day = _Day(theirs, begin)
        now = begin
        async with database.connected("meetpunt_work") as db:
            for step in range(STEPS):
                now = day.step(step)
                fresh = Asked(asked.open_klant, asked._telling)
                for minute in range(3):
                    await fresh.read(db, now - timedelta(minutes=3 - minute))
            theirs.bad_days.clear()
            await Asked(asked.open_klant, asked._telling).read(db, now)
        assert len(day.expected) > CALLS / 2
        assert await _ledger(database, keys, day.expected) == Ledger(missing=0, double=0, wrong=0)
        assert await promises(database) == [(1.0, day.kept)]
        # A week later all days are over: what nobody did counts too, and nobody more is asked.
        async with database.connected("meetpunt_work") as db:
            later = now + timedelta(days=8)
            await Asked(asked.open_klant, asked._telling).read(db, later)
        assert day.kept < day.promised
        ((share, many),) = await promises(database)
        assert many == day.promised
        assert share == pytest.approx(day.kept / day.promised)
        assert await _ledger(database, keys, day.expected) == Ledger(missing=0, double=0, wrong=0)


async def test_without_reading_all_of_it_now_and_then_some_are_missed(
    database: Database, catalogue: Catalogue, keys: Keys, tmp_path: Path
) -> None:
    """The control: it finds what is missing."""
    no_hour = asking(catalogue, keys, tmp_path, callbacks=CALLED_BACK, clock=lambda: 0.0)
    async with no_hour as (asked, theirs, _), database.connected("meetpunt_work") as db:
        day = _Day(theirs, noon() - timedelta(hours=10))
        for step in range(STEPS):
            now = day.step(step)
            theirs.bad_days.clear()
            await asked.read(db, now)
        ledger = await _ledger(database, keys, day.expected)
    assert ledger.missing > 0
    assert (ledger.double, ledger.wrong) == (0, 0)


async def _ledger(database: Database, keys: Keys, expected: set[str]) -> Ledger:
    sealing = Sealing(derived_keys(keys).sealing)
    async with database.superuser() as db:
        rows = await db.fetch("select id, sealed from meetpunt.outbox")
    waiting = Counter(
        sealing.open(CODE, row["id"], row["sealed"]).recipient.address.replace("+31", "0")
        for row in rows
    )
    return Ledger(
        missing=len(expected - waiting.keys()),
        double=sum(many - 1 for many in waiting.values()),
        wrong=len(waiting.keys() - expected),
    )
