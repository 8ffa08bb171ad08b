"""What providers tell later, in their own words, and what nobody else can tell us."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from ingest.senders.receipts import (
    Receipt,
    Reply,
    is_from_provider,
    notify_receipt,
    notify_reply,
    receipt_secret,
    spryng_receipt,
)
from tests.ingest.senders.messages import NUMBER
from tests.ingest.senders.recorded import recorded
from tests.neighbours.spryng import receipt_query

KEY = bytes(range(32))
OURS = {"municipality": "molensloot", "sender": "sms"}


def test_a_callback_of_notify_as_it_was_recorded() -> None:
    body = json.loads(recorded("NotifyNL delivery callback")["body"])
    receipt = notify_receipt(body, **OURS)
    assert receipt == Receipt(**OURS, reference="ref-1", state="delivered")
    assert body["to"] not in repr(receipt)


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        ("permanent-failure", "failed", "delivered-not"),
        ("temporary-failure", "expired", "delivered-not-now"),
        ("technical-failure", "failed", "provider-error"),
        ("validation-failed", "failed", "text-refused"),
    ],
)
def test_how_it_ends_at_notify(status: str, state: Any, reason: str) -> None:
    body = {"reference": "ref-1", "status": status}
    expected = Receipt(**OURS, reference="ref-1", state=state, reason=reason)
    assert notify_receipt(body, **OURS) == expected


@pytest.mark.parametrize("status", ["created", "sending", "pending", "sent", "", None, 3, ["x"]])
def test_what_is_no_end_is_no_receipt(status: Any) -> None:
    assert notify_receipt({"reference": "ref-1", "status": status}, **OURS) is None


@pytest.mark.parametrize("body", [None, 3, [], "x", {}, {"status": "delivered"}])
def test_what_is_no_callback_is_no_receipt(body: Any) -> None:
    assert notify_receipt(body, **OURS) is None
    assert notify_reply(body, **OURS) is None


@pytest.mark.parametrize("reference", [None, 3, "", "a b", "x" * 65, "a\0b", "é", {}])
def test_a_reference_that_cannot_be_ours_is_not(reference: Any) -> None:
    assert notify_receipt({"reference": reference, "status": "delivered"}, **OURS) is None
    if isinstance(reference, str):
        assert spryng_receipt({"REFERENCE": reference, "STATUS": "10"}, **OURS) is None


@pytest.mark.parametrize(
    ("status", "code", "state", "reason"),
    [
        ("10", "0", "delivered", ""),
        ("20", "20", "failed", "delivered-not"),
        ("20", "21", "failed", "delivered-not"),
        ("20", "22", "failed", "provider-error"),
        ("20", "31", "failed", "recipient-refused"),
        ("20", "32", "failed", "not-allowed"),
        ("20", "99", "failed", "delivered-not"),
    ],
)
def test_how_it_ends_at_spryng(status: str, code: str, state: Any, reason: str) -> None:
    query = dict(parse_qsl(receipt_query("ref-1", status, code)))
    expected = Receipt(**OURS, reference="ref-1", state=state, reason=reason)
    assert spryng_receipt(query, **OURS) == expected


@pytest.mark.parametrize("status", ["", "0", "5", "100", "delivered"])
def test_what_spryng_says_on_the_way_is_no_receipt(status: str) -> None:
    assert spryng_receipt({"REFERENCE": "ref-1", "STATUS": status}, **OURS) is None


def test_a_reply_is_who_said_what_and_shows_neither() -> None:
    body = {
        "id": "5866c5e2-4730-46e8-9094-c0230cbfbf06",
        "source_number": NUMBER.removeprefix("+"),
        "destination_number": "3197012345",
        "message": "STOP",
        "date_received": "2026-11-28T22:14:35.535142Z",
    }
    reply = notify_reply(body, **OURS)
    assert reply == Reply(**OURS, number=NUMBER.removeprefix("+"), text="STOP")
    assert NUMBER.removeprefix("+") not in repr(reply)
    assert "STOP" not in repr(reply)
    for name in ("source_number", "message"):
        assert notify_reply({**body, name: None}, **OURS) is None


def test_a_secret_is_of_one_sender_of_one_municipality() -> None:
    secrets = {
        receipt_secret(KEY, municipality, sender)
        for municipality in ("molensloot", "duinrade")
        for sender in ("sms", "sms-2")
    }
    assert len(secrets) == 4
    assert {len(secret) for secret in secrets} == {43}
    assert receipt_secret(KEY, "molensloot", "sms") == receipt_secret(KEY, "molensloot", "sms")
    # No two names run into each other.
    assert receipt_secret(KEY, "a", "b-c") != receipt_secret(KEY, "a-b", "c")
    assert receipt_secret(bytes(32), "molensloot", "sms") not in secrets


@pytest.mark.parametrize("shown", ["", "x", "x" * 43, "é" * 43, "\udcff"])
def test_who_does_not_have_it_is_not_the_provider(shown: str) -> None:
    assert not is_from_provider(shown, KEY, **OURS)
    right = receipt_secret(KEY, **OURS)
    assert is_from_provider(right, KEY, **OURS)
    assert not is_from_provider(right, KEY, municipality="duinrade", sender="sms")
