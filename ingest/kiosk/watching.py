"""Publish the state of the kiosks once a minute: as metrics for operators, as rows for readers."""

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


async def watch_kiosks(folder: asyncpg.Connection) -> None:
    """Publish the state of all kiosks now. `folder` is a connection as meetpunt_folder."""
    await folder.execute(_PUBLISH)
    gauges = (
        metrics.kiosk_last_seen_seconds,
        metrics.kiosk_queue,
        metrics.kiosk_clock_offset_seconds,
        metrics.kiosk_silent,
    )
    for row in await folder.fetch(_WORST):
        labels = (row["municipality"], row["touchpoint"])
        figures = (row["silent_seconds"], row["queue"], row["clock_offset"], row["silent"])
        for gauge, figure in zip(gauges, figures, strict=True):
            gauge.labels(*labels).set(float(figure))


def watching() -> Task:
    """The task that publishes the state of the kiosks."""

    async def work(folder: asyncpg.Connection, holder: UUID) -> None:
        async with folder.transaction():
            await hold(folder, TaskName.WATCH_KIOSKS, holder=holder)
            await watch_kiosks(folder)

    return Task(name=TaskName.WATCH_KIOSKS, work=work)
