"""What follows from a provider's answer: tried again, ended, or looked up; and when."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.invitations.outbox_statements import Change
from ingest.invitations.outcomes import BACKOFF_MINUTES, Ended, Pauses, became, verdict_of
from ingest.invitations.sending_statements import Called
from ingest.senders.sender import (
    BELIEVED_AFTER,
    Accepted,
    Outcome,
    RefusedForGood,
    RefusedForNow,
    Unknown,
)

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
PAUSES = Pauses()


def row(attempts: int = 0, hours_left: float = 72) -> Called:
    return Called(
        municipality="GM9001",
        id=UUID(int=1),
        touchpoint=2,
        month=date(2026, 11, 1),
        product="",
        sender="proef",
        expires_at=NOW + timedelta(hours=hours_left),
        attempts=attempts,
        over=False,
    )


def after(outcome: Outcome | None, attempts: int = 0, hours_left: float = 72) -> Change:
    """What a call leads to."""
    ended = Ended(row=row(attempts, hours_left), outcome=outcome)
    return became(ended, now=NOW, pauses=PAUSES)


def looked_up(outcome: Outcome | None, before: str = "no-answer", *, over: bool = False) -> Change:
    """What a look-up leads to."""
    ended = Ended(row=row(), outcome=outcome, looked_up=True, reason_before=before, over=over)
    return became(ended, now=NOW, pauses=PAUSES)


def pause_of(change: Change) -> timedelta:
    assert change.look_at is not None
    return change.look_at - NOW


@pytest.mark.parametrize(
    ("attempts", "minutes"), [*enumerate(BACKOFF_MINUTES), (5, 60), (6, 60), (40, 60)]
)
def test_refused_for_now_is_tried_later_and_later_and_then_hourly(
    attempts: int, minutes: int
) -> None:
    change = after(RefusedForNow("provider-busy"), attempts)
    assert (change.state, change.reason) == ("waiting", "provider-busy")
    assert pause_of(change) == timedelta(minutes=minutes)


def test_a_provider_that_says_when_is_believed_up_to_a_day() -> None:
    assert pause_of(after(RefusedForNow("too-many", 600.0))) == timedelta(minutes=10)
    # Sooner than we would ourselves is no reason to hurry.
    assert pause_of(after(RefusedForNow("too-many", 600.0), 4)) == timedelta(minutes=180)
    assert pause_of(after(RefusedForNow("too-many", -5.0))) == timedelta(minutes=1)
    assert pause_of(after(RefusedForNow("too-many", 1e9))) == timedelta(days=1)


@given(
    attempts=st.integers(0, 30_000),
    seconds=st.none() | st.floats(-1e12, 1e12),
    hours_left=st.floats(0, 1000),
)
def test_it_is_never_tried_after_its_time(
    attempts: int, seconds: float | None, hours_left: float
) -> None:
    change = after(RefusedForNow("too-many", seconds), attempts, hours_left)
    assert change.look_at is not None
    assert NOW <= change.look_at <= NOW + timedelta(hours=hours_left)


def test_accepted_waits_for_a_receipt_where_there_will_be_one() -> None:
    change = after(Accepted("theirs", receipts=True))
    assert (change.state, change.reference) == ("sent", "theirs")
    assert change.receipt_until == date(2026, 11, 29)
    assert after(Accepted("theirs")).receipt_until is None


@pytest.mark.parametrize("strange", ["", "a b", "x" * 101, "a\x00", "é", "a\nb"])
def test_a_name_that_is_none_is_not_kept(strange: str) -> None:
    assert after(Accepted(strange)).reference is None


def test_refused_for_good_ends_it() -> None:
    change = after(RefusedForGood("text-refused"))
    assert (change.state, change.reason) == ("failed", "text-refused")


def test_what_may_have_gone_out_is_asked_about_and_never_waits() -> None:
    change = after(Unknown("no-answer"))
    assert (change.state, change.reason) == ("sending", "no-answer")
    assert pause_of(change) == PAUSES.look_up


def test_where_nobody_can_be_asked_it_is_unknown() -> None:
    assert looked_up(None).state == "unknown"
    assert looked_up(None).reason == "no-answer"


def test_not_there_is_believed_the_second_time() -> None:
    first = looked_up(RefusedForNow("not-there"))
    assert (first.state, first.reason) == ("sending", "not-there")
    assert pause_of(first) == BELIEVED_AFTER
    second = looked_up(RefusedForNow("not-there"), "not-there")
    assert second.state == "waiting"


def test_a_look_up_that_came_to_nothing_is_made_again_until_it_is_too_late() -> None:
    for outcome in (Unknown("provider-failed"), RefusedForNow("provider-busy")):
        again = looked_up(outcome, "not-there")
        # What was said before still counts.
        assert (again.state, again.reason) == ("sending", "not-there")
        assert pause_of(again) == PAUSES.look_again
        assert looked_up(outcome, over=True).state == "unknown"


def test_every_answer_has_a_word_for_metrics() -> None:
    every: list[Outcome | None] = [
        Accepted(),
        RefusedForGood("text-refused"),
        RefusedForNow("too-many"),
        Unknown("no-answer"),
        None,
    ]
    assert len({verdict_of(each) for each in every}) == len(every)
