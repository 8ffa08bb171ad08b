"""`meetpunt invitations`: what waits to be sent, what came of it, and what an operator can do."""

from collections.abc import Sequence

import asyncpg
import click

from ingest.audit import Action, Entry, audited
from ingest.clock import AMSTERDAM
from ingest.commands.acting import as_owner, as_work
from ingest.commands.environment import fail, municipality_code, read_keys, read_settings
from ingest.commands.invitations_send import messages, send
from ingest.invitations.codes import InvitationCodes
from ingest.invitations.dead_letters import (
    DeadLetter,
    dead_letters,
    doubt_what_is_due,
    try_again,
)
from ingest.invitations.opting_out_statements import forget_opted_out
from ingest.invitations.outbox_status import Ended, OutboxStatus, read_outbox, read_states
from ingest.invitations.recipients import RecipientUnusable, read_typed_recipient
from ingest.tokens.derived_keys import derived_keys


@click.group()
def invitations() -> None:
    """Messages with a link, from the contact that ended to the telephone or mailbox.

    \b
    Invite who is on a list:          meetpunt invitations send list.csv --touchpoint ...
    What waits, and how they ended:   meetpunt invitations status
    Which ended badly, and why:       meetpunt invitations dead
    A resident wants them again:      meetpunt invitations allow molensloot
    After a provider was away:        meetpunt invitations retry
    After a restore, before serving:  meetpunt invitations restored
    """


invitations.add_command(send)


@invitations.command()
def status() -> None:
    """What waits and what is late, and how the messages of the last week ended.

    'opted-out' and 'asked-recently' are shown from ten up: fewer would tell of somebody.
    """

    async def work(db: asyncpg.Connection) -> tuple[OutboxStatus, list[Ended]]:
        return await read_outbox(db), await read_states(db)

    outbox, states = as_work(read_settings(), work)
    first = ""
    if outbox.first_due and not outbox.due:
        first = f" (the first at {outbox.first_due.astimezone(AMSTERDAM):%Y-%m-%d %H:%M})"
    click.echo(
        f"Waiting: {outbox.waiting}, of which due: {outbox.due}{first}. "
        f"Being sent: {outbox.sending}."
    )
    if why := outbox.why_late():
        click.echo(f"Late: {why}. Does 'meetpunt serve' or 'work' run?")
    for each in states:
        why = f" ({each.reason})" if each.reason else ""
        click.echo(
            f"{each.municipality}/{each.touchpoint}  {each.sender}  {each.state}{why}  {each.rows}"
        )


@invitations.command()
def dead() -> None:
    """Messages of the last week that did not arrive, or of which nobody knows; with the reason.

    To whom they went is not kept, so none of them can be sent again.
    """
    letters: Sequence[DeadLetter] = as_work(read_settings(), dead_letters)
    for each in letters:
        click.echo(
            f"{each.since}  {each.id}  {each.municipality}/{each.touchpoint}  {each.sender}  "
            f"{each.state}  {each.reason or '-'}"
        )
    click.echo(f"{messages(len(letters))}.")


@invitations.command()
@click.argument("municipality", required=False)
def retry(municipality: str | None) -> None:
    """Try at once what was refused for now, of MUNICIPALITY or of all: its provider is back.

    Within the hours of its touchpoint, as ever. What was not tried yet keeps its moment.
    """
    settings = read_settings()
    code = municipality_code(settings, municipality) if municipality else None
    rows = as_work(settings, lambda db: try_again(db, code))
    click.echo(f"To be tried at once: {messages(rows)}.")


@invitations.command()
def restored() -> None:
    """Before anything is sent from a database that was put back to an earlier moment.

    What was due may have gone out since. Providers are asked; where nobody can be asked it counts
    as unknown and is not sent, rather than twice. 'meetpunt restore' does this by itself.
    """
    rows = as_work(read_settings(), doubt_what_is_due)
    click.echo(f"To be looked up before they are sent: {messages(rows)}.")


@invitations.command()
@click.argument("municipality")
def allow(municipality: str) -> None:
    """Send messages of MUNICIPALITY again to somebody who had asked for no more.

    Only when they ask for it themselves. It asks for their mobile number or mail address, as a list
    has it; which is not an argument, as those stay in the history of a shell. Or it reads it from
    standard input. It does not tell whether they had asked for no more.
    """
    settings = read_settings()
    code = municipality_code(settings, municipality)
    codes = InvitationCodes(derived_keys(read_keys(settings)))
    try:
        typed = click.prompt("Whom (a mobile number or a mail address)")
        recipient = read_typed_recipient(typed.strip())
    except RecipientUnusable as unusable:
        fail(f"nobody can be reached there ({unusable.code}).")
    opted_out = codes.of_opted_out(code, recipient)

    async def forget(owner: asyncpg.Connection) -> None:
        async with audited(owner, Entry(action=Action.ALLOW_MESSAGES, object=municipality)):
            await forget_opted_out(owner, code, opted_out)

    as_owner(settings, forget)
    # The same for everybody: who wants no messages is not told, here neither.
    click.echo("They can be sent messages, whether or not they had asked for none.")
