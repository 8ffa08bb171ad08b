"""Ctrl-C ends every command quietly, however early it comes."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.example import example_directory
from tests.system.running import ROOT, free_port

# Presses Ctrl-C while our modules are being read.
_WHILE_IMPORTING = """
import os, signal, sys
class Pressed:
    def find_spec(self, name, path, target=None):
        if name == "ingest.files.findings":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Pressed())
from ingest.__main__ import main
main()
"""


# Told to stop at the same moment, and the first process of a container as far as it knows.
_FIRST_OF_A_CONTAINER = """
import os
told = os.getpid()
os.getpid = lambda: 1
""" + _WHILE_IMPORTING.replace("os.getpid(), signal.SIGINT", "told, signal.SIGTERM")


def started(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        (sys.executable, *arguments),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("command", "exit_code"), [("serve", 0), ("demo", 0), ("migrate", 130), ("check", 130)]
)
def test_ctrl_c_while_modules_are_read_leaves_no_trace(
    tmp_path: Path, command: str, exit_code: int
) -> None:
    process = started(tmp_path, "-c", _WHILE_IMPORTING, command)
    told = process.communicate(timeout=60)
    assert (process.returncode, *told) == (exit_code, "", "")


@pytest.mark.parametrize(("command", "exit_code"), [("serve", 0), ("migrate", 130)])
def test_a_container_that_is_told_to_stop_while_it_starts_does(
    tmp_path: Path, command: str, exit_code: int
) -> None:
    """Its first process is sent nothing that it does not ask for: SIGTERM would be lost."""
    process = started(tmp_path, "-c", _FIRST_OF_A_CONTAINER, command)
    told = process.communicate(timeout=60)
    assert (process.returncode, *told) == (exit_code, "", "")


@pytest.mark.parametrize(("command", "exit_code"), [("serve", 0), ("migrate", 130)])
def test_ctrl_c_while_a_database_does_not_answer_leaves_no_trace(
    tmp_path: Path, keys_file: Path, command: str, exit_code: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://meetpunt@127.0.0.1:{silent.getsockname()[1]}/meetpunt"
        process = started(
            tmp_path,
            *("-m", "ingest", command),
            MEETPUNT_CONFIG=str(example_directory()),
            MEETPUNT_DATABASE_URL=url,
            MEETPUNT_OWNER_URL=url,
            MEETPUNT_KEYS_FILE=str(keys_file),
            MEETPUNT_PORT=str(free_port()),
            MEETPUNT_METRICS_ADDRESS="off",
        )
        silent.settimeout(60)
        connection, _ = silent.accept()
        with connection:
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=60)
    assert process.returncode == exit_code
    assert "Traceback" not in told
    assert "Aborted" not in told


def test_exit_codes_are_those_of_the_commands(tmp_path: Path) -> None:
    for arguments, exit_code in ((("--help",), 0), (("qr", "a/b"), 1), (("qr",), 2), (("x",), 2)):
        process = started(tmp_path, "-m", "ingest", *arguments)
        process.communicate(timeout=60)
        assert process.returncode == exit_code, arguments


def test_a_command_reads_no_more_of_meetpunt_than_it_needs() -> None:
    """What serves pages takes half a second to read: a command that only looks does without.

    So do holidays and ranges of numbers, which only who sends something needs.
    """
    looked = subprocess.run(
        (sys.executable, "-X", "importtime", "-m", "ingest", "check"),
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert "ingest.municipalities.catalogue" in looked.stderr
    for heavy in ("litestar", "holidays", "phonenumbers"):
        assert heavy not in looked.stderr
