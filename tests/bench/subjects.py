"""The subjects over HTTP, their servers side by side and measured in turn."""

import asyncio
import contextlib
import sys
from collections.abc import Callable

import httpx
import msgspec

from ingest.tokens.keys import load_keys
from tests.bench import surroundings
from tests.bench.bare import Reply
from tests.bench.bodies import ASKED, SITE, write_comments, write_pages, write_submissions
from tests.bench.isso import comments, durability, installed, running_isso
from tests.bench.measuring import Load, Measured, cpu_us, family, medians, under_load, wrk
from tests.bench.processes import started
from tests.bench.surroundings import Bench
from tests.system.running import ROOT, free_port

# More than any of them does in a second here; what is not needed costs a moment to write.
_MOST_A_SECOND = 12_000
_SERVICE = "ingest.app:from_environment"
_UNGROUPED = "tests.bench.serve:ungrouped"
_UNLIMITED = "tests.bench.serve:unlimited"
type_of_say = Callable[[str], None]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """What one run found."""

    subjects: dict[str, Measured]
    publish_cpu_us: float
    isso_durability: str


def measure(bench: Bench, seconds: float, rounds: int, say: type_of_say) -> Results:
    """Every subject `rounds` times, in turn, for `seconds` each; medians."""
    with contextlib.ExitStack() as servers:
        turns = _subjects(bench, servers, seconds)
        found: dict[str, list[Measured]] = {name: [] for name in turns}
        publishing: list[float] = []
        for number in range(1, rounds + 1):
            for name, turn in turns.items():
                say(f"  round {number} of {rounds}: {name}")
                asyncio.run(surroundings.checkpoint(bench))
                found[name].append(turn())
                if name in ("submit", "submit_ungrouped", "two_workers"):
                    publishing.append(_publish(bench))
        return Results(
            subjects={name: medians(each) for name, each in found.items()},
            publish_cpu_us=round(sorted(publishing)[len(publishing) // 2], 1),
            isso_durability=durability(bench.folder),
        )


def _publish(bench: Bench) -> float:
    before = cpu_us(family(bench.postgres))
    rows = asyncio.run(surroundings.publish_stored(bench))
    return (cpu_us(family(bench.postgres)) - before) / max(1, rows)


def _subjects(
    bench: Bench, servers: contextlib.ExitStack, seconds: float
) -> dict[str, Callable[[], Measured]]:
    keys = load_keys(bench.keys_file)
    count = round(_MOST_A_SECOND * max(1, round(seconds)))

    def service(factory: str, workers: int) -> tuple[str, int]:
        port, metrics = free_port(), free_port()
        environment = {
            "MEETPUNT_DATABASE_URL": bench.server.url("meetpunt_ingest", "http"),
            "MEETPUNT_KEYS_FILE": str(bench.keys_file),
        }
        command = [sys.executable, "-m", "tests.bench.serve", factory, port, workers, metrics]
        log = bench.folder / f"{factory.rpartition(':')[2]}-{workers}.log"
        pid = servers.enter_context(
            started([str(each) for each in command], port, log, environment)
        )
        wait_until_ready(f"http://127.0.0.1:{port}")
        return f"http://127.0.0.1:{port}", pid

    def bare(name: str, reply: Reply) -> tuple[str, int]:
        port, file = free_port(), bench.folder / f"bare_{name}.json"
        file.write_bytes(msgspec.json.encode(reply))
        command = [
            *(sys.executable, "-m", "uvicorn", f"tests.bench.bare:{name}", "--port", str(port)),
            *("--no-access-log", "--no-server-header", "--lifespan", "off", "--no-proxy-headers"),
            *("--log-level", "warning"),
        ]
        environment = {"MEETPUNT_BENCH_REPLY": str(file)}
        log = bench.folder / f"bare_{name}.log"
        return f"http://127.0.0.1:{port}", servers.enter_context(
            started(command, port, log, environment)
        )

    def posting(url: str, pid: int) -> Callable[[], Measured]:
        def turn() -> Measured:
            write_submissions(keys, count, bench.folder / "bodies")
            stored = asyncio.run(surroundings.stored(bench))
            measured, load = _posted(bench, f"{url}/api/v1/responses", pid, seconds)
            more = asyncio.run(surroundings.stored(bench)) - stored
            _require(load.requests <= more <= count, f"{more} stored, {load.requests} answered")
            return measured

        return turn

    def bare_posting(url: str, pid: int) -> Callable[[], Measured]:
        def turn() -> Measured:
            write_submissions(keys, count, bench.folder / "bodies")
            return _posted(bench, f"{url}/api/v1/responses", pid, seconds, postgres=False)[0]

        return turn

    def paging(url: str, pid: int) -> Callable[[], Measured]:
        def turn() -> Measured:
            write_pages(keys, 20_000, bench.folder / "paths")
            return under_load(
                lambda: wrk(url, "page.lua", bench.folder / "paths", seconds),
                server=pid,
                postgres=None,
            )

        return turn

    def asking(url: str, pid: int) -> Callable[[], Measured]:
        def turn() -> Measured:
            paths = bench.folder / "touchpoint"
            paths.write_text(f"{ASKED}\n")
            return under_load(
                lambda: wrk(url, "page.lua", paths, seconds, SITE), server=pid, postgres=None
            )

        return turn

    isso_port = free_port()
    isso = servers.enter_context(
        running_isso(installed(ROOT / "build" / "isso"), bench.folder, isso_port)
    )

    def commenting() -> Measured:
        write_comments(count, bench.folder / "bodies")
        before = comments(bench.folder)
        url = f"http://127.0.0.1:{isso_port}/new?uri=%2Fbalie"
        measured, load = _posted(bench, url, isso, seconds, postgres=False)
        more = comments(bench.folder) - before
        _require(load.requests <= more, f"Isso stored {more}, answered {load.requests}")
        return measured

    grouped = service(_SERVICE, 1)
    write_submissions(keys, 1, bench.folder / "one")
    write_pages(keys, 1, bench.folder / "path")
    posted = _reply_of(grouped[0], "/api/v1/responses", (bench.folder / "one").read_bytes())
    page = _reply_of(grouped[0], (bench.folder / "path").read_text().strip(), None)
    return {
        "submit": posting(*grouped),
        "submit_ungrouped": posting(*service(_UNGROUPED, 1)),
        "isso": commenting,
        "pgbench": lambda: surroundings.pgbench(bench, seconds),
        "bare_submit": bare_posting(*bare("submit", posted)),
        "page": paging(*grouped),
        "widget": asking(*service(_UNLIMITED, 1)),
        "bare_page": paging(*bare("page", page)),
        "two_workers": posting(*service(_SERVICE, 2)),
    }


def _posted(
    bench: Bench, url: str, pid: int, seconds: float, *, postgres: bool = True
) -> tuple[Measured, Load]:
    loads: list[Load] = []

    def load() -> Load:
        loads.append(wrk(url, "submit.lua", bench.folder / "bodies", seconds))
        return loads[0]

    measured = under_load(load, server=pid, postgres=bench.postgres if postgres else None)
    return measured, loads[0]


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(f"what was answered is not what was stored: {otherwise}")


def wait_until_ready(url: str) -> None:
    """Return when the service can store."""
    for _ in range(200):
        if httpx.get(f"{url}/readyz", timeout=30).status_code == 200:
            return
    raise RuntimeError("the service did not become ready")


def _reply_of(url: str, path: str, body: bytes | None) -> Reply:
    """The reply of the real service, to give again: as it was on the wire, but for the date."""
    headers = {"accept-encoding": "gzip, deflate, br", "content-type": "application/json"}
    method = "GET" if body is None else "POST"
    with httpx.stream(method, f"{url}{path}", content=body, headers=headers) as reply:
        raw = b"".join(reply.iter_raw())
        _require(reply.status_code in (200, 201), f"{path} gave {reply.status_code}")
        return Reply(
            status=reply.status_code,
            headers=tuple((k.lower(), v) for k, v in reply.headers.raw if k.lower() != b"date"),
            body=raw,
        )
