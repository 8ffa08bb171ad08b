"""Programs that begin at the same moment: each says that it is ready, and waits to be told."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence

import msgspec

from tests.system.running import ROOT

_READY = "ready\n"
_PATIENCE_SECONDS = 120.0


def wait_until_told() -> None:
    """Called by such a program, when all that it needs is there."""
    sys.stdout.write(_READY)
    sys.stdout.flush()
    sys.stdin.readline()


def tell(found: msgspec.Struct) -> None:
    """Called at its end: what it found."""
    sys.stdout.write(msgspec.json.encode(found).decode() + "\n")


class Program:
    """One that runs, as the other side sees it."""

    def __init__(self, module: str, process: subprocess.Popen[str]) -> None:
        self._module, self._process = module, process

    def wait_until_ready(self) -> None:
        """Raises RuntimeError where it ended before."""
        assert self._process.stdout is not None
        if self._process.stdout.readline() != _READY:
            self._fail()

    def begin(self) -> None:
        """Let it go on."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def found(self) -> str:
        """What it told at its end, for which this waits. Raises RuntimeError where it failed."""
        out, _ = self._process.communicate(timeout=_PATIENCE_SECONDS)
        if self._process.returncode:
            self._fail()
        return out

    def _fail(self) -> None:
        self._process.kill()
        self._process.wait()
        raise RuntimeError(f"{self._module} ended, see above")


@contextlib.contextmanager
def running(module: str, words: Sequence[object]) -> Iterator[Program]:
    """A module of this package as a program; it is gone afterwards, whatever happens."""
    command = [sys.executable, "-m", f"tests.bench.monday.{module}", *map(str, words)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Program(module, process)
        finally:
            if process.poll() is None:
                process.terminate()
