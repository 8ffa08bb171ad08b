"""What providers of messages can tell us, and that nobody else can."""

import json
import logging
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from msgspec.structs import replace

from ingest.invitations.codes import InvitationCodes
from ingest.invitations.occasions import Recipient
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.senders import Sender
from ingest.senders.receipts import receipt_secret
from ingest.tokens.derived_keys import derived_keys
from ingest.tokens.keys import Keys
from tests.conftest import Serve, Served
from tests.ingest.senders.recorded import recorded
from tests.neighbours.spryng import receipt_query

pytestmark = pytest.mark.anyio

NOTIFY = "/api/v1/messages/molensloot/sms/receipts"
REPLIES = "/api/v1/messages/molensloot/sms/replies"
REPLY = {
    "id": "5866c5e2-4730-46e8-9094-c0230cbfbf06",
    "source_number": "31612345678",
    "destination_number": "3197012345",
    "message": "STOP",
    "date_received": "2026-11-28T22:14:35.535142Z",
}


def with_senders(catalogue: Catalogue) -> Catalogue:
    """The fictional municipalities, of which one sends by both providers."""
    senders = {
        "sms": Sender(name="sms", kind="notify"),
        "snel": Sender(name="snel", kind="spryng"),
        "mail": Sender(name="mail", kind="smtp"),
    }
    municipalities = [
        replace(each, senders=senders) if each.slug == "molensloot" else each
        for each in catalogue.municipalities.values()
    ]
    return Catalogue(municipalities, catalogue.questionnaires, groups=catalogue.groups.values())


@pytest.fixture
async def served(serve: Serve, catalogue: Catalogue) -> AsyncIterator[Served]:
    async with serve(files=with_senders(catalogue)) as served:
        yield served


def secret(keys: Keys, sender: str, municipality: str = "molensloot") -> str:
    return receipt_secret(keys.accounts, municipality, sender)


async def tell(
    served: Served, shown: str, body: Any = REPLY, path: str = NOTIFY, **headers: str
) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    usual = {"authorization": f"Bearer {shown}", "content-type": "application/json"}
    return await served.client.post(path, content=content, headers={**usual, **headers})


async def test_a_callback_as_it_was_recorded_is_heard(served: Served, keys: Keys) -> None:
    real = recorded("NotifyNL delivery callback")
    headers = {name.lower(): value for name, value in real["headers"].items()}
    headers["authorization"] = f"Bearer {secret(keys, 'sms')}"
    reply = await served.client.post(NOTIFY, content=real["body"].encode(), headers=headers)
    assert (reply.status_code, reply.content) == (204, b"")


async def test_whatever_it_tells_it_is_heard(served: Served, keys: Keys) -> None:
    """What is not known here gets the same answer: it is no business of whoever tells."""
    never_seen = {"reference": "never-seen", "status": "delivered"}
    for path in (NOTIFY, REPLIES):
        for body in ({}, never_seen, {"x": [1]}, REPLY):
            reply = await tell(served, secret(keys, "sms"), body, path)
            assert (reply.status_code, reply.content) == (204, b""), (path, body)


async def opted_out(served: Served) -> list[bytes]:
    async with served.database.superuser() as db:
        rows = await db.fetch("select municipality, code from meetpunt.opted_out")
    assert {row["municipality"] for row in rows} <= {"GM9001"}
    return [row["code"] for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        "S.T.O.P.",
        "Uitschrijven",
        "stop.",
        " Stop! Ik wil dit niet",
        "Stopp bitte",
        "Afmelding",
        "\uff33\uff34\uff2f\uff30",  # as wide as Chinese characters
        '"AFMELDEN"',
        "Stoppen\n",
        "*Unsubscribe*",
        "-stop-",
    ],
)
async def test_who_answers_stop_is_asked_no_more(served: Served, keys: Keys, text: str) -> None:
    """The number as NotifyNL writes it, without its +."""
    reply = await tell(served, secret(keys, "sms"), REPLY | {"message": text}, REPLIES)
    assert reply.status_code == 204
    somebody = Recipient(scheme="tel", address="+31612345678")
    code = InvitationCodes(derived_keys(keys)).of_opted_out("GM9001", somebody)
    assert await opted_out(served) == [code]
    await tell(served, secret(keys, "sms"), REPLY | {"source_number": "+31 6 12345678"}, REPLIES)
    assert await opted_out(served) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonstop",
        "stopt u?",
        "ik wil stop",
        "Dank u. STOP",
        "8",
        "\0",
        "🛑",
        "s t o p u",
        "STOP2",
    ],
)
async def test_any_other_answer_changes_nothing_and_is_not_kept(
    served: Served, keys: Keys, text: str
) -> None:
    reply = await tell(served, secret(keys, "sms"), REPLY | {"message": text}, REPLIES)
    assert reply.status_code == 204
    assert await opted_out(served) == []


@pytest.mark.parametrize("number", ["", "0201234567", "STOP", "3197012345678", "\0", "+" * 40])
async def test_a_stop_of_nobody_whom_we_can_reach_is_heard_and_logged_without_the_number(
    served: Served, keys: Keys, caplog: Any, number: str
) -> None:
    caplog.set_level(logging.DEBUG)
    reply = await tell(served, secret(keys, "sms"), REPLY | {"source_number": number}, REPLIES)
    assert reply.status_code == 204
    assert await opted_out(served) == []
    assert [record.msg for record in caplog.records if record.msg == "stop_unheard"]
    assert "201234567" not in str([vars(record) for record in caplog.records])


async def test_a_stop_that_cannot_be_written_down_is_to_be_told_again(
    serve: Serve, catalogue: Catalogue, keys: Keys
) -> None:
    away = "postgresql://meetpunt_ingest@127.0.0.1:1/away?sslmode=disable"
    async with serve(url=away, files=with_senders(catalogue)) as served:
        assert (await tell(served, secret(keys, "sms"), REPLY, REPLIES)).status_code == 503


async def test_what_no_provider_sends_is_refused(served: Served, keys: Keys) -> None:
    for body, kind, status in (
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b'{"x":"' + b"x" * 65_000 + b'"}', "application/json", 413),
    ):
        reply = await tell(served, secret(keys, "sms"), body, **{"content-type": kind})
        assert reply.status_code == status


async def test_who_has_not_the_secret_of_that_sender_is_not_heard(
    served: Served, keys: Keys
) -> None:
    right = secret(keys, "sms")
    for path in (NOTIFY, REPLIES):
        for shown in ("", "x", right[:-1], secret(keys, "snel"), secret(keys, "sms", "duinrade")):
            reply = await tell(served, shown, path=path)
            assert reply.status_code == 401
            assert reply.json()["type"] == "/problems/sender-secret-unknown"
        basic = await tell(served, right, path=path, authorization=f"Basic {right}")
        assert basic.status_code == 401
        assert (await served.client.post(path, json=REPLY)).status_code == 401
        assert (await tell(served, right, path=path)).status_code == 204


async def test_a_sender_that_is_not_there_is_told_from_none_by_nobody(
    served: Served, keys: Keys
) -> None:
    """Also with the secret that it would have: of a sender of another kind, or of none."""
    for municipality in ("molensloot", "duinrade", "nergens"):
        for sender in ("sms", "snel", "mail", "weg"):
            path = f"/api/v1/messages/{municipality}/{sender}/receipts"
            there = (municipality, sender) == ("molensloot", "sms")
            reply = await tell(served, secret(keys, sender, municipality), path=path)
            assert reply.status_code == (204 if there else 401), path


async def test_spryng_tells_by_a_path_that_only_it_knows(served: Served, keys: Keys) -> None:
    place = "/messages/spryng/molensloot/snel"
    query = receipt_query("never-seen", "10", "0")
    heard = await served.client.get(f"{place}/{secret(keys, 'snel')}?{query}")
    assert (heard.status_code, heard.content) == (204, b"")
    for told in ("", "?STATUS=20", f"?{query}&{query}", "?REFERENCE=" + quote("a b\0")):
        heard = await served.client.get(f"{place}/{secret(keys, 'snel')}{told}")
        assert heard.status_code == 204
    for path in (
        f"{place}/{'x' * 43}",
        f"{place}/{secret(keys, 'sms')}",
        place,
        f"/messages/spryng/molensloot/sms/{secret(keys, 'sms')}",
        f"/messages/spryng/duinrade/snel/{secret(keys, 'snel', 'duinrade')}",
    ):
        assert (await served.client.get(f"{path}?{query}")).status_code == 404, path


async def test_a_path_with_a_secret_is_in_no_document(served: Served) -> None:
    document = (await served.client.get("/api/v1/openapi.json")).json()
    assert "/messages/{municipality}/{sender}/receipts" in document["paths"]
    assert not [path for path in document["paths"] if "secret" in path or "spryng" in path]
