"""`meetpunt audit`: who did what, when, and how it ended."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

import click
import msgspec

from ingest.audit import Action, Line, cleaned, lines
from ingest.clock import AMSTERDAM
from ingest.commands.acting import as_auditor
from ingest.commands.environment import fail, keys_file, read_settings
from ingest.reporting.export_formats import text_cell
from ingest.settings import Settings
from ingest.tokens.keys_log import keys_log, read_keys_log


@click.command("audit")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day in Amsterdam on.")
@click.option(
    "--action", type=click.Choice([each.value for each in Action]), help="Only this deed."
)
@click.option("--keys", "of_keys", is_flag=True, help="The log of the keys file; asks no database.")
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet: moments in UTC.")
@click.option("--json", "as_json", is_flag=True, help="For scripts: moments in UTC.")
def audit(
    since: datetime | None, action: str | None, of_keys: bool, as_csv: bool, as_json: bool
) -> None:
    """Show who granted, made, revoked, released, exported or purged what, newest last.

    Reads as an auditor (MEETPUNT_AUDITOR_URL, a member of meetpunt_auditor), or as the owner
    (MEETPUNT_OWNER_URL, or Meetpunt's own Postgres). deploy/README.md tells what is written, how
    long it is kept, and what is not in it.

    \b
      meetpunt audit --since 2026-11-01
      meetpunt audit --action export --csv > exports.csv
      meetpunt audit --keys
    """
    if as_csv and as_json:
        fail("choose --csv or --json.")
    start = since.replace(tzinfo=AMSTERDAM) if since else None
    settings = read_settings()
    if of_keys:
        trail = _of_keys(settings, start, action)
    else:
        trail = as_auditor(settings, partial(lines, since=start, action=action))
    if as_json:
        click.echo(msgspec.json.encode(trail).decode())
    elif as_csv:
        _write_csv(trail)
    else:
        _write_table(trail)


def _of_keys(settings: Settings, start: datetime | None, action: str | None) -> list[Line]:
    path = keys_file(settings)
    try:
        every = read_keys_log(path)
    except OSError as error:
        fail(f"cannot read {keys_log(path)}: {error.strerror}.")
    return [
        line
        for line in every
        if (start is None or line.at >= start) and action in (None, line.action)
    ]


def _write_csv(trail: Iterable[Line]) -> None:
    """As an export: semicolons, and no text that a spreadsheet takes for a formula."""
    click.echo(";".join(Line.__struct_fields__))
    for line in trail:
        click.echo(";".join(text_cell(value) for value in _values(line)))


def _write_table(trail: Sequence[Line]) -> None:
    rows = [
        (f"{line.at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M:%S}", *_values(line)[1:]) for line in trail
    ]
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(6)]
    order = (0, 3, 5, 1, 2, 4)  # the object last: it may be long
    for row in rows:
        click.echo("  ".join(row[at].ljust(widths[at]) for at in order).rstrip())
    if not rows:
        click.echo("Nothing was noted.")


def _values(line: Line) -> list[str]:
    at = line.at.astimezone(UTC).isoformat(timespec="seconds")
    # Again: what lies in the file may have been written by hand.
    texts = (line.actor, line.role, line.action, line.object, line.outcome)
    return [at, *(cleaned(text) for text in texts)]
