"""A platform's message is read by its mapping: who called, which queue, whether it was answered."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.connectors.telephony.calls import CallUnreadable, read_call
from ingest.invitations.occasions import ContactEnded
from ingest.municipalities.call_mappings import CallMapping, shipped_mapping
from ingest.municipalities.connecting import Connector, Queue
from tests.ingest.connectors.calling import AGENT_COMPLETE, HANGUP, VOYS, connector

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
RECORDED = Path(__file__).resolve().parents[2] / "data" / "recorded-calls.jsonl"


def read(message: Any, at: Connector | None = None) -> Any:
    return read_call(at or connector(), message, municipality="molensloot", now=NOW)


def contact(message: Any, at: Connector | None = None) -> ContactEnded:
    told = read(message, at)
    assert isinstance(told, ContactEnded), told
    return told


def unreadable(message: Any, at: Connector | None = None) -> list[tuple[str, str]]:
    with pytest.raises(CallUnreadable) as refused:
        read(message, at)
    return [(param.name, param.code) for param in refused.value.params]


def test_a_call_ended_when_it_is_told_where_the_platform_says_that_it_is_still_to_come() -> None:
    for ahead in ("2026-11-29T09:20:00Z", "2026-11-29T11:00:00+00:00", "2999-01-01T00:00:00Z"):
        assert contact(HANGUP | {"ended": ahead}).ended_at == NOW
    assert contact(HANGUP | {"ended": "2026-11-29T08:20:00Z"}).ended_at < NOW


# What platforms really send


def test_the_message_that_asterisk_really_sent_is_a_call_without_a_number_to_reach() -> None:
    (line,) = RECORDED.read_text("utf-8").splitlines()
    told = contact(json.loads(json.loads(line)["body"]))
    assert told.recipient is None  # `sipp`, which made the call
    assert told.touchpoint == "telefonie"
    assert told.ended_at == datetime(2026, 11, 28, 22, 16, 15, tzinfo=UTC)
    assert told.outcome == "answered"


def test_a_hang_up_handler_tells_who_called_and_when_it_ended() -> None:
    told = contact(HANGUP)
    assert told.recipient is not None
    assert told.recipient.address == "+31612345678"
    assert (told.municipality, told.touchpoint, told.source) == (
        "molensloot",
        "telefonie",
        "asterisk",
    )


def test_agent_complete_tells_no_moment_and_so_ended_when_it_is_told() -> None:
    told = contact(AGENT_COMPLETE)
    assert told.ended_at == NOW
    assert told.recipient is not None


def test_whatever_asterisk_tells_of_one_call_is_one_contact() -> None:
    """The legs of a call, two rows of Cdr, the manager interface: all have the same linked id."""
    other_leg = HANGUP | {"uniqueid": "1795904171.4", "linkedid": HANGUP["uniqueid"]}
    keys = {contact(each).source_key for each in (HANGUP, other_leg, AGENT_COMPLETE)}
    assert len(keys) == 1
    assert contact(HANGUP | {"uniqueid": "1795904199.0"}).source_key not in keys


def test_a_row_without_an_answer_does_not_stand_in_the_way_of_the_one_with() -> None:
    assert read(HANGUP | {"disposition": "NO ANSWER"}) == "not-answered"
    assert contact(HANGUP).source_key


def test_a_call_to_the_queue_of_a_product_is_about_that() -> None:
    assert contact(HANGUP).dimensions == {}
    queues = {HANGUP["queue"]: Queue(touchpoint="telefonie", product="rijbewijs")}
    assert contact(HANGUP, connector(queues=queues)).dimensions == {"product": "rijbewijs"}


def test_voys_tells_the_number_that_was_called_for_a_queue() -> None:
    told = contact(VOYS, connector("voys"))
    assert told.recipient is not None
    assert told.recipient.address == "+31612345678"
    assert told.ended_at == datetime(2026, 11, 28, 22, 16, 15, tzinfo=UTC)
    assert told.source == "voys"


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"status": "ringing"}, "another-event"),
        ({"status": "in-progress"}, "another-event"),
        ({"direction": "outbound"}, "another-event"),
        ({"reason": "no-answer"}, "not-answered"),
        ({"reason": "busy"}, "not-answered"),
        ({"destination": {"number": "+31880000000"}}, "unknown-queue"),
    ],
)
def test_of_voys_only_calls_to_us_that_were_answered_and_ended_count(
    changes: dict[str, Any], verdict: str
) -> None:
    assert read(VOYS | changes, connector("voys")) == verdict


# The rest of the rules


@pytest.mark.parametrize("disposition", ["NO ANSWER", "BUSY", "FAILED", "answered", "", None, 1])
def test_a_call_without_an_answer_invites_nobody(disposition: object) -> None:
    assert read(HANGUP | {"disposition": disposition}) == "not-answered"


def test_a_short_call_invites_nobody() -> None:
    at = connector(least_seconds=5)
    assert read(HANGUP, at) == "too-short"
    assert contact(HANGUP | {"billsec": 5}, at)
    assert contact(HANGUP | {"billsec": "5.5"}, at)


@pytest.mark.parametrize("number", ["anonymous", "", None, "0201234567", "+31612345678;ext=1", {}])
def test_who_cannot_be_reached_is_a_contact_all_the_same(number: object) -> None:
    assert contact(HANGUP | {"caller": number}).recipient is None


@pytest.mark.parametrize("number", ["0612345678", "0031612345678", "31612345678", 31612345678])
def test_a_number_is_known_in_every_spelling(number: object) -> None:
    recipient = contact(HANGUP | {"caller": number}).recipient
    assert recipient is not None
    assert recipient.address == "+31612345678"


def test_two_connectors_that_number_their_calls_alike_tell_of_two_calls() -> None:
    assert contact(HANGUP).source_key != contact(HANGUP, connector(name="ander")).source_key


OWN = CallMapping(
    number=("/from",),
    queue=("/groups/0/name~1nl",),
    id=("/id",),
    answered={"/answeredAt": ("*",)},
    ended_at=("/end",),
    duration=("/seconds",),
    outcome=("/code",),
)
OURS = {
    "from": "0612345678",
    "groups": [{"name/nl": "balie"}],
    "id": 17,
    "answeredAt": "2026-11-28 23:10:00",
    "end": "2026-11-28 23:16:15",
    "seconds": 30,
    "code": "doorverbonden",
}


def own(**changes: Any) -> Connector:
    told: dict[str, Any] = {
        "mapping": OWN,
        "platform": "telephony",
        "queues": {"balie": Queue(touchpoint="balie-hal")},
    }
    return connector(**told | changes)


def test_a_mapping_of_ones_own_leads_through_lists_and_names_with_a_slash() -> None:
    told = contact(OURS, own())
    assert (told.touchpoint, told.outcome, told.source) == (
        "balie-hal",
        "doorverbonden",
        "telephony",
    )
    # What has no time zone is by the clock in Amsterdam.
    assert told.ended_at == datetime(2026, 11, 28, 22, 16, 15, tzinfo=UTC)
    assert read(OURS | {"answeredAt": None}, own()) == "not-answered"


@pytest.mark.parametrize(
    "end",
    [
        "2026-11-28T22:16:15Z",
        "2026-11-28T23:16:15+01:00",
        1795904175,
        "1795904175",
        1795904175000,
        1795904175.5,
    ],
)
def test_a_moment_is_known_in_every_spelling(end: object) -> None:
    ended_at = contact(OURS | {"end": end}, own()).ended_at
    assert ended_at.replace(microsecond=0) == datetime(2026, 11, 28, 22, 16, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "end",
    [
        *("gisteren", "", {}, [], True, "0001-01-01T00:00:00+14:00"),
        *("9999-12-31T23:59:59-12:00", 10**15, 10**400, -1, "２０２６-11-28T22:16:15Z", "1" * 5000),
    ],
)
def test_a_moment_that_is_none_is_named(end: object) -> None:
    assert unreadable(OURS | {"end": end}, own()) == [("ended_at", "wrong-type")]


@pytest.mark.parametrize("seconds", [None, "", "lang", -5, "１２", 10**400, "1e9", True, [], "5;"])
def test_a_duration_that_is_none_is_named_where_it_counts(seconds: object) -> None:
    message = OURS | {"seconds": seconds}
    assert contact(message, own())
    assert unreadable(message, own(least_seconds=1)) == [("duration", "wrong-type")]


def test_all_that_is_missing_is_named_at_once_and_nothing_of_what_was_there() -> None:
    message = {"answeredAt": "x", "from": "0612345678", "end": "Jansen"}
    told = unreadable(message, own())
    assert told == [("queue", "required"), ("id", "required"), ("ended_at", "wrong-type")]
    with pytest.raises(CallUnreadable) as refused:
        read(message, own())
    assert "0612345678" not in f"{refused.value!r} {refused.value.params}"
    assert "Jansen" not in f"{refused.value!r} {refused.value.params}"


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=10,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(OURS, nested)))
def test_whatever_stands_there_it_is_a_contact_a_verdict_or_a_named_refusal(
    message: dict[str, Any],
) -> None:
    try:
        told = read(OURS | message, own(least_seconds=1))
    except CallUnreadable as refused:
        told = refused.params
    assert told
    assert isinstance(told, ContactEnded | str | tuple)


def test_the_mappings_that_we_come_with_have_nothing_wrong() -> None:
    assert shipped_mapping("voys").answered
    assert shipped_mapping("asterisk").answered
