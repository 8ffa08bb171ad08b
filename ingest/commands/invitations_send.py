"""`meetpunt invitations send`: invite everybody on a list."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import asyncpg
import click

from ingest.commands.acting import as_work
from ingest.commands.environment import (
    fail,
    find_touchpoint,
    read_catalogue,
    read_keys,
    read_settings,
)
from ingest.commands.in_step import require_touchpoint
from ingest.database.acknowledged import acknowledged
from ingest.files.csv_lists import BadLine, ListUnreadable
from ingest.invitations.asked_for import why_silent
from ingest.invitations.contact_lists import ContactList, read_list
from ingest.invitations.occasions import ContactEnded
from ingest.invitations.rehearsing import Rehearsal, rehearse
from ingest.invitations.taking import Taking
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.invitation_texts import language_of_message
from ingest.municipalities.municipality import Touchpoint
from ingest.tokens.derived_keys import derived_keys

_AT_ONCE = 500
_MOST_BAD_LINES = 20

# What an operator is told of each reason; a code of the rules without words here shows itself.
_WORDS = {
    "again": "on this list, or told, before",
    "ended-in-the-future": "the contact is still to end",
    "too-old": "the contact ended too long ago",
    "not-this-product": "not one of the products",
    "sampled-out": "not drawn",
}

# The same after a rehearsal and after sending: neither tells who it is, nor how many.
_SOME_ARE_NOT_SENT = (
    "Of these, whoever wants no messages or was asked lately will not be sent one; "
    "who that is is told to nobody."
)


@click.command("send")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--touchpoint", "path", required=True, metavar="MUNICIPALITY/TOUCHPOINT",
              help="Where their contact was.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show what would be sent when, and send nothing.")
@click.option("--leave-out-bad-lines", is_flag=True,
              help="Send the others. Else nothing is sent while a line is wrong.")  # fmt: skip
def send(file: Path, path: str, dry_run: bool, leave_out_bad_lines: bool) -> None:
    """Invite everybody in FILE, by the rules of the touchpoint; the same file twice sends once.

    FILE is CSV in UTF-8 with , or ; between its fields. The first line names the columns:

    \b
    recipient    a mobile number or a mail address
    ended_at     when the contact ended: 2026-11-28 14:05 or 28-11-2026 14:05
    language     may be left out, as may those that follow
    dimensions   product=paspoort location=hal
    source_key   your own name for the contact, to know it again

    The whole file is read before anything is sent. What is sent is what 'meetpunt serve' or 'work'
    sends when it is due.
    """
    settings = read_settings()
    catalogue = read_catalogue(settings)
    touchpoint = find_touchpoint(catalogue, path)
    if why := why_silent(touchpoint):
        fail(f"{path} sends nothing: {why}.")
    keys = read_keys(settings)
    derived = derived_keys(keys)
    read = _read(file, touchpoint, derived.occasions, leave_out_bad_lines)
    taking = Taking(catalogue, keys)
    if dry_run:
        working = _rehearsing(catalogue, touchpoint, taking, derived.sampling, read)
        _tell_rehearsal(as_work(settings, working))
        return
    became = as_work(settings, _sending(catalogue, touchpoint, taking, read))
    _tell(Counter({why: n for why, n in became.items() if why != "waiting"}))
    waiting = became["waiting"]
    wait = f"{messages(waiting)} {'waits' if waiting == 1 else 'wait'} to be sent"
    click.echo(f"{wait}: see 'meetpunt invitations status'.")
    _tell_that_some_are_not_sent(waiting)


def _read(file: Path, touchpoint: Touchpoint, key: bytes, leave_out: bool) -> ContactList:
    try:
        read = read_list(file, touchpoint, key)
    except ListUnreadable as unreadable:
        fail(f"{file}: {unreadable}")
    if read.bad_lines:
        _tell_bad_lines(read.bad_lines)
        if not leave_out:
            fail(
                f"{len(read.bad_lines)} of {len(read.bad_lines) + len(read.contacts)} lines are "
                "wrong, and nothing was sent: correct them, or add --leave-out-bad-lines."
            )
        click.echo(f"left out: {_lines(len(read.bad_lines))}")
    _tell_other_languages(read, touchpoint)
    return read


def _sending(
    catalogue: Catalogue, touchpoint: Touchpoint, taking: Taking, read: ContactList
) -> Callable[[asyncpg.Connection], Awaitable[Counter[str]]]:
    """One transaction for each so many lines: what was interrupted goes on where it stopped."""

    async def work(db: asyncpg.Connection) -> Counter[str]:
        code = catalogue.municipality(touchpoint.municipality).code
        await require_touchpoint(db, code, touchpoint.number)
        now = datetime.now(UTC)
        became: Counter[str] = Counter()
        for start in range(0, len(read.contacts), _AT_ONCE):
            some: tuple[ContactEnded, ...] = read.contacts[start : start + _AT_ONCE]
            async with acknowledged(db), db.transaction():
                became.update(await taking.take_in(db, some, now=now))
            click.echo(f"{start + len(some)} of {len(read.contacts)} lines", err=True)
        return became

    return work


def _rehearsing(
    catalogue: Catalogue,
    touchpoint: Touchpoint,
    taking: Taking,
    sampling_key: bytes,
    read: ContactList,
) -> Callable[[asyncpg.Connection], Awaitable[Rehearsal]]:
    async def work(db: asyncpg.Connection) -> Rehearsal:
        code = catalogue.municipality(touchpoint.municipality).code
        await require_touchpoint(db, code, touchpoint.number)
        return await rehearse(
            db,
            read.contacts,
            touchpoint=touchpoint,
            taking=taking,
            sampling_key=sampling_key,
            now=datetime.now(UTC),
        )

    return work


def _tell_bad_lines(bad_lines: tuple[BadLine, ...]) -> None:
    for bad in bad_lines[:_MOST_BAD_LINES]:
        click.echo(f"line {bad.number}: {bad.wrong}.", err=True)
    if len(bad_lines) > _MOST_BAD_LINES:
        click.echo(f"and {len(bad_lines) - _MOST_BAD_LINES} more.", err=True)


def _tell_rehearsal(rehearsed: Rehearsal) -> None:
    for day, hours in groupby(sorted(rehearsed.due), key=lambda hour: hour.date()):
        within = list(hours)
        click.echo(f"{day}  from {within[0]:%H}:00  {sum(rehearsed.due[hour] for hour in within)}")
    _tell(rehearsed.not_sent)
    waiting = rehearsed.due.total()
    click.echo(f"{messages(waiting)} would wait to be sent. Nothing was sent.")
    _tell_that_some_are_not_sent(waiting)


def _tell_that_some_are_not_sent(waiting: int) -> None:
    if waiting:
        click.echo(_SOME_ARE_NOT_SENT)


def _tell_other_languages(read: ContactList, touchpoint: Touchpoint) -> None:
    """Languages in which nothing is written: whoever speaks them is written to in another one."""
    rules = touchpoint.invitations
    other: Counter[tuple[str, str]] = Counter()
    for contact in read.contacts:
        if rules and contact.recipient and contact.language:
            written = language_of_message(rules, contact.recipient.scheme, contact.language)
            other[contact.language, written] += written != contact.language
    for (asked, written), lines in sorted((+other).items()):
        click.echo(f"no words in {asked!r}, sent in {written!r}: {_lines(lines)}", err=True)


def messages(count: int) -> str:
    """`1 message`, `2 messages`."""
    return f"{count} message{'' if count == 1 else 's'}"


def _lines(count: int) -> str:
    return f"{count} line{'' if count == 1 else 's'}"


def _tell(not_sent: Counter[str]) -> None:
    for why, lines in sorted(not_sent.items()):
        click.echo(f"not sent: {_WORDS.get(why, why)}  {lines}")
