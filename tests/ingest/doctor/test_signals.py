"""What the doctor says of signals: whether anybody looks at them."""

import pytest

from ingest.doctor import signals
from ingest.doctor.findings import Mark
from tests.conftest import Database
from tests.ingest.doctor.looking import marks, seen, sentences, sight_of

pytestmark = pytest.mark.anyio

_MAKE = (
    "insert into meetpunt.signal (municipality, touchpoint, reason, day, half, shown_from) values"
    " ('GM9001', 1, 'laag', current_date - $1::integer, 'ochtend', $2::timestamptz)"
)


async def test_signals_that_nobody_looks_at_are_told_of_once_they_are_shown(
    database: Database,
) -> None:
    sight = sight_of(database)
    assert marks(await seen(sight, signals.examine)) == [Mark.OK]
    async with database.superuser() as db:
        hidden = await db.fetchval("select now() + interval '1 hour'")
        await db.execute(_MAKE, 30, hidden)
        assert marks(await seen(sight, signals.examine)) == [Mark.OK]
        await db.execute(_MAKE, 30, await db.fetchval("select now()"))
        told = sentences(await seen(sight, signals.examine), Mark.LOOK)
        assert "molensloot: nobody has seen 1 signal" in told
        await db.execute(
            "update meetpunt.signal set state = 'gezien', seen_on = current_date, seen_after = 9"
        )
        assert marks(await seen(sight, signals.examine)) == [Mark.OK]
