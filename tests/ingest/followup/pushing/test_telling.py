"""Who is told of signals: each once and at least once, under one id, at its time and never before.

A real webhook on this machine, a real Postgres, and mail that becomes files.
"""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ingest.followup.pushing.making import TOLD_WITHIN, TRIED_FOR
from ingest.followup.pushing.moments import last_digest
from ingest.followup.pushing.work import BACKOFF_MINUTES, PushingPace, pause_after
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database
from tests.neighbours.server import BadDay, Behaviour, Cut, Reply, Request, neighbour
from tests.neighbours.webhooks import FAILING, GONE, MOVED, NOT_NOW, Webhooks
from tests.telling import (
    FOLLOW_UP,
    QUICK,
    REST,
    SLUG,
    a_secret,
    by_mail,
    by_webhook,
    mails,
    signals,
    tallied,
    tell,
    telling_whom,
    waiting,
    written,
)

pytestmark = pytest.mark.anyio

HALL, TELEPHONE, REPORTS = 1, 2, 4


def test_pauses_grow_and_fill_a_day() -> None:
    minutes = [pause_after(tries).total_seconds() / 60 for tries in range(1, 10)]
    for known, said in zip((*BACKOFF_MINUTES, 360, 360, 360, 360), minutes, strict=True):
        assert known <= said <= 1.2 * known
    assert sum(minutes) > TRIED_FOR.total_seconds() / 60


# --- By webhook


async def test_a_webhook_is_told_once_of_all_that_is_shown(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    secret = a_secret()
    theirs = Webhooks(secret)
    async with neighbour(theirs) as server:
        push = by_webhook(server.url + theirs.path, written(tmp_path / "key", secret))
        files = telling_whom(catalogue, push)
        await signals(database, [HALL, HALL, TELEPHONE])
        await signals(database, [HALL], reason="thema")
        for _ in range(2):
            await tell(database, files, tmp_path)
        (body,) = theirs.taken.values()
        assert body["data"]["count"] == 4
        assert body["data"]["followUpUrl"] == FOLLOW_UP
        assert {(each["touchpoint"], each["count"]) for each in body["data"]["signals"]} == {
            ("balie-hal", 2),
            ("telefonie", 1),
            ("balie-hal", 1),
        }
        await signals(database, [HALL])
        await tell(database, files, tmp_path)
    assert len(theirs.taken) == 2
    assert theirs.again == 0
    assert await tallied(database) == {("webhook", "done"): 2}
    assert await waiting(database) == []


async def test_nobody_is_told_before_a_signal_is_shown_nor_of_what_is_old(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    secret = a_secret()
    theirs = Webhooks(secret)
    async with neighbour(theirs) as server:
        push = by_webhook(server.url + theirs.path, written(tmp_path / "key", secret))
        files = telling_whom(catalogue, push)
        old = f"now() - interval '{TOLD_WITHIN.days} days 1 minute'"
        await signals(database, [HALL], shown="now() + interval '1 minute'")
        await signals(database, [HALL], shown=old)
        await tell(database, files, tmp_path)
        assert theirs.taken == {}
        await signals(database, [TELEPHONE])
        await tell(database, files, tmp_path)
    (body,) = theirs.taken.values()
    assert [each["touchpoint"] for each in body["data"]["signals"]] == ["telefonie"]


async def test_of_what_is_done_with_by_then_nobody_is_told(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    await signals(database, [HALL, HALL, HALL])
    async with database.superuser() as db:
        await db.execute(_SOMEBODY_LOOKED)
    await tell(database, telling_whom(catalogue, by_mail()), tmp_path)
    (mail,) = mails(tmp_path)
    assert "2 lage cijfers bij Balie in de hal" in mail.plain


_SOMEBODY_LOOKED = """
    with chosen as (select id, row_number() over () as place from meetpunt.signal)
    update meetpunt.signal
    set state = case place when 1 then 'gezien' else 'afgehandeld' end, seen_on = day,
        seen_after = 0, outcome = case place when 2 then 'verbeterd' end,
        ended_on = case place when 2 then day end
    from chosen
    where chosen.id = signal.id and place <= 2
"""


@pytest.mark.parametrize(
    ("behaviour", "after", "reason"),
    [
        (FAILING, False, "failing"),
        (MOVED, False, "redirected"),
        (Cut(b"HTTP/1.1 20"), True, "answer-unreadable"),
        (Cut(), True, "answer-unreadable"),
    ],
)
async def test_what_was_not_said_to_be_taken_is_told_again_under_the_same_id(
    database: Database,
    catalogue: Catalogue,
    tmp_path: Path,
    behaviour: Any,
    after: bool,
    reason: str,
) -> None:
    secret = a_secret()
    theirs = Webhooks(secret)
    async with neighbour(theirs) as server:
        push = by_webhook(server.url + theirs.path, written(tmp_path / "key", secret))
        files = telling_whom(catalogue, push)
        await signals(database, [HALL])
        theirs.bad_days.append(BadDay(behaviour, after=after))
        await tell(database, files, tmp_path)
        (row,) = await waiting(database)
        assert (row["state"], row["attempts"], row["reason"]) == ("waiting", 1, reason)
        await tell(database, files, tmp_path)
    assert server.taken == 2  # and not a third, where it was sent on to
    assert len({each.headers["webhook-id"] for each in server.requests}) == 1
    assert len(theirs.taken) == 1
    assert theirs.again == after
    assert await tallied(database) == {("webhook", "done"): 1}


async def test_who_has_had_enough_is_left_alone_for_as_long_as_it_says(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    secret = a_secret()
    theirs = Webhooks(secret)
    async with neighbour(theirs) as server:
        push = by_webhook(server.url + theirs.path, written(tmp_path / "key", secret))
        await signals(database, [HALL])
        theirs.bad_days.append(BadDay(NOT_NOW))
        for _ in range(2):
            await tell(database, telling_whom(catalogue, push), tmp_path)
    (row,) = await waiting(database)
    assert row["reason"] == "too-many"
    assert timedelta(seconds=80) < row["due"] <= timedelta(seconds=90)
    assert server.taken == 1


async def test_after_a_day_it_is_tried_once_more_and_lost(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    secret = a_secret()
    theirs = Webhooks(secret)
    async with neighbour(theirs) as server:
        push = by_webhook(server.url + theirs.path, written(tmp_path / "key", secret))
        files = telling_whom(catalogue, push)
        await signals(database, [HALL])
        theirs.bad_days.extend([BadDay(FAILING), BadDay(FAILING)])
        await tell(database, files, tmp_path)
        (row,) = await waiting(database)
        assert row["tried_for"] == TRIED_FOR
        async with database.superuser() as db:
            await db.execute("update meetpunt.signal_delivery set until = now()")
        await tell(database, files, tmp_path)
        assert await tallied(database) == {("webhook", "away"): 1}
        await tell(database, files, tmp_path)
    assert server.taken == 2
    assert theirs.taken == {}


async def test_where_it_says_that_it_is_gone_nothing_is_told_until_it_is_elsewhere(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    secret = a_secret()
    theirs = Webhooks(secret)
    async with neighbour(theirs) as server:
        key = written(tmp_path / "key", secret)
        files = telling_whom(catalogue, by_webhook(server.url + theirs.path, key))
        await signals(database, [HALL])
        theirs.bad_days.append(BadDay(GONE))
        await tell(database, files, tmp_path)
        await signals(database, [TELEPHONE])
        for _ in range(2):
            await tell(database, files, tmp_path)
        assert server.taken == 1
        assert [each["reason"] for each in await waiting(database)] == ["gone"]
        theirs.path = "/nieuw"
        moved = telling_whom(catalogue, by_webhook(f"{server.url}/nieuw", key))
        await tell(database, moved, tmp_path)
    told = [body["data"]["signals"][0]["touchpoint"] for body in theirs.taken.values()]
    assert sorted(told) == ["balie-hal", "telefonie"]


async def test_while_a_secret_is_changed_either_of_them_is_enough(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    old, new = a_secret(), a_secret()
    theirs = Webhooks(old)
    async with neighbour(theirs) as server:
        push = by_webhook(
            server.url + theirs.path,
            written(tmp_path / "new", new),
            former_key_file=written(tmp_path / "old", old),
        )
        files = telling_whom(catalogue, push)
        for believed in ([old], [new], [a_secret()]):
            theirs.secrets = believed
            await signals(database, [HALL])
            await tell(database, files, tmp_path)
    assert len(theirs.taken) == 2
    assert [each["reason"] for each in await waiting(database)] == ["key-refused"]


async def test_without_a_secret_nothing_is_sent_and_what_is_to_be_told_waits(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    async with neighbour(Webhooks()) as server:
        for secret in ("geheim", None):
            key = tmp_path / "key"
            key.unlink(missing_ok=True)
            path = written(key, secret) if secret else str(key)
            files = telling_whom(catalogue, by_webhook(f"{server.url}/x", path))
            await signals(database, [HALL])
            await tell(database, files, tmp_path)
    assert {each["reason"] for each in await waiting(database)} == {"key-unreadable"}
    assert server.taken == 0


async def test_what_another_process_has_is_left_to_it_and_taken_over_after_its_lease(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    secret = a_secret()
    theirs = Webhooks(secret)
    async with neighbour(theirs) as server:
        push = by_webhook(server.url + theirs.path, written(tmp_path / "key", secret))
        files = telling_whom(catalogue, push)
        await signals(database, [HALL])
        theirs.bad_days.append(BadDay(FAILING))
        await tell(database, files, tmp_path)
        async with database.superuser() as db:
            await db.execute(_SOMEBODY_DIED_CALLING, timedelta(minutes=1))
        await tell(database, files, tmp_path)
        assert server.taken == 1
        async with database.superuser() as db:
            await db.execute(_SOMEBODY_DIED_CALLING, timedelta(minutes=-1))
        await tell(database, files, tmp_path)
    assert server.taken == 2
    assert len(theirs.taken) == 1


_SOMEBODY_DIED_CALLING = (
    "update meetpunt.signal_delivery set state = 'sending', holder = gen_random_uuid(),"
    " held_until = now() + $1::interval"
)


async def test_who_comes_too_late_to_call_gives_it_back(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    secret = a_secret()
    theirs = Webhooks(secret)
    async with neighbour(theirs) as server:
        push = by_webhook(server.url + theirs.path, written(tmp_path / "key", secret))
        await signals(database, [HALL])
        stopped = PushingPace(at_once=2, lease=-1.0, again=0.0)
        await tell(database, telling_whom(catalogue, push), tmp_path, stopped)
    assert server.taken == 0
    (row,) = await waiting(database)
    assert (row["state"], row["attempts"], row["reason"]) == ("waiting", 0, None)


async def test_a_municipality_whose_webhook_does_not_answer_keeps_no_other_waiting(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    other_was_told = asyncio.Event()

    async def answering(request: Request) -> Behaviour:
        if request.target == "/slow":
            await other_was_told.wait()
        else:
            other_was_told.set()
        return Reply(204)

    key = written(tmp_path / "key", a_secret())
    async with neighbour(answering) as server, asyncio.timeout(10):
        files = telling_whom(catalogue, by_webhook(f"{server.url}/slow", key))
        files = telling_whom(files, by_webhook(f"{server.url}/quick", key), slug="waterakker")
        await signals(database, [HALL])
        await signals(database, [11], code="GM9002")
        await tell(database, files, tmp_path, PushingPace(at_once=1, again=0.0))
    assert await tallied(database) == {("webhook", "done"): 2}


# --- By mail


async def test_each_department_gets_its_own_and_somebody_the_rest(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    files = telling_whom(catalogue, by_mail())
    await signals(database, [HALL, HALL, TELEPHONE, REPORTS])
    for _ in range(2):
        await tell(database, files, tmp_path)
    rest, desk = mails(tmp_path)
    assert (desk.to, rest.to) == ("publiekszaken@molensloot.example", REST)
    assert desk.subject == "2 signalen van inwoners voor Publiekszaken"
    assert "2 lage cijfers bij Balie in de hal, vanmorgen of eerder" in desk.plain
    assert f'<a href="{FOLLOW_UP}">' in desk.html
    assert "Telefoon" not in desk.plain
    # Openbare ruimte has no mailbox of its own.
    assert "1 laag cijfer bij Melding over de buurt, vanmorgen of eerder" in rest.plain
    assert "1 laag cijfer bij Telefoon, vanmorgen of eerder" in rest.plain
    assert await tallied(database) == {("mail", "done"): 2}


async def test_of_what_nobody_is_named_for_somebody_is_told_once_he_is(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    await signals(database, [HALL, TELEPHONE])
    await tell(database, telling_whom(catalogue, by_mail(to="")), tmp_path)
    assert [each.to for each in mails(tmp_path)] == ["publiekszaken@molensloot.example"]
    await tell(database, telling_whom(catalogue, by_mail()), tmp_path)
    assert [each.to for each in mails(tmp_path)] == [REST, "publiekszaken@molensloot.example"]


async def test_where_nothing_came_in_nobody_gets_a_mail(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    await tell(database, telling_whom(catalogue, by_mail()), tmp_path)
    assert mails(tmp_path) == []
    assert await tallied(database) == {}


async def test_mail_waits_for_its_hour(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    files = telling_whom(catalogue, by_mail(), at_once=False)
    moment = last_digest(datetime.now(UTC))
    await signals(database, [HALL], shown=f"'{moment + timedelta(microseconds=1)}'")
    await tell(database, files, tmp_path)
    assert mails(tmp_path) == []
    await signals(database, [HALL], shown=f"'{moment}'")
    await tell(database, files, tmp_path)
    (mail,) = mails(tmp_path)
    assert "1 laag cijfer" in mail.plain


async def test_a_mail_that_may_have_gone_out_goes_out_again_as_the_same_mail(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    files = telling_whom(catalogue, by_mail())
    await signals(database, [HALL])
    folder = tmp_path / SLUG
    folder.write_text("in the way")
    await tell(database, files, tmp_path)
    (row,) = await waiting(database)
    assert (row["way"], row["department"], row["reason"]) == (
        "mail",
        "publiekszaken",
        "folder-unwritable",
    )
    folder.unlink()
    async with database.superuser() as db:
        id = await db.fetchval("select id from meetpunt.signal_delivery")
    await tell(database, files, tmp_path)
    (mail,) = mails(tmp_path)
    assert mail.reference == str(id)


async def test_who_left_the_file_is_told_no_more_and_that_is_counted(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    async with neighbour(Webhooks()) as server:
        key = written(tmp_path / "key", a_secret())
        await signals(database, [HALL])
        await tell(database, telling_whom(catalogue, by_webhook(f"{server.url}/x", key)), tmp_path)
        assert len(await waiting(database)) == 1
        await tell(database, telling_whom(catalogue, by_mail()), tmp_path)
    assert await tallied(database) == {("webhook", "nobody"): 1, ("mail", "done"): 1}


async def test_a_webhook_and_departments_are_each_told_of_the_same(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    secret = a_secret()
    theirs = Webhooks(secret)
    async with neighbour(theirs) as server:
        push = by_webhook(server.url + theirs.path, written(tmp_path / "key", secret))
        both = type(push)(follow_up_url=FOLLOW_UP, webhook=push.webhook, mail=by_mail().mail)
        await signals(database, [HALL])
        await tell(database, telling_whom(catalogue, both), tmp_path)
    assert len(theirs.taken) == len(mails(tmp_path)) == 1


async def test_who_is_stopped_while_a_webhook_is_slow_tells_nobody_twice(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    answers = asyncio.Event()

    async def answering(_request: Request) -> Behaviour:
        await answers.wait()
        return Reply(204)

    key = written(tmp_path / "key", a_secret())
    async with neighbour(answering) as server, asyncio.timeout(10):
        push = by_webhook(f"{server.url}/slow", key)
        files = telling_whom(catalogue, msgspec.structs.replace(push, mail=by_mail().mail))
        await signals(database, [HALL])
        telling = asyncio.create_task(tell(database, files, tmp_path))
        # Written down as it comes: who is killed now sends no mail again.
        async with database.superuser() as db:
            while await tallied(database) != {("mail", "done"): 1}:
                await db.execute("select pg_sleep(0.01)")
        assert [each["way"] for each in await waiting(database)] == ["webhook"]
        await signals(database, [TELEPHONE])
        telling.cancel()
        # And who is told to stop hears what is in flight.
        asyncio.get_running_loop().call_later(0.02, answers.set)
        with pytest.raises(asyncio.CancelledError):
            await telling
    assert await tallied(database) == {("mail", "done"): 1, ("webhook", "done"): 1}
    assert (server.taken, len(mails(tmp_path))) == (1, 1)


async def test_a_signal_that_is_destroyed_takes_along_that_it_was_told(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    await signals(database, [HALL])
    await tell(database, telling_whom(catalogue, by_mail()), tmp_path)
    async with database.connected("meetpunt_folder") as folder:
        await folder.execute("delete from meetpunt.signal")
    async with database.superuser() as db:
        assert await db.fetchval("select count(*) from meetpunt.signal_told") == 0


async def test_a_delivery_holds_no_signal_s_name_and_goes_when_it_is_told(
    database: Database, catalogue: Catalogue, tmp_path: Path
) -> None:
    """Of what waits nobody learns more than of the signals: no id of one, and no hour."""
    (signal,) = await signals(database, [HALL])
    (tmp_path / SLUG).write_text("in the way")
    await tell(database, telling_whom(catalogue, by_mail()), tmp_path, QUICK)
    async with database.superuser() as db:
        row = await db.fetchrow("select * from meetpunt.signal_delivery")
    assert json.loads(row["counts"])[0].keys() == {
        "touchpoint",
        "day",
        "half",
        "reason",
        "theme",
        "n",
    }
    assert str(signal) not in str(dict(row))
