"""Root hands the owner's password to those commands that need it, so that nobody else reads it."""

import getpass
import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from ingest.commands.meetpunt import COMMANDS
from ingest.installing.files import AS_OWNER, COMMAND, files_of
from ingest.installing.handed_over import GOES_ON_AS, lay_down_rights
from ingest.installing.wanted import ACCOUNT
from tests.ingest.installing.test_wanted import WANTED

URL = "postgresql://meetpunt_owner:hush@db.example/meetpunt"
# By these names a module connects as the owner, or as whoever reads the audit trail.
WAYS = {"as_owner", "owner_url", "as_auditor", "auditor_url", "Sight"}
# `links` and `serve` start our own Postgres, which has no password of an owner in a file; `demo` is
# no command of an installation.
WITHOUT = {"links", "demo"}


def modules_of(command: click.Command) -> Iterator[str]:
    if command.callback is not None:
        yield command.callback.__module__
    for each in getattr(command, "commands", {}).values():
        yield from modules_of(each)


def test_those_commands_are_told_that_connect_as_the_owner_and_no_other() -> None:
    connects = set()
    for name, place in COMMANDS.items():
        module, _, attribute = place.partition(":")
        command = getattr(import_module(f"ingest.commands.{module}"), attribute)
        if any(WAYS & vars(sys.modules[each]).keys() for each in modules_of(command)):
            connects.add(name)
    assert connects - WITHOUT == set(AS_OWNER)
    told = ", ".join(f"`{name}`" for name in AS_OWNER)
    assert f"that can act as owner ({told})" in Path("deploy/README.md").read_text("utf-8")


# Starts a command twice by way of a shell, half a second, and that file seldom changes.
@pytest.mark.long
def test_the_password_stands_in_no_environment_and_others_of_the_account_are_shut_off(
    tmp_path: Path,
) -> None:
    """What a process of the same account reads in /proc, but for what root may read everywhere.

    That none takes it while the command begins, `make faults ARGS=machine` tries.
    """
    # Root goes on as somebody else; whoever is nobody in particular stays who they are.
    account = "nobody" if os.geteuid() == 0 else getpass.getuser()
    (tmp_path / "owner.env").write_text(f"MEETPUNT_OWNER_URL='{URL}'\n")
    (tmp_path / "settings.env").write_text("MEETPUNT_WORKERS='3'\n")
    program = tmp_path / "python"
    program.write_text(
        f"#!{sys.executable}\n"
        "import ctypes, os, pwd, sys; sys.path.insert(0, sys.argv.pop())\n"
        "assert sys.argv[1:-1] == ['-I', '-m', 'ingest.begun_as_root'], sys.argv\n"
        "from ingest.commands.environment import read_settings\n"
        "from ingest.installing.handed_over import lay_down_rights\n"
        "environment = open('/proc/self/environ')\n"
        "lay_down_rights(os.environ)\n"
        "settings = read_settings()\n"
        "print(*{pwd.getpwuid(each).pw_name for each in os.getresuid()}, settings.owner_url,\n"
        "      settings.workers, ctypes.CDLL(None).prctl(3), 'hush' in environment.read(),\n"
        "      os.environ['HOME'])\n"
    )
    program.chmod(0o755)
    there = program.with_name("installed")
    (text,) = [file.text for file in files_of(WANTED, there) if file.path == COMMAND]
    command = tmp_path / "meetpunt"
    text = text.replace("/etc/meetpunt", str(tmp_path)).replace('"$(id -u)" != 0', "0 = 1")
    command.write_text(text.replace(f"={ACCOUNT}\n", f"={account}\n"))

    def told(name: str) -> str:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("MEETPUNT_", "OWNER_"))}
        return subprocess.run(
            ["sh", command, name, os.getcwd()],
            capture_output=True, text=True, check=True, env=clean,
        ).stdout  # fmt: skip

    home = pwd.getpwnam(account).pw_dir
    assert told("migrate") == f"{account} {URL} 3 0 False {home}\n"
    assert told("check") == f"{account} None 3 0 False {home}\n"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({GOES_ON_AS: "gone-away"}, "there is no account 'gone-away'"),
        ({GOES_ON_AS: "root"}, "root is root"),
        ({}, "there is no account ''"),
    ],
)
def test_a_command_that_root_began_does_not_go_on_as_root(told: dict[str, str], why: str) -> None:
    with pytest.raises(OSError, match=why):
        lay_down_rights(told)
