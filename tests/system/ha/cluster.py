"""etcd, Patroni and Postgres on three machines: which leads, which follow, and one that is killed.

It is set up as `deploy/README.md` says. Everything on a machine dies with it and is started again.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from ingest.postgres.server import OWNER, SUPERUSER
from tests.processes import processes
from tests.system.ha.network import MEMBERS, POSTGRES_PORT, Network
from tests.system.ha.programs import ACCOUNT, POSTGRES, Programs, said

MODES = ("strict", "sync", "async")
# No Patroni takes less than 20: for so long a leader that fell silent keeps its lock.
TTL_SECONDS = 20
_LOOK_SECONDS, _RETRY_SECONDS = 5, 5
PASSWORD = "drill"
_REST = 8008
_SECONDS_TO_HEAL = 120
_SECONDS_BETWEEN_LOOKS = 0.3
_SECONDS_TO_ANSWER = 2.0
DATABASE = "meetpunt"
# `kill -9` is not a power cut: what was written stays written.
_PARAMETERS: dict[str, Any] = {
    "fsync": "off",
    "max_connections": 150,
    "wal_log_hints": "on",
    "wal_keep_size": "512MB",
    "shared_buffers": "64MB",
}


class Cluster:
    """Three members in `network`, whose files lie in `folder`. `mode` is one of `MODES`."""

    def __init__(self, folder: Path, network: Network, programs: Programs, mode: str) -> None:
        self._folder, self.network, self._programs = folder, network, programs
        self._mode = mode
        self._of_debian = False
        self._started: list[subprocess.Popen[bytes]] = []

    def url(self, role: str, *, member: int | None = None) -> str:
        """Where `role` finds the member that takes writes, or this one."""
        members = MEMBERS if member is None else (member,)
        places = ",".join(f"{self.network.address(each)}:{POSTGRES_PORT}" for each in members)
        return f"postgresql://{role}:{PASSWORD}@{places}/{DATABASE}?sslmode=disable"

    async def start(self, *, of_debian: bool) -> None:
        """Return when one leads and two follow. `of_debian`: with the Patroni of Debian 12."""
        self._of_debian = of_debian
        for member in MEMBERS:
            self._prepare(member)
        for member in MEMBERS:
            self.start_member(member)
        await self.healthy()
        db = await asyncpg.connect(
            self.url(SUPERUSER, member=await self.leader()).replace(f"/{DATABASE}?", "/postgres?")
        )
        await db.execute(f"create role {OWNER} login createrole password '{PASSWORD}'")
        await db.execute(f"create database {DATABASE} owner {OWNER}")
        await db.close()

    def start_member(self, member: int) -> None:
        """As after a start of that machine."""
        home = self._folder / f"member-{member}"
        self._run(member, str(self._programs.etcd), "--config-file", str(home / "etcd.json"))
        packages = self._programs.packages(of_debian=self._of_debian)
        patroni = (sys.executable, "-m", "patroni", str(home / "patroni.json"))
        self._run(member, "env", f"PYTHONPATH={packages}", *patroni)

    def stop(self) -> None:
        """At once."""
        for member in MEMBERS:
            with contextlib.suppress(RuntimeError):
                self.network.kill(member)
        for process in self._started:
            process.wait()

    async def leader(self) -> int:
        """Who takes writes, as it says itself and the others agree; waits until there is one."""
        async with asyncio.timeout(_SECONDS_TO_HEAL):
            while True:
                leaders = [m for m, s in (await self._said()).items() if _leads(s)]
                if len(leaders) == 1:
                    return leaders[0]
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    async def healthy(self) -> float:
        """Return when two follow one closely, and with how many seconds of waiting for it."""
        began = time.monotonic()
        states: dict[int, dict[str, Any]] = {}
        try:
            async with asyncio.timeout(_SECONDS_TO_HEAL):
                while True:
                    if self._is_whole(states := await self._said()):
                        return time.monotonic() - began
                    await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        except TimeoutError:
            raise AssertionError(f"it did not heal: {states}\n{self._logs()}") from None

    async def switch_over(self) -> None:
        """As an administrator would, to whichever follows best."""
        led = await self.leader()
        name = _name(led)
        async with httpx.AsyncClient(timeout=60) as http:
            reply = await http.post(f"{self._rest(led)}/switchover", json={"leader": name})
        if reply.status_code != 200:
            raise AssertionError(f"no switchover: {reply.status_code} {reply.text}")

    def stall(self, member: int, *, on: bool) -> None:
        """Stop who receives the log there in the middle of it, or let it go on."""
        there = set(self.network.processes(member))
        for each in processes():
            if each.pid in there and "walreceiver" in each.command:
                os.kill(each.pid, signal.SIGSTOP if on else signal.SIGCONT)

    def version(self) -> str:
        """Of Patroni."""
        reply = httpx.get(f"{self._rest(1)}/patroni", timeout=_SECONDS_TO_ANSWER)
        return str(reply.json()["patroni"]["version"])

    def _rest(self, member: int) -> str:
        return f"http://{self.network.address(member)}:{_REST}"

    async def _said(self) -> dict[int, dict[str, Any]]:
        """What each that answers says of itself."""

        async def ask(http: httpx.AsyncClient, member: int) -> dict[str, Any]:
            try:
                told: dict[str, Any] = (await http.get(f"{self._rest(member)}/patroni")).json()
            except (httpx.TransportError, ValueError):
                return {}
            return told

        async with httpx.AsyncClient(timeout=_SECONDS_TO_ANSWER) as http:
            answers = await asyncio.gather(*(ask(http, member) for member in MEMBERS))
        return {member: told for member, told in zip(MEMBERS, answers, strict=True) if told}

    def _is_whole(self, states: dict[int, dict[str, Any]]) -> bool:
        leaders = [told for told in states.values() if _leads(told)]
        if len(states) < len(MEMBERS) or len(leaders) != 1:
            return False
        followers = leaders[0].get("replication") or []
        streaming = [each for each in followers if each.get("state") == "streaming"]
        certain = [told for told in states.values() if told.get("sync_standby")]
        same_line = len({told.get("timeline") for told in states.values()}) == 1
        needs = 0 if self._mode == "async" else 1
        return len(streaming) == len(MEMBERS) - 1 and len(certain) >= needs and same_line

    def _run(self, member: int, *command: str) -> None:
        as_account = ("setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups")
        within = ("ip", "netns", "exec", self.network.space(member), *as_account)
        with (self._folder / f"member-{member}" / "log").open("ab") as log:
            process = subprocess.Popen(
                (*within, *command),
                cwd=self._folder / f"member-{member}",
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started.append(process)

    def _prepare(self, member: int) -> None:
        home = self._folder / f"member-{member}"
        home.mkdir(mode=0o700)
        (home / "etcd.json").write_text(json.dumps(self._etcd(member, home)), "utf-8")
        (home / "patroni.json").write_text(json.dumps(self._patroni(member, home)), "utf-8")
        said("chown", "-R", ACCOUNT, str(home))

    def _etcd(self, member: int, home: Path) -> dict[str, Any]:
        def peer(of: int) -> str:
            return f"http://{self.network.address(of)}:2380"

        here = f"http://{self.network.address(member)}:2379"
        return {
            "name": _name(member),
            "data-dir": str(home / "etcd"),
            "listen-peer-urls": peer(member),
            "initial-advertise-peer-urls": peer(member),
            "listen-client-urls": here,
            "advertise-client-urls": here,
            "initial-cluster": ",".join(f"{_name(each)}={peer(each)}" for each in MEMBERS),
            "unsafe-no-fsync": True,
            # On by default, but for who writes a file of settings.
            "enable-grpc-gateway": True,
            "logger": "zap",
            "log-level": "error",
        }

    def _patroni(self, member: int, home: Path) -> dict[str, Any]:
        address = self.network.address(member)
        who = {"password": PASSWORD}
        everybody = "0.0.0.0/0"
        return {
            "scope": DATABASE,
            "name": _name(member),
            "restapi": {"listen": f"{address}:{_REST}", "connect_address": f"{address}:{_REST}"},
            "etcd3": self._asks(member),
            "bootstrap": {
                "dcs": self._agreed(),
                "initdb": [{"encoding": "UTF8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"{address}:{POSTGRES_PORT}",
                "connect_address": f"{address}:{POSTGRES_PORT}",
                "data_dir": str(home / "postgres"),
                "bin_dir": str(POSTGRES),
                "pgpass": str(home / "pgpass"),
                "authentication": {
                    "superuser": {"username": SUPERUSER, **who},
                    "replication": {"username": "replicator", **who},
                },
                "parameters": {"unix_socket_directories": str(home)},
                "pg_hba": [
                    f"host replication replicator {everybody} scram-sha-256",
                    f"host all all {everybody} scram-sha-256",
                    "local all all scram-sha-256",
                ],
                "remove_data_directory_on_rewind_failure": True,
                "remove_data_directory_on_diverged_timelines": True,
            },
        }

    def _asks(self, member: int) -> dict[str, Any]:
        """Which etcd; Debian's is known to lose where each asks the one beside it."""
        asked = (member,) if self._of_debian else MEMBERS
        hosts = [f"{self.network.address(each)}:2379" for each in asked]
        return {"hosts": hosts, "use_proxies": self._of_debian}

    def _agreed(self) -> dict[str, Any]:
        """What all members hold to; the same as in `deploy/README.md`."""
        return {
            "ttl": TTL_SECONDS,
            "loop_wait": _LOOK_SECONDS,
            "retry_timeout": _RETRY_SECONDS,
            "synchronous_mode": self._mode != "async",
            "synchronous_mode_strict": self._mode == "strict",
            "postgresql": {"use_pg_rewind": True, "parameters": _PARAMETERS},
        }

    def _logs(self) -> str:
        lasts = ((self._folder / f"member-{member}" / "log") for member in MEMBERS)
        return "\n".join(f"{each}:\n{each.read_text()[-3000:]}" for each in lasts)


def _name(member: int) -> str:
    return f"member{member}"


def _leads(told: dict[str, Any]) -> bool:
    return told.get("role") in ("primary", "master") and told.get("state") == "running"


@contextlib.asynccontextmanager
async def a_cluster(
    folder: Path, network: Network, programs: Programs, mode: str, *, of_debian: bool = False
) -> AsyncIterator[Cluster]:
    """One for as long as the block lasts."""
    home = folder / "cluster"
    home.mkdir()
    cluster = Cluster(home, network, programs, mode)
    try:
        await cluster.start(of_debian=of_debian)
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)
