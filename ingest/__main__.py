"""The command line: `meetpunt`, or `python -m ingest`."""

import click

from ingest import __version__
from ingest.commands.apikeys import apikeys
from ingest.commands.check import check
from ingest.commands.db import db
from ingest.commands.demo import demo
from ingest.commands.export import export_command
from ingest.commands.keys import keys
from ingest.commands.links import links
from ingest.commands.migrate import migrate
from ingest.commands.purge import purge_command
from ingest.commands.qr import qr
from ingest.commands.questionnaires import questionnaires
from ingest.commands.serve import serve
from ingest.commands.summaries import summaries


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="meetpunt")
def main() -> None:
    """Ask residents two to five questions right after a contact, and store what they answer.

    \b
    Try it:            meetpunt demo
    Check your files:  meetpunt check --config DIR
    Run it:            meetpunt migrate && meetpunt serve

    Settings come from the environment; deploy/env.example lists every one. Without
    MEETPUNT_DATABASE_URL Meetpunt starts a Postgres of its own in .meetpunt/.
    """


for _command in (
    serve, demo, migrate, check, questionnaires, links, qr, keys, apikeys, db, summaries,
    purge_command, export_command,
):  # fmt: skip
    main.add_command(_command)


if __name__ == "__main__":
    main(prog_name="meetpunt")
