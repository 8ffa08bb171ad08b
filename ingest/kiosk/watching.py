"""How the kiosks are, for whoever keeps the service: told as metrics, by one worker of all."""

import asyncpg

from ingest.locks import Lock
from ingest.running import metrics
from ingest.running.upkeep import Task

_SECONDS = 60

# Of several kiosks at one touchpoint the worst: a label names no tablet. Where the last one was
# revoked the figures go to nought; they would stay as they were otherwise.
_STATUS = """/* kiosk_status */
    with status as (
        select status.*, ingetrokken is null as in_use
        from (table bi.kiosk_status union all table bi_test.kiosk_status) as status
    )
    select municipality.slug as municipality, status.meetpunt as touchpoint,
        coalesce(max(extract(epoch from now() - laatst_gezien)) filter (where in_use), 0)
            as silent_seconds,
        coalesce(sum(wachtrij) filter (where in_use), 0) as queue,
        coalesce((array_agg(klokverschil_seconden order by abs(klokverschil_seconden) desc)
            filter (where in_use and klokverschil_seconden is not null))[1], 0) as clock_offset,
        count(*) filter (where te_lang_stil) as silent
    from status
    join meetpunt.municipality on municipality.code = status.gemeente_code
    group by municipality.slug, status.meetpunt
"""


async def watch_kiosks(folder: asyncpg.Connection) -> None:
    """Set the kiosks' gauges to how they are now. `folder` is a connection as meetpunt_folder."""
    told = (
        metrics.kiosk_last_seen_seconds,
        metrics.kiosk_queue,
        metrics.kiosk_clock_offset_seconds,
        metrics.kiosk_silent,
    )
    rows = await folder.fetch(_STATUS)
    for row in rows:
        labels = (row["municipality"], row["touchpoint"])
        figures = (row["silent_seconds"], row["queue"], row["clock_offset"], row["silent"])
        for gauge, figure in zip(told, figures, strict=True):
            gauge.labels(*labels).set(float(figure))


def watching() -> Task:
    """The look as one worker of all takes it."""
    return Task(name="watch kiosks", lock=Lock.SERVING_KIOSKS, seconds=_SECONDS, work=watch_kiosks)
