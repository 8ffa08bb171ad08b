"""What all workers of a run need alike and none of them changes: the first makes it, others copy.

Making a cluster takes a second of the processor, migrating a database three, and every worker did
so. Whatever stands there is stopped, and a copy starts like the original.
"""

import atexit
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

_VARIABLE = "TESTS_MADE_ONCE"

_MEMORY = Path("/dev/shm")
_ROOM = 8 << 30
"""Bytes: clusters of three workers and their logs take three GB of it."""


def share() -> None:
    """Begin a folder that this process and what it starts will share; it goes with this process.

    Call it before workers start. Nothing happens where somebody before has shared one.

    It is in memory where there is room, with all temporary files of the tests: a disk spends a
    tenth of the processor on the small files that databases make and remove. `TMPDIR` says where
    else.
    """
    if _VARIABLE in os.environ:
        return
    in_memory = "TMPDIR" not in os.environ and _has_room()
    if in_memory:
        _sweep()
    folder = tempfile.mkdtemp(prefix=f"mp{os.getpid()}-", dir=_MEMORY if in_memory else None)
    os.chmod(folder, 0o755)  # Postgres runs as another user where we are root.
    os.environ[_VARIABLE] = folder
    if in_memory:
        os.environ["TMPDIR"] = tempfile.tempdir = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def for_tests() -> Path:
    """Where tests make their own folders: below the shared one, so that it goes with it.

    Its path is short, because that of a socket has at most 107 bytes.
    """
    return Path(os.environ[_VARIABLE]) / "t"


def _sweep() -> None:
    """Remove what runs left in memory that were killed: nothing else would give it back."""
    for folder in _MEMORY.glob("mp*-*"):
        pid = folder.name[2:].partition("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists() and os.access(folder, os.W_OK):
            shutil.rmtree(folder, ignore_errors=True)


def _has_room() -> bool:
    if not os.path.ismount(_MEMORY) or not os.access(_MEMORY, os.W_OK):
        return False
    told = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    available = int(told["MemAvailable"].split()[0]) << 10
    return min(shutil.disk_usage(_MEMORY).free, available) >= _ROOM


def copy_of(name: str, make: Callable[[Path], None], to: Path) -> Path:
    """`to`, a copy of what `make` made in the folder that it was given; one `make` a `name`."""
    share()
    made = Path(os.environ[_VARIABLE]) / name
    done = made.with_name(f"{name}.done")
    with made.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(made, ignore_errors=True)  # somebody was interrupted
            make(made)
            done.touch()
    to.parent.mkdir(parents=True, exist_ok=True)
    # cp keeps who owns what.
    subprocess.run(("cp", "-a", made, to), check=True)
    return to
