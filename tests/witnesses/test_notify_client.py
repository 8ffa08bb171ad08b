"""The official client of Notify finds nothing odd in our imitation, so what we try there is real.

And the token that we make is the one that it makes.
"""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jwt
import pytest
from notifications_python_client.authentication import create_jwt_token
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from ingest.senders.notify import _token
from tests.ingest.senders.messages import NUMBER
from tests.neighbours.notify import KEY, SECRET, SERVICE, TEMPLATE, Notify
from tests.neighbours.server import neighbour

pytestmark = pytest.mark.anyio

# It has no types.
Client: Any = NotificationsAPIClient
their_token: Any = create_jwt_token


async def in_turn(work: Callable[[], Any]) -> Any:
    """It waits for its answers, so it does that beside the server."""
    return await asyncio.to_thread(work)


async def test_the_official_client_sends_and_finds_what_it_sent() -> None:
    theirs = Notify(**{TEMPLATE: "Hoe ging het? ((link))"})
    async with neighbour(theirs) as server:
        client = Client(KEY, base_url=server.url)
        reference = str(uuid4())

        def work() -> tuple[Any, ...]:
            sent = client.send_sms_notification(
                phone_number=NUMBER,
                template_id=TEMPLATE,
                personalisation={"link": "https://a.example"},
                reference=reference,
            )
            again = client.send_sms_notification(
                phone_number="06 1234 5678",
                template_id=TEMPLATE,
                personalisation={"link": "https://a.example"},
                reference=reference,
            )
            one = client.get_notification_by_id(sent["id"])
            return sent, again, one, client.get_all_notifications(reference=reference)

        sent, again, one, found = await in_turn(work)
    assert sent["id"] != again["id"]
    assert sent["content"] == {
        "body": "Hoe ging het? https://a.example",
        "from_number": "Molensloot",
    }
    assert set(sent) == {"id", "reference", "content", "scheduled_for", "template", "uri"}
    assert (one["reference"], one["status"]) == (reference, "created")
    assert {each["id"] for each in found["notifications"]} == {sent["id"], again["id"]}


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"phone_number": "+31201234567"}, 400, "InvalidPhoneError"),
        ({"personalisation": {}}, 400, "Missing personalisation: link"),
        ({"template_id": str(uuid4())}, 400, "Template not found"),
    ],
)
async def test_it_reads_our_refusals(given: dict[str, Any], status: int, words: str) -> None:
    usual: dict[str, Any] = {
        "phone_number": NUMBER,
        "template_id": TEMPLATE,
        "personalisation": {"link": "x"},
    }
    async with neighbour(Notify(**{TEMPLATE: "((link))"})) as server:
        client = Client(KEY, base_url=server.url)
        with pytest.raises(HTTPError) as refused:
            await in_turn(lambda: client.send_sms_notification(**{**usual, **given}))
    assert refused.value.status_code == status
    assert words in json.dumps(refused.value.message)


async def test_it_is_told_that_its_key_or_its_clock_is_wrong() -> None:
    theirs = Notify()
    async with neighbour(theirs) as server:
        other = KEY.replace(SECRET, str(uuid4()))
        for key, seconds, words in (
            (other, 0.0, "API key not found"),
            (KEY, 32.0, "clock must be accurate"),
        ):
            theirs.seconds_off = seconds
            client = Client(key, base_url=server.url)
            with pytest.raises(HTTPError) as refused:
                await in_turn(client.get_all_notifications)
            assert refused.value.status_code == 403
            assert words in json.dumps(refused.value.message)


def test_our_token_is_its_token() -> None:
    ours = _token(KEY)
    assert ours is not None
    theirs = their_token(SECRET, SERVICE)
    read = [jwt.decode(each, SECRET, algorithms=["HS256"]) for each in (ours, theirs)]
    assert read[0]["iss"] == read[1]["iss"] == SERVICE
    assert abs(read[0]["iat"] - time.time()) < 5
    assert read[0].keys() == read[1].keys()
    assert jwt.get_unverified_header(ours) == jwt.get_unverified_header(theirs)
