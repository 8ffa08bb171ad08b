"""`meetpunt setup`: one machine made ready, whole or not at all."""

import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import msgspec

from ingest.commands.environment import fail
from ingest.commands.setup_answers import wanted_of
from ingest.commands.setup_writing import (
    answers_file,
    looked_at_server,
    secret_files,
    unfinished_before,
    write,
)
from ingest.files.findings import FilesRejected
from ingest.files.resources import questionnaires_directory
from ingest.installing import machine
from ingest.installing.files import (
    ANSWERS,
    BACKUP_KEY,
    DATA,
    MUNICIPALITIES,
    SETTINGS,
    File,
    files_of,
    settings_of,
    started_of,
)
from ingest.installing.roles import OF_SETTINGS
from ingest.installing.settings_file import read, with_values
from ingest.installing.town_file import town_file
from ingest.installing.wanted import (
    PROGRAM,
    STATE_FOLDER,
    Proxy,
    Wanted,
    backs_up_as,
    from_answers,
)
from ingest.installing.writing import FilesInTheWay, require_room, under
from ingest.municipalities.catalogue import Catalogue, load_catalogue

_SECONDS_TO_START = 120
_SECONDS_BETWEEN_LOOKS = 0.5

_PROXIES = [each.value for each in Proxy]
_OPTIONS = (
    click.option("--host", help="Where residents reach it: kto.yourtown.nl."),
    click.option("--name", help='The municipality, without "Gemeente".'),
    click.option("--slug", help="Its name in web addresses, for ever.  [default: made of --name]"),
    click.option("--code", help="Its code of CBS: GM0405."),
    click.option("--region", help="The same word for all that it compares with."),
    click.option("--site", help="Its site: https://www.yourtown.nl."),
    click.option("--security-txt", help="Its security.txt.  [default: that of --site]"),
    click.option("--proxy", type=click.Choice(_PROXIES, case_sensitive=False),
                 help="What speaks TLS before it."),
    click.option("--certificate", help="File with certificate and chain; of HAProxy, and key."),
    click.option("--certificate-key", help="File with its key."),
    click.option("--postgres", help="own, local, or a superuser's URL without password."),
    click.option("--backup", help="Folder for backups of its own Postgres."),
    click.option("--no-backup", is_flag=True, help="Keep none."),
    click.option("--encrypt/--plain", default=None, help="Whether backups are encrypted."),
    click.option("--workers", type=click.IntRange(1, 64), help="[default: one a core, less one]"),
    click.option("--replace", is_flag=True, help="Files that others changed, too; they are kept."),
    click.option("--print", "only_print", is_flag=True, help="Show every file, and do nothing."),
    click.option("--no-start", is_flag=True, help="Write, and start nothing."),
    click.option("--no-questions", is_flag=True, help="Never ask, in a terminal either."),
    click.option("--root", type=click.Path(path_type=Path, file_okay=False), default=Path("/"),
                 help="Write below this folder, and touch nothing else."),
)  # fmt: skip


def _with_options(command: Any) -> Any:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command()
@_with_options
def setup(root: Path, only_print: bool, replace: bool, no_start: bool, **given: Any) -> None:
    """Make this machine ready: settings, units of systemd, a proxy, backups, and roles.

    Asks what it needs, or takes it from options. Everything is looked at before anything is
    written, and run again it begins with the answers of before: that is how one is changed. Keys
    and passwords stay, and so do files of municipalities.

    \b
      meetpunt setup                                  asks
      meetpunt setup --print --host kto.yourtown.nl ...  shows every file
    """
    here = root.resolve() == Path("/")
    if here and not only_print and os.geteuid() != 0:
        fail("run this as root: it makes an account and units. --print shows what it would do.")
    before = _answers_of_before(root)
    needs_town = not any(under(root, MUNICIPALITIES).glob("*.toml"))
    wanted = wanted_of(given, before, needs_town=needs_town)
    _require_same_database(before, wanted, root)
    program = Path(sys.prefix, "bin", "meetpunt") if here else PROGRAM
    catalogue = _checked_files(wanted, root, needs_town)
    files = files_of(wanted, program, _hosts(catalogue))
    if only_print:
        _print([*files, settings_of(wanted, _shown_urls(wanted))])
        _name([*secret_files(wanted), answers_file()])
        _tell_unused(wanted)
        return
    if here:
        _require_machine(wanted, program)
    try:
        if not replace:
            packaged = machine.as_packaged if here else lambda _: False
            require_room(files, root, packaged=packaged)
    except FilesInTheWay as there:
        fail(f"{there}\nNothing was written. --replace puts ours there, and keeps those beside it.")
    write(
        wanted,
        files,
        root,
        catalogue,
        superuser=looked_at_server(wanted, root),
        program=program,
        here=here,
    )
    _tell(wanted, root, catalogue)
    if here and machine.is_booted() and not no_start:
        _start(wanted, before)
    else:
        units = " ".join(started_of(wanted))
        click.echo(f"Start it: systemctl daemon-reload && systemctl enable --now {units}")


def _answers_of_before(root: Path) -> Wanted | None:
    answers = under(root, ANSWERS)
    try:
        if unfinished := unfinished_before(root):
            click.echo("An earlier setup was cut off; this one finishes it.", err=True)
            return from_answers(unfinished.answers.encode())
        if answers.exists():
            return from_answers(answers.read_bytes())
    except (msgspec.DecodeError, OSError) as error:
        fail(f"what an earlier setup left in {answers.parent} cannot be read: {error}.")
    if under(root, SETTINGS).exists():
        fail(
            f"{under(root, SETTINGS)} is there and setup did not write it: move it away, and add "
            "what you want of it afterwards."
        )
    return None


def _require_same_database(before: Wanted | None, wanted: Wanted, root: Path) -> None:
    """End the command when answers of residents would stay behind in another database."""
    own = under(root, DATA / "postgres").exists()
    if (before and before.postgres != wanted.postgres) or (own and wanted.postgres):
        fail(
            "another database than this installation has: what residents answered would stay "
            f"behind. docs/backup.md tells how they move; then put {under(root, DATA)}, "
            f"{under(root, SETTINGS)} and {under(root, ANSWERS)} away and run this again."
        )


def _checked_files(wanted: Wanted, root: Path, needs_town: bool) -> Catalogue:
    """What the service would read, or the end of the command with all that is wrong in it."""
    questionnaires = _questionnaires(root)
    with tempfile.TemporaryDirectory() as folder:
        config = under(root, MUNICIPALITIES)
        if needs_town and wanted.town:
            config = Path(folder)
            (config / f"{wanted.town.slug}.toml").write_text(town_file(wanted.town, wanted.host))
        try:
            return load_catalogue(config, questionnaires)
        except FilesRejected as rejected:
            fail(f"nothing was written, for the files hold errors:\n{rejected}")


def _hosts(catalogue: Catalogue) -> list[str]:
    """Under which names residents reach this machine: each municipality has one."""
    return [urlsplit(each.base_url).netloc for each in catalogue.municipalities.values()]


def _questionnaires(root: Path) -> Path:
    """Those that the settings name, those that the surroundings do, or ours."""
    place, name = under(root, SETTINGS), "MEETPUNT_QUESTIONNAIRES"
    values = read(place.read_text("utf-8")) if place.exists() else {}
    return Path(values.get(name) or os.environ.get(name) or questionnaires_directory())


def _require_machine(wanted: Wanted, program: Path) -> None:
    wrong = []
    if not program.exists():
        wrong.append(f"there is no {program}: install the wheel, as deploy/README.md tells.")
    elif not machine.readable_for_all(program):
        wrong.append(
            f"{program} is out of reach of the account of the service: install Meetpunt in "
            "/opt/meetpunt, say."
        )
    if wanted.proxy is not Proxy.NONE and not machine.has(wanted.proxy):
        wrong.append(f"there is no {wanted.proxy} here: apt-get install {wanted.proxy}.")
    for path in (wanted.certificate, wanted.certificate_key):
        if path is not None and not path.is_file():
            wrong.append(f"there is no file {path}.")
    if wrong:
        fail("\n".join(wrong))


def _print(files: list[File]) -> None:
    """Every file under its path, as it would be; what is secret is not made up for this."""
    for file in files:
        text = with_values(file.text, file.values) if file.values else file.text
        click.echo(f"#### {_headed(file)}\n{text}")


def _name(files: list[File]) -> None:
    """Those that are made up when they are written, or hold what was answered: without a text."""
    click.echo("#### And, not shown:")
    for file in files:
        click.echo(f"#### {_headed(file)}")


def _headed(file: File) -> str:
    return f"{file.path} (mode {file.mode:04o}, {file.owner}:{file.group})"


def _tell_unused(wanted: Wanted) -> None:
    if wanted.backup is not None and backs_up_as(wanted) is None:
        click.echo(f"Note: --backup {wanted.backup} is not used: that Postgres is elsewhere, and "
                   "nothing here backs it up; docs/backup.md tells how.")  # fmt: skip


def _shown_urls(wanted: Wanted) -> dict[str, str]:
    if wanted.postgres is None:
        return {}
    return {name: f"postgresql://{role}:..." for name, role in OF_SETTINGS.items()}


def _tell(wanted: Wanted, root: Path, catalogue: Catalogue) -> None:
    """What is written, and what only somebody can do who knows this municipality."""
    click.echo(f"All is written. Settings: {under(root, SETTINGS)}. The files of municipalities, "
               f"to be read and changed: {under(root, MUNICIPALITIES)}.")  # fmt: skip
    if wanted.host not in _hosts(catalogue):
        click.echo(f"Note: no municipality has https://{wanted.host} as its base_url: change it in "
                   "its file, then 'meetpunt migrate'.")  # fmt: skip
    keeps = backs_up_as(wanted)
    if wanted.postgres is not None and keeps is None:
        click.echo("Note: nothing here backs that Postgres up; docs/backup.md tells how. Keep "
                   f"{STATE_FOLDER / 'data' / 'keys.json'} with every backup.")  # fmt: skip
        return
    if wanted.backup is None:
        click.echo("Note: no backups are kept. What residents answered is gone with this disk.")
        return
    if root == Path("/") and keeps != (owner := machine.owner_of(wanted.backup)):
        click.echo(f"Note: {wanted.backup} belongs to {owner}, and {keeps} writes there: "
                   f"chown -R {keeps}: {wanted.backup}")  # fmt: skip
    if wanted.postgres is not None:
        click.echo(f"It is dumped into {wanted.backup} every night, not encrypted; what came in "
                   "since is in no dump.")  # fmt: skip
    elif wanted.encrypted:
        click.echo(f"KEEP A COPY of {under(root, BACKUP_KEY)} somewhere else, today: without it no "
                   "backup can be restored.")  # fmt: skip
    if machine.on_one_disk(under(root, wanted.backup), under(root, STATE_FOLDER)):
        click.echo(f"Note: {wanted.backup} lies on the disk of the database: both go with it. "
                   "Mount another there.")  # fmt: skip


def _start(wanted: Wanted, before: Wanted | None) -> None:
    try:
        if before and before.proxy not in (wanted.proxy, Proxy.NONE):
            # Two cannot have port 443.
            machine.stop(f"{before.proxy}.service")
        machine.start(started_of(wanted))
    except machine.MachineRefused as refused:
        fail(refused)
    click.echo("Waiting until it answers ...")
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        if _is_ready():
            click.echo(f"It answers: https://{wanted.host}/. How it is, any day: meetpunt doctor")
            return
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    fail("it does not answer: journalctl -u meetpunt tells why.")


def _is_ready() -> bool:
    try:
        with urllib.request.urlopen("http://127.0.0.1:8000/readyz", timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
