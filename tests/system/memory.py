"""How much memory a service holds: its own processes, without those of its Postgres."""

from pathlib import Path

from tests.processes import processes

_PROC = Path("/proc")


def megabytes(pid: int) -> float:
    """Of process `pid` and those that it started, but Postgres; Linux alone knows."""
    ours = [pid] + [
        each.pid for each in processes() if each.parent == pid and "postgres" not in each.command
    ]
    return sum(map(_kilobytes, ours)) / 1024


def _kilobytes(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except FileNotFoundError:  # it ended meanwhile
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))
