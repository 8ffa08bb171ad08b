"""Run a command at another moment: `python -m tests.clock '2027-12-31 23:30' COMMAND ...`.

The moment is in UTC. Everything that the command starts has that clock, which runs on from there.
What only counts seconds (loops, time-outs) does not notice.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

_LIBRARY = Path("vendor", "libfaketime", "src", "libfaketime.so.1")


def clock(moment: str, folder: Path) -> dict[str, str]:
    """The variables that let a process start at `moment`; `folder` gets what all of them read.

    Raises ValueError where `moment` is no date and time in UTC, OSError where there is no clock.
    """
    start = datetime.fromisoformat(moment)
    if start.tzinfo is not None:
        raise ValueError(f"{moment}: a date and a time in UTC, such as 2027-12-31 23:30")
    folder.chmod(0o755)  # Postgres, another user where we are root, reads it too.
    library = Path(shutil.copy(_library(), folder))
    library.chmod(0o755)
    ahead = start.replace(tzinfo=UTC) - datetime.now(UTC)
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{ahead.total_seconds():+.0f}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def _library() -> Path:
    package = importlib.util.find_spec("libfaketime")
    built_for = (platform.system(), platform.machine(), platform.libc_ver()[0])
    if package is None or package.origin is None or built_for != ("Linux", "x86_64", "glibc"):
        raise OSError("another clock is to be had on Linux on x86_64 with glibc alone")
    return Path(package.origin).parent / _LIBRARY


def main(moment: str, command: Sequence[str]) -> int:
    """The exit code of `command`, run at `moment`."""
    with tempfile.TemporaryDirectory(prefix="meetpunt-clock-") as folder:
        process = subprocess.Popen(command, env={**os.environ, **clock(moment, Path(folder))})
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # it was pressed for the command too, which then ends
                continue


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    except (ValueError, OSError) as reason:
        sys.exit(f"CLOCK: {reason}")
