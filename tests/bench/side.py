"""One version of two that are compared: its files, a Postgres and a service of its own."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec

from ingest.postgres.server import OWNER, EmbeddedPostgres
from ingest.tokens.keys import Keys
from tests.bench import surroundings
from tests.bench.bodies import ASKED, SITE, begun_submissions, write_pages, write_submissions
from tests.bench.measuring import Load, cpu_us, family, under_load, wrk
from tests.bench.processes import started
from tests.bench.surroundings import Bench
from tests.postgres import create_database
from tests.system.running import free_port

_INSERTING = Path(__file__).with_name("inserting.py")
# More than either does in a second here.
_SUBMITTED, _COMPLETED = 12_000, 5_000
_AT_ONCE = 32


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """One round: so many a second, and CPU of worker and Postgres in microseconds of each."""

    rate: float
    cpu_us: float


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """A version that serves. `process` is the parent of its workers."""

    tree: Path
    bench: Bench
    keys: Keys
    url: str
    process: int

    def submit(self, seconds: float) -> Cost:
        """Whole responses over HTTP."""
        bodies = self.bench.folder / "bodies"
        write_submissions(self.keys, round(_SUBMITTED * max(1, seconds)), bodies)
        return self._loaded(bodies, seconds)

    def completion(self, seconds: float) -> Cost:
        """The second step of responses that were begun."""
        bodies = self.bench.folder / "bodies"
        bodies.write_text("".join(asyncio.run(self._begun(round(_COMPLETED * max(1, seconds))))))
        return self._loaded(bodies, seconds)

    def insert(self, seconds: float) -> Cost:
        """The statement alone, in batches of 200."""
        before = cpu_us(family(self.bench.postgres))
        done = subprocess.run(
            [
                *(sys.executable, "-P", _INSERTING),
                *(self.bench.server.url("meetpunt_ingest", "http"), str(seconds)),
            ],
            env=environment(self.tree),
            capture_output=True,
            text=True,
            check=True,
            timeout=seconds + 120,
        )
        used = cpu_us(family(self.bench.postgres)) - before
        told = json.loads(done.stdout)
        return Cost(
            rate=told["stored"] / told["seconds"],
            cpu_us=(told["python_cpu_us"] + used) / told["stored"],
        )

    def page(self, seconds: float) -> Cost:
        """Pages of a survey, each with a token of its own."""
        paths = self.bench.folder / "paths"
        write_pages(self.keys, 20_000, paths)
        return self._measured(lambda: wrk(self.url, "page.lua", paths, seconds))

    def widget(self, seconds: float) -> Cost:
        """What a widget asks first, from a site that may."""
        paths = self.bench.folder / "paths"
        paths.write_text(f"{ASKED}\n")
        return self._measured(lambda: wrk(self.url, "page.lua", paths, seconds, SITE))

    def _loaded(self, bodies: Path, seconds: float) -> Cost:
        url = f"{self.url}/api/v1/responses"
        return self._measured(lambda: wrk(url, "submit.lua", bodies, seconds))

    def _measured(self, load: Callable[[], Load]) -> Cost:
        asyncio.run(surroundings.checkpoint(self.bench))
        measured = under_load(load, server=self.process, postgres=self.bench.postgres)
        if measured.errors:
            raise RuntimeError(f"{self.tree}: {measured.errors} were refused")
        used = (measured.server_cpu_us or 0) + (measured.postgres_cpu_us or 0)
        return Cost(rate=measured.rps, cpu_us=used)

    async def _begun(self, count: int) -> list[str]:
        """Begin responses; returns what completes each, as a line for wrk."""
        limits = httpx.Limits(max_connections=_AT_ONCE)
        async with httpx.AsyncClient(base_url=self.url, limits=limits, timeout=60) as client:
            left = iter(begun_submissions(self.keys, count))
            lines: list[str] = []

            async def begin() -> None:
                for body, rest in left:
                    reply = await client.post("/api/v1/responses", json=body)
                    token = reply.raise_for_status().json()["completionToken"]
                    more = json.dumps({"completionToken": token, "answers": rest})
                    lines.append(f"/api/v1/responses/{body['responseId']}/completion {more}\n")

            await asyncio.gather(*(begin() for _ in range(_AT_ONCE)))
        return lines


@contextlib.contextmanager
def serving(tree: Path, folder: Path, keys_file: Path, keys: Keys) -> Iterator[Side]:
    """The version whose files lie in `tree`, over an empty database that it made itself."""
    folder.mkdir(parents=True)
    server = EmbeddedPostgres(
        folder / "data", settings=surroundings.SETTINGS, announce=lambda _: None
    )
    with contextlib.ExitStack() as closing:
        closing.enter_context(server)
        bench = Bench(folder=folder, server=server, keys_file=keys_file)
        asyncio.run(create_database(server, "http"))
        settings = {
            "MEETPUNT_DATABASE_URL": server.url("meetpunt_ingest", "http"),
            "MEETPUNT_KEYS_FILE": str(keys_file),
            "MEETPUNT_CONFIG": str(tree / "deploy" / "example"),
            # One address asks for all of it.
            "MEETPUNT_TOKEN_LIMIT_PER_ADDRESS_PER_MINUTE": "900000",
            "MEETPUNT_TOKEN_LIMIT_PER_TOUCHPOINT_PER_MINUTE": "1000000",
        }
        subprocess.run(
            [sys.executable, "-P", "-m", "ingest", "migrate"],
            env={**environment(tree), **settings, "MEETPUNT_OWNER_URL": server.url(OWNER, "http")},
            check=True,
            capture_output=True,
        )
        port, metrics = free_port(), free_port()
        command = [sys.executable, "-P", "-m", "tests.bench.serve", "ingest.app:from_environment"]
        process = closing.enter_context(
            started(
                [*command, str(port), "1", str(metrics)],
                port,
                folder / "service.log",
                {**settings, "PYTHONPATH": str(tree)},
            )
        )
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(url)
        yield Side(tree=tree, bench=bench, keys=keys, url=url, process=process)


def environment(tree: Path) -> dict[str, str]:
    """Ours, without settings, and with the version in `tree` before any other."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MEETPUNT_")}
    return {**clean, "PYTHONPATH": str(tree)}


def _wait_until_ready(url: str) -> None:
    for _ in range(200):
        if httpx.get(f"{url}/readyz", timeout=30).status_code == 200:
            return
    raise RuntimeError("the service did not become ready")
