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
from tests.system.ha.programs import ACCOUNT, Programs, said
from tests.system.ha.settings import (
    ASYNCHRONOUS,
    CALLED,
    DATABASE,
    NAMED,
    PASSWORD,
    REST_PORT,
    SHIPPED,
    name_of,
    of_etcd,
    of_patroni,
)

_SECONDS_TO_HEAL = 120
_SECONDS_BETWEEN_LOOKS = 0.3
_SECONDS_TO_ANSWER = 2.0


class Cluster:
    """Three members in `network`; `mode` is one of `settings.MODES`, their files in `folder`."""

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
            self._start_etcd(member)
        # An old Patroni ends at once where they have not found each other yet.
        async with asyncio.timeout(_SECONDS_TO_HEAL), httpx.AsyncClient() as http:
            while True:
                if await self._etcd_is_there(http):
                    break
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
        for member in MEMBERS:
            self._start_patroni(member)
        await self.healthy()
        db = await asyncpg.connect(
            self.url(SUPERUSER, member=await self.leader()).replace(f"/{DATABASE}?", "/postgres?")
        )
        await db.execute(f"create role {OWNER} login createrole password '{PASSWORD}'")
        await db.execute(f"create database {DATABASE} owner {OWNER}")
        await db.close()

    def start_member(self, member: int) -> None:
        """As after a start of that machine."""
        self._start_etcd(member)
        self._start_patroni(member)

    def _start_etcd(self, member: int) -> None:
        file = self._folder / f"member-{member}" / "etcd.json"
        self._run(member, str(self._programs.etcd), "--config-file", str(file))

    async def _etcd_is_there(self, http: httpx.AsyncClient) -> bool:
        for member in MEMBERS:
            try:
                told = (
                    await http.get(f"http://{self.network.address(member)}:2379/version")
                ).json()
            except httpx.TransportError:
                return False
            if told["etcdcluster"] == "not_decided":
                return False
        return True

    def _start_patroni(self, member: int) -> None:
        home = self._folder / f"member-{member}"
        packages = self._programs.packages(of_debian=self._of_debian)
        patroni = (sys.executable, "-m", "patroni", str(home / "patroni.json"))
        found = f"PATH={self._programs.etcdctl.parent}:{os.environ['PATH']}"
        etcd = f"ETCDCTL_ENDPOINTS=http://{self.network.address(member)}:2379"
        self._run(member, "env", f"PYTHONPATH={packages}", found, etcd, *patroni)

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
        name = name_of(led)
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
        return f"http://{self.network.address(member)}:{REST_PORT}"

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
        kind = "sync_standby" if self._mode == NAMED else "quorum_standby"
        certain = [told for told in states.values() if told.get(kind)]
        same_line = len({told.get("timeline") for told in states.values()}) == 1
        needs = {ASYNCHRONOUS: 0, NAMED: 1}.get(self._mode, len(MEMBERS) - 1)
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
        (home / "etcd.json").write_text(json.dumps(of_etcd(self.network, member, home)), "utf-8")
        (home / "patroni.json").write_text(json.dumps(self._of_patroni(member, home)), "utf-8")
        shutil.copy2(SHIPPED / CALLED, home / CALLED)
        said("chown", "-R", ACCOUNT, str(home))

    def _of_patroni(self, member: int, home: Path) -> dict[str, Any]:
        return of_patroni(self.network, member, home, mode=self._mode, one_etcd=self._of_debian)

    def _logs(self) -> str:
        lasts = ((self._folder / f"member-{member}" / "log") for member in MEMBERS)
        return "\n".join(f"{each}:\n{each.read_text()[-3000:]}" for each in lasts)


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
