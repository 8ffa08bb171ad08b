"""Copied profiles, revoked keys, edited queues, strangers' items: told apart, nothing lost."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from ingest.asgi.edge import MOST_BODY_BYTES
from ingest.running import metrics
from ingest.running.logs import JsonLines
from tests.conftest import Serve
from tests.ingest.kiosk.tablet import (
    Key,
    Tablet,
    base64url,
    id_of,
    reasons,
    revoked,
    rows,
    verdicts,
)

pytestmark = pytest.mark.anyio

SLUGS = {"municipality": "molensloot", "touchpoint": "balie-hal"}


def counted(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, {**SLUGS, **labels}) or 0


async def test_of_a_copied_profile_one_goes_on_and_nothing_of_the_other_is_lost(
    serve: Serve,
) -> None:
    async with serve() as served:
        before = counted("kiosk_quarantined_total", reason="old-counter")
        tablet = await Tablet(served).enrolled()
        await tablet.sync(tablet.items(2))
        copy = tablet.copied()
        # The tablet goes on, twice: now the copy's counter is neither the last nor the one before.
        await tablet.sync(tablet.items(2))
        await tablet.sync()
        theirs = copy.items(3)
        told = await copy.sync(theirs)
        assert verdicts(told) == ["quarantined"] * 3
        assert reasons(told) == ["old-counter"] * 3
        assert told["counter"] is None
        kept = await rows(served.database, "kiosk_quarantine")
        assert {json.loads(row["payload"])["responseId"] for row in kept} == set(map(id_of, theirs))
        assert counted("kiosk_quarantined_total", reason="old-counter") == before + 3
        # The first is none the worse for it, and what was stored is known to both.
        assert verdicts(await tablet.sync(tablet.items(1))) == ["stored"]
        assert len(await served.responses()) == 5


async def test_a_copy_that_keeps_trying_is_kept_once(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        copy = tablet.copied()
        await tablet.sync()
        await tablet.sync()
        theirs = copy.items(2)
        for _ in range(3):
            copy.counter = 1
            assert verdicts(await copy.sync(theirs)) == ["quarantined"] * 2
        assert len(await rows(served.database, "kiosk_quarantine")) == 2
        (kiosk,) = await rows(served.database, "kiosk")
        assert (kiosk["quarantined"], kiosk["queue"]) == (2, 0)


async def test_of_a_restored_profile_what_was_stored_before_is_known_and_the_rest_is_kept(
    serve: Serve,
) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        backup = tablet.copied()
        items = tablet.items(2)
        await tablet.sync(items)
        await tablet.sync()
        new = backup.item()
        told = await backup.sync([*items, new])
        assert verdicts(told) == ["known", "known", "quarantined"]


async def test_the_queue_of_a_revoked_kiosk_is_kept_and_not_stored(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        stored = tablet.item()
        await tablet.sync([stored])
        await revoked(served.database, tablet)
        told = await tablet.sync([stored, *tablet.items(3)])
        assert verdicts(told) == ["known"] + ["quarantined"] * 3
        assert set(reasons(told)[1:]) == {"revoked"}
        assert told["counter"] is None
        assert len(await served.responses()) == 1
        assert len(await rows(served.database, "kiosk_quarantine")) == 3
        assert (await tablet.state("ACDEFHJK")).json() == {"state": "revoked"}


async def test_what_is_in_quarantine_holds_no_personal_data(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await revoked(served.database, tablet)
        answers = {"cijfer": 8, "toelichting": "Mijn nummer is 06 12345678."}
        await tablet.sync([tablet.item(answers=answers, extra={"06 12345678": "06 12345678"})])
        (kept,) = await rows(served.database, "kiosk_quarantine")
        assert "12345678" not in kept["payload"]


async def test_an_edited_queue_is_set_aside(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        honest, edited = tablet.item(), tablet.item()
        edited["payload"] = edited["payload"].replace('"cijfer": 8', '"cijfer": 1')
        told = await tablet.sync([edited, honest])
        assert (verdicts(told), reasons(told)) == (["set-aside", "stored"], ["signature", None])
        assert told["verdicts"][0]["responseId"] == id_of(edited)
        # Set aside under that id is not stored under it: the item as it was signed still is.
        edited["payload"] = edited["payload"].replace('"cijfer": 1', '"cijfer": 8')
        assert verdicts(await tablet.sync([edited])) == ["stored"]


@pytest.mark.parametrize(
    "signature", ["", "x", "A" * 86, "A" * 85, base64url(bytes(63)), base64url(b"\xff" * 64), "é"]
)
async def test_what_is_no_signature_is_none(serve: Serve, signature: str) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        item = {"payload": tablet.payload(), "signature": signature}
        assert reasons(await tablet.sync([item])) == ["signature"]
        body = {**tablet.body(), "signature": signature}
        assert (await tablet.post(body)).status_code == 403


async def test_an_item_of_another_kiosk_or_touchpoint_is_set_aside(serve: Serve) -> None:
    async with serve() as served:
        tablet, other = await Tablet(served).enrolled(), await Tablet(served).enrolled()
        theirs = other.item()
        # Signed by the other; signed by this one in the other's name; of another place.
        wrong = [
            theirs,
            tablet.item(kiosk=other.kiosk),
            tablet.item(touchpoint="molensloot/online"),
            tablet.item(touchpoint="waterakker/balie-hal"),
        ]
        told = await tablet.sync(wrong)
        assert reasons(told) == ["signature", "other-kiosk", "other-touchpoint", "other-touchpoint"]
        assert verdicts(await other.sync([theirs])) == ["stored"]
        assert len(await served.responses()) == 1


async def test_who_guesses_the_id_of_a_kiosk_gets_nowhere(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        body = tablet.body(tablet.items(1))
        for guess in (str(uuid4()), "new", "x", "0", "' or 1=1 --", "%00"):
            reply = await tablet.post(body, kiosk=guess)
            assert reply.status_code == 404, guess
        stranger = Tablet(served)
        stranger.kiosk, stranger.counter = tablet.kiosk, tablet.counter
        reply = await stranger.post(stranger.body(stranger.items(1)))
        assert reply.status_code == 403
        assert reply.json()["type"] == "/problems/signature-refused"
        # An envelope of one kiosk is none of another, also when that one signed it.
        other = await Tablet(served).enrolled()
        assert (await other.post(other.body(kiosk=tablet.kiosk))).status_code == 403
        assert await served.responses() == []
        assert await rows(served.database, "kiosk_set_aside") == []


async def test_who_goes_on_guessing_is_refused_and_no_kiosk_beside_them(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await tablet.sync()
        body = tablet.body()
        told = [(await tablet.post(body, kiosk=str(uuid4()))).status_code for _ in range(62)]
        assert (told[0], told[-1]) == (404, 429)
        assert int((await tablet.post(body, kiosk=str(uuid4()))).headers["retry-after"]) >= 1
        # Behind the same address, and known here.
        assert verdicts(await tablet.sync(tablet.items(1))) == ["stored"]


async def test_a_kiosk_that_the_database_forgot_is_unknown_again(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        await tablet.sync()
        async with served.database.superuser() as db:
            await db.execute("delete from meetpunt.kiosk")
        for _ in range(2):
            assert (await tablet.post(tablet.body())).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"counter": "1"},
        {"counter": -1},
        {"counter": 2**53},
        {"counter": None},
        {"queue": -1},
        {"queue": 10**12},
        {"version": "x" * 41},
        {"version": "a\nb"},
        {"now": None},
        {"now": {"boot": "", "monotonic": 1, "wall": 1}},
        {"now": {"boot": "a", "monotonic": 1, "wall": 10**400}},
        {"items": {}},
        {"items": [None] * 51},
        {"kiosk": "x"},
    ],
)
async def test_an_envelope_that_is_none_is_refused_whole(
    serve: Serve, change: dict[str, Any]
) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        reply = await tablet.post(tablet.body(**change))
        assert reply.status_code == 400, reply.text
        assert reply.json()["type"] == "/problems/body-unreadable"
        (kiosk,) = await rows(served.database, "kiosk")
        assert (kiosk["counter"], kiosk["last_seen"]) == (1, None)


@pytest.mark.parametrize("envelope", ["", "{", "null", "[" * 60_000, "\x00", "😀"])
async def test_an_envelope_that_is_no_json_is_refused(serve: Serve, envelope: str) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        body = {"envelope": envelope, "signature": tablet.key.sign(envelope)}
        assert (await tablet.post(body)).status_code == 400


async def test_a_body_has_a_limit(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        body = tablet.body(tablet.items(40), version="1", more="x" * MOST_BODY_BYTES)
        reply = await tablet.post(body)
        assert reply.status_code == 413
        for wrong in (b"x", b"{}", b'{"envelope": 1, "signature": 2}', b"[]"):
            sent = await served.client.post(
                f"/api/v1/kiosks/{tablet.kiosk}/sync",
                content=wrong,
                headers={"content-type": "application/json"},
            )
            assert sent.status_code == 400
        plain = await served.client.post(f"/api/v1/kiosks/{tablet.kiosk}/sync", content=b"{}")
        assert plain.status_code == 415


async def test_two_copies_that_send_at_once_lose_nothing_and_double_nothing(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        copy = tablet.copied()
        shared, mine, theirs = tablet.items(3), tablet.items(3), copy.items(3)
        for _ in range(5):
            await asyncio.gather(tablet.post(tablet.body([*shared, *mine])),
                                 copy.post(copy.body([*shared, *theirs])))  # fmt: skip
        stored = {row["id"] for row in await served.responses()}
        kept = await rows(served.database, "kiosk_quarantine")
        every = {id_of(item) for item in (*shared, *mine, *theirs)}
        apart = {json.loads(row["payload"])["responseId"] for row in kept}
        assert {served.stored_id(one) for one in every - apart} == stored
        assert len(stored) + len(apart) == 9


async def test_nothing_of_a_key_or_of_who_stands_there_is_logged(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        bad = tablet.item(answers={"cijfer": 99, "toelichting": "geheim"})
        await tablet.sync([bad, {"payload": "geheim", "signature": "x"}])
        await tablet.post({**tablet.body(), "signature": Key().sign("x")})
        await revoked(served.database, tablet)
        await tablet.sync(tablet.items(1))
        logged = "\n".join(JsonLines().format(record) for record in caplog.records)
        assert "kiosk_set_aside" in logged
        assert "kiosk_quarantined" in logged
        for secret in ("geheim", tablet.key.public, bad["signature"], tablet.kiosk, "127.0.0.1"):
            assert secret not in logged


async def test_no_other_touchpoint_waits_for_a_kiosk_that_sends_much(serve: Serve) -> None:
    async with serve() as served:
        tablet = await Tablet(served).enrolled()
        floods = [
            asyncio.create_task(tablet.post(tablet.body(tablet.items(50)))) for _ in range(20)
        ]
        await asyncio.sleep(0)
        reply = await served.post(served.body(served.token()))
        assert reply.status_code == 201
        assert not all(flood.done() for flood in floods)
        replies = await asyncio.gather(*floods)
        assert {reply.status_code for reply in replies} == {200}
        assert len(await served.responses()) == 1001
