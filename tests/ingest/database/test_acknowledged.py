"""Nothing is told that a standby may lack: not that it is done, nor that it was done already."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from ingest.database.acknowledged import NotReplicated, acknowledged
from ingest.invitations.minting import api_key_digest
from ingest.tokens.keys import Keys
from tests.conftest import Database, Serve, Served
from tests.ingest.kiosk.tablet import Tablet, enrol_as_owner
from tests.log_lines import lines_of
from tests.standby import standby_away, waiting

pytestmark = pytest.mark.anyio

WIDGET = "molensloot/online"
KEY = "mp_molensloot"
type_of_call = Callable[[], Awaitable[httpx.Response]]


async def a_response(served: Served) -> type_of_call:
    body = served.body(served.token())
    return lambda: served.post(body)


async def a_form(served: Served) -> type_of_call:
    path, fields = f"/v/{served.token()}", {"cijfer": "8", "_response": str(uuid4())}
    return lambda: served.client.post(path, data=fields)


async def a_completion(served: Served) -> type_of_call:
    begun = await served.post(served.body(served.token(WIDGET, "embed"), WIDGET, complete=False))
    told = begun.json()
    rest = {"completionToken": told["completionToken"], "answers": {"geholpen": "ja"}}
    return lambda: served.client.post(
        f"/api/v1/responses/{told['responseId']}/completion", json=rest
    )


async def invitations(served: Served) -> type_of_call:
    return lambda: served.client.post(
        "/api/v1/invitations",
        json={"touchpoint": WIDGET, "invitations": [{}]},
        headers={"authorization": f"Bearer {KEY}", "idempotency-key": "call-1"},
    )


async def operational_figures(served: Served) -> type_of_call:
    figure = {"period": "2026-10", "channel": "balie", "measure": "wachttijd", "value": 3, "n": 4}
    return lambda: served.client.post(
        "/api/v1/operational-figures",
        json={"figures": [figure]},
        headers={"authorization": f"Bearer {KEY}"},
    )


async def a_follow_up(served: Served) -> type_of_call:
    async with served.database.superuser() as db:
        signal = await db.fetchval(
            "insert into meetpunt.signal"
            " (municipality, touchpoint, reason, day, half, shown_from)"
            " values ('GM9001', 1, 'laag', current_date, 'ochtend', now()) returning id"
        )
    return lambda: served.client.post(
        f"/api/v1/signals/{signal}/follow-up",
        json={"state": "gezien"},
        headers={"authorization": f"Bearer {KEY}"},
    )


async def kiosk_items(served: Served) -> type_of_call:
    tablet = await Tablet(served).enrolled()
    items = tablet.items(2)
    return lambda: tablet.post(tablet.body(items))


async def a_pairing(served: Served) -> type_of_call:
    return Tablet(served).pair


async def an_enrolment(served: Served) -> type_of_call:
    tablet = Tablet(served)
    code = (await tablet.pair()).json()["code"]
    await enrol_as_owner(served.database, code)
    return lambda: tablet.state(code)


async def an_expired_token(served: Served) -> type_of_call:
    """A retry of what was stored, which finds its row and writes nothing."""
    body = served.body(served.token())
    assert (await served.post(body)).status_code == 201
    past = datetime.now(UTC) - timedelta(hours=2)
    return lambda: served.post(body | {"token": served.token(now=past)})


async def a_spent_token(served: Served) -> type_of_call:
    """Another response with the permission of one that was stored."""
    token = served.token()
    assert (await served.post(served.body(token))).status_code == 201
    return lambda: served.post(served.body(token))


CALLS = [
    *(a_response, a_form, a_completion, invitations, kiosk_items, a_pairing, an_enrolment),
    operational_figures,
    a_follow_up,
]


@pytest.fixture
async def serve_waiting(serve: Serve, database: Database, keys: Keys) -> Callable[[], Any]:
    """A service that waits for standbys, not for long, and is known to one caller."""

    @asynccontextmanager
    async def serving() -> Any:
        async with database.superuser() as db:
            await db.execute(
                "insert into meetpunt.api_key (municipality, digest, name, created_on, may)"
                " values ('GM9001', $1, 'a caller', $2, '{links,signals}')",
                api_key_digest(keys.accounts, KEY),
                date(2026, 1, 1),
            )
        async with serve(url=waiting(database.ingest), commit_seconds=0.3) as served:
            yield served

    return serving


async def ready(served: Served, status: int, why: str | None = None) -> dict[str, Any]:
    """Ask until the answer is this one; the rest of the program goes on between."""
    async with asyncio.timeout(20):
        while True:
            reply = await served.client.get("/readyz")
            told: dict[str, Any] = reply.json()
            if reply.status_code == status and why in (None, told["status"]):
                return told
            await asyncio.sleep(0)


@pytest.mark.parametrize("begin", CALLS)
async def test_nothing_is_told_while_the_standby_is_away(
    serve_waiting: Callable[[], Any], database: Database, begin: Any
) -> None:
    async with serve_waiting() as served:
        call = await begin(served)
        async with standby_away(database):
            assert (await call()).status_code == 503
        # By now it is visible here, or it is not: either way it is done once, and told.
        await ready(served, 200)
        assert (await call()).status_code in (200, 201, 303)


# What is stored twice comes by one of two roads; each call is tried above.
OTHERS = [a_form, a_completion, invitations, a_pairing, an_enrolment, a_follow_up]


@pytest.mark.parametrize(
    "begin",
    [
        *(a_response, kiosk_items, an_expired_token, a_spent_token, operational_figures),
        *(pytest.param(call, marks=pytest.mark.long) for call in OTHERS),
    ],
)
async def test_nor_is_told_that_it_was_done_already(
    serve_waiting: Callable[[], Any], database: Database, begin: Any
) -> None:
    async with serve_waiting() as served:
        call = await begin(served)
        first = (await call()).status_code
        assert first in (200, 201, 303, 410)
        async with standby_away(database):
            # Nothing failed yet, so that this one gets as far as the database.
            assert served.service.writer.why_not is None
            assert (await call()).status_code == 503
        await ready(served, 200)
        assert (await call()).status_code in (200, 201, 303, first)


async def test_a_commit_that_did_not_wait_for_its_standby_is_not_told_of(
    database: Database,
) -> None:
    async with database.connected("meetpunt_ingest") as db:
        # What Postgres says when the wait is cancelled.
        gone = "do $$ begin raise warning using errcode = '01000', message = 'gone'; end $$"
        with pytest.raises(NotReplicated):
            async with acknowledged(db), db.transaction():
                await db.execute(gone)

        async def refusing() -> None:
            async with acknowledged(db):
                await db.execute(gone)
                raise LookupError("spent")

        with pytest.raises(NotReplicated):
            await refusing()
        async with acknowledged(db), db.transaction():
            await db.execute("do $$ begin raise notice 'nothing' using errcode = '00000'; end $$")


@pytest.mark.parametrize("loudness", ["notice", "error"])
async def test_a_wait_that_an_operator_cancels_is_heard(
    serve: Serve, database: Database, loudness: str
) -> None:
    """Also where a role has chosen to hear of errors alone."""
    url = f"{waiting(database.ingest)}&client_min_messages={loudness}"
    async with serve(url=url) as served, standby_away(database):
        sending = asyncio.create_task(served.post(served.body(served.token())))
        async with database.superuser() as db, asyncio.timeout(10):
            while not await db.fetchval(
                "select count(pg_cancel_backend(pid)) from pg_stat_activity"
                " where wait_event = 'SyncRep' and datname = current_database()"
                " and query like '%store_responses%'"
            ):
                pass
        assert (await sending).status_code == 503
        await ready(served, 503, "not-replicated")
        assert (await served.client.get("/readyz/pages")).status_code == 200


# Asks Postgres two hundred times, for what one who gave up leaves behind.
@pytest.mark.long
async def test_no_process_of_the_server_goes_on_waiting_for_who_gave_up(
    serve: Serve, database: Database
) -> None:
    async with serve(url=waiting(database.ingest), commit_seconds=0.1) as served:
        async with standby_away(database):
            await ready(served, 503)
            counts = set()
            async with database.superuser() as db:
                for _ in range(200):
                    counts.add(
                        await db.fetchval(
                            "select count(*) from pg_stat_activity where wait_event = 'SyncRep'"
                            " and datname = current_database()"
                        )
                    )
            assert max(counts) <= 2
        await ready(served, 200)


async def test_an_outage_without_traffic_is_seen_and_told_once(
    serve: Serve, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    async with serve(url=waiting(database.ingest), commit_seconds=0.2) as served:
        await ready(served, 200)
        async with standby_away(database):
            await ready(served, 503)
            assert (await served.client.get(f"/v/{served.token()}")).status_code == 200
        await ready(served, 200)
    told = [line["event"] for line in lines_of(caplog)]
    assert [event for event in told if event.startswith("database")] == [
        "database_lost",
        "database_back",
    ]


async def test_a_session_that_may_only_read_stores_nothing_and_comes_back(
    serve: Serve, own_database: Database
) -> None:
    name = own_database.name
    async with serve(on=own_database) as served, own_database.superuser() as db:
        await ready(served, 200)
        await db.execute(f'alter database "{name}" set default_transaction_read_only = on')
        await db.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where usename = 'meetpunt_ingest' and datname = current_database()"
        )
        await ready(served, 503, "read-only")
        assert (await served.post(served.body(served.token()))).status_code == 503
        await db.execute("set default_transaction_read_only = off")
        await db.execute(f'alter database "{name}" reset default_transaction_read_only')
        await ready(served, 200)
        assert (await served.post(served.body(served.token()))).status_code == 201


async def test_a_role_that_may_store_no_more_is_not_ready(
    serve: Serve, own_database: Database
) -> None:
    async with serve(on=own_database) as served, own_database.connected("meetpunt_owner") as owner:
        await ready(served, 200)
        await owner.execute("revoke insert on meetpunt.response from meetpunt_ingest")
        assert (await served.post(served.body(served.token()))).status_code == 503
        await ready(served, 503)
        await owner.execute("grant insert on meetpunt.response to meetpunt_ingest")
        await ready(served, 200)
        assert (await served.post(served.body(served.token()))).status_code == 201


async def test_a_service_that_stores_adds_no_statement_of_its_own(
    serve: Serve, database: Database
) -> None:
    said: list[str] = []
    async with serve() as served:
        assert (await served.post(served.body(served.token()))).status_code == 201
        line = served.service.writer._connection
        assert line.db is not None
        line.db.add_query_logger(lambda query: said.append(query.query.split("*/")[0]))
        for _ in range(20):
            assert (await served.post(served.body(served.token()))).status_code == 201
    assert set(said) == {"/* store_responses "}


async def test_a_write_elsewhere_that_fails_as_ours_would_is_doubted_until_a_commit(
    serve: Serve,
) -> None:
    async with serve() as served:
        with pytest.raises(Exception, match="disk-full"):
            async with served.service.database():
                raise asyncpg.DiskFullError("no space left on device")
        assert served.service.writer.why_not == "disk-full"
        await ready(served, 200)
