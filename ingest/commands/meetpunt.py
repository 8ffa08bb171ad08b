"""The command line: every command, under `meetpunt`."""

from collections.abc import Sequence

import click

from ingest import __version__
from ingest.commands.apikeys import apikeys
from ingest.commands.audit import audit
from ingest.commands.backup import backup, restore_command
from ingest.commands.check import check
from ingest.commands.db import db
from ingest.commands.demo import demo
from ingest.commands.doctor import doctor
from ingest.commands.export import export_command
from ingest.commands.keys import keys
from ingest.commands.kiosk import kiosk
from ingest.commands.links import links
from ingest.commands.migrate import migrate
from ingest.commands.publish import publish
from ingest.commands.purge import purge_command
from ingest.commands.qr import qr
from ingest.commands.questionnaires import questionnaires
from ingest.commands.serve import serve
from ingest.commands.widget import widget


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="meetpunt")
def meetpunt() -> None:
    """Ask residents two to five questions right after a contact, and store what they answer.

    \b
    Try it:            meetpunt demo
    Check your files:  meetpunt check --config DIR
    Run it:            meetpunt migrate && meetpunt serve
    How is it:         meetpunt doctor

    Settings come from the environment; deploy/env.example lists every one. Without
    MEETPUNT_DATABASE_URL Meetpunt starts a Postgres of its own in .meetpunt/.
    """


for _command in (
    serve, demo, migrate, doctor, check, questionnaires, links, qr, widget, kiosk, keys, apikeys,
    db, publish, purge_command, export_command, audit, backup, restore_command,
):  # fmt: skip
    meetpunt.add_command(_command)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code. Raises KeyboardInterrupt, as `click` does not."""
    try:
        code = meetpunt.main(arguments, prog_name="meetpunt", standalone_mode=False)
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as refused:
        refused.show()
        return refused.exit_code
    return code or 0
