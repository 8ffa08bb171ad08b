"""Publish the state of the kiosks once a minute: as metrics for operators, as rows for readers."""

from math import nan
from uuid import UUID

import asyncpg

from ingest.kiosk.status import STATUS
from ingest.running import metrics
from ingest.tasks.leases import hold
from ingest.tasks.names import TaskName
from ingest.tasks.upkeep import Task

_PUBLISH = f"""/* publish_kiosks */
    insert into lees.kiosk as k (municipality, id, touchpoint, name, last_seen, queue, version,
        clock_offset_seconds, silent, revoked_on, set_aside, quarantined, looked_at)
    select status.*, now() from ({STATUS}) as status
    on conflict (municipality, id) do update
    set touchpoint = excluded.touchpoint, name = excluded.name, last_seen = excluded.last_seen,
        queue = excluded.queue, version = excluded.version,
        clock_offset_seconds = excluded.clock_offset_seconds, silent = excluded.silent,
        revoked_on = excluded.revoked_on, set_aside = excluded.set_aside,
        quarantined = excluded.quarantined, looked_at = excluded.looked_at
"""  # noqa: S608  # our own

# Of several kiosks at one touchpoint the worst one counts, because a label names no tablet. Where
# all are revoked, the figures become 0; otherwise the last ones would stay.
_WORST = f"""/* kiosk_status */
    with status as (
        select status.*, revoked_on is null as in_use from ({STATUS}) as status
    )
    select municipality.slug as municipality, status.touchpoint,
        coalesce(max(extract(epoch from now() - last_seen)) filter (where in_use), 0)
            as silent_seconds,
        coalesce(sum(queue) filter (where in_use), 0) as queue,
        coalesce((array_agg(clock_offset_seconds order by abs(clock_offset_seconds) desc)
            filter (where in_use and clock_offset_seconds is not null))[1], 0) as clock_offset,
        count(*) filter (where silent) as silent
    from status
    join meetpunt.municipality on municipality.code = status.municipality
    group by municipality.slug, status.touchpoint
"""  # noqa: S608  # our own


_GAUGES = (
    metrics.kiosk_last_seen_seconds,
    metrics.kiosk_queue,
    metrics.kiosk_clock_offset_seconds,
    metrics.kiosk_silent,
)


async def watch_kiosks(folder: asyncpg.Connection) -> set[tuple[str, str]]:
    """Publish the state of all kiosks now; returns the touchpoints that metrics tell of.

    `folder` is a connection as meetpunt_folder. A touchpoint is a municipality's slug and its own.
    """
    await folder.execute(_PUBLISH)
    rows = await folder.fetch(_WORST)
    for row in rows:
        figures = (row["silent_seconds"], row["queue"], row["clock_offset"], row["silent"])
        for gauge, figure in zip(_GAUGES, figures, strict=True):
            gauge.labels(row["municipality"], row["touchpoint"]).set(float(figure))
    return {(row["municipality"], row["touchpoint"]) for row in rows}


def watching() -> Task:
    """The task that publishes the state of the kiosks."""
    told: set[tuple[str, str]] = set()

    async def work(folder: asyncpg.Connection, holder: UUID) -> None:
        async with folder.transaction():
            await hold(folder, TaskName.WATCH_KIOSKS, holder=holder)
            told.update(await watch_kiosks(folder))

    # No comparison of an alert holds for what is not a number.
    def let_go() -> None:
        for gauge in _GAUGES:
            for labels in told:
                gauge.labels(*labels).set(nan)

    return Task(name=TaskName.WATCH_KIOSKS, work=work, let_go=let_go)
