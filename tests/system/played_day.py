"""A day of cases, contacts and reports around the real service, which is killed every ten minutes.

Each neighbour is there over HTTP and away for an hour, and we are for two. Ten minutes pass by
setting the clock of the service and of its Postgres: what was postponed comes due by it, and the
leases of who was killed run out. In the end everybody is sent what waits for them, and counted.
"""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from uuid import UUID

import httpx
import msgspec

from ingest.clock import today_here
from ingest.invitations.working import MESSAGES
from ingest.senders.file import WrittenMessage
from ingest.tokens.keyed_codes import Codes
from ingest.tokens.keys import load_keys
from tests.example import example_directory
from tests.ingest.connectors.klantcontacten import promises
from tests.neighbours.opennotificaties import OpenNotificaties
from tests.neighbours.server import neighbour
from tests.notifying import SECRET
from tests.system.machine_clock import Machine, machine
from tests.system.played_files import write_file
from tests.system.played_neighbours import (
    STEP,
    Ledger,
    Line,
    Neighbours,
    Size,
)
from tests.system.reporters import Reporters
from tests.system.running import Running, begun, free_port, wait_until_ready

_CHANNELS = ("zaken", "internetaken")
_UNREADY = 0.15
"""So many of those that are killed are not ready yet."""

_LONGEST_START, _LONGEST_LIFE = 2.0, 1.5
_PATIENCE_SECONDS = 300.0
_HOURS_AFTER = 4
_SENT_AFTER, _OVER_AFTER = timedelta(days=3, hours=5), timedelta(days=9)


class Found(msgspec.Struct, kw_only=True):
    """What a day came to."""

    cases: Ledger
    calls: Ledger
    reports: Ledger
    responses: Ledger  # of reporters who were thanked, against what is stored
    kept: int  # promises that the figure counts as kept; `promised` when all days are over
    promised: int
    kills: int
    unready: int  # of those, before it was ready
    reopened: int
    delivered: int  # by Open Notificaties, and dropped as nobody answered
    dropped: int
    sent_again: int  # how often a reporter sent a form that nobody answered
    used: int  # whose link was used by the time that somebody answered, and of those unstored
    unstored: int


class Day:
    """The neighbours of a day, and the service that is killed among them."""

    def __init__(
        self, here: Machine, size: Size, begin: datetime, *, polls: bool, port: int
    ) -> None:
        self.kills = self.unready = 0
        self._codes = Codes(load_keys(here.folder / "keys.json").content)
        self._here, self._size, self._begin = here, size, begin
        self._settings = here.settings | {
            "MEETPUNT_PORT": str(port),
            "MEETPUNT_TRUSTED_PROXIES": "127.0.0.1",
            "MEETPUNT_WORK_URL": here.database.url("meetpunt_work"),
        }
        url = f"http://127.0.0.1:{port}"
        self._http = httpx.AsyncClient(base_url=url, timeout=10, verify=False)
        self.notificaties = OpenNotificaties(self._post, channels=_CHANNELS)
        self.theirs = Neighbours(size, begin, notificaties=self.notificaties)
        self.reporters = Reporters(url)
        self.lines = {
            "zaak": Line(self.theirs.zaak, lists=polls),
            "klant": Line(self.theirs.klant, lists=polls),
            "signalen": Line(self.theirs.signalen),
        }

    async def subscribe(self) -> None:
        """Open Notificaties tries our address out."""
        async with self._living():
            subscription = {
                "callbackUrl": "/api/v1/notifications/molensloot",
                "auth": f"Bearer {SECRET}",
                "kanalen": [{"naam": each, "filters": {}} for each in _CHANNELS],
            }
            reply = await self.notificaties._subscribe(subscription)
            assert reply.status == 201, reply.body

    async def step(self, step: int) -> None:
        """Ten minutes; a process of ours begins in them, and is killed."""
        hour = self._size.hour
        self.set_clock(STEP * (step + 1))
        self.theirs.step(step, self.reporters)
        for place, line in enumerate(self.lines.values(), start=3):
            line.away = step in hour(place)
        delivers = step not in hour(0)
        if step in hour(1, hours=2):
            await self.notificaties.deliver()
        else:
            await self._live_and_die(delivers=delivers)

    async def settle(self) -> None:
        """Everybody is there again, and stays, until nothing waits."""
        for line in self.lines.values():
            line.away = False
        day = STEP * self._size.steps
        for hour in range(1, _HOURS_AFTER + 1):
            self.set_clock(day + timedelta(hours=hour))
            async with self._living(_QUIET):
                while self.notificaties.queue:
                    await self.notificaties.deliver()
                await self.reporters.all_thanked()

    async def found(self) -> Found:
        """Let everything be sent that waits, and count."""
        kept = await promises(self._here.database)
        self.set_clock(_SENT_AFTER)
        async with self._living(_SENT):
            pass
        self.set_clock(_OVER_AFTER)
        async with self._living(_QUIET):
            pass
        over = await promises(self._here.database)
        stored = await self._stored()
        thanked, used = (
            {self._codes.of_response(each) for each in ids}
            for ids in (self.reporters.thanked, self.reporters.used - self.reporters.thanked)
        )
        cases, calls = self._sent()
        return Found(
            cases=Ledger.of(self.theirs.about_cases(), cases),
            calls=Ledger.of(self.theirs.about_calls(), calls),
            reports=self._told(),
            responses=Ledger(
                missing=len(thanked - stored.keys()),
                double=sum(many - 1 for many in stored.values()),
                wrong=len(stored.keys() - thanked - used),
            ),
            kept=sum(round(share * many) for share, many in kept),
            promised=sum(many for _, many in over),
            kills=self.kills,
            unready=self.unready,
            reopened=self.theirs.reopened,
            delivered=self.notificaties.delivered,
            dropped=len(self.notificaties.dropped),
            sent_again=self.reporters.again,
            used=len(used),
            unstored=len(used - stored.keys()),
        )

    async def close(self) -> None:
        """Nothing is open."""
        await self._http.aclose()

    def set_clock(self, after: timedelta) -> None:
        """It is so long after the beginning of the day."""
        self._here.set_clock(round((self._begin + after).timestamp() - time.time()))

    def _told(self) -> Ledger:
        """What Signalen was told, against what reporters said."""
        said, told = self.reporters.said, list(self.theirs.told())
        return Ledger(
            missing=sum(not writes for token, writes, _ in told if token in said),
            double=sum(max(writes - 1, 0) for _, writes, _ in told),
            wrong=sum(
                token not in said or content != (said[token] == "solved")
                for token, writes, content in told
                if writes
            ),
        )

    async def _stored(self) -> Counter[UUID]:
        """By the code of each response, how often it is there."""
        async with self._here.database.superuser() as db:
            rows = await db.fetch("select id from meetpunt.response")
        return Counter(row["id"] for row in rows)

    def _sent(self) -> tuple[Counter[str], Counter[str]]:
        """To whom a text message went, about cases and about calls."""
        cases: Counter[str] = Counter()
        calls: Counter[str] = Counter()
        for file in (self._data / MESSAGES / "molensloot").glob("*.json"):
            message = msgspec.json.decode(file.read_bytes(), type=WrittenMessage)
            if message.kind == "tel":
                (cases if message.text.startswith("Zaak") else calls)[message.to] += 1
        return cases, calls

    @property
    def _data(self) -> Path:
        return self._here.folder / "served"

    async def _live_and_die(self, *, delivers: bool) -> None:
        chance = self.theirs.chance
        service = begun(self._data, workers=1, **self._settings)
        telling: list[asyncio.Task[None]] = []
        try:
            if chance.random() < _UNREADY:
                self.unready += 1
                await asyncio.sleep(chance.uniform(0, _LONGEST_START))
            else:
                await self._ready(service)
                if delivers:
                    telling = [asyncio.create_task(self.notificaties.deliver(twice=0.1))]
                await asyncio.sleep(chance.uniform(0, _LONGEST_LIFE))
        finally:
            await asyncio.to_thread(service.kill_everything)
            self.kills += 1
        await asyncio.gather(*telling)

    @asynccontextmanager
    async def _living(self, *until: str) -> AsyncIterator[None]:
        """A process that lives for so long, and until what these ask for is so."""
        async with self._here.database.superuser() as db:
            since = await db.fetchval("select clock_timestamp()")
        service = begun(self._data, workers=1, **self._settings)
        try:
            await self._ready(service)
            yield
            for query in until:
                await self._until(query, since)
        finally:
            await asyncio.to_thread(service.kill_everything)

    async def _ready(self, service: Running) -> None:
        await asyncio.to_thread(wait_until_ready, service.process, service.url, service.log)

    async def _until(self, query: str, since: datetime) -> None:
        """Until it is so, of what was done `since` then. Raises TimeoutError."""
        async with self._here.database.superuser() as db, asyncio.timeout(_PATIENCE_SECONDS):
            while not await db.fetchval(query, since):
                await db.execute("select pg_sleep(0.2)")

    async def _post(self, address: str, headers: dict[str, str], body: bytes) -> int:
        try:
            return (await self._http.post(address, headers=headers, content=body)).status_code
        except httpx.TransportError:
            return 0


_SENT = """
    select $1::timestamptz is not null
        and not exists (select from meetpunt.outbox where state in ('waiting', 'sending'))
"""

_QUIET = """
    select not exists (select from meetpunt.notification where due <= clock_timestamp())
        and not exists (
            select from meetpunt.writeback where due <= clock_timestamp() or held_until is not null
        )
        and (
            select bool_and(last_ran > $1)
            from meetpunt.task where name in ('poll-cases', 'poll-contacts', 'follow-notifications')
        )
"""


@asynccontextmanager
async def played(folder: Path, size: Size, *, polls: bool) -> AsyncIterator[Day]:
    """A day that can begin. Without `polls` nobody lets us read what was closed, or who called."""
    # It begins tomorrow: the clocks of neighbours are the real one, and ours is ahead of them.
    tomorrow = today_here() + timedelta(days=1)
    begin = datetime.combine(tomorrow, time_of_day(6), UTC)
    ahead = round(begin.timestamp() - time.time())
    files, port = folder / "files", free_port()
    shutil.copytree(example_directory(), files)
    with machine(files, ahead=ahead) as here:
        day = Day(here, size, begin, polls=polls, port=port)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(day.close)
            urls = {
                name: (await stack.enter_async_context(neighbour(line))).url
                for name, line in day.lines.items()
            }
            write_file(files / "molensloot.toml", urls)
            day.theirs.set_up(urls["zaak"], urls["klant"])
            await day.subscribe()
            yield day
