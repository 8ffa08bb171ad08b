"""Signals of two years, and what was done about them, drawn by lot."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import asyncpg
import msgspec

from ingest.clock import AMSTERDAM
from ingest.municipalities.municipality import Municipality

_MOST_A_MONTH = 16
"""At one touchpoint: of most months fewer than ten, of some more."""

_STATES = ("nieuw", "gezien", "bezig", "afgehandeld")
_OUTCOMES = ("verbeterd", "uitgelegd", "klacht")


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table, as its columns stand."""

    municipality: str
    touchpoint: int
    reason: str
    theme: str | None
    day: date
    half: str
    shown_from: datetime
    state: str
    outcome: str | None
    seen_on: date | None
    seen_after: float | None
    ended_on: date | None


def drawn_signals(
    municipality: Municipality, first: date, last: date, chance: random.Random
) -> Iterator[Signal]:
    """Some of every month and touchpoint, from the first to the last day, all shown by now."""
    month = first.replace(day=1)
    while month <= last:
        until = (month + timedelta(days=31)).replace(day=1)
        for touchpoint in municipality.touchpoints:
            for _ in range(chance.randrange(_MOST_A_MONTH)):
                day = month + timedelta(days=chance.randrange((until - month).days))
                if first <= day < last:
                    yield _one(municipality.code, touchpoint.number, day, last, chance)
        month = until


def _one(code: str, touchpoint: int, day: date, last: date, chance: random.Random) -> Signal:
    half = chance.choice(("ochtend", "middag"))
    ends = time(12, 30) if half == "ochtend" else time(17, 30)
    seen_on = min(last, day + timedelta(days=chance.randrange(7)))
    state = chance.choices(_STATES, (2, 2, 1, 5))[0]
    done = state == _STATES[-1]
    reason = chance.choice(("laag", "niet-geholpen", "laag", "niet-geholpen", "thema"))
    return Signal(
        municipality=code,
        touchpoint=touchpoint,
        reason=reason,
        theme="wachttijd" if reason == "thema" else None,
        day=day,
        half=half,
        shown_from=datetime.combine(day, ends, AMSTERDAM).astimezone(UTC),
        state=state,
        outcome=chance.choice(_OUTCOMES) if done else None,
        seen_on=None if state == "nieuw" else seen_on,
        seen_after=None if state == "nieuw" else chance.randrange(80) / 2,
        ended_on=seen_on if done else None,
    )


async def store_signals(db: asyncpg.Connection, signals: Sequence[Signal]) -> None:
    """As a superuser: no role of ours both makes a signal of the past and follows it up."""
    columns = Signal.__struct_fields__
    await db.copy_records_to_table(
        "signal",
        schema_name="meetpunt",
        columns=columns,
        records=[msgspec.structs.astuple(each) for each in signals],
    )
