"""How the systems of others are that we ask or tell: told in the log, and written down for whoever
looks.

A process knows it of those that it asks. Another may have asked them before, so it recalls what
stands in `meetpunt.neighbour` before it begins; afterwards it writes down what changed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum, unique
from time import monotonic
from uuid import UUID

import asyncpg
import msgspec

from ingest.running.logs import log
from ingest.tasks.failing import Told
from ingest.tasks.leases import hold
from ingest.tasks.names import TaskName

_AGAIN_SECONDS = 600.0
"""So often is written down that all is well still."""


@unique
class Kind(StrEnum):
    """What we have of it."""

    CASES = "cases"
    CONTACTS = "contacts"
    REPORTS = "reports"


_BACK = {
    Kind.CASES: "poll_back",
    Kind.CONTACTS: "contacts_back",
    Kind.REPORTS: "reports_back",
}


class _Known(msgspec.Struct):
    """Of one system: why it does not do as asked, None where it does; and what is written down."""

    reason: str | None = None
    written: bool = False
    written_at: float = float("-inf")


class Neighbours:
    """Those of one kind, for one process; `codes` are of the municipalities, by their slugs."""

    def __init__(
        self, kind: Kind, codes: Mapping[str, str], *, clock: Callable[[], float] = monotonic
    ) -> None:
        """`clock` counts seconds."""
        self._kind = kind
        self._codes = codes
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._told: dict[str, Told] = {}

    def well(self, slug: str) -> None:
        """It did as asked. Logs that it does again, where it had not."""
        known = self._known.setdefault(slug, _Known())
        if known.reason is not None:
            log(_BACK[self._kind], municipality=slug)
            known.reason = None
            known.written = False
        elif self._clock() - known.written_at >= _AGAIN_SECONDS:
            known.written = False
        self._told.pop(slug, None)

    def away(self, slug: str, reason: str) -> bool:
        """It did not, for this reason, a word of ours. Whether that is news: once an hour."""
        known = self._known.setdefault(slug, _Known())
        if known.reason != reason:
            known.reason = reason
            known.written = False
        return self._told.setdefault(slug, Told(clock=self._clock)).is_news(reason)

    async def recall(self, db: asyncpg.Connection) -> None:
        """Read what was written down of them, by whom it may be; forget those that are gone."""
        rows = await db.fetch(_RECALL, self._kind)
        reasons = {row["municipality"]: row["reason"] for row in rows}
        for slug, code in self._codes.items():
            known = self._known.setdefault(slug, _Known())
            if code in reasons:
                known.reason = reasons[code]
        if reasons.keys() - set(self._codes.values()):
            await db.execute(_FORGET, self._kind, list(self._codes.values()))

    async def write_down(
        self, db: asyncpg.Connection, task: TaskName | None = None, holder: UUID | None = None
    ) -> None:
        """Write down what changed, as meetpunt_work; as `holder` of the lease of `task`, if any."""
        changed = [
            (slug, known)
            for slug, known in self._known.items()
            if not known.written and slug in self._codes
        ]
        if not changed:
            return
        at = self._clock()
        async with db.transaction():
            if task is not None:
                await hold(db, task, holder=holder)
            # Reports are told because somebody answered: when is nobody's to know.
            exact = "hour" if self._kind is Kind.REPORTS else "second"
            await db.execute(
                _WRITE,
                self._kind,
                [self._codes[slug] for slug, _ in changed],
                [known.reason for _, known in changed],
                exact,
            )
        for _, known in changed:
            known.written, known.written_at = True, at


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """One system of one municipality, by its code and its slug."""

    municipality: str
    slug: str
    kind: Kind
    last_well: datetime | None
    away_since: datetime | None
    reason: str | None


async def read_neighbours(db: asyncpg.Connection) -> list[Neighbour]:
    """All that were ever asked, as any role of the service."""
    rows = await db.fetch(_READ)
    return [Neighbour(**{**row, "kind": Kind(row["kind"])}) for row in map(dict, rows)]


_RECALL = """/* recall_neighbours */
    select municipality, reason from meetpunt.neighbour where kind = $1"""

_FORGET = """/* forget_neighbours */
    delete from meetpunt.neighbour where kind = $1 and municipality <> all ($2::text[])"""

_WRITE = """/* write_neighbours_down */
    insert into meetpunt.neighbour as known (municipality, kind, last_well, away_since, reason)
    select municipality, $1, case when reason is null then moment end,
        case when reason is not null then moment end, reason
    from unnest($2::text[], $3::text[]) as told (municipality, reason),
        date_trunc($4, clock_timestamp()) as moment
    order by municipality
    on conflict (municipality, kind) do update
    set last_well = coalesce(excluded.last_well, known.last_well),
        away_since = case when excluded.reason is not null
            then coalesce(known.away_since, excluded.away_since) end,
        reason = excluded.reason"""

_READ = """/* neighbours */
    select municipality, slug, kind, last_well, away_since, reason
    from meetpunt.neighbour
    join meetpunt.municipality on municipality.code = neighbour.municipality
    order by municipality, kind"""
