"""What may become of a signal: seen, in progress, done with an outcome; never back. Pure."""

from collections.abc import Collection
from datetime import datetime

from ingest.asgi.messages import InvalidParam
from ingest.clock import day_of
from ingest.files.toml_tables import line_fault
from ingest.followup.messages import OUTCOMES, FollowUp
from ingest.followup.statements import Change, StoredSignal
from ingest.followup.working_hours import working_hours
from ingest.responses.screening import find_personal_data

STATES = ("nieuw", "gezien", "bezig", "afgehandeld")
"""In their order: a signal goes on, past one where need be, and never back."""

DONE = STATES[-1]
_NEEDS_A_REASON = "kan-niet"


class FollowUpRejected(Exception):
    """The follow-up is not one; `params` say all that is wrong."""

    def __init__(self, params: tuple[InvalidParam, ...]) -> None:
        self.params = params
        super().__init__(f"{len(params)} thing(s) wrong")


class FollowUpConflict(Exception):
    """The signal is further already, or was done with another outcome."""


def check_follow_up(told: FollowUp) -> None:
    """Raises `FollowUpRejected` with all that is wrong."""
    faults: list[tuple[str, str, str]] = []
    done = told.state == DONE
    if told.state not in STATES[1:]:
        faults.append(("state", "unknown-option", f"One of {', '.join(STATES[1:])}."))
    elif done and told.outcome not in OUTCOMES:
        code = "required" if told.outcome is None else "unknown-option"
        faults.append(("outcome", code, f"What came of it: one of {', '.join(OUTCOMES)}."))
    elif not done and told.outcome is not None:
        faults.append(("outcome", "not-asked", f"Only what is {DONE} has an outcome."))
    if told.why is None:
        if done and told.outcome == _NEEDS_A_REASON:
            faults.append(("why", "required", "Why nothing can be done, in a few words."))
    elif told.outcome != _NEEDS_A_REASON:
        faults.append(("why", "not-asked", f"Only {_NEEDS_A_REASON} has a reason."))
    elif line_fault(told.why):
        faults.append(("why", "too-long", "One line of at most 200 characters."))
    elif find_personal_data(told.why):
        faults.append(("why", "personal-data", "Name nobody: this holds a number or an address."))
    if faults:
        params = (InvalidParam(name=name, code=code, reason=why) for name, code, why in faults)
        raise FollowUpRejected(tuple(params))


def step(
    signal: StoredSignal, told: FollowUp, *, holidays: Collection[str], now: datetime
) -> Change | None:
    """What the signal becomes; None where that is what it is already. `now` is in UTC.

    `told` was checked; `holidays` are the municipality's own. Raises `FollowUpConflict`.
    """
    before, after = STATES.index(signal.state), STATES.index(told.state)
    same_end = (signal.outcome, signal.why) == (told.outcome, told.why)
    if after < before or (after == before and not same_end):
        raise FollowUpConflict
    if after == before:
        return None
    today = day_of(now)
    seen_on, seen_after = signal.seen_on, signal.seen_after
    if seen_on is None or seen_after is None:
        seen_on, seen_after = today, working_hours(signal.shown_from, now, holidays)
    return Change(
        state=told.state,
        outcome=told.outcome,
        why=told.why,
        seen_on=seen_on,
        seen_after=seen_after,
        ended_on=today if told.state == DONE else None,
    )
