"""What the doctor says of reports: what waits, why, and what was lost."""

import pytest
from msgspec.structs import replace

from ingest.doctor import reports
from ingest.doctor.findings import Mark
from tests.conftest import Database
from tests.ingest.doctor.looking import marks, seen, sentences, sight_of, wrongs
from tests.reports import with_signalen

pytestmark = pytest.mark.anyio

_WAITS = (
    "insert into meetpunt.writeback (municipality, id, sealed, due, until, reason) values"
    " ('GM9001', gen_random_uuid(), '', now() - make_interval(mins => $1), current_date, $2)"
)


async def test_reports_are_told_in_a_sentence(database: Database) -> None:
    sight = sight_of(database)
    assert "No municipality has a Signalen" in sentences(
        await seen(sight, reports.examine), Mark.OK
    )
    assert sight.catalogue is not None
    sight = replace(sight, catalogue=with_signalen(sight.catalogue, "https://api.example"))
    assert marks(await seen(sight, reports.examine)) == [Mark.OK]
    async with database.superuser() as db:
        await db.execute(_WAITS, 5, "failing")
        told = sentences(await seen(sight, reports.examine), Mark.LOOK)
        assert "1 answer; Signalen did not take them yet (failing)" in told
        await db.execute(
            "insert into meetpunt.writeback_tally values"
            " ('GM9001', date_trunc('month', current_date), 'done', 4),"
            " ('GM9001', date_trunc('month', current_date), 'too-late', 3)"
        )
        told = sentences(await seen(sight, reports.examine), Mark.LOOK)
        assert "Lost since the beginning of last month: 3 answers" in told
        await db.execute(_WAITS, 90, None)
        assert "MEETPUNT_WORK_URL" in wrongs(await seen(sight, reports.examine))[0]
