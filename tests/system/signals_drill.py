"""Kills who tells of signals, over and over at any moment, and counts who was told of what.

The webhook, whoever answers surveys and the service are a process each; only the service is killed.
Where the moments between two steps are too short to be hit often, the database and the webhook take
their time there; which step a kill came after is read from the rows, and every one of them has to
have been hit.
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
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from ingest.followup.pushing.work import PushingPace, Telling
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.pushing import Pushing
from tests.conftest import Database, prepared
from tests.embedding import a_free_port
from tests.example import example_catalogue
from tests.neighbours.server import Behaviour, Request, neighbour
from tests.neighbours.webhooks import Webhooks
from tests.system.rounds import turns
from tests.telling import (
    CODE,
    FOLLOW_UP,
    SLUG,
    a_secret,
    by_mail,
    by_webhook,
    telling_whom,
    written,
)

LANES = ("told", "control")
"""The service as it is, and one that keeps no delivery while it is telling it."""

STEPS = ("shown", "made", "taken", "told")
"""After which step a kill came, by what it left: nothing of a signal, a delivery that waits, one
that is being told and did not arrive, one that arrived and was not written down.
"""

TOUCHPOINTS = (1, 2, 4)
_PACE = PushingPace(at_once=4, lease=0.6, again=0.0005)
_LATEST = 0.6
_SLOW_SECONDS = 0.03
_ROUND_SECONDS = 90.0


class Found(msgspec.Struct, kw_only=True):
    """What rounds came to, of webhook and mail together: each signal is told in both ways."""

    rounds: int = 0
    signals: int = 0
    kills: int = 0
    deliveries: int = 0
    again: int = 0  # told once more under the same id, which is right
    changed: int = 0  # the same id, and something else
    lost: int = 0  # signals of which nobody was told
    double: int = 0  # signals told under two ids
    left: int = 0  # deliveries that wait at the end
    steps: dict[str, int] = {}

    def add(self, other: "Found") -> None:
        """Count another's in."""
        for name in self.__struct_fields__:
            if name != "steps":
                setattr(self, name, getattr(self, name) + getattr(other, name))
        self.steps = dict(Counter(self.steps) + Counter(other.steps))


class Around(msgspec.Struct, frozen=True):
    """What the processes of one lane share."""

    database: Database
    catalogue: Catalogue
    folder: Path
    port: int
    secret: str

    @property
    def ledger(self) -> Path:
        """What arrived at the webhook."""
        return self.folder / "ledger"


def drilled(lane: str, rounds: int, signals: int = 40) -> Found:
    """So many rounds of one lane. `lane` is one of LANES."""
    total = Found()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        secret, port = a_secret(), a_free_port()
        there = by_webhook(
            f"http://127.0.0.1:{port}{Webhooks().path}", written(folder / "key", secret)
        )
        push = Pushing(follow_up_url=FOLLOW_UP, webhook=there.webhook, mail=by_mail().mail)
        around = Around(
            prepared(f"signals_{lane}"),
            telling_whom(example_catalogue(), push),
            folder,
            port,
            secret,
        )
        asyncio.run(_slow_down(around, lane))
        for turn in turns(lane, rounds, lambda: total.lost):
            total.add(_one_round(around, random.Random(f"{lane}/{turn}"), signals))  # a drill
    return total


def faults_of(lane: str, found: Found, *, steps: Sequence[str] = STEPS) -> list[str]:
    """What is not as it has to be, in words; nothing when all is well."""
    if lane == "control":
        return [] if found.lost else ["the control, which keeps no delivery, lost nothing"]
    wrong = {
        "signals were told to nobody": found.lost,
        "signals were told under two ids": found.double,
        "deliveries were told again with another content": found.changed,
        "deliveries are left": found.left,
    }
    faults = [f"{count} {what}" for what, count in wrong.items() if count]
    return faults + [f"no kill came after: {step}" for step in steps if not found.steps.get(step)]


async def _slow_down(around: Around, lane: str) -> None:
    """Before a delivery is made, is taken, and is written down as told."""
    async with around.database.superuser() as db:
        await db.execute(
            f"""
            create function public.slowly() returns trigger language plpgsql as
            $$ begin perform pg_sleep({_SLOW_SECONDS}); return null; end $$;
            create trigger slowly before insert or update or delete on meetpunt.signal_delivery
                for each statement execute function public.slowly()
            """
        )
        if lane == "control":
            await db.execute(FORGET)


FORGET = """
    create function public.forget() returns trigger language plpgsql as
    $$ begin
        delete from meetpunt.signal_delivery where id = new.id; return null;
    end $$;
    create trigger forget after update on meetpunt.signal_delivery
        for each row when (new.state = 'sending') execute function public.forget()
"""
"""Keeps no delivery while it is told."""


def _one_round(around: Around, chance: random.Random, signals: int) -> Found:
    asyncio.run(_empty(around))
    around.ledger.write_bytes(b"")
    found = Found(rounds=1, signals=signals)
    there = _forked(_be_webhook, around)
    service = _forked(_tell, around)
    answering = _forked(_answer, around, signals)
    until = time.monotonic() + _ROUND_SECONDS
    try:
        while answering.is_alive() and time.monotonic() < until:
            time.sleep(chance.uniform(0, _LATEST))
            with suppress(ProcessLookupError):
                os.kill(service.pid, signal.SIGKILL)
            service.join()
            found.kills += 1
            found.steps = dict(Counter(found.steps) + asyncio.run(_left_by(around)))
            service = _forked(_tell, around)
        while asyncio.run(_untold(around)) and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        for process in (service, answering, there):
            process.kill()
            process.join()
    asyncio.run(_count(around, found))
    return found


def _forked(target: Any, *arguments: Any) -> Any:
    """A process of its own; forked, because loading everything takes a second."""
    process = multiprocessing.get_context("fork").Process(target=target, args=arguments)
    process.start()
    return process


def _tell(around: Around) -> None:
    async def telling() -> None:
        work = Telling(around.catalogue, folder=around.folder / "mail", pace=_PACE)
        # By this name the server's sessions of it are known.
        named = {"application_name": "meetpunt signals"}
        db = await asyncpg.connect(around.database.url("meetpunt_work"), server_settings=named)
        while True:
            await work.tell(db)
            await asyncio.sleep(0.01)

    asyncio.run(telling())


def _be_webhook(around: Around) -> None:
    chance = random.Random(os.getpid())  # a drill
    theirs = Webhooks(around.secret)

    async def slowly(request: Request) -> Behaviour:
        """Each call takes its while before, and after: kills come in between."""
        await asyncio.sleep(chance.uniform(0, _SLOW_SECONDS))
        answer = await theirs(request)
        if getattr(answer, "status", 0) == 204:
            body = json.loads(request.body)
            _write(around, [request.headers["webhook-id"], _by_touchpoint(body)])
        await asyncio.sleep(chance.uniform(0, _SLOW_SECONDS))
        return answer

    async def serving() -> None:
        # Who calls is killed in the middle of a request.
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        async with neighbour(slowly, port=around.port):
            await asyncio.Event().wait()

    asyncio.run(serving())


def _by_touchpoint(body: Any) -> dict[str, int]:
    told: Counter[str] = Counter()
    for each in body["data"]["signals"]:
        told[each["touchpoint"]] += each["count"]
    return told


def _answer(around: Around, signals: int) -> None:
    """Low marks come in, one after the other."""
    chance = random.Random(os.getpid())  # a drill

    async def answering() -> None:
        async with around.database.superuser() as db:
            for _ in range(signals):
                await db.execute(LOW_MARK, CODE, chance.choice(TOUCHPOINTS))
                await asyncio.sleep(chance.uniform(0, 0.1))

    asyncio.run(answering())


LOW_MARK = """
    insert into meetpunt.signal (municipality, touchpoint, reason, day, half, shown_from)
    values ($1, $2, 'laag', current_date, 'ochtend', now())
"""
"""Of this municipality, at this touchpoint; it may be told at once."""


def _write(around: Around, line: list[Any]) -> None:
    """One line, whole or not at all."""
    ledger = os.open(around.ledger, os.O_WRONLY | os.O_APPEND)
    os.write(ledger, json.dumps(line).encode() + b"\n")
    os.close(ledger)


def _lines(around: Around) -> Iterator[tuple[str, dict[str, int]]]:
    for line in around.ledger.read_text().splitlines():
        id, told = json.loads(line)
        yield id, told


def _mails(around: Around) -> Iterator[tuple[str, str]]:
    """The id and the words of each mail, once more where it was sent again."""
    for path in (around.folder / "mail" / SLUG).glob("*.json"):
        mail = json.loads(path.read_bytes())
        yield mail["reference"], mail["plain"]


async def _empty(around: Around) -> None:
    for path in (around.folder / "mail" / SLUG).glob("*"):
        path.unlink()
    async with around.database.superuser() as db:
        await db.execute(
            "truncate meetpunt.signal, meetpunt.signal_told, meetpunt.signal_delivery,"
            " meetpunt.signal_tally, meetpunt.signal_webhook_gone"
        )


async def _untold(around: Around) -> int:
    async with around.database.superuser() as db:
        many: int = await db.fetchval(UNTOLD)
    return many


UNTOLD = """
    select (select count(*) from meetpunt.signal_delivery)
        + 2 * (select count(*) from meetpunt.signal)
        - (select count(*) from meetpunt.signal_told)
"""
"""What waits, and what no delivery was made of yet, where each is told in two ways."""


async def _left_by(around: Around) -> Counter[str]:
    """After which steps this kill came, as rows and ledgers tell."""
    async with around.database.superuser() as db:
        # What a killed process began, the server goes on with for a moment.
        while await db.fetchval(_BUSY):
            await db.execute("select pg_sleep(0.005)")
        signals = await db.fetchval("select count(*) from meetpunt.signal")
        made = await db.fetchval("select count(*) from meetpunt.signal_told")
        rows = await db.fetch("select id, state, attempts from meetpunt.signal_delivery")
    arrived = {UUID(id) for id, _ in (*_lines(around), *_mails(around))}
    sending = {row["id"] for row in rows if row["state"] == "sending"}
    left = +Counter(
        {
            "shown": max(0, 2 * signals - made),
            "made": sum(1 for row in rows if row["attempts"] == 0),
            "taken": len(sending - arrived),
            "told": len(sending & arrived),
        }
    )
    return Counter(left.keys())


_BUSY = """
    select exists (
        select from pg_stat_activity
        where datname = current_database() and application_name like 'meetpunt %'
    )
"""


async def _count(around: Around, found: Found) -> None:
    """What arrived, beside the signals that there are."""
    async with around.database.superuser() as db:
        found.left = await db.fetchval("select count(*) from meetpunt.signal_delivery")
    webhook: dict[str, dict[str, int]] = {}
    for id, told in _lines(around):
        found.again += id in webhook
        found.changed += webhook.setdefault(id, told) != told
    mail: dict[str, str] = {}
    for id, plain in _mails(around):
        found.again += id in mail
        found.changed += mail.setdefault(id, plain) != plain
    by_webhook = sum(sum(told.values()) for told in webhook.values())
    by_mail = sum(_said(plain) for plain in mail.values())
    for many in (by_webhook, by_mail):
        found.lost += max(0, found.signals - many)
        found.double += max(0, many - found.signals)
    found.deliveries = len(webhook) + len(mail)


def _said(plain: str) -> int:
    """How many signals a mail speaks of."""
    return sum(int(line.split()[1]) for line in plain.splitlines() if line.startswith("- "))
