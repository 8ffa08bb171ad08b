"""Open Notificaties tries the address out, and then posts: kept once, and only what may be kept."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import jwt
import pytest

from ingest.connectors.notifications.channels import read_notification
from ingest.connectors.notifications.statements import MOST_WAITING
from ingest.municipalities.catalogue import Catalogue
from tests.conftest import Database, Serve, Served
from tests.inviting import inviting
from tests.neighbours.opennotificaties import PING
from tests.notifying import (
    BEARER,
    CASE,
    CLIENT,
    HOST,
    RECORDED_HOST,
    SECRET,
    as_bytes,
    following_cases,
    recorded,
    secret_file,
    told,
)

pytestmark = pytest.mark.anyio

ZAKEN = f"{HOST}/zaken/api/v1"


@pytest.fixture
def files(catalogue: Catalogue, tmp_path: Path) -> Catalogue:
    return following_cases(inviting(catalogue), secret_file(tmp_path))


async def post(
    served: Served, message: Any, headers: dict[str, str] = BEARER, *, to: str = "molensloot"
) -> httpx.Response:
    body = message if isinstance(message, bytes) else as_bytes(message)
    sent = {"content-type": "application/json", **headers}
    return await served.client.post(f"/api/v1/notifications/{to}", content=body, headers=sent)


async def kept(database: Database) -> list[asyncpg.Record]:
    async with database.superuser() as db:
        rows: list[asyncpg.Record] = await db.fetch(
            "select * from meetpunt.notification order by due"
        )
    return rows


async def test_the_handshake_is_refused_without_its_key_and_taken_with_it_and_leaves_nothing(
    serve: Serve, files: Catalogue
) -> None:
    async with serve(files=files) as served:
        # As Open Notificaties does it: first without a key, then with what it was given.
        assert (await post(served, PING, {})).status_code == 401
        replied = await post(served, PING)
        assert (replied.status_code, replied.content) == (204, b"")
        assert await kept(served.database) == []


async def test_what_was_told_is_kept_once_and_nothing_that_somebody_typed(
    serve: Serve, files: Catalogue
) -> None:
    # As long as a text may be, and twice that in JSON.
    quotes = '"' * 1000
    more = told()["kenmerken"] | {"toelichting": "kanarie-1", "gevraagdeHandeling": "kanarie-2"}
    more |= {"vertrouwelijkheidaanduiding": quotes, "zaaktype": quotes}
    message = told(kenmerken=more, toelichting="kanarie-3")
    async with serve(files=files) as served:
        replies = await asyncio.gather(*(post(served, message) for _ in range(4)))
        assert {reply.status_code for reply in replies} == {204}
        (row,) = await kept(served.database)
        assert (row["municipality"], row["channel"], row["resource"], row["action"]) == (
            "GM9001",
            "zaken",
            "status",
            "create",
        )
        assert (row["about"], row["url"]) == (f"{ZAKEN}{CASE}", message["resourceUrl"])
        assert "bronorganisatie" not in str(dict(row))
        typed = {"vertrouwelijkheidaanduiding": "kanarie-4", "zaaktype": "kanarie-5"}
        message |= {"kenmerken": typed}
        # Of another moment, action or resource it is another one.
        for changes in (
            {"aanmaakdatum": "2026-11-28T22:13:13.001Z"},
            {"actie": "partial_update"},
            {"resource": "resultaat", "resourceUrl": f"{ZAKEN}/resultaten/1"},
        ):
            assert (await post(served, message | changes)).status_code == 204
        rows = await kept(served.database)
        assert len(rows) == 4
        assert "kanarie" not in str([dict(each) for each in rows])


async def test_where_too_many_wait_whoever_tells_is_asked_to_come_back(
    serve: Serve, files: Catalogue
) -> None:
    async with serve(files=files) as served:
        assert (await post(served, told())).status_code == 204
        async with served.database.superuser() as db:
            await db.execute(
                """insert into meetpunt.notification
                    (municipality, code, since, channel, resource, action, about, url, due)
                select municipality, sha256(number::text::bytea), since, channel, resource, action,
                    about, url, due
                from meetpunt.notification, generate_series(2, $1) as number""",
                MOST_WAITING,
            )
        replied = await post(served, told(resource="zaak"))
        assert (replied.status_code, replied.headers["retry-after"]) == (429, "60")
        assert len(await kept(served.database)) == MOST_WAITING
        # Of no concern here, so nothing of it would wait.
        assert (await post(served, told(kanaal="besluiten"))).status_code == 204
        async with served.database.superuser() as db:
            await db.execute("delete from meetpunt.notification where resource = 'status'")
        assert (await post(served, told(resource="zaak"))).status_code == 204


@pytest.mark.parametrize(
    "changes",
    [
        {"kanaal": "besluiten"},
        {"kanaal": "klantcontacten"},
        {"kanaal": 7},
        {"resource": "rol"},
        {"resource": "zaakinformatieobject"},
        {"actie": "heropenen"},
        {"actie": None},
        {"aanmaakdatum": "gisteren"},
        {"hoofdObject": "http://169.254.169.254/zaken/api/v1/zaken/1"},
        {"hoofdObject": f"{ZAKEN}.evil.example/zaken/1"},
        {"hoofdObject": f"{ZAKEN}/../../../admin"},
        {"hoofdObject": f"{ZAKEN}/zaken/1?a=b"},
        {"resourceUrl": "https://elders.example/zaken/api/v1/statussen/2"},
    ],
)
async def test_what_nobody_follows_is_answered_alike_and_has_no_effect(
    serve: Serve, files: Catalogue, changes: dict[str, Any]
) -> None:
    async with serve(files=files) as served:
        assert (await post(served, told(**changes))).status_code == 204
        assert await kept(served.database) == []


def test_why_nothing_is_kept_of_it_is_told_apart(files: Catalogue) -> None:
    molensloot = files.municipality("molensloot")
    assert read_notification(molensloot, told(kanaal="besluiten")) == "another-channel"
    assert read_notification(molensloot, told(resource="rol")) == "another-resource"
    assert read_notification(molensloot, told(actie="heropenen")) == "another-action"


async def test_a_token_of_the_client_is_believed_for_an_hour(
    serve: Serve, files: Catalogue
) -> None:
    now = datetime.now(UTC)

    def token(age: timedelta, *, client: str = CLIENT, secret: str = SECRET) -> dict[str, str]:
        claims = {"iss": client, "client_id": client, "iat": int((now - age).timestamp())}
        return {"authorization": f"Bearer {jwt.encode(claims, secret, algorithm='HS256')}"}

    none = jwt.encode({"client_id": CLIENT, "iat": int(now.timestamp())}, "", algorithm="none")
    async with serve(files=files) as served:
        for headers in (token(timedelta(0)), token(timedelta(minutes=59))):
            assert (await post(served, PING, headers)).status_code == 204
        for headers in (
            token(timedelta(minutes=61)),
            token(timedelta(minutes=-6)),
            token(timedelta(0), client="een-ander"),
            token(timedelta(0), secret=f"x{SECRET}"),
            {"authorization": f"Bearer {none}"},
            {"authorization": SECRET},
            {"authorization": f"Bearer {SECRET}x"},
        ):
            assert (await post(served, PING, headers)).status_code == 401
        # Of one that takes none, and of one that is nowhere, the same is told.
        for to in ("waterakker", "nergens"):
            assert (await post(served, PING, to=to)).status_code == 401


async def test_what_cannot_be_kept_now_is_asked_for_again(
    serve: Serve, files: Catalogue, tmp_path: Path
) -> None:
    async with serve(files=files) as served:
        assert (await post(served, b"geen json")).status_code == 400
        await served.service.writer.close()
        refused = await post(served, told())
        assert (refused.status_code, refused.json()["type"]) == (503, "/problems/unavailable")
        # The handshake and what has no effect ask no database.
        assert (await post(served, PING)).status_code == 204
        (tmp_path / "zgw.key").chmod(0o644)
        # The key that was read before stays in use.
        served.service.connectors.reread()
        assert (await post(served, PING)).status_code == 204


async def test_what_the_real_systems_sent_is_answered_as_it_was(
    serve: Serve, catalogue: Catalogue, tmp_path: Path
) -> None:
    files = following_cases(inviting(catalogue), secret_file(tmp_path), host=RECORDED_HOST)
    async with serve(files=files) as served:
        for each in recorded():
            headers = {name.lower(): text for name, text in each["headers"].items()}
            if "authorization" in headers:
                assert headers["authorization"] == "Bearer geheim-1"
                headers |= BEARER
            reply = await post(served, each["body"].encode(), headers)
            # We subscribe to no CloudEvents: a case that is closed in the usual way sends none.
            is_event = "cloudevents" in headers["content-type"]
            assert reply.status_code == (415 if is_event else each["answered"])
        rows = await kept(served.database)
        assert sorted((row["resource"], row["action"]) for row in rows) == [
            ("resultaat", "create"),
            *[("status", "create")] * 2,
            ("zaak", "create"),
            ("zaak", "partial_update"),
        ]
