"""List the signals of a municipality, and note what was done about one."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

import asyncpg

from ingest.asgi.messages import InvalidParam
from ingest.database.acknowledged import acknowledged
from ingest.files.near_misses import did_you_mean
from ingest.followup.messages import MOST_SIGNALS, FollowUp, Signal, Signals
from ingest.followup.statements import (
    Place,
    StoredSignal,
    change_signal,
    hold_signal,
    list_signals,
)
from ingest.followup.steps import STATES, check_follow_up, step
from ingest.municipalities.departments import REST, department_of
from ingest.municipalities.municipality import Municipality
from ingest.running import metrics


class SignalUnknown(LookupError):
    """The municipality has no signal with this id, or it is not shown yet."""


class SearchRejected(Exception):
    """What was asked for cannot be looked for; `params` say all that is wrong."""

    def __init__(self, params: tuple[InvalidParam, ...]) -> None:
        self.params = params
        super().__init__(f"{len(params)} thing(s) wrong")


async def find_signals(
    db: asyncpg.Connection,
    municipality: Municipality,
    *,
    states: Collection[str] = (),
    department: str | None = None,
    since: date | None = None,
    after: str | None = None,
    most: int = MOST_SIGNALS,
) -> Signals:
    """At most `most` (1 to `MOST_SIGNALS`) signals that are shown already, the newest first.

    All `states` where none is named. `after` is the `next` of an earlier reply. Raises
    `SearchRejected`.
    """
    _check_search(municipality, states, department)
    touchpoints = {
        touchpoint.number: touchpoint
        for touchpoint in municipality.touchpoints
        if department in (None, department_of(municipality.departments, touchpoint))
    }
    rows = await list_signals(
        db,
        municipality.code,
        touchpoints=list(touchpoints),
        states=list(states or STATES),
        since=since or date.min,
        after=None if after is None else _place(after),
        # One more, to know whether there are more.
        most=most + 1,
    )
    shown = [signal_of(municipality, row) for row in rows[:most]]
    return Signals(signals=shown, next=_after(shown[-1]) if len(rows) > most else None)


async def follow_up(
    db: asyncpg.Connection, municipality: Municipality, signal: UUID, told: FollowUp, now: datetime
) -> Signal:
    """Note what was done about a signal; returns what it is now. The same again changes nothing.

    `now` is in UTC. Raises `FollowUpRejected`, `SignalUnknown`, `FollowUpConflict` or
    `NotReplicated`.
    """
    check_follow_up(told)
    async with acknowledged(db), db.transaction():
        return await put_follow_up(db, municipality, signal, told, now)


async def put_follow_up(
    db: asyncpg.Connection, municipality: Municipality, signal: UUID, told: FollowUp, now: datetime
) -> Signal:
    """As `follow_up`, of what was checked, within the caller's transaction and `acknowledged`."""
    before = await hold_signal(db, municipality.code, signal)
    if before is None:
        raise SignalUnknown(str(signal))
    change = step(before, told, holidays=municipality.invitations.holidays, now=now)
    if change is not None:
        await change_signal(db, municipality.code, signal, change)
        metrics.signals_followed_up.labels(municipality=municipality.slug, state=told.state).inc()
        before = before.with_change(change)
    return signal_of(municipality, before)


def signal_of(municipality: Municipality, stored: StoredSignal) -> Signal:
    """A signal as it is told."""
    touchpoint = next(
        (each for each in municipality.touchpoints if each.number == stored.touchpoint), None
    )
    department = department_of(municipality.departments, touchpoint) if touchpoint else REST
    return Signal(
        id=str(stored.id),
        touchpoint=touchpoint.path if touchpoint else f"{municipality.slug}/onbekend",
        department=department,
        reason=stored.reason,
        theme=stored.theme,
        day=stored.day,
        half_day=stored.half,
        state=stored.state,
        outcome=stored.outcome,
        why=stored.why,
    )


def _check_search(
    municipality: Municipality, states: Collection[str], department: str | None
) -> None:
    params = []
    for state in states:
        if state not in STATES:
            reason = f"One of {', '.join(STATES)}{did_you_mean(state, STATES)}."
            params.append(InvalidParam(name="state", code="unknown-option", reason=reason))
    known = [*(each.slug for each in municipality.departments), REST]
    if department is not None and department not in known:
        reason = f"There is no such department{did_you_mean(department, known)}."
        params.append(InvalidParam(name="department", code="unknown-department", reason=reason))
    if params:
        raise SearchRejected(tuple(params))


def _after(signal: Signal) -> str:
    return f"{signal.day}.{signal.half_day}.{signal.id}"


def _place(text: str) -> Place:
    """Raises `SearchRejected` for what is no `next` of ours."""
    try:
        day, half, signal = text.split(".")
        return Place(date.fromisoformat(day), half == "middag", UUID(signal))
    except ValueError:
        reason = "Send what next says, as it is."
        wrong = InvalidParam(name="after", code="wrong-type", reason=reason)
        raise SearchRejected((wrong,)) from None
