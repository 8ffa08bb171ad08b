"""Which processes there are. A bare Debian has no `ps`, macOS no `/proc`."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

_PROC = Path("/proc")


class Process(msgspec.Struct, frozen=True):
    """A process, the `parent` that started it, its state (Z: dead, not buried) and its command."""

    pid: int
    parent: int
    state: str
    command: str


def processes() -> list[Process]:
    """All of this machine."""
    if (_PROC / "self" / "stat").exists():
        return list(_of_linux())
    table = subprocess.run(
        ["ps", "-axww", "-o", "pid=,ppid=,stat=,args="], check=True, capture_output=True, text=True
    ).stdout
    return [
        Process(int(pid), int(parent), state, "".join(command))
        for pid, parent, state, *command in (line.split(maxsplit=3) for line in table.splitlines())
    ]


def descendants(pid: int) -> list[int]:
    """Every process that `pid` started, and those that they started."""
    children: dict[int, list[int]] = {}
    for process in processes():
        children.setdefault(process.parent, []).append(process.pid)
    found, look_at = [], [pid]
    while look_at:
        for child in children.get(look_at.pop(), []):
            found.append(child)
            look_at.append(child)
    return found


def alive(pid: int) -> bool:
    """Whether it runs; one that ended and was not yet buried does not."""
    return any(each.pid == pid and not each.state.startswith("Z") for each in processes())


def _of_linux() -> Iterator[Process]:
    for folder in _PROC.glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            # Behind its name, which may hold brackets and spaces.
            state, parent, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
            yield Process(int(folder.name), int(parent), state, command.decode(errors="replace"))
