"""A colleague who reads every webhook and every mail, and has the list of signals beside them.

What is told by either is what the list shows by then, added up: no signal sooner, none more, and of
each no more than its touchpoint, reason and half day. So a guess at whose it is stays what it is
for who has the list (`signals`). The control is a municipality that is told at once, as the demo
is: there a delivery comes while the half day goes on.
"""

import asyncio
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec

from ingest.followup.following import find_signals
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, emptied
from tests.example import example_catalogue
from tests.neighbours.server import neighbour
from tests.neighbours.webhooks import Webhooks
from tests.telling import (
    SLUG,
    a_secret,
    by_mail,
    by_webhook,
    mails,
    signals,
    tell,
    telling_whom,
    written,
)

HALF_DAYS = 12
# What the list says too; of which department it is follows from the touchpoint.
_SAID = frozenset(
    {"touchpoint", "touchpointName", "department", "departmentName"}
    | {"reason", "theme", "day", "halfDay", "count"}
)
_NUMBER = re.compile(r"(?m)^- (\d+) ")
_NOT_YET, _SHOWN = "now() + interval '1 hour'", "now() - interval '25 hours'"


class Delivered(msgspec.Struct, kw_only=True):
    """What was told by both ways, of so many signals."""

    at_once: bool
    signals: int = 0
    by_webhook: int = 0
    by_mail: int = 0
    sooner: int = 0
    """How often more was told than the half days that were over had."""

    otherwise: int = 0
    """How often a touchpoint, reason or half day was told that the list does not have."""

    words: frozenset[str] = frozenset()
    """What was said of signals that the list does not say."""

    @property
    def failures(self) -> list[str]:
        """Sentences for what should not be."""
        bad = []
        if self.at_once:
            return [] if self.sooner else ["deliveries: the control is told nothing sooner"]
        if self.sooner or self.otherwise:
            bad.append(f"deliveries: {self.sooner} times sooner, {self.otherwise} otherwise")
        if self.words:
            bad.append(f"deliveries: they say {', '.join(sorted(self.words))} too")
        if not self.by_webhook == self.by_mail == self.signals:
            bad.append(f"deliveries: {self.by_webhook} and {self.by_mail} of {self.signals}")
        return bad


async def delivered(
    database: Database, catalogue: Catalogue, folder: Path, *, at_once: bool
) -> Delivered:
    """Half days in which low marks come in. Somebody is told in each, and once it is over."""
    chance, found, secret = Random(1), Delivered(at_once=at_once), a_secret()
    theirs = Webhooks(secret)
    over = 0
    async with neighbour(theirs) as server:
        push = by_webhook(server.url + theirs.path, written(folder / "key", secret))
        push = msgspec.structs.replace(push, mail=by_mail().mail)
        files = telling_whom(catalogue, push, at_once=at_once)
        for _ in range(HALF_DAYS):
            low = [chance.choice((1, 2, 3)) for _ in range(chance.randrange(4))]
            found.signals += len(low)
            await signals(database, low, shown=_SHOWN if at_once else _NOT_YET)
            await tell(database, files, folder)
            found.sooner += _told_by(theirs).total() > over
            async with database.superuser() as db:
                await db.execute(f"update meetpunt.signal set shown_from = {_SHOWN}")
            over += len(low)
            await tell(database, files, folder)
            found.otherwise += _told_by(theirs) != await _listed(database, files)
    found.by_webhook = _told_by(theirs).total()
    found.by_mail = sum(int(n) for mail in mails(folder) for n in _NUMBER.findall(mail.plain))
    told = [each for body in theirs.taken.values() for each in body["data"]["signals"]]
    found.words = frozenset(key for each in told for key in each) - _SAID
    return found


def _told_by(theirs: Webhooks) -> Counter[tuple[str, ...]]:
    told: Counter[tuple[str, ...]] = Counter()
    for body in theirs.taken.values():
        for each in body["data"]["signals"]:
            told[each["touchpoint"], each["reason"], each["day"], each["halfDay"]] += each["count"]
    return told


async def _listed(database: Database, files: Catalogue) -> Counter[tuple[str, ...]]:
    async with database.connected("meetpunt_ingest") as db:
        listed = (await find_signals(db, files.municipality(SLUG))).signals
    return Counter(
        (each.touchpoint.rpartition("/")[2], each.reason, str(each.day), each.half_day)
        for each in listed
    )


def all_delivered() -> Iterator[Delivered]:
    """As municipalities are told, and the control."""
    for at_once in (False, True):
        database = emptied()
        with tempfile.TemporaryDirectory() as folder:
            yield asyncio.run(
                delivered(database, example_catalogue(), Path(folder), at_once=at_once)
            )


def table(found: list[Delivered]) -> str:
    """As Markdown."""
    head = (
        "| signals told | of | by webhook | by mail | sooner than the list | otherwise | more |",
        "|---|---:|---:|---:|---:|---:|---:|",
    )
    rows = (
        f"| {'at once' if line.at_once else 'when shown'} | {line.signals} | {line.by_webhook} |"
        f" {line.by_mail} | {line.sooner} | {line.otherwise} | {len(line.words)} |"
        for line in found
    )
    return "\n".join((*head, *rows))
