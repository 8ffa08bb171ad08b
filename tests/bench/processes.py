"""Starts a server for the bench and ends it, whatever happens."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.system.running import ROOT

_SECONDS_TO_START = 60


@contextlib.contextmanager
def started(
    command: Sequence[Any], port: int, log: Path, environment: Mapping[str, str] = {}
) -> Iterator[int]:
    """A process that listens on `port` of 127.0.0.1; yields its id."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MEETPUNT_")}
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            env={**clean, "PYTHONPATH": str(ROOT), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(process, port, log)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended ({process.returncode}):\n{log.read_text()}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listened within {_SECONDS_TO_START} s:\n{log.read_text()}")
