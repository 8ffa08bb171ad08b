"""Tries what a unit's walls forbid, and one thing that they allow; one line of JSON: what worked.

Started behind them by `machine_walk.py`, and once more as root without: there each works, so
that it is the walls that keep it back. Standard library alone.
"""

import ctypes
import json
import mmap
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

CLONE_NEWUTS = 0x04000000
DATA = Path("/var/lib/meetpunt/probe")


def _written_and_run() -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def _another_namespace() -> None:
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUTS):
        raise OSError(ctypes.get_errno(), "unshare")


def _netlink() -> None:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()


def _set_as_another() -> None:
    DATA.write_text("x")
    DATA.chmod(0o4755)


def _others_processes() -> None:
    Path("/proc/1/cmdline").read_bytes()


def _mounted() -> None:
    if ctypes.CDLL(None, use_errno=True).mount(b"none", b"/mnt", b"tmpfs", 0, None):
        raise OSError(ctypes.get_errno(), "mount")


FORBIDDEN: dict[str, Callable[[], object]] = {
    "write /etc": lambda: Path("/etc/meetpunt/probe").write_text("x"),
    "write the program": lambda: Path("/opt/meetpunt/bin/probe").write_text("x"),
    "list /root": lambda: os.listdir(Path("/") / "root"),
    "read the owner's answers": lambda: Path("/etc/meetpunt/setup.json").read_bytes(),
    "see other processes": _others_processes,
    "see devices": lambda: os.stat("/dev/kmsg"),
    "become root": lambda: os.setresuid(0, 0, 0),
    "raise its priority": lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
    "memory that is written and run": _written_and_run,
    "another namespace": _another_namespace,
    "netlink": _netlink,
    "a file that runs as its owner": _set_as_another,
    "mount": _mounted,
}
ALLOWED: dict[str, Callable[[], object]] = {
    "write its data": lambda: DATA.write_text("x"),
    "listen": lambda: socket.create_server(("127.0.0.1", 0)).close(),
}


def worked(tried: dict[str, Callable[[], object]]) -> list[str]:
    """The names of what raised nothing."""
    done = []
    for name, attempt in tried.items():
        try:
            attempt()
        except (OSError, PermissionError):
            continue
        done.append(name)
    return done


if __name__ == "__main__":
    told = {"forbidden": worked(FORBIDDEN), "allowed": worked(ALLOWED), "all": sorted(FORBIDDEN)}
    DATA.unlink(missing_ok=True)
    sys.stdout.write(f"{json.dumps(told)}\n")
