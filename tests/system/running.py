"""Starts the real service as an operator would: processes, sockets, signals and all."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec

from tests.example import example_directory
from tests.made_once import copy_of
from tests.processes import descendants

ROOT = Path(__file__).resolve().parents[2]
_SECONDS_TO_START = 60
# Looking all the time takes the processor from the service that is to start.
_SECONDS_BETWEEN_LOOKS = 0.03


class Running(msgspec.Struct, frozen=True):
    """A service that runs. `process` is its parent; `data` its data folder."""

    process: subprocess.Popen[bytes]
    url: str
    data: Path

    @property
    def log(self) -> Path:
        """What it said, beside its data."""
        return self.data.parent / f"{self.data.name}.log"

    def kill_everything(self) -> None:
        """What a power cut does to processes: `kill -9` of the parent, workers and Postgres."""
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def kill_postgres(self) -> None:
        """What the kernel does when memory runs out: `kill -9` of Postgres alone."""
        os.kill(self.postmaster(), signal.SIGKILL)

    def postmaster(self) -> int:
        """The process of its own Postgres that the others belong to."""
        return int((self.data / "postgres" / "postmaster.pid").read_text().splitlines()[0])

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])


def serving(factory: str) -> tuple[str, ...]:
    """The command of a `serve` whose workers serve what `factory` ("module:function") makes."""
    start = (
        "from ingest.commands.serve import start;"
        "from ingest.commands.environment import read_settings;"
        f"start(read_settings(), '{factory}')"
    )
    return (sys.executable, "-c", start)


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _serve_once(data: Path) -> None:
    with first_start(data):
        pass


@contextlib.contextmanager
def running(data: Path, *command: str, workers: int = 1, **settings: str) -> Iterator[Running]:
    """`meetpunt serve`, or another `command`, with a Postgres of its own in `data`.

    Where `data` is not there yet it becomes a copy of what another start made, with keys and all.
    With a database of somebody's own there is nothing to copy.
    """
    if "MEETPUNT_DATABASE_URL" not in settings and not data.exists():
        copy_of("served", _serve_once, data)
    with first_start(data, *command, workers=workers, **settings) as service:
        yield service


@contextlib.contextmanager
def first_start(data: Path, *command: str, workers: int = 1, **settings: str) -> Iterator[Running]:
    """The same, and the service itself makes what is not there."""
    service = begun(data, *command, workers=workers, **settings)
    try:
        wait_until_ready(service.process, service.url, service.log)
        yield service
    finally:
        if service.process.poll() is None:
            service.process.send_signal(signal.SIGTERM)
            service.process.wait(timeout=30)


def begun(data: Path, *command: str, workers: int = 1, **settings: str) -> Running:
    """The same, just started: it is not ready yet, and whoever asked for it ends it."""
    port = int(settings.get("MEETPUNT_PORT") or free_port())
    code = settings.get("PYTHONPATH", str(ROOT))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MEETPUNT_")},
        "MEETPUNT_CONFIG": str(example_directory()),
        "MEETPUNT_DATA": str(data),
        "MEETPUNT_PORT": str(port),
        "MEETPUNT_WORKERS": str(workers),
        "MEETPUNT_METRICS_ADDRESS": "off",
        # A release that came before that setting refuses it.
        **({"MEETPUNT_LOOPBACK": "1"} if code == str(ROOT) else {}),
        "MEETPUNT_DRAIN_SECONDS": "0",
        "PYTHONPATH": code,
        **settings,
    }
    with (data.parent / f"{data.name}.log").open("ab") as log:
        process = subprocess.Popen(
            command or (sys.executable, "-m", "ingest", "serve"),
            cwd=data.parent,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Running(process, f"http://127.0.0.1:{port}", data)


def wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Return when the service can store; fail with what it said when it cannot."""
    until = time.monotonic() + _SECONDS_TO_START
    with httpx.Client(base_url=url, verify=False) as http:  # there is no TLS here
        while time.monotonic() < until:
            if process.poll() is not None:
                raise AssertionError(
                    f"the service ended ({process.returncode}):\n{log.read_text()}"
                )
            with contextlib.suppress(httpx.TransportError):
                if http.get("/readyz").status_code == 200:
                    return
            time.sleep(_SECONDS_BETWEEN_LOOKS)
    raise AssertionError(f"the service was not ready in {_SECONDS_TO_START} s:\n{log.read_text()}")
