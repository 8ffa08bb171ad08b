"""Text messages by Notify: what becomes of one, on good days and on bad ones."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ingest.senders.sender import (
    Accepted,
    Outcome,
    RefusedForGood,
    RefusedForNow,
    Sender,
    Unknown,
)
from tests.ingest.senders.messages import LINK, NUMBER, key_file, message, sender
from tests.neighbours.notify import KEY, SERVICE, TEMPLATE, Notify, error
from tests.neighbours.server import BadDay, Behaviour, Cut, Reply, Server, Silence, neighbour

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def notify(
    folder: Path, key: str = KEY, **templates: str
) -> AsyncIterator[tuple[Sender, Notify, Server]]:
    theirs = Notify(**templates)
    async with (
        neighbour(theirs) as server,
        sender(
            folder,
            kind="notify",
            url=server.url,
            key_file=key_file(folder, key),
            template=TEMPLATE,
            private_network=True,
        ) as ours,
    ):
        yield ours, theirs, server


async def test_a_message_is_sent_as_its_template_says(tmp_path: Path) -> None:
    said = {TEMPLATE: "Gemeente ((name)): hoe ging het? ((link))"}
    async with notify(tmp_path, **said) as (ours, theirs, server):
        outcome = await ours.send(message(name="Molensloot"))
        assert outcome == Accepted(theirs.sent[0]["id"], receipts=True)
        assert theirs.texts() == [(NUMBER, f"Gemeente Molensloot: hoe ging het? {LINK}")]
    async with notify(tmp_path) as (ours, theirs, server):
        await ours.send(message(text=f"Hoe ging het? {LINK}"))
        assert theirs.texts() == [(NUMBER, f"Hoe ging het? {LINK}")]
        (request,) = server.requests
        assert set(json.loads(request.body)) == {
            *("phone_number", "template_id", "personalisation", "reference"),
        }


async def test_the_account_is_the_service_at_its_api_and_tells_nothing_of_the_key(
    tmp_path: Path,
) -> None:
    others = "6d2a1c9e-0000-4000-8000-000000000001"
    async with (
        notify(tmp_path) as (ours, _, server),
        sender(
            tmp_path,
            kind="notify",
            url=server.url,
            key_file=key_file(tmp_path, f"nieuw-{SERVICE}-{others}"),
            template="another",
            private_network=True,
        ) as with_a_newer_key,
        notify(tmp_path, f"x-{others}-{KEY[-36:]}") as (of_another_service, _, _),
        notify(tmp_path, "geen sleutel") as (without, _, _),
    ):
        assert ours.account == with_a_newer_key.account == f"notify {server.url} {SERVICE}"
        assert of_another_service.account not in (ours.account, None)
        assert KEY[-36:] not in f"{ours.account}{of_another_service.account}"
        assert without.account is None


async def test_it_sends_no_mail(tmp_path: Path) -> None:
    async with notify(tmp_path) as (ours, _, server):
        assert await ours.send(message("mailto:a@b.example")) == RefusedForGood("kind-not-sent")
        assert server.taken == 0


async def test_what_a_text_message_cannot_hold_becomes_a_question_mark_there(
    tmp_path: Path,
) -> None:
    async with notify(tmp_path) as (ours, theirs, _):
        await ours.send(message(text="Gelukt ✓"))
        assert theirs.texts() == [(NUMBER, "Gelukt ?")]


@pytest.mark.parametrize("number", ["+31201234567", "+31301234567"])
async def test_a_land_line_is_refused_for_good(tmp_path: Path, number: str) -> None:
    async with notify(tmp_path) as (ours, theirs, _):
        assert await ours.send(message(f"tel:{number}")) == RefusedForGood("recipient-refused")
        assert theirs.sent == []


async def test_what_is_wrong_with_the_template_waits_until_it_is_repaired(tmp_path: Path) -> None:
    async with notify(tmp_path) as (ours, theirs, _):
        ours_again = message()
        theirs.templates[TEMPLATE] = "((link)) ((klant.voornaam))"
        assert await ours.send(ours_again) == RefusedForNow("template-refused")
        del theirs.templates[TEMPLATE]
        assert await ours.send(ours_again) == RefusedForNow("template-refused")
        theirs.templates[TEMPLATE] = "((link))"
        assert isinstance(await ours.send(ours_again), Accepted)


@pytest.mark.parametrize(
    ("seconds", "outcome"),
    [(25, None), (-25, None), (32, "clock-refused"), (-32, "clock-refused")],
)
async def test_a_clock_may_be_half_a_minute_off(
    tmp_path: Path, seconds: float, outcome: str | None
) -> None:
    async with notify(tmp_path) as (ours, theirs, _):
        theirs.seconds_off = seconds
        became = await ours.send(message())
        assert became == RefusedForNow(outcome) if outcome else isinstance(became, Accepted)


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (KEY.replace("975b", "975c"), "key-refused"),
        (KEY.replace(SERVICE, "00000000-0000-0000-0000-000000000000"), "key-refused"),
        ("not-a-key", "key-unreadable"),
        (KEY[:-1], "key-unreadable"),
    ],
)
async def test_with_a_wrong_key_messages_wait(tmp_path: Path, key: str, why: str) -> None:
    async with notify(tmp_path, key) as (ours, _, _server):
        assert await ours.send(message()) == RefusedForNow(why)


BAD_DAYS: list[tuple[Behaviour, Outcome]] = [
    (error(429, "RateLimitError", "Exceeded rate limit"), RefusedForNow("too-many", 60.0)),
    (error(429, "TooManyRequestsError", "For today"), RefusedForNow("over-limit", 3600.0)),
    (error(500, "Exception", "Internal server error"), RefusedForNow("provider-failed")),
    (
        error(400, "BadRequestError", "Can’t send to this recipient using a team-only API key"),
        RefusedForNow("not-allowed"),
    ),
    (
        error(400, "BadRequestError", "Can’t send to this recipient: service is in trial mode"),
        RefusedForNow("not-allowed"),
    ),
    (
        error(400, "BadRequestError", "Content for template has a character count above the limit"),
        RefusedForGood("text-refused"),
    ),
    (
        error(400, "BadRequestError", "Cannot send to international mobile numbers"),
        RefusedForGood("recipient-refused"),
    ),
    (
        error(400, "ValidationError", "phone_number Not enough digits"),
        RefusedForGood("recipient-refused"),
    ),
    (error(400, "ValidationError", "x is a required property"), RefusedForGood("message-refused")),
    (Reply(404, b"{}"), RefusedForNow("not-found")),
    (Reply(503, b"", (("Retry-After", "120"),)), RefusedForNow("provider-busy", 120.0)),
    (Reply(500, b"<html>"), Unknown("provider-failed")),
    (Reply(502, b"<html>"), Unknown("provider-failed")),
    (Reply(504, b"<html>"), Unknown("provider-failed")),
    (Reply(302, b"", (("Location", "https://elders.example"),)), Unknown("answer-unreadable")),
    (Reply(201, b"<html>"), Unknown("answer-unreadable")),
    (Reply(200, b"{}"), Unknown("answer-unreadable")),
    (Reply(201, b'[{"errors": 3}]'), Unknown("answer-unreadable")),
    (Reply(400, b'{"errors": [3, null]}'), RefusedForGood("message-refused")),
    (Reply(400, b'{"errors": 3}'), RefusedForGood("message-refused")),
    (Cut(), Unknown("answer-unreadable")),
]


@pytest.mark.parametrize(("behaviour", "outcome"), BAD_DAYS)
async def test_on_a_bad_day(tmp_path: Path, behaviour: Behaviour, outcome: Outcome) -> None:
    async with notify(tmp_path) as (ours, theirs, server):
        theirs.bad_days.append(BadDay(behaviour))
        assert await ours.send(message()) == outcome
        assert (server.taken, theirs.sent) == (1, [])


async def test_while_it_is_down_nothing_is_lost(tmp_path: Path) -> None:
    async with notify(tmp_path) as (ours, _, server):
        port = server.port
        await server.end()
    async with sender(
        tmp_path,
        kind="notify",
        url=f"http://127.0.0.1:{port}",
        key_file=key_file(tmp_path, KEY),
        template=TEMPLATE,
        private_network=True,
    ) as ours:
        waits = message()
        assert await ours.send(waits) == RefusedForNow("unreachable")
        assert await ours.look_up(waits.reference, None) == Unknown("unreachable")
        theirs = Notify()
        async with neighbour(theirs, port=port):
            assert isinstance(await ours.send(waits), Accepted)
            assert len(theirs.sent) == 1


async def test_the_same_reference_twice_would_be_two_messages(tmp_path: Path) -> None:
    """Which is why nothing is sent again before it is looked up."""
    async with notify(tmp_path) as (ours, theirs, _):
        twice = message()
        await ours.send(twice)
        await ours.send(twice)
        assert len(theirs.sent) == 2


@pytest.mark.parametrize("behaviour", [Cut(), Reply(502, b""), Reply(201, b"")])
async def test_what_went_out_without_an_answer_is_found(
    tmp_path: Path, behaviour: Behaviour
) -> None:
    async with notify(tmp_path) as (ours, theirs, _):
        lost = message()
        theirs.bad_days.append(BadDay(behaviour, after=True))
        assert isinstance(await ours.send(lost), Unknown)
        assert await ours.look_up(lost.reference, None) == Accepted(
            theirs.sent[0]["id"], receipts=True
        )
        assert len(theirs.sent) == 1


async def test_one_that_answers_late_has_the_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with notify(tmp_path) as (ours, theirs, _):
        # Five seconds are long for a test; how many they are is tried where they are counted.
        monkeypatch.setattr(ours._client, "_most_seconds", 0.2)  # type: ignore[attr-defined]
        late = message()
        theirs.bad_days.append(BadDay(Silence(), after=True))
        assert await ours.send(late) == Unknown("no-answer")
        assert isinstance(await ours.look_up(late.reference, None), Accepted)


async def test_what_never_arrived_is_said_not_to_be_there(tmp_path: Path) -> None:
    async with notify(tmp_path) as (ours, _, _server):
        await ours.send(message())
        assert await ours.look_up(message().reference, None) == RefusedForNow("not-there")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((name, "accepted") for name in ("created", "sending", "pending", "sent")),
        ("delivered", "arrived"),
        ("permanent-failure", "delivered-not"),
        ("temporary-failure", "delivered-not-now"),
        ("technical-failure", "provider-error"),
        ("validation-failed", "text-refused"),
    ],
)
async def test_what_became_of_it_is_what_its_status_says(
    tmp_path: Path, status: str, outcome: str
) -> None:
    async with notify(tmp_path) as (ours, theirs, _):
        sent = message()
        await ours.send(sent)
        id = theirs.sent[0]["id"]
        theirs.end(id, status)
        expected: dict[str, Outcome] = {
            "accepted": Accepted(id, receipts=True),
            # No receipt comes of it any more.
            "arrived": Accepted(id, receipts=False),
        }
        became = await ours.look_up(sent.reference, id)
        assert became == (expected[outcome] if outcome in expected else RefusedForGood(outcome))


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (Reply(502, b""), "provider-failed"),
        (Reply(200, b"<html>"), "answer-unreadable"),
        (Reply(200, b'{"notifications": 3}'), "answer-unreadable"),
        (Reply(201, b'{"id": "x"}'), "answer-unreadable"),
        (error(429, "RateLimitError", "Exceeded"), "too-many"),
        (error(403, "AuthError", "Invalid token"), "key-refused"),
    ],
)
async def test_where_it_does_not_say_nobody_knows(
    tmp_path: Path, behaviour: Behaviour, why: str
) -> None:
    async with notify(tmp_path) as (ours, theirs, _):
        sent = message()
        await ours.send(sent)
        theirs.bad_days.append(BadDay(behaviour))
        assert await ours.look_up(sent.reference, None) == Unknown(why)


async def test_a_message_of_another_with_a_reference_like_ours_is_not_ours(tmp_path: Path) -> None:
    async with notify(tmp_path) as (ours, theirs, _):
        other: dict[str, Any] = {"notifications": [{"reference": "anders", "id": "1"}]}
        theirs.bad_days.append(BadDay(Reply(200, json.dumps(other).encode())))
        assert await ours.look_up(message().reference, None) == RefusedForNow("not-there")
