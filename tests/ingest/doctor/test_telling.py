"""What the doctor says of who is told of signals: what waits, why, and what was lost."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from ingest.doctor import neighbours, telling
from ingest.doctor.findings import Mark
from ingest.followup.pushing.making import pushing_of
from ingest.followup.pushing.standing_statements import note_gone
from ingest.followup.pushing.ways import address_code
from tests.conftest import Database
from tests.example import example_catalogue
from tests.ingest.doctor.looking import marks, seen, sentences, sight_of, wrongs
from tests.telling import CODE, SLUG, a_secret, by_webhook, telling_whom, written

pytestmark = pytest.mark.anyio

_WAITS = (
    "insert into meetpunt.signal_delivery"
    " (municipality, id, way, counts, made, due, until, reason) values"
    " ('GM9001', gen_random_uuid(), 'webhook', '[1]', now(), now() - make_interval(mins => $1),"
    " now(), $2)"
)


async def test_who_is_not_told_is_said_in_a_sentence(database: Database, tmp_path: Path) -> None:
    sight = sight_of(database)
    nobody = telling_whom(example_catalogue(), type(by_webhook("", ""))())
    sight = replace(sight, catalogue=nobody)
    found = await seen(sight, telling.examine)
    assert "No municipality has anybody who is told of signals" in sentences(found, Mark.OK)
    key = tmp_path / "key"
    sight = replace(
        sight,
        catalogue=telling_whom(example_catalogue(), by_webhook("https://a.example/x", str(key))),
    )
    assert "There is no file" in wrongs(await seen(sight, telling.examine))[0]
    written(key, "geheim")
    assert "holds no secret for a webhook" in wrongs(await seen(sight, telling.examine))[0]
    written(key, a_secret())
    assert marks(await seen(sight, telling.examine)) == [Mark.OK]
    # The webhook is a system of others as well, and is told: no sentence says that none is.
    others = sentences(await seen(sight, neighbours.examine), Mark.OK)
    assert "No case system, Open Klant or Signalen is asked or told anything" in others
    async with database.superuser() as db:
        await db.execute(_WAITS, 5, "failing")
        told = sentences(await seen(sight, telling.examine), Mark.LOOK)
        assert "Webhook of molensloot: 1 delivery of signals not told yet (failing)" in told
        await db.execute(
            "insert into meetpunt.signal_tally values"
            " ('GM9001', date_trunc('month', current_date), 'webhook', 'done', 4),"
            " ('GM9001', date_trunc('month', current_date), 'webhook', 'away', 3)"
        )
        told = sentences(await seen(sight, telling.examine), Mark.LOOK)
        assert "3 deliveries of signals by webhook of molensloot" in told
        await db.execute(_WAITS, 90, None)
        assert "MEETPUNT_WORK_URL" in wrongs(await seen(sight, telling.examine))[0]


async def test_a_webhook_that_is_gone_is_told_of_until_its_address_is_another(
    database: Database, tmp_path: Path
) -> None:
    key = written(tmp_path / "key", a_secret())
    files = telling_whom(example_catalogue(), by_webhook("https://a.example/x", key))
    sight = replace(sight_of(database), catalogue=files)
    pushing = pushing_of(files.municipality(SLUG))
    assert pushing is not None
    assert pushing.webhook is not None
    async with database.connected("meetpunt_work") as db:
        await note_gone(db, CODE, address_code(pushing.webhook))
    assert "it is no more (410)" in wrongs(await seen(sight, telling.examine))[0]
    async with database.superuser() as superuser:
        await superuser.execute(_WAITS, 90, "gone")
    found = await seen(sight, telling.examine)
    assert marks(found) == [Mark.WRONG, Mark.LOOK]
    assert "1 delivery of signals not told, as it is gone (410)" in sentences(found, Mark.LOOK)
    assert "tried" not in sentences(found, Mark.LOOK)
    async with database.superuser() as superuser:
        await superuser.execute("delete from meetpunt.signal_delivery")
    elsewhere = telling_whom(example_catalogue(), by_webhook("https://a.example/y", key))
    found = await seen(replace(sight, catalogue=elsewhere), telling.examine)
    assert marks(found) == [Mark.OK]
