"""Start a real `meetpunt demo` in a folder of its own, and stop it as a terminal does."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.made_once import copy_of
from tests.processes import descendants
from tests.system.running import ROOT


class RunningDemo:
    """One process, and what it said. `url` is its start page, without a slash at the end."""

    def __init__(self, process: subprocess.Popen[str], lines: list[str]) -> None:
        self.process = process
        self.lines = lines
        self.url = lines[0].split()[3]

    @property
    def site(self) -> str:
        """The example site, on the other origin."""
        return self.url.replace("localhost", "127.0.0.1")

    def family(self) -> set[int]:
        """Process ids of everything that it started, itself included."""
        return {self.process.pid, *descendants(self.process.pid)}

    def interrupt(self) -> int:
        """Ctrl-C, which reaches the whole group of processes; the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(60)


def _play_once(data: Path) -> None:
    with running_demo(data):
        pass


@contextmanager
def demo_again(data: Path) -> Iterator[RunningDemo]:
    """A demo that was started before: a first start makes and fills a database for six seconds.

    `data` becomes a copy of what that left.
    """
    with running_demo(copy_of("played", _play_once, data)) as demo:
        yield demo


@contextmanager
def running_demo(
    data: Path, *, port: int = 0, settings: Mapping[str, str] | None = None
) -> Iterator[RunningDemo]:
    """A demo that answers, over this data folder, for as long as the block lasts.

    `port` 0 is any free one; `settings` are more of the environment's.
    """
    process = subprocess.Popen(
        (sys.executable, "-m", "ingest", "demo"),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=data.parent,
        env={
            **{n: v for n, v in os.environ.items() if not n.startswith("MEETPUNT_")},
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "MEETPUNT_DATA": str(data),
            "MEETPUNT_PORT": str(port),
            "MEETPUNT_METRICS_ADDRESS": "off",
            **(settings or {}),
        },
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        assert lines[0].startswith("Meetpunt answers at "), f"it said: {lines}"
        yield RunningDemo(process, lines)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)
        if process.stdout is not None:
            process.stdout.close()
