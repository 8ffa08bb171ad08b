"""Who else uses a data folder: a Meetpunt that lives, or the Postgres of one that was killed."""

import fcntl
import os
import signal
import subprocess
from pathlib import Path
from typing import IO

_HIGHEST_PID = 2**31 - 1
"""What the system takes for one; of a higher number it raises another error."""


class DataDirectoryInUse(Exception):
    """Another Meetpunt that is alive uses this data folder."""


def take_data_folder(data: Path) -> int:
    """Make `data` when it is absent, and hold it for as long as the descriptor returned is open.

    Raises DataDirectoryInUse, which names the process that holds it, or OSError.
    """
    if not data.exists():
        # Root lets the account of Postgres through to its own folders, and to no other.
        data.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
    lock = open_own_file(data / "lock")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode() or "unknown"
        os.close(lock)
        raise DataDirectoryInUse(
            f"The data folder {data} is in use by another Meetpunt (process {holder})."
        ) from None
    os.truncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock


def open_own_file(path: Path, flags: int = 0) -> int:
    """A descriptor of a file that only we may read and write, made when absent."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | flags, 0o600)


def server_name(cluster: Path) -> str:
    """What a server's command line carries to be known by, the same after its folder was moved."""
    place = cluster.stat()
    return f"meetpunt-{place.st_dev:x}-{place.st_ino:x}"


def server_note(cluster: Path) -> list[str]:
    """Postgres' own note: process, folder, time, port, socket, address, memory, status.

    Empty when there is none. A disk that was full may have cut it off anywhere.
    """
    try:
        text = (cluster / "postmaster.pid").read_text("utf-8", "replace")
    except OSError:
        return []
    return [line.strip() for line in text.splitlines()]


def note_mark(cluster: Path) -> tuple[int, int] | None:
    """What tells this very note from one that is written later; None: there is no note."""
    try:
        status = (cluster / "postmaster.pid").stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns


def says_ready(cluster: Path, pid: int, former: tuple[int, int] | None) -> bool:
    """Whether server `pid` noted that it takes connections; `former` marks the note before.

    In a container a server has the number of the one that was killed there: its note says "ready"
    until the new one has come as far as to write another.
    """
    if note_mark(cluster) == former:
        return False
    note = server_note(cluster)
    return len(note) > 7 and note[0] == str(pid) and note[7] == "ready"


def noted_port(cluster: Path) -> int | None:
    """The port in that note, also of a server without TCP; None: it says none."""
    note = server_note(cluster)
    port = _number(note[3]) if len(note) > 3 else None
    return port if port is not None and 0 < port < 65_536 else None


class FormerServer:
    """The server that a Meetpunt before us started over `cluster`; it writes to `log`.

    Every process of a server inherits its log, and with it our lock on it: while that is held one
    of them lives, whatever the process numbers say. Taking the lock is thus also what gives a new
    server the log.
    """

    def __init__(self, cluster: Path, log: IO[bytes]) -> None:
        self._cluster = cluster
        self._log = log
        self._asked: int | None = None

    def gone(self) -> bool:
        """Whether the last of it is gone; asks it to stop when it is not. To be called until so."""
        try:
            fcntl.flock(self._log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._ask_to_stop()
            return False
        return True

    def clear_note(self) -> bool:
        """Once it is gone: whether it ended without a proper stop, in which case Postgres recovers.

        Postgres refuses to start while the number in the note of a dead server belongs to another
        process, as happens in a container: then the note goes. Everything else, such as a server
        that somebody started by hand, is left to Postgres' own checks.
        """
        pid = self._pid()
        if pid is None:
            return False
        program = _command_of(pid).replace("\0", " ").split(" ")[0]
        if _is_taken(pid) and not Path(program).name.startswith("postgres"):
            (self._cluster / "postmaster.pid").unlink()
        return True

    def _ask_to_stop(self) -> None:
        pid = self._pid()
        # A process that only lingers after the death of its postmaster ends by itself.
        if pid is None or pid == self._asked or server_name(self._cluster) not in _command_of(pid):
            return
        try:
            os.kill(pid, signal.SIGINT)
        except ProcessLookupError:
            return
        self._asked = pid

    def _pid(self) -> int | None:
        note = server_note(self._cluster)
        pid = _number(note[0]) if note else None
        return pid if pid is not None and 0 < pid <= _HIGHEST_PID else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _is_taken(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _command_of(pid: int) -> str:
    """The command line of process `pid`; empty when there is none, or it is dead but not buried."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return ""
    listing = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
    )
    return listing.stdout.decode(errors="replace")
