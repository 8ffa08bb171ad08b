"""A signal goes on and never back; an outcome and a reason stand where they belong."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from ingest.followup.messages import FollowUp
from ingest.followup.statements import Change, StoredSignal
from ingest.followup.steps import FollowUpConflict, FollowUpRejected, check_follow_up, step

# A Monday; shown at half past twelve in Amsterdam.
SHOWN = datetime(2026, 11, 30, 11, 30, tzinfo=UTC)
SEEN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def signal(**changes: Any) -> StoredSignal:
    fixed: dict[str, Any] = {
        "id": uuid4(), "touchpoint": 1, "reason": "laag", "theme": None, "day": date(2026, 11, 30),
        "half": "ochtend", "shown_from": SHOWN, "state": "nieuw", "outcome": None, "why": None,
        "seen_on": None, "seen_after": None,
    }  # fmt: skip
    return StoredSignal(**(fixed | changes))


def stepped(before: StoredSignal, **told: Any) -> Change | None:
    follow_up = FollowUp(**told)
    check_follow_up(follow_up)
    return step(before, follow_up, holidays=(), now=SEEN)


def test_when_it_was_seen_is_kept_as_a_day_and_working_hours() -> None:
    change = stepped(signal(), state="gezien")
    assert change == Change(
        state="gezien",
        outcome=None,
        why=None,
        seen_on=date(2026, 12, 1),
        seen_after=6.0,
        ended_on=None,
    )


def test_what_goes_on_keeps_when_it_was_seen_and_may_go_past_a_state() -> None:
    before = {"state": "gezien", "seen_on": date(2026, 11, 30), "seen_after": 1.0}
    change = stepped(signal(**before), state="afgehandeld", outcome="verbeterd")
    assert change is not None
    assert (change.seen_on, change.seen_after) == (date(2026, 11, 30), 1.0)
    assert (change.ended_on, change.outcome) == (date(2026, 12, 1), "verbeterd")
    at_once = stepped(signal(), state="afgehandeld", outcome="klacht")
    assert at_once is not None
    assert (at_once.seen_on, at_once.seen_after) == (date(2026, 12, 1), 6.0)


def test_the_same_again_is_nothing_new_and_back_or_another_end_is_refused() -> None:
    seen = {"seen_on": date(2026, 12, 1), "seen_after": 6.0}
    done = signal(state="afgehandeld", outcome="uitgelegd", **seen)
    assert stepped(signal(state="bezig", **seen), state="bezig") is None
    assert stepped(done, state="afgehandeld", outcome="uitgelegd") is None
    for told in ({"state": "bezig"}, {"state": "afgehandeld", "outcome": "klacht"}):
        with pytest.raises(FollowUpConflict):
            stepped(done, **told)


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        ({"state": "nieuw"}, "state", "unknown-option"),
        ({"state": "weg"}, "state", "unknown-option"),
        ({"state": "afgehandeld"}, "outcome", "required"),
        ({"state": "afgehandeld", "outcome": "ok"}, "outcome", "unknown-option"),
        ({"state": "bezig", "outcome": "klacht"}, "outcome", "not-asked"),
        ({"state": "afgehandeld", "outcome": "kan-niet"}, "why", "required"),
        ({"state": "afgehandeld", "outcome": "klacht", "why": "x"}, "why", "not-asked"),
        ({"state": "afgehandeld", "outcome": "kan-niet", "why": "x" * 201}, "why", "too-long"),
        ({"state": "afgehandeld", "outcome": "kan-niet", "why": "a\nb"}, "why", "too-long"),
        (
            {"state": "afgehandeld", "outcome": "kan-niet", "why": "Belde 06 12345678 terug."},
            "why",
            "personal-data",
        ),
    ],
)
def test_what_is_no_follow_up_is_refused_where_it_is_wrong(
    told: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(FollowUpRejected) as refused:
        check_follow_up(FollowUp(**told))
    assert [(param.name, param.code) for param in refused.value.params] == [(field, code)]
