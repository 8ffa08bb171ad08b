"""`meetpunt followup`: which answers ask for attention, and what was done about them."""

import json
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import click
import msgspec

from ingest.audit import Action, Entry, audited
from ingest.commands.acting import as_folder
from ingest.commands.environment import fail, find_municipality, read_catalogue, read_settings
from ingest.followup.following import (
    SearchRejected,
    SignalUnknown,
    find_signals,
    put_follow_up,
)
from ingest.followup.messages import MOST_SIGNALS, OUTCOMES, FollowUp, Signal, Signals
from ingest.followup.steps import DONE, STATES, FollowUpConflict, FollowUpRejected, check_follow_up


@click.group()
def followup() -> None:
    """Signals: that a low mark came in somewhere, and what was done about it.

    \b
    Look:         meetpunt followup list molensloot --state nieuw
    I saw it:     meetpunt followup set molensloot ID gezien
    It is done:   meetpunt followup set molensloot ID afgehandeld --outcome verbeterd
    """


@followup.command("list")
@click.argument("municipality")
@click.option("--state", type=click.Choice(STATES), multiple=True, help="Only of this state.")
@click.option("--department", help="Only of this department; overig: of none.")
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d"]), help="Only of this day and later: 2026-11-01."
)
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def list_them(
    municipality: str,
    state: tuple[str, ...],
    department: str | None,
    since: datetime | None,
    as_json: bool,
) -> None:
    """Show the latest signals: at most 200, the newest half day first.

    A signal is shown at 12:30 or 17:30 in Amsterdam, once ten answers of its touchpoint are
    together of people who were asked the same: where one in ten is asked something else that takes
    some eleven to thirteen, and theirs come with the month. Nothing leads from it to an answer.
    """
    settings = read_settings()
    whose = find_municipality(read_catalogue(settings), municipality)

    async def work(db: asyncpg.Connection) -> Signals:
        return await find_signals(
            db,
            whose,
            states=state,
            department=department,
            since=since.date() if since else None,
        )

    try:
        found = as_folder(settings, work)
    except SearchRejected as rejected:
        fail(_why(rejected))
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(found.signals)))
        return
    if not found.signals:
        click.echo("There are no signals.")
        return
    rows = [_HEADS, *map(_cells, found.signals)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(map(str.ljust, row, widths)).rstrip())
    if found.next:
        click.echo(f"These are the latest {MOST_SIGNALS}; say --since or --state.", err=True)


@followup.command("set")
@click.argument("municipality")
@click.argument("signal_id", metavar="ID", type=click.UUID)
@click.argument("state", type=click.Choice(STATES[1:]))
@click.option("--outcome", type=click.Choice(OUTCOMES), help="What came of it, of afgehandeld.")
@click.option("--why", help="With kan-niet: why, in a few words; name nobody.")
def set_state(
    municipality: str, signal_id: UUID, state: str, outcome: str | None, why: str | None
) -> None:
    """Note what was done about the signal with this ID: a signal goes on, and never back."""
    settings = read_settings()
    whose = find_municipality(read_catalogue(settings), municipality)
    told = FollowUp(state=state, outcome=outcome, why=why)
    now = datetime.now(UTC)

    async def work(db: asyncpg.Connection) -> Signal:
        ended = f" {outcome}" if outcome else ""
        entry = Entry(action=Action.FOLLOW_UP, object=f"{whose.slug} {signal_id} {state}{ended}")
        async with audited(db, entry):
            return await put_follow_up(db, whose, signal_id, told, now)

    if state == DONE and outcome is None:
        fail(
            f"say what came of it, with --outcome and one of {', '.join(OUTCOMES)}: "
            f"meetpunt followup set {whose.slug} {signal_id} {DONE} --outcome {OUTCOMES[0]}"
        )
    try:
        check_follow_up(told)
        signal = as_folder(settings, work)
    except FollowUpRejected as rejected:
        fail(_why(rejected))
    except SignalUnknown:
        fail(f"{whose.slug} has no signal {signal_id} that is shown already.")
    except FollowUpConflict:
        fail("this signal is further already; look with 'meetpunt followup list'.")
    click.echo(_line(signal))


def _why(rejected: SearchRejected | FollowUpRejected) -> str:
    return " ".join(f"{param.name}: {param.reason}" for param in rejected.params)


_HEADS = ("id", "half day", "touchpoint", "department", "reason", "state", "why")


def _line(signal: Signal) -> str:
    """One signal as one line."""
    return "  ".join(_cells(signal)).rstrip()


def _cells(signal: Signal) -> tuple[str, ...]:
    """What stands under each of `_HEADS`."""
    ended = "" if signal.outcome is None else f": {signal.outcome}"
    return (
        signal.id,
        f"{signal.day} {signal.half_day}",
        signal.touchpoint,
        signal.department,
        signal.reason if signal.theme is None else f"{signal.reason} {signal.theme}",
        f"{signal.state}{ended}",
        signal.why or "",
    )
