"""Plays the busiest hour of a Monday, many times as dense, until something gives."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from ingest.postgres.server import SUPERUSER
from ingest.tokens.keys import load_keys
from tests.bench import surroundings
from tests.bench.measuring import cpu_us, family
from tests.bench.monday import year
from tests.bench.monday.dashboards import Read
from tests.bench.monday.giving import Cores, Step, gave, thanked_for, what_gives
from tests.bench.monday.hour import COUNTRY, YEARS, Needed, Taken, busiest_hour, needed
from tests.bench.monday.player import Played
from tests.bench.monday.publisher import Looked
from tests.bench.monday.requests import Requests, write
from tests.bench.monday.together import running
from tests.bench.processes import started
from tests.bench.subjects import wait_until_ready
from tests.bench.surroundings import Bench
from tests.system.running import free_port

TIMES = 10
"""How many times the busiest hour of the Netherlands is played first."""

MOST_STEPS = 5
"""After that: each twice as dense until something gives, or half as dense until it holds."""

_WORKERS = 1  # as shipped
_HOUR, _STEP = 20, 5  # times `seconds`
_PATIENCE, _PATIENCE_FIRST = 15, 110
_FIGURES = ("summary", "cijfer")
_TICKS = 1_000_000
type_of_say = Callable[[str], None]


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What a service that just started builds when it is first asked for, one after the other."""

    pages: int
    seconds: float


class Monday(msgspec.Struct, frozen=True, kw_only=True):
    """What one run found."""

    municipalities: int
    made_seconds: float
    made_mb: float
    rows: int
    bytes_per_response: dict[str, float]
    workers: int
    first: Opened
    steps: list[Step]
    gives: str
    taken: Taken
    needed: list[Needed]


def measure(bench: Bench, rows: int, seconds: float, rounds: int, say: type_of_say) -> Monday:
    """A year of about `rows` responses, and the hour of `_steps`."""
    country = asyncio.run(year.make(bench, rows, say))
    say(f"  {country.responses:,} responses are in the tables")
    requests = Requests(
        country.catalogue, country.places, load_keys(bench.keys_file), country.kiosks
    )
    with _service(bench, country) as (port, pid):
        play = _Playing(bench, country, requests, port, pid, say)
        first = play.first()
        steps = _steps(play, seconds, rounds)
    taken = _taken(steps, country)
    return Monday(
        municipalities=len(country.places),
        made_seconds=country.made_seconds,
        made_mb=country.made_mb,
        rows=country.responses,
        bytes_per_response=country.bytes_per_response,
        workers=_WORKERS,
        first=first,
        steps=steps,
        gives=what_gives(next(filter(gave, steps), steps[-1]), cores=os.cpu_count() or 1),
        taken=taken,
        needed=[needed(each, taken) for each in YEARS],
    )


def _steps(play: "_Playing", seconds: float, rounds: int) -> list[Step]:
    """The hour `rounds` times for twenty times `seconds`, the middle one told; then the others."""
    hours = [play.step(TIMES, seconds * _HOUR) for _ in range(rounds)]
    hours.sort(key=lambda each: each.played.kinds["submit"].p99_ms)
    steps = [hours[rounds // 2]]
    first = gave(steps[0])
    while gave(steps[-1]) == first and len(steps) <= MOST_STEPS:
        steps.append(play.step(steps[-1].times * (0.5 if first else 2), seconds * _STEP))
    return sorted(steps, key=lambda each: each.times)


@contextlib.contextmanager
def _service(bench: Bench, country: year.Country) -> Iterator[tuple[int, int]]:
    """What `meetpunt serve` runs, over these municipalities: its port and the id of its parent."""
    port, metrics = free_port(), free_port()
    roles = {"DATABASE": "meetpunt_ingest", "FOLDER": "meetpunt_folder", "WORK": "meetpunt_work"}
    environment = {
        **{
            f"MEETPUNT_{name}_URL": bench.server.url(role, year.DATABASE)
            for name, role in roles.items()
        },
        "MEETPUNT_CONFIG": str(country.folder),
        "MEETPUNT_KEYS_FILE": str(bench.keys_file),
        "MEETPUNT_DATA": str(bench.folder / "sent"),
        # One address asks for all of it, and of the largest municipality ever more.
        "MEETPUNT_TOKEN_LIMIT_PER_ADDRESS_PER_MINUTE": "999999",
        "MEETPUNT_TOKEN_LIMIT_PER_TOUCHPOINT_PER_MINUTE": "1000000",
    }
    command = [
        *(sys.executable, "-m", "tests.bench.serve", "tests.bench.serve:monday"),
        *(str(port), str(_WORKERS), str(metrics)),
    ]
    with started(command, port, bench.folder / "monday.log", environment) as pid:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield port, pid


class _Playing:
    def __init__(
        self,
        bench: Bench,
        country: year.Country,
        requests: Requests,
        port: int,
        pid: int,
        say: type_of_say,
    ) -> None:
        self._bench, self._country, self._requests = bench, country, requests
        self._port, self._pid, self._say = port, pid, say

    def first(self) -> Opened:
        """Every page and what every widget asks, once; so that no step builds them."""
        file, requests = self._bench.folder / "requests", self._requests.first()
        write(requests, file)
        asyncio.run(year.invite(self._bench, self._requests.invited))
        with running("player", [self._port, file, _PATIENCE_FIRST]) as player:
            player.wait_until_ready()
            player.begin()
            played = msgspec.json.decode(player.found(), type=Played)
        if any(set(waits.statuses) != {"200"} for waits in played.kinds.values()):
            raise RuntimeError(f"the first pages: {played}")
        longest = max(waits.max_ms for waits in played.kinds.values()) / 1000
        self._say(f"  {len(requests)} pages, each for the first time: {longest:.1f} s")
        return Opened(pages=len(requests), seconds=longest)

    def step(self, times: float, seconds: float) -> Step:
        """The hour so many times as dense, for so long."""
        self._say(f"  the hour times {times:g}, for {seconds:g} s")
        file = self._bench.folder / "requests"
        write(self._requests.during(seconds, busiest_hour(COUNTRY).times(times)), file)
        asyncio.run(year.invite(self._bench, self._requests.invited))
        asyncio.run(surroundings.checkpoint(self._bench))
        stored = year.count(self._bench, _STORED)
        wal = year.count(self._bench, _WAL)
        with contextlib.ExitStack() as programs:
            dashboards, publisher, player = (
                programs.enter_context(running(*each))
                for each in (
                    ("dashboards", [seconds, *self._read_by()]),
                    ("publisher", [seconds, *self._published_by()]),
                    ("player", [self._port, file, _PATIENCE]),
                )
            )
            for each in (dashboards, publisher, player):
                each.wait_until_ready()
            for each in (dashboards, publisher, player):
                each.begin()
            with _counting(self._bench, self._pid) as cores:
                played = msgspec.json.decode(player.found(), type=Played)
            read = msgspec.json.decode(dashboards.found(), type=Read)
            looked = msgspec.json.decode(publisher.found(), type=Looked)
        more = year.count(self._bench, _STORED) - stored
        if more < thanked_for(played):
            raise RuntimeError(f"{thanked_for(played)} were thanked for, and {more} are stored")
        step = Step(
            times=times,
            played=played,
            stored=more,
            wal_bytes=year.count(self._bench, _WAL) - wal,
            sent=year.count(self._bench, _SENT),
            read=read,
            published=looked,
            cores=cores(played.cpu_seconds),
        )
        self._say(f"    {step.told()}")
        return step

    def _read_by(self) -> tuple[str, ...]:
        """A dashboard of the smallest, one of the middle and one of the largest municipality."""
        places = self._country.places
        chosen = (places[0], places[len(places) // 2], places[-1])
        return (
            self._bench.server.url(SUPERUSER, year.DATABASE),
            *(place.slug for place in chosen),
        )

    def _published_by(self) -> tuple[str, ...]:
        url = self._bench.server.url("meetpunt_folder", year.DATABASE)
        return (url, str(self._country.folder))


_STORED = "select count(*) from meetpunt.response"
_WAL = "select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint"
_SENT = "select count(*) from meetpunt.outbox where state = 'sent'"


@contextlib.contextmanager
def _counting(bench: Bench, service: int) -> Iterator[Callable[[float], Cores]]:
    """Counts CPU meanwhile; what is yielded tells it afterwards, given the seconds of the load."""

    def used() -> tuple[float, float, float, float]:
        parts = [cpu_us(family(pid)) / _TICKS for pid in (service, bench.postgres)]
        return parts[0], parts[1], _busy_seconds(), time.monotonic()

    before = used()
    after: list[tuple[float, float, float, float]] = []

    def told(load: float) -> Cores:
        service_, postgres, busy, seconds = (b - a for a, b in zip(before, after[0], strict=True))
        return Cores(
            seconds=seconds,
            service=service_ / seconds,
            postgres=postgres / seconds,
            load=load / seconds,
            machine=busy / seconds,
        )

    yield told
    after.append(used())


def _busy_seconds() -> float:
    """Of all cores since the machine started, whoever used them; idle and waiting left out."""
    fields = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / 100


def _taken(steps: list[Step], country: year.Country) -> Taken:
    """By the densest step that nothing gave in; by the first where all did."""
    held = [step for step in steps if not gave(step)] or steps[:1]
    step = held[-1]
    return Taken(
        cpu_a_response=step.serving_cores * step.cores.seconds / max(1, step.stored),
        publishing_a_response=country.publishing_cpu_us / _TICKS,
        disk_a_response=sum(
            bytes_
            for table, bytes_ in country.bytes_per_response.items()
            if not table.startswith(_FIGURES)
        ),
    )
