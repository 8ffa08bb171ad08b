"""Kills who sends invitations, over and over at any moment, and counts what everybody got.

The provider is a file to which each message is one line, written at once: what it holds went out.
One that can be asked looks there; one that cannot leaves what was cut off unknown.
"""

import asyncio
import json
import multiprocessing
import os
import random
import signal
import tempfile
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from msgspec.structs import replace

from ingest.invitations.occasions import Recipient
from ingest.invitations.outbox_statements import Change, change_messages
from ingest.invitations.picking_statements import find_due, take_waiting
from ingest.invitations.sealing import Sealing
from ingest.invitations.taking import Taking
from ingest.invitations.working import work_of
from ingest.municipalities.catalogue import Catalogue
from ingest.senders.sender import Accepted, Outcome, OutgoingMessage, RefusedForNow
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys, new_keys
from ingest.tokens.response_tokens import Tokens
from tests.conftest import Database, prepared
from tests.example import example_catalogue
from tests.inviting import QUICK, contact, inviting, mobile, noon, take_in
from tests.system.rounds import turns

LANES = ("asked", "not-asked", "control")
"""A provider that can be asked, one that cannot, and who calls before anything is committed."""

# Longer than a batch takes on a busy machine, and short to wait for.
_PACE = replace(QUICK, at_once=20, lease=2.0, look=0.01)
_LONGEST_MOMENT = 0.35
_SLOW_SECONDS = 0.01
# On a machine that does much else nobody gets far before the next kill: the last one has its time.
_KILLING_SECONDS = 40.0
_ENDING_SECONDS = 300.0


class Found(msgspec.Struct, kw_only=True):
    """What rounds came to. `none` got nothing; of `unknown` nobody knows."""

    rounds: int = 0
    occasions: int = 0
    kills: int = 0
    one: int = 0
    double: int = 0
    none: int = 0
    unknown: int = 0
    lost: int = 0  # got nothing, and no row says that nobody knows
    miscounted: int = 0  # figures that do not add up, or rows that did not end

    def add(self, other: "Found") -> None:
        """Count another's in."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Ledger:
    """The provider of this drill, and what it holds."""

    kinds = frozenset({"tel"})
    receipts = False
    account = "the ledger"

    def __init__(self, path: Path, *, can_be_asked: bool) -> None:
        self._path = path
        self._can_be_asked = can_be_asked
        self._chance = random.Random(os.getpid())  # a drill

    def of(self, _municipality: str, _name: str) -> "Ledger":
        """There is one."""
        return self

    async def send(self, message: OutgoingMessage) -> Outcome:
        """Take a while, let it go out, and take a while to say so."""
        await asyncio.sleep(self._chance.uniform(0, _SLOW_SECONDS))
        self.write(message.reference, message.recipient)
        await asyncio.sleep(self._chance.uniform(0, _SLOW_SECONDS))
        return Accepted(None)

    def write(self, reference: str, recipient: Recipient) -> None:
        """One line, whole or not at all."""
        line = json.dumps([reference, recipient.address]).encode() + b"\n"
        ledger = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(ledger, line)
        os.close(ledger)

    async def look_up(self, reference: str, _theirs: str | None) -> Outcome | None:
        """What it holds of this one."""
        if not self._can_be_asked:
            return None
        there = any(name == reference for name, _ in self.lines())
        return Accepted(None) if there else RefusedForNow("not-there")

    def lines(self) -> list[tuple[str, str]]:
        """Reference and number of all that went out."""
        if not self._path.exists():
            return []
        return [tuple(json.loads(line)) for line in self._path.read_text().splitlines()]

    async def close(self) -> None:
        """Nothing is open."""


class Surroundings(msgspec.Struct, frozen=True):
    """What a process needs."""

    database: Database
    catalogue: Catalogue
    keys: Keys
    ledger: Path
    lane: str


def drilled(lane: str, rounds: int, occasions: int = 200) -> Found:
    """So many rounds of one lane, each with so many people of its own. `lane` is one of LANES."""
    database = prepared(f"invitations_{lane.replace('-', '_')}")
    total = Found()
    with tempfile.TemporaryDirectory() as folder:
        keys = new_keys(Path(folder) / "keys.json", now=datetime(2026, 1, 1, tzinfo=UTC))
        catalogue = inviting(example_catalogue())
        for turn in turns(lane, rounds, lambda: total.double):
            ledger = Path(folder) / f"ledger-{turn}"
            around = Surroundings(database, catalogue, keys, ledger, lane)
            total.add(_one_round(around, turn, occasions))
    return total


def _one_round(around: Surroundings, turn: int, occasions: int) -> Found:
    chance = random.Random(f"{around.lane}/{turn}")  # a drill
    asyncio.run(_begin(around, turn, occasions))
    found = Found(rounds=1, occasions=occasions)
    until = time.monotonic() + _KILLING_SECONDS
    # Killed until nothing waits; then one that lives to the end.
    while asyncio.run(_left(around, "waiting")) and time.monotonic() < until:
        process = _process(around)
        time.sleep(chance.uniform(0, _LONGEST_MOMENT))
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.join()
        found.kills += 1
    until = time.monotonic() + _ENDING_SECONDS
    process = _process(around)
    try:
        while asyncio.run(_left(around, "waiting", "sending")) and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        process.kill()
        process.join()
    asyncio.run(_count(around, found))
    return found


def _process(around: Surroundings) -> Any:
    """A process of its own that sends; forked, because loading everything takes a second."""
    working = _call_before_commit if around.lane == "control" else _work
    process = multiprocessing.get_context("fork").Process(target=working, args=(around,))
    process.start()
    return process


def _work(around: Surroundings) -> None:
    async def sending() -> None:
        work = work_of(
            around.database.url("meetpunt_work"),
            catalogue=around.catalogue,
            keys=around.keys,
            tokens=Tokens(around.keys),
            providers=Ledger(around.ledger, can_be_asked=around.lane == "asked"),
            pace=_PACE,
            # By its clock every pause after a refusal is over.
            clock=lambda: noon() - timedelta(minutes=30),
        )
        await work.start()
        await asyncio.Event().wait()

    asyncio.run(sending())


def _call_before_commit(around: Surroundings) -> None:
    """As many a queue does it: rows are held, and changed when their calls are over."""
    sealing = Sealing(derived_keys(around.keys).sealing)
    ledger = Ledger(around.ledger, can_be_asked=False)

    async def sending() -> None:
        db = await asyncpg.connect(around.database.url("meetpunt_work"))
        while True:
            async with db.transaction():
                rows = await take_waiting(db, await find_due(db, _PACE.at_once))
                for row in rows:
                    content = sealing.open(row.municipality, row.id, row.sealed)
                    await asyncio.sleep(_SLOW_SECONDS / 2)
                    ledger.write(str(row.id), content.recipient)
                done = [
                    Change(
                        municipality=row.municipality,
                        id=row.id,
                        state="sent",
                        changed_on=noon().date(),
                    )
                    for row in rows
                ]
                if done:
                    await change_messages(db, done, state="waiting", holder=None)
            await asyncio.sleep(_PACE.look)

    asyncio.run(sending())


async def _begin(around: Surroundings, turn: int, occasions: int) -> None:
    """People of their own in each round, told of at once."""
    first = turn * occasions
    people = range(first, first + occasions)
    contacts = [contact(number, mobile(number)) for number in people]
    async with around.database.superuser() as db:
        await db.execute("truncate meetpunt.outbox, meetpunt.invitation_stage")
    await take_in(around.database, Taking(around.catalogue, around.keys), contacts)


async def _left(around: Surroundings, *in_states: str) -> int:
    async with around.database.superuser() as db:
        left: int = await db.fetchval(
            "select count(*) from meetpunt.outbox where state = any ($1)", in_states
        )
    return left


async def _count(around: Surroundings, found: Found) -> None:
    """What everybody got, beside what the rows and the figures say."""
    async with around.database.superuser() as db:
        rows = await db.fetch("select id, state from meetpunt.outbox")
        stages = await db.fetch("select stage, n from meetpunt.invitation_stage")
    states = {str(row["id"]): row["state"] for row in rows}
    figures = {row["stage"]: row["n"] for row in stages}
    lines = Ledger(around.ledger, can_be_asked=True).lines()
    by_row = Counter(reference for reference, _ in lines)
    by_person = Counter(number for _, number in lines)
    found.one = sum(1 for count in by_person.values() if count == 1)
    found.double = sum(1 for count in by_person.values() if count > 1)
    found.none = found.occasions - len(by_person)
    found.unknown = sum(1 for state in states.values() if state == "unknown")
    found.lost = sum(1 for id, state in states.items() if not by_row[id] and state != "unknown")
    found.miscounted = sum(1 for state in states.values() if state not in ("sent", "unknown"))
    if around.lane != "control":
        right = {"known": found.occasions, **Counter(states.values())}
        found.miscounted += sum(abs(figures.get(name, 0) - n) for name, n in right.items())


def faults_of(lane: str, found: Found) -> list[str]:
    """What is not as it has to be, in words; nothing when all is well."""
    if lane == "control":
        return [] if found.double else ["the control, which commits too late, doubled nothing"]
    wrong = {
        "got two": found.double,
        "got nothing, and no row says that nobody knows": found.lost,
        "rows or figures are not as they should be": found.miscounted,
    }
    if lane == "asked":
        wrong |= {"got nothing": found.none, "are unknown": found.unknown}
    return [f"{count} {what}" for what, count in wrong.items() if count]
