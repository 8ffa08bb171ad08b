"""The command line: every command, under `meetpunt`."""

from collections.abc import Sequence
from importlib import import_module

import click

from ingest import __version__
from ingest.files.commit import commit

# Name -> the module under `ingest.commands`, and the command in it.
COMMANDS = {
    "apikeys": "apikeys:apikeys",
    "audit": "audit:audit",
    "backup": "backup:backup",
    "callback": "callback:callback",
    "check": "check:check",
    "connect": "connect:connect",
    "db": "db:db",
    "demo": "demo:demo",
    "doctor": "doctor:doctor",
    "export": "export:export_command",
    "figures": "figures:figures",
    "followup": "followup:followup",
    "invitations": "invitations:invitations",
    "keys": "keys:keys",
    "kiosk": "kiosk:kiosk",
    "links": "links:links",
    "migrate": "migrate:migrate",
    "publish": "publish:publish",
    "purge": "purge:purge_command",
    "qr": "qr:qr",
    "questionnaires": "questionnaires:questionnaires",
    "report": "report:report",
    "restore": "backup:restore_command",
    "senders": "senders:senders",
    "serve": "serve:serve",
    "setup": "setup:setup",
    "style": "style:style",
    "themes": "themes:themes",
    "widget": "widget:widget",
    "work": "work:work",
}


class _OnDemand(click.Group):
    """Loads the command that was typed and no other: all of them take half a second."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        return _load(name) if name in COMMANDS else None


def _load(name: str) -> click.Command:
    module, _, attribute = COMMANDS[name].partition(":")
    command: click.Command = getattr(import_module(f"ingest.commands.{module}"), attribute)
    return command


def _tell_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Print it and end; git is asked only here."""
    if wanted and not context.resilient_parsing:
        known = commit()
        click.echo(f"meetpunt, version {__version__}" + (f", commit {known}" if known else ""))
        context.exit()


@click.group(
    cls=_OnDemand,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_tell_version,
              help="Show the version, and the commit it was made from.")  # fmt: skip
def meetpunt() -> None:
    """Ask residents a few short questions right after a contact, and store what they answer.

    \b
    Try it:            meetpunt demo
    Check your files:  meetpunt check --config DIR
    On a machine:      meetpunt setup
    Run it:            meetpunt migrate && meetpunt serve
    How is it:         meetpunt doctor

    Settings come from the environment; deploy/env.example lists every one. Without
    MEETPUNT_DATABASE_URL Meetpunt starts a Postgres of its own in .meetpunt/.
    """


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code. Raises KeyboardInterrupt, as `click` does not."""
    if arguments and arguments[0] in COMMANDS:
        _load(arguments[0])  # at Ctrl-C click prints an empty line: nothing is read within it
    try:
        code = meetpunt.main(arguments, prog_name="meetpunt", standalone_mode=False)
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as refused:
        refused.show()
        return refused.exit_code
    return code or 0
