"""`meetpunt callback`: who wants to be called, and the number for the one who calls."""

from datetime import datetime
from uuid import UUID

import asyncpg
import click

from ingest.audit import Action, Entry, audited
from ingest.callbacks.asking import DAYS
from ingest.callbacks.sealing import ToCall, sealing_of
from ingest.callbacks.statements import (
    Callback,
    clear_callbacks,
    end_callback,
    list_callbacks,
    open_callback,
)
from ingest.commands.acting import as_work
from ingest.commands.environment import (
    fail,
    find_touchpoint,
    municipality_code,
    read_catalogue,
    read_keys,
    read_settings,
)
from ingest.invitations.sealing import SealBroken, SealingOf
from ingest.tokens.derived_keys import derived_keys

_WHEN = {"altijd": "any time", "ochtend": "in the morning", "middag": "in the afternoon"}


@click.group()
def callback() -> None:
    """Residents who asked, after the thanks, to be called.

    \b
    Who waits:                        meetpunt callback list molensloot
    The number, once:                 meetpunt callback open ID
    When they were called:            meetpunt callback done ID
    What a program filled in:         meetpunt callback clear molensloot/telefonie
    """


@callback.command("list")
@click.argument("municipality", required=False)
def list_command(municipality: str | None) -> None:
    """Show who waits to be called at MUNICIPALITY or at all, by id and day; no number.

    Of who waits also when it suits, and in which language they asked for it. Those that nobody
    opened come first. After 14 days they are gone, called or not.
    """
    settings = read_settings()
    sealing = sealing_of(derived_keys(read_keys(settings)))
    code = municipality_code(settings, municipality) if municipality else None
    rows: list[Callback] = as_work(
        settings, lambda db: list_callbacks(db, municipality=code, days=DAYS)
    )
    for each in rows:
        line = (str(each.day), str(each.id), each.touchpoint, each.state, _left(each))
        click.echo("  ".join((*line, *_wanted(sealing, each))))
    if not rows:
        click.echo("Nobody asked to be called.")


def _wanted(sealing: SealingOf[ToCall], each: Callback) -> tuple[str, ...]:
    """When it suits, and the language; of the number nothing."""
    if each.sealed is None:
        return ()
    try:
        wanted = sealing.open(each.municipality, each.id, each.sealed)
    except SealBroken:
        return ("sealed with other keys",)
    return (_WHEN[wanted.moment], wanted.language)


def _left(each: Callback) -> str:
    if each.days_left == 0:
        return "gone tomorrow"
    return f"{each.days_left} {'day' if each.days_left == 1 else 'days'} left"


@callback.command("open")
@click.argument("callback_id", metavar="ID", type=click.UUID)
def open_command(callback_id: UUID) -> None:
    """Show the number of one who waits, once: we keep it no longer, so write it down and call.

    It is put on record who opened which, and never the number.
    """
    settings = read_settings()
    sealing = sealing_of(derived_keys(read_keys(settings)))

    async def work(db: asyncpg.Connection) -> ToCall:
        async with audited(db, Entry(action=Action.OPEN_CALLBACK, object=str(callback_id))):
            opened = await open_callback(db, callback_id)
            if opened is None:
                fail(
                    f"nobody waits under {callback_id}: somebody opened it before, or its "
                    f"{DAYS} days are over. 'meetpunt callback list' shows who waits."
                )
            try:
                return sealing.open(opened.municipality, callback_id, opened.sealed)
            except SealBroken:
                fail("it was sealed with other keys: is this the keys file of the service?")

    # Printed after the commit: of two who open the same one, one alone sees the number.
    wanted = as_work(settings, work)
    click.echo(f"{wanted.number}  {_WHEN[wanted.moment]}  {wanted.language}")


@callback.command("done")
@click.argument("callback_id", metavar="ID", type=click.UUID)
def done_command(callback_id: UUID) -> None:
    """Say that one who was opened has been called, or was tried often enough."""
    state = as_work(read_settings(), lambda db: end_callback(db, callback_id))
    if state is None:
        fail(f"there is none under {callback_id}, or its {DAYS} days are over.")
    if state == "nieuw":
        fail(f"nobody opened {callback_id} yet: 'meetpunt callback open' shows the number.")
    click.echo(f"Done: {callback_id}.")


@callback.command("clear")
@click.argument("touchpoint")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Only those who asked on this day.")
@click.option("--yes", is_flag=True, help="Do not ask whether to.")
def clear_command(touchpoint: str, day: datetime | None, yes: bool) -> None:
    """End all who wait at TOUCHPOINT, unseen: for when a program filled them in.

    Their numbers are gone, and residents among them are not called. It is put on record.
    """
    settings = read_settings()
    catalogue = read_catalogue(settings)
    number = find_touchpoint(catalogue, touchpoint).number
    code = catalogue.municipality(touchpoint.partition("/")[0]).code
    if not yes:
        click.confirm(f"Nobody of {touchpoint} who waits will be called. Go on?", abort=True)

    async def work(db: asyncpg.Connection) -> int:
        entry = Entry(action=Action.CLEAR_CALLBACKS, object=touchpoint)
        async with audited(db, entry):
            cleared = await clear_callbacks(db, code, number, day.date() if day else None)
            entry.object = f"{touchpoint}, {cleared}"
        return cleared

    click.echo(f"Ended: {as_work(settings, work)}.")
