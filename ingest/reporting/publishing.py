"""Publish stored responses, once a day: in batches, each response exactly once.

Storing a response adds a row to `unpublished`. One transaction removes rows there, inserts what is
kept of the responses, and adds them to the figures; so a crash loses nothing and shows nothing
twice. Only one process publishes at a time. `batches` says what a batch is.
"""

import json
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from ingest.clock import day_of
from ingest.reporting import statements
from ingest.reporting.alike import alike
from ingest.reporting.batches import Group, Placed, first_of_month, monday_of, place
from ingest.reporting.cohorts import tell_cohorts
from ingest.reporting.finding_anew import find_stored_anew
from ingest.reporting.follow_up import count_follow_up
from ingest.reporting.pieces import chunks, pieces
from ingest.reporting.plan import Look, Plan, look_due
from ingest.reporting.samples import add_samples, counted_samples, tell_samples
from ingest.reporting.signals import make_signals
from ingest.reporting.texts import publish_texts
from ingest.reporting.theme_tally import add_themes, counted_themes, typed_texts
from ingest.reporting.theme_telling import tell_themes
from ingest.reporting.turns import in_one_transaction, take_turn

# A call for invitations that began before midnight is counted on that day, and may end after it.
_COUNTED_LATE = timedelta(days=1)

Row = Mapping[str, Any]


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """How many municipalities were looked at, and how many responses became readable.

    `suspects` are those of them that count in no figure. `failed` are codes of municipalities that
    hold a row which cannot be published, with what kind of error that was.
    """

    looked_at: int
    responses: int
    suspects: int = 0
    failed: Mapping[str, str] = {}


async def publish(
    db: asyncpg.Connection,
    plan: Plan,
    *,
    now: datetime,
    wait: bool = False,
    due_only: bool = True,
    holder: UUID | None = None,
) -> Published:
    """Publish full batches of the municipalities whose look is due.

    `db` is a connection as `meetpunt_folder`. While another process publishes, nothing is done,
    unless this one should `wait` for its turn. Without `due_only` it looks at all municipalities
    now. `holder` has the lease of the task; None: somebody runs it by hand. Raises `LeaseLost`.
    """
    looked_at_before = dict(await db.fetch(statements.LOOKED_AT))
    looks = _looks(plan, looked_at_before, now, due_only=due_only)
    if not looks:
        return Published(looked_at=0, responses=0)
    rows = await db.fetch(statements.HOW_MANY)
    since = _changed_since(looked_at_before, rows)
    noted = {code for code, look in looks.items() if look.noted}
    failed: dict[str, str] = {}
    responses = suspects = 0
    take = partial(take_turn, db, wait=wait, holder=holder)

    async def piece(codes: Sequence[str], until: date) -> None:
        nonlocal responses, suspects
        shown = await _publish(db, plan, {code: looks[code] for code in codes}, until)
        responses += shown.total()
        suspects += sum(count for (_, suspect), count in shown.items() if suspect)
        noted.update(code for code, _ in shown)

    async def note(codes: Sequence[str]) -> None:
        await _tell_what_is_over(db, codes, plan, now)
        await db.execute(statements.INVITATIONS, codes, [since[code] for code in codes])
        await db.execute(statements.LOOKED, codes, now, *_today(looks, codes), *plan.samples)

    for codes, until in pieces(looks, rows):
        if not await in_one_transaction(db, codes, partial(piece, until=until), failed, take):
            return Published(
                looked_at=0,
                responses=responses,
                suspects=suspects,
                failed=failed,
            )
    looked = sorted(noted - failed.keys())
    for codes in chunks(looked):
        await in_one_transaction(db, codes, note, failed, take)
    return Published(
        looked_at=len(set(looked) - failed.keys()),
        responses=responses,
        suspects=suspects,
        failed=failed,
    )


async def _tell_what_is_over(
    db: asyncpg.Connection, codes: Sequence[str], plan: Plan, now: datetime
) -> None:
    await tell_cohorts(db, codes, plan, now=now)
    await tell_samples(db, codes, now=now)
    await count_follow_up(db, codes, plan.signals, now=now)
    await tell_themes(db, codes, plan.signals, now=now)


async def waiting(db: asyncpg.Connection) -> int:
    """How many responses are not published yet."""
    rows: int = await db.fetchval("/* waiting_rows */ select count(*) from meetpunt.unpublished")
    return rows


def _looks(
    plan: Plan, looked_at: Mapping[str, datetime | None], now: datetime, *, due_only: bool
) -> dict[str, Look]:
    """What may be published, by the municipality's code."""
    looks = {}
    for code, last_look in looked_at.items():
        look = look_due(plan, code, last_look if due_only else None, now)
        if look is not None:
            looks[code] = look
    return looks


def _changed_since(
    looked_at: Mapping[str, datetime | None], rows: Sequence[Row]
) -> dict[str, date]:
    """From which day on counts of invitations may have changed since the last look.

    Answered ones count on the day on which their batch closed, which may be long ago.
    """
    since = {
        code: day_of(last_look) - _COUNTED_LATE if last_look else date.min
        for code, last_look in looked_at.items()
    }
    for row in rows:
        code = row["municipality"]
        since[code] = min(since.get(code, date.min), row["day"])
    return since


async def _publish(
    db: asyncpg.Connection, plan: Plan, looks: Mapping[str, Look], until: date
) -> Counter[tuple[str, bool]]:
    """How many responses became readable, by the municipality's code and whether suspect."""
    structures = [*plan.known, *plan.sampled]
    sampled_before = min(look.sampled_before for look in looks.values())
    rows = await db.fetch(
        statements.WAITING, list(looks), until, structures, *plan.samples, sampled_before
    )
    ten_until = dict(await db.fetch(statements.PROMISED, list(looks)))
    classes = list(alike(plan, rows, looks, ten_until))
    streams = {responses.places[0]: stream for stream, responses in classes}
    groups: dict[Hashable, Group] = {
        stream: Group() if stream.batch else plan.group(stream.touchpoint, promised=stream.promised)
        for stream in set(streams.values())
    }
    placed = place((one for _, one in classes), groups)
    shown: Counter[tuple[str, bool]] = Counter()
    for one in placed:
        row = rows[one.places[0]]
        shown[row["municipality"], bool(row["suspect"])] += len(one.places)
    if not placed:
        return shown
    days = min(row["day"] for row in rows), until
    await find_stored_anew(db, plan, list(looks), days)
    typed = await typed_texts(db, list(looks), until)
    released = await publish_texts(db, plan, rows, streams, typed.keys(), placed)
    await add_themes(db, counted_themes(plan, rows, streams, typed, placed, released), released)
    await add_samples(db, counted_samples(plan, rows, streams, placed))
    await make_signals(db, plan.signals, rows, [one.places for one in placed])
    await db.fetchval(statements.PUBLISH, *_parameters(plan, rows, placed))
    return shown


def _parameters(plan: Plan, rows: Sequence[Row], placed: Sequence[Placed]) -> list[Sequence[Any]]:
    """The parameters of `PUBLISH`: each row's place, id and kind, and the columns of each kind."""
    queue_places: list[str] = []
    ids: list[str] = []
    kind_numbers: list[int] = []
    for number, responses in enumerate(placed, start=1):
        queue_places += [rows[place]["at"] for place in responses.places]
        ids += [rows[place]["id"] for place in responses.places]
        kind_numbers += [number] * len(responses.places)
    kinds = [_kind(plan, rows[responses.places[0]], responses) for responses in placed]
    arrays = [statements.array_of(values) for values in (queue_places, ids, kind_numbers)]
    return [*arrays, *zip(*kinds, strict=True)]


def _kind(plan: Plan, row: Row, placed: Placed) -> tuple[Any, ...]:
    """The columns to publish for rows with the same kept details; `row` is one of them."""
    touchpoint = row["touchpoint"]
    suspect, kept_details = (
        (placed.kept[0], placed.kept[1:]) if row["suspect"] else ("", placed.kept)
    )
    known = plan.known.get(row["structure"], ())
    day: Any
    day, mode, *middle, language, daypart = kept_details
    dimensions, answers = middle[: len(middle) - len(known)], middle[len(middle) - len(known) :]
    dropped = [
        item
        for known_item, kept_answer in zip(known, answers, strict=True)
        if kept_answer is None
        for item in (known_item.item, *known_item.followers)
    ]
    dropped += plan.sampled.get(row["structure"], ())
    counts_on = day or placed.closed_on
    names = plan.dimensions.get(touchpoint, ())
    # Null where it was dropped: if it were left out, readers would see the touchpoint's own.
    own = plan.own.get(touchpoint, {})
    pairs = zip(names, dimensions, strict=True)
    kept = {name: value for name, value in pairs if value or name in own}
    return (
        *(placed.closed_on, first_of_month(counts_on), monday_of(counts_on), day, mode, language),
        *(json.dumps(kept), suspect, plan.is_small(touchpoint), ",".join(dropped), daypart),
        *(row["municipality"], touchpoint, row["structure"]),
    )


def _today(looks: Mapping[str, Look], codes: Sequence[str]) -> tuple[list[date], list[bool]]:
    of_codes = [looks[code] for code in codes]
    return [look.days_before for look in of_codes], [look.open_today for look in of_codes]
