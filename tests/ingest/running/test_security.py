"""A stranger who tries is counted each time, and fills neither the log nor the database."""

import json
import logging
import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ingest.invitations.minting import api_key_digest
from ingest.kiosk import pairing
from ingest.running.metrics import REGISTRY
from ingest.running.security import SecurityEvent, SecurityEvents
from ingest.tokens.keys import Keys
from ingest.web import refusals
from tests.conftest import Serve
from tests.ingest.kiosk.tablet import Key, Tablet
from tests.log_lines import lines_of

pytestmark = pytest.mark.anyio

KEYS, SIGNATURES = SecurityEvent.API_KEY_UNKNOWN, SecurityEvent.SIGNATURE_REFUSED


class Clock:
    """Stands still until it is moved; what was put off is done when its moment is there."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def __call__(self) -> float:
        return self.now

    def later(self, seconds: float, call: Callable[[], None]) -> Callable[[], None]:
        one = (self.now + seconds, call)
        self.waiting.append(one)
        return lambda: self.waiting.remove(one)

    def forward(self, seconds: float) -> None:
        self.now += seconds
        due = [call for at, call in self.waiting if at <= self.now]
        self.waiting = [(at, call) for at, call in self.waiting if at > self.now]
        for call in due:
            call()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """That of the service's own events, which have told nothing yet."""
    clock = Clock()
    events = SecurityEvents(clock=clock, later=clock.later)
    for module in (refusals, pairing):
        monkeypatch.setattr(module, "security", events)
    return clock


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [line for line in lines_of(caplog) if line["event"] == "security_event"]


def counted(kind: SecurityEvent) -> float:
    return REGISTRY.get_sample_value("security_events_total", {"kind": kind}) or 0


def test_the_first_is_told_at_once_and_a_flood_as_one_line_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    clock, before = Clock(), counted(KEYS)
    events = SecurityEvents(clock=clock, later=clock.later)
    for _ in range(600):
        for _ in range(100):
            events.happened(KEYS)
        clock.forward(1)
    clock.forward(60)
    lines = told(caplog)
    assert counted(KEYS) - before == 60_000
    assert sum(line["count"] for line in lines) == 60_000
    assert lines[0]["count"] == 1
    assert len(lines) <= 12
    assert {line["level"] for line in lines} == {"warning"}


def test_one_kind_does_not_keep_another_from_being_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    clock = Clock()
    events = SecurityEvents(clock=clock, later=clock.later)
    for kind in (KEYS, KEYS, SIGNATURES):
        events.happened(kind)
    assert [line["kind"] for line in told(caplog)] == [KEYS, SIGNATURES]
    clock.forward(61)
    clock.forward(61)
    events.happened(KEYS)
    assert [(line["kind"], line["count"]) for line in told(caplog)[2:]] == [(KEYS, 1), (KEYS, 1)]


def test_what_was_put_off_is_told_without_another_to_wait_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """By a thread of its own, as in the service."""
    caplog.set_level(logging.INFO, "meetpunt")
    clock = Clock()
    events = SecurityEvents(seconds=5, clock=clock, later=clock.later)
    events.happened(KEYS)
    clock.forward(2)
    events.happened(KEYS)
    events.happened(KEYS)
    assert [at - clock.now for at, _ in clock.waiting] == [3]


def test_what_was_put_off_is_told_when_the_service_ends_and_nothing_after_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    events = SecurityEvents()
    for kind in (KEYS, KEYS, KEYS, SIGNATURES):
        events.happened(kind)
    assert _timers()
    events.close()
    _no_timer_is_left()
    events.close()
    assert [(line["kind"], line["count"]) for line in told(caplog)] == [
        (KEYS, 1),
        (SIGNATURES, 1),
        (KEYS, 2),
    ]


async def test_a_service_that_closes_leaves_no_timer_behind(serve: Serve) -> None:
    async with serve() as served:
        body = {"touchpoint": "molensloot/online", "invitations": [{}]}
        headers = {"authorization": "Bearer mp_x", "idempotency-key": "x"}
        for _ in range(2):
            await served.client.post("/api/v1/invitations", json=body, headers=headers)
        assert _timers()
    _no_timer_is_left()


def _no_timer_is_left() -> None:
    for timer in _timers():
        timer.join(timeout=10)  # one that was called off ends soon
    assert not _timers()


def _timers() -> list[threading.Timer]:
    return [one for one in threading.enumerate() if isinstance(one, threading.Timer)]


async def test_wrong_keys_and_failed_pairings_are_events_and_no_address_is_in_them(
    serve: Serve, clock: Clock, keys: Keys, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "meetpunt")
    before = {kind: counted(kind) for kind in SecurityEvent}
    async with serve() as served:
        async with served.database.superuser() as db:
            await db.execute(
                "insert into meetpunt.api_key values ('GM9001', $1, 'oud', $2, $2)",
                api_key_digest(keys.accounts, "mp_revoked"),
                date(2026, 1, 1),
            )
        body = {"touchpoint": "molensloot/online", "invitations": [{}]}
        for key in ("mp_geheim", "mp_revoked"):
            headers = {"authorization": f"Bearer {key}", "idempotency-key": "x"}
            reply = await served.client.post("/api/v1/invitations", json=body, headers=headers)
            assert reply.status_code == 401
        told_by = {"authorization": "Bearer geheim", "content-type": "application/json"}
        for place in ("messages/molensloot/sms/receipts", "contacts/molensloot/centrale"):
            reply = await served.client.post(f"/api/v1/{place}", content=b"{}", headers=told_by)
            assert reply.status_code == 401
        tablet, other = await Tablet(served).enrolled(), Key()
        await tablet.state("ACDEFHJK", signature=other.sign("pairing/ACDEFHJK"))
        await tablet.state(
            "ACDEFHJK", publicKey=other.public, signature=other.sign("pairing/ACDEFHJK")
        )
        await tablet.post({**tablet.body(), "signature": other.sign("x")})
        await tablet.pair(publicKey="x")
        tablet.kiosk = "00000000-0000-4000-8000-000000000000"
        await tablet.post(tablet.body())
        async with served.database.superuser() as db:
            assert await db.fetchval("select count(*) from meetpunt.audit") == 0
    clock.forward(60)
    assert {kind: counted(kind) - before[kind] for kind in SecurityEvent} == {
        SecurityEvent.API_KEY_UNKNOWN: 2,
        SecurityEvent.CONNECTOR_REFUSED: 1,
        SecurityEvent.SENDER_SECRET_UNKNOWN: 1,
        SecurityEvent.OPT_OUTS_CROWDED: 0,
        SecurityEvent.CALLBACKS_CROWDED: 0,
        SecurityEvent.SIGNATURE_REFUSED: 2,
        SecurityEvent.KIOSK_UNKNOWN: 1,
        SecurityEvent.PAIRING_KEY_UNREADABLE: 1,
        SecurityEvent.PAIRING_CODE_EXPIRED: 1,
    }
    lines = told(caplog)
    assert {tuple(sorted(line)) for line in lines} == {("count", "event", "kind", "level", "ts")}
    assert sum(line["count"] for line in lines) == 9
    for secret in ("geheim", "mp_", "127.0.0.1", tablet.key.public, "ACDEFHJK"):
        assert secret not in json.dumps(lines)
