"""Load by wrk, and what it cost the processes by their own accounting."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

import msgspec

from tests.processes import descendants

CONNECTIONS = 64
_TICK_US = 1_000_000 / os.sysconf("SC_CLK_TCK")
_HERE = Path(__file__).parent


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One subject: requests a second, milliseconds, and microseconds of CPU a request."""

    rps: float
    p50_ms: float | None = None
    p99_ms: float | None = None
    server_cpu_us: float | None = None
    postgres_cpu_us: float | None = None
    errors: int = 0


class Load(msgspec.Struct, frozen=True):
    """What wrk did."""

    requests: int
    duration_us: int
    p50_us: int
    p99_us: int
    errors: int


def cpu_us(pids: Iterable[int]) -> float:
    """CPU of these processes and of those of their children that ended, user and system."""
    ticks = 0
    for pid in pids:
        try:
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        ticks += sum(map(int, after_name[11:15]))  # utime, stime, cutime, cstime
    return ticks * _TICK_US


def family(pid: int) -> list[int]:
    """A process and all that it started."""
    return [pid, *descendants(pid)]


def wrk(url: str, script: str, data: Path, seconds: float, *more: str) -> Load:
    """Load `url` from 64 connections; `data` and `more` are what the script reads."""
    done = subprocess.run(
        [
            *("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"),
            *("-s", _HERE / script, url, "--", data),
            *more,
        ],
        capture_output=True,
        text=True,
        timeout=seconds + 60,
        check=True,
    )
    found = re.search(r"^MEASURED (.*)$", done.stdout, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"wrk told nothing:\n{done.stdout}{done.stderr}")
    return msgspec.json.decode(found[1], type=Load)


def under_load(load: Callable[[], Load], *, server: int | None, postgres: int | None) -> Measured:
    """Cost of one load to a server's and Postgres' processes (ids of their parents)."""
    servers = [] if server is None else family(server)
    databases = [] if postgres is None else family(postgres)
    before = cpu_us(servers), cpu_us(databases)
    did = load()
    time.sleep(0.05)  # what was asked last is answered
    after = cpu_us(servers), cpu_us(databases)
    requests = max(1, did.requests)
    return Measured(
        rps=did.requests / did.duration_us * 1_000_000,
        p50_ms=did.p50_us / 1000,
        p99_ms=did.p99_us / 1000,
        server_cpu_us=(after[0] - before[0]) / requests if servers else None,
        postgres_cpu_us=(after[1] - before[1]) / requests if databases else None,
        errors=did.errors,
    )


def medians(rounds: list[Measured]) -> Measured:
    """The middle of each figure over the rounds; errors are added up."""

    def middle(name: str) -> float | None:
        values = [getattr(each, name) for each in rounds]
        return None if values[0] is None else round(median(values), 2)

    return Measured(
        rps=round(median(each.rps for each in rounds)),
        p50_ms=middle("p50_ms"),
        p99_ms=middle("p99_ms"),
        server_cpu_us=middle("server_cpu_us"),
        postgres_cpu_us=middle("postgres_cpu_us"),
        errors=sum(each.errors for each in rounds),
    )
