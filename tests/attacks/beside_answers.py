"""What lies beside the answers in the shape as it is, and no reader may see: rows of three months.

Signals and what was done about them, who wants to be called, and reports that wait to be sent. Of
signals a reader sees figures of ten and more (`opvolging_`), and of reports what is in the views.
"""

import random
from datetime import date, timedelta
from uuid import UUID

import asyncpg

from tests.attacks.residents import BEGIN, CHANNELS, MUNICIPALITIES, touchpoint

_DAYS, _A_DAY = 92, 2
_DONE = "afgehandeld"


class Hidden:
    """What of it must not be found, in the same words as `Secrets`."""

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self.ids: set[str] = set()


async def lie_beside(superuser: asyncpg.Connection, seed: int = 1) -> Hidden:
    """Make it, of every municipality. A reader may see none of it, of the own one neither."""
    chance, hidden = random.Random(seed), Hidden()
    for code in MUNICIPALITIES:
        signals = [_signal(chance, code, hidden) for _ in range(_DAYS * _A_DAY)]
        await superuser.executemany(_SIGNAL, signals)
        day = BEGIN + timedelta(days=chance.randrange(_DAYS))
        await superuser.execute(
            "insert into meetpunt.callback (municipality, id, touchpoint, day, sealed)"
            " values ($1, $2, $3, $4, 'sealed')",
            *(code, _id(chance, hidden), touchpoint(code, "balie"), day),
        )
        words = f"Twee van de elf zeiden dat het langer duurt {chance.randrange(10**6)}"
        hidden.texts.add(words)
        await superuser.execute(
            "insert into meetpunt.report (municipality, month, department, id, subject, plain, due,"
            " changed_on) values ($1, $2, 'overig', $3, 'Juni', $4, now(), $2)",
            *(code, BEGIN, _id(chance, hidden), words),
        )
    return hidden


def _id(chance: random.Random, hidden: Hidden) -> UUID:
    id = UUID(int=chance.getrandbits(128), version=4)
    hidden.ids.add(str(id))
    return id


def _signal(chance: random.Random, code: str, hidden: Hidden) -> tuple[object, ...]:
    day = BEGIN + timedelta(days=chance.randrange(_DAYS))
    channel = chance.choice(list(CHANNELS))
    seen_on: date | None = day + timedelta(days=chance.randrange(4))
    state = chance.choice(("nieuw", "gezien", _DONE, _DONE))
    why = None
    if state == _DONE and chance.random() < 0.2:
        why = f"De lift is van de buren {chance.randrange(10**6)}"
        hidden.texts.add(why)
    outcome = None if state != _DONE else "kan-niet" if why else "verbeterd"
    is_new = state == "nieuw"
    return (
        *(_id(chance, hidden), code, touchpoint(code, channel), day, state, outcome, why),
        *(None if is_new else seen_on, None if is_new else 2.5),
        seen_on if state == _DONE else None,
    )


_SIGNAL = """
    insert into meetpunt.signal (id, municipality, touchpoint, reason, half, day, shown_from, state,
        outcome, why, seen_on, seen_after, ended_on)
    values ($1, $2, $3, 'laag', 'ochtend', $4::date, $4::date + interval '13 hours', $5, $6, $7, $8,
        $9, $10)
"""
