"""Isso beside us: a comment is stored by one POST too. It has an environment of its own."""

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.processes import started

VERSION = "0.14.0"
# With gevent, as its documentation advises; without, `isso run` is a development server.
_PACKAGES = (f"isso=={VERSION}", "gevent", "setuptools<81")


def installed(folder: Path) -> Path:
    """The program `isso`; installed when it is not there yet."""
    program = folder / "bin" / "isso"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True, timeout=120)
        subprocess.run(
            [folder / "bin" / "pip", "install", "-qq", *_PACKAGES], check=True, timeout=600
        )
    return program


@contextlib.contextmanager
def running_isso(program: Path, data: Path, port: int) -> Iterator[int]:
    """Isso with its guard off and its default SQLite settings; yields the id of its process."""
    settings = data / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {data / 'comments.db'}\nhost = http://127.0.0.1:{port}/\n"
        "log-file = \nnotify = \n"
        f"[server]\nlisten = http://127.0.0.1:{port}\n"
        "[guard]\nenabled = false\n"
        "[moderation]\nenabled = false\n"
    )
    with started([program, "-c", settings, "run"], port, data / "isso.log") as pid:
        yield pid


def durability(data: Path) -> str:
    """How SQLite commits as Isso opens it: it sets nothing, so these are SQLite's defaults."""
    with contextlib.closing(sqlite3.connect(data / "comments.db")) as db:
        journal = db.execute("pragma journal_mode").fetchone()[0]
        synchronous = db.execute("pragma synchronous").fetchone()[0]
    return (
        f"SQLite, journal {journal}, synchronous {('off', 'normal', 'full', 'extra')[synchronous]}"
    )


def comments(data: Path) -> int:
    """How many it stored."""
    with contextlib.closing(sqlite3.connect(data / "comments.db")) as db:
        stored: int = db.execute("select count(*) from comments").fetchone()[0]
    return stored
