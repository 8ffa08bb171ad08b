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


def share() -> None:
    """Begin a folder that this process and what it starts will share; it goes with this process.

    Call it before workers start. Nothing happens where somebody before has shared one.
    """
    if _VARIABLE not in os.environ:
        folder = tempfile.mkdtemp(prefix="meetpunt-made-")
        os.chmod(folder, 0o755)  # Postgres runs as another user where we are root.
        os.environ[_VARIABLE] = folder
        atexit.register(shutil.rmtree, folder, ignore_errors=True)


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
