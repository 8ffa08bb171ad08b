"""What the doctor says of who wants to be called: since when somebody waits, while they do."""

import pytest

from ingest.doctor import callbacks
from ingest.doctor.findings import Mark
from ingest.doctor.sight import FOLDER, INGEST, WORK
from tests.calling_back import a_row
from tests.conftest import Database
from tests.ingest.doctor.looking import marks, seen, sentences, sight_of, wrongs

pytestmark = pytest.mark.anyio


async def test_who_waits_is_told_by_municipality_until_the_number_is_gone(
    database: Database,
) -> None:
    sight = sight_of(database, roles=(INGEST, FOLDER))
    assert marks(await seen(sight, callbacks.examine)) == [Mark.OK]
    await a_row(database, state="geopend", days_ago=12)
    await a_row(database)
    told = await seen(sight, callbacks.examine)
    assert sentences(told, Mark.OK) == "molensloot: 1 person waits to be called."
    await a_row(database, days_ago=4)
    await a_row(database, days_ago=9, municipality="GM9002")
    told = await seen(sight, callbacks.examine)
    assert "molensloot: 2 people wait to be called, one of them since" in sentences(told, Mark.LOOK)
    assert "meetpunt callback list waterakker" in wrongs(told)[0]
    assert len(wrongs(await seen(sight_of(database, roles=(WORK,)), callbacks.examine))) == 1
    # What nobody can mend any more is wrong no longer.
    async with database.superuser() as db:
        await db.execute("delete from meetpunt.callback where municipality = 'GM9002'")
        await db.execute(
            "insert into meetpunt.destruction_record values"
            " ('GM9002', current_date, 'callback_unopened', 1)"
        )
    assert wrongs(await seen(sight, callbacks.examine)) == []
    alone = await seen(sight_of(database, roles=(INGEST,)), callbacks.examine)
    assert marks(alone) == [Mark.UNSEEN]
