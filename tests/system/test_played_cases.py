"""A thousand cases and all that goes wrong: one invitation for each that should have one.

What is delivered twice, too late, in any order or never; cases that are opened again; the case
system away for an hour, we for two, and a new process every ten minutes, half of them killed.
"""

import asyncio
import random
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from ingest.invitations.sealing import Sealing
from ingest.municipalities.catalogue import Catalogue
from ingest.tasks.names import TaskName
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.case_systems import Systems, case_systems
from tests.conftest import Database, Serve
from tests.inviting import CODE

# A day of ten minutes a step takes a minute; each thing that goes wrong in it is tested every time,
# in tests/ingest/connectors/cases.
pytestmark = [pytest.mark.anyio, pytest.mark.long]

CASES, STEPS = 1000, 144
SYSTEM_AWAY = range(30, 36)
WE_AWAY = range(60, 72)
"""Steps of ten minutes: an hour, and two hours."""


class Ledger(msgspec.Struct, frozen=True):
    """Against what should wait: who is missing, who is there twice, who should not be there."""

    missing: int
    double: int
    wrong: int


@pytest.mark.parametrize("polls", [True, False])
async def test_a_day_of_cases_asks_each_who_should_be_asked_and_nobody_else(
    serve: Serve, catalogue: Catalogue, keys: Keys, tmp_path: Path, polls: bool
) -> None:
    async with case_systems(serve, catalogue, keys, tmp_path) as systems:
        day = _Day(systems)
        for step in range(STEPS):
            await day.step(step)
            await _looked(systems, day.chance, polls=polls)
        day.settle()
        for _ in range(4):
            await _all_due(systems)
            await systems.deliver()
            await systems.follow()
            if polls:
                await systems.poll()
            await systems.follow()
        ledger = await _ledger(systems.database, keys, day.expected())
        if polls:
            assert ledger == Ledger(missing=0, double=0, wrong=0)
        else:
            # Control: what was told while we were away was told five times, and then dropped.
            assert ledger.missing > 0


class _Day:
    """What happens to cases, a step at a time."""

    def __init__(self, systems: Systems) -> None:
        self._systems = systems
        self.chance = random.Random(7)  # the same day each time
        self._kind = systems.zaak.case_type()
        self._silent = systems.zaak.case_type("B0999", informs=False)
        self._open: list[str] = []
        self._closed: list[str] = []
        self._asked: dict[str, str] = {}
        self._answers = systems.notificaties._post

    async def step(self, step: int) -> None:
        """Ten minutes."""
        zaak, chance = self._systems.zaak, self.chance
        for number in range(step * CASES // STEPS, (step + 1) * CASES // STEPS):
            case = self._case(number)
            self._open.append(case)
        for case in chance.sample(self._open, k=min(len(self._open), 8)):
            zaak.close(case)
            self._open.remove(case)
            self._closed.append(case)
            if chance.random() < 0.3:
                zaak.patch(case, omschrijving="kanarie")
        for case in chance.sample(self._closed, k=min(len(self._closed), chance.randrange(2))):
            zaak.reopen(case)
            self._closed.remove(case)
            self._open.append(case)
        zaak.rights = step not in SYSTEM_AWAY
        self._systems.notificaties._post = _nobody if step in WE_AWAY else self._answers
        await self._systems.deliver(twice=0.1)

    def settle(self) -> None:
        """Everybody is there again."""
        self._systems.zaak.rights = True
        self._systems.notificaties._post = self._answers

    def expected(self) -> Counter[str]:
        """Whom a message should wait for: of each case that is closed now, who asked for it."""
        return Counter(self._asked[case] for case in self._closed if case in self._asked)

    def _case(self, number: int) -> str:
        kind, more = self._kind, {}
        match self.chance.randrange(12):
            case 0:
                kind = self._silent
            case 1:
                more = {"confidentiality": "vertrouwelijk"}
            case 2:
                more = {"part_of": next(iter(self._systems.zaak.resources))}
        case = self._systems.case(number, kind=kind, **more)
        if kind == self._kind and not more:
            self._asked[case] = f"+316{10_000_000 + number}"
        return case


async def _nobody(*_: object) -> int:
    return 0


async def _looked(systems: Systems, chance: random.Random, *, polls: bool) -> None:
    """Ten minutes of work by a new process, which may be killed in the middle of it."""
    looking = asyncio.create_task(systems.follow())
    if chance.random() < 0.5:
        await asyncio.wait({looking}, timeout=chance.random() / 20)
        looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    await _all_due(systems)
    if polls and chance.random() < 0.3:
        await systems.poll()


async def _all_due(systems: Systems) -> None:
    """What was postponed is due, and a lease of who was killed has run out."""
    async with systems.database.superuser() as db:
        await db.execute("update meetpunt.notification set due = now() where due is not null")
        await db.execute(
            "update meetpunt.task set holder = null, held_until = null, pid = null"
            " where name = any ($1)",
            [TaskName.FOLLOW_NOTIFICATIONS, TaskName.POLL_CASES],
        )


async def _ledger(database: Database, keys: Keys, expected: Counter[str]) -> Ledger:
    sealing = Sealing(derived_keys(keys).sealing)
    async with database.superuser() as db:
        rows = await db.fetch("select id, sealed from meetpunt.outbox where state = 'waiting'")
    waiting = Counter(
        sealing.open(CODE, row["id"], row["sealed"]).recipient.address for row in rows
    )
    return Ledger(
        missing=(expected - waiting).total(),
        double=sum(many - 1 for many in waiting.values()),
        wrong=sum(many for who, many in waiting.items() if who not in expected),
    )
