"""`deploy/README.md`, "First time", followed to the letter: then the doctor finds nothing wrong."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import click
import pytest

from ingest.commands.meetpunt import meetpunt
from ingest.postgres.programs import find_programs
from ingest.postgres.server import EmbeddedPostgres
from tests.embedding import a_server
from tests.example import example_directory
from tests.ingest.doctor.looking import every_task_ran
from tests.system.running import ROOT, Running, running

PAGE = ROOT / "deploy" / "README.md"
_SERVES = ("meetpunt serve", "meetpunt doctor")


def lines() -> list[str]:
    """The commands of the page, in their order, without what stands behind them."""
    _, _, first_time = PAGE.read_text("utf-8").partition("\n## First time\n")
    # One without a language: what is typed into a shell.
    block = next(each for each in first_time.split("```")[1::2] if each.startswith("\n"))
    told = [line.partition(" #")[0].strip() for line in block.splitlines()]
    return [line for line in told if line and not line.startswith("#")]


class Administrator:
    """Types what stands there, with the names of this machine for those of the page."""

    def __init__(self, server: EmbeddedPostgres, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._passwords: dict[str, str] = {}
        self.settings: dict[str, str] = {}

    def type(self, line: str) -> None:
        """Do one line."""
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            self.settings[name] = self._here(value)
        elif line.startswith("unset "):
            del self.settings[line.removeprefix("unset ")]
        else:
            told = self._run(line)
            if line.startswith("meetpunt db password "):
                role = line.rpartition(" ")[2]
                self._passwords[role] = next(
                    word for word in told.split() if len(word) > 20 and "/" not in word
                )

    def _here(self, value: str) -> str:
        if value.startswith("postgresql://"):
            role = value.partition("//")[2].partition(":")[0]
            ours = self._server.url(role)
            known = self._passwords.get(role)
            return ours if known is None else re.sub(r"(//[^:]+:)[^@]+", rf"\g<1>{known}", ours)
        if value.endswith("/municipalities"):
            return str(example_directory())
        return str(self._folder / Path(value).name)

    def _run(self, line: str) -> str:
        psql = find_programs(None, None).folder / "psql"
        superuser = self._server.url("postgres")
        line = re.sub(r'\bpsql (.*) ".*"', rf"{psql} \1 {shlex.quote(superuser)}", line)
        line = line.replace("meetpunt ", f"{sys.executable} -m ingest ", 1)
        ended = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=self._folder,
            env=environment(self.settings),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, f"{line}\n{ended.stdout}{ended.stderr}"
        return ended.stdout


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **settings}


def serving(data: Path, settings: dict[str, str]) -> AbstractContextManager[Running]:
    start: Callable[..., AbstractContextManager[Running]] = running
    return start(data, **settings)


def test_each_line_is_a_command_of_ours_with_options_that_it_has() -> None:
    ours = [shlex.split(line)[1:] for line in lines() if line.startswith("meetpunt ")]
    assert len(ours) > 5
    for words in ours:
        # What a pipe or a file takes from it is the shell's.
        typed = words[: next((n for n, word in enumerate(words) if word in "|>"), None)]
        command: click.Command = meetpunt
        context = click.Context(command)
        while isinstance(command, click.Group):
            known = command.get_command(context, typed[0])
            assert known is not None, typed
            command, typed = known, typed[1:]
        command.make_context(command.name, typed, resilient_parsing=True)


# Types every line and starts the service: seconds of a processor, for a page that seldom changes.
@pytest.mark.long
@pytest.mark.processes
def test_the_first_time_as_it_is_written_down_leaves_nothing_wrong(tmp_path: Path) -> None:
    written = lines()
    assert written[-2:] == list(_SERVES)
    with a_server(tmp_path / "server", settings={}) as server:
        administrator = Administrator(server, tmp_path)
        for line in written[:-2]:
            administrator.type(line)
        settings = administrator.settings
        with serving(tmp_path / "data", settings) as service:
            asyncio.run(every_task_ran(settings["MEETPUNT_DATABASE_URL"]))
            port = service.url.rpartition(":")[2]
            doctor = subprocess.run(
                (sys.executable, "-m", "ingest", "doctor"),
                env=environment(settings | {"MEETPUNT_PORT": port}),
                capture_output=True,
                text=True,
                check=False,
            )
    assert "\n0 wrong, " in doctor.stdout, doctor.stdout + doctor.stderr
    assert doctor.returncode == 0
