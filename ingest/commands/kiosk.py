"""`meetpunt kiosk`: which tablets may send responses."""

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import click
import msgspec

from ingest.audit import Action, Entry, audited, followed
from ingest.clock import AMSTERDAM, today_here
from ingest.commands.acting import as_folder, as_owner
from ingest.commands.environment import fail, note_revocation, read_settings
from ingest.kiosk import enrolment, quarantine
from ingest.kiosk.statements import KioskUnknown
from ingest.kiosk.status import FINGER_MM


@click.group()
def kiosk() -> None:
    """Tablets at the counter: enrol, list, revoke, and what was kept apart of them.

    \b
    Enrol one:         meetpunt kiosk enrol K7WC-4PXD --name "Hal links"
    Look:              meetpunt kiosk list
    Revoke one:        meetpunt kiosk revoke ID
    What was kept:     meetpunt kiosk kept
    Let it count:      meetpunt kiosk release ID
    """


@kiosk.command("enrol")
@click.argument("code")
@click.option("--name", default="", help="Where it hangs, for your own list.")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def enrol(code: str, name: str, as_json: bool) -> None:
    """Make a kiosk of the tablet that shows CODE: two groups of four signs."""
    if len(name) > 100 or not name.isprintable():
        fail("a name has at most 100 characters, on one line.")

    async def work(owner: asyncpg.Connection) -> tuple[UUID, str]:
        entry = Entry(action=Action.ENROL_KIOSK)
        try:
            async with audited(owner, entry):
                made, path = await enrolment.enrol(owner, code, name, now=datetime.now(UTC))
                entry.object = f"{made} {path}"
                return made, path
        except enrolment.CodeUnknown:
            fail(
                "no tablet shows this code, or it did so over ten minutes ago; it shows a new one."
            )
        except enrolment.AlreadyEnrolled:
            fail(
                "this tablet was enrolled before, and finds that out by itself; "
                "only if it was revoked its browser's data has to be cleared."
            )

    made, path = as_owner(read_settings(), work)
    if as_json:
        click.echo(json.dumps({"kiosk": str(made), "touchpoint": path, "name": name}))
    else:
        click.echo(f"{made}  {path}  {name}".rstrip())


@kiosk.command("list")
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def list_kiosks(as_json: bool) -> None:
    """Show every kiosk: when it was seen, what waits on it, and what needs a look.

    The columns are those of the view kiosk_status; docs/bi.md explains them. After them comes how
    large the smallest answer on its screen is, in mm.
    """
    rows = as_owner(read_settings(), enrolment.listed)
    if as_json:
        click.echo(json.dumps(rows, default=str))
        return
    for row in rows:
        click.echo("  ".join(_told(row)))


@kiosk.command("revoke")
@click.argument("kiosk_id", metavar="ID", type=click.UUID)
def revoke(kiosk_id: UUID) -> None:
    """Refuse a kiosk from now on: what it still sends is kept apart, and nothing is deleted."""

    async def work(owner: asyncpg.Connection) -> None:
        async with audited(owner, Entry(action=Action.REVOKE_KIOSK, object=str(kiosk_id))):
            if not await enrolment.revoke(owner, kiosk_id, today_here()):
                fail(f"there is no kiosk {kiosk_id} that is in use.")

    settings = read_settings()
    as_owner(settings, work)
    note_revocation(settings, "kiosk", str(kiosk_id))
    click.echo(f"Revoked {kiosk_id}.")


@kiosk.command("kept")
@click.argument("kiosk_id", metavar="[ID]", type=click.UUID, required=False)
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def kept(kiosk_id: UUID | None, as_json: bool) -> None:
    """Show what was kept apart: in quarantine, or set aside because it is no response.

    With the ID of a kiosk: each item, as it was sent, without the personal data in it.
    """
    if kiosk_id is not None:
        rows = as_folder(read_settings(), partial(_items, kiosk=kiosk_id))
    else:
        rows = as_folder(read_settings(), quarantine.kept)
    if as_json:
        click.echo(json.dumps(rows, default=str))
        return
    if not rows:
        click.echo("Nothing was kept apart.")
    for row in rows:
        if kiosk_id is None:
            click.echo("  ".join(_told_kept(row)))
        else:
            click.echo("  ".join(str(value) for value in row.values()))


async def _items(folder: asyncpg.Connection, kiosk: UUID) -> list[dict[str, Any]]:
    """Who looks at what somebody answered is on record before it is shown."""
    async with audited(folder, Entry(action=Action.READ_KEPT, object=str(kiosk))):
        return await quarantine.items(folder, kiosk)


async def _release(folder: asyncpg.Connection, kiosk: UUID) -> quarantine.Released:
    entry = Entry(action=Action.RELEASE_KEPT, object=str(kiosk))
    async with followed(folder, entry):
        done = await quarantine.release(folder, kiosk)
        entry.object = f"{kiosk}: {done.stored} stored, {done.known} known, {done.left} left"
        return done


@kiosk.command("release")
@click.argument("kiosk_id", metavar="ID", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
def release(kiosk_id: UUID, as_json: bool) -> None:
    """Let what is in quarantine of a kiosk count: you looked, and it is sound.

    Each response gets the day on which it was given. There is no way back.
    """
    try:
        done = as_folder(read_settings(), partial(_release, kiosk=kiosk_id))
    except KioskUnknown:
        fail(f"there is no kiosk {kiosk_id}.")
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(done)))
    else:
        click.echo(
            f"Stored {done.stored}; {done.known} were stored before; "
            f"{done.left} are no responses and stay where they are."
        )


def _told_kept(row: dict[str, Any]) -> list[str]:
    """What is kept of one kiosk for one reason, as one line."""
    first, last = row["first_received"], row["last_received"]
    cells = [
        str(row["kiosk"]),
        row["touchpoint"],
        row["name"] or "-",
        f"{row['verdict']}: {row['reason']}",
        f"{row['items']} received {first}" + (f" to {last}" if last != first else ""),
    ]
    if row["releasable"]:
        cells.append(f"{row['releasable']} may be released")
    return cells


def _told(row: dict[str, Any]) -> list[str]:
    """One kiosk as one line, what is amiss at its end."""
    seen = row["laatst_gezien"]
    cells = [
        str(row["kiosk"]),
        f"{row['gemeente']}/{row['meetpunt']}",
        row["naam"] or "-",
        f"seen {seen.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}" if seen else "never seen",
    ]
    if seen:
        cells += [
            f"queue {row['wachtrij']}",
            f"version {row['versie']}",
            f"clock {row['klokverschil_seconden']:+d} s",
        ]
    if row["te_lang_stil"]:
        cells.append("SILENT TOO LONG")
    if row["apart_gezet"]:
        cells.append(f"set aside {row['apart_gezet']}")
    if row["in_quarantaine"]:
        cells.append(f"QUARANTINED {row['in_quarantaine']}")
    tile = row["kleinste_antwoord_mm"]
    if tile is not None and tile < FINGER_MM:
        cells.append(f"ANSWERS OF {tile} MM, a finger needs {FINGER_MM}")
    if row["ingetrokken"]:
        cells.append(f"revoked {row['ingetrokken']}")
    return cells
