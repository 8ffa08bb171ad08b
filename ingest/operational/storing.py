"""Store the operational figures that a municipality's system tells, or that we count ourselves."""

from collections.abc import Sequence
from datetime import date, datetime

import asyncpg
import msgspec

from ingest.clock import day_of
from ingest.database.acknowledged import acknowledged
from ingest.municipalities.measures import CALLED_BACK
from ingest.municipalities.municipality import Municipality
from ingest.operational.figures import Figure, check_figures
from ingest.operational.messages import OperationalFigure
from ingest.operational.statements import count_in_share, store_figures


async def tell_figures(
    db: asyncpg.Connection,
    municipality: Municipality,
    told: Sequence[OperationalFigure],
    *,
    now: datetime,
) -> int:
    """Store all of them, or none; returns how many were told. The same again changes nothing.

    `now` is in UTC. Raises `FiguresRejected` or `NotReplicated`.
    """
    figures = check_figures(municipality, told, day_of(now))
    # A figure that was there already is locked, which is a write: so that commit waits too.
    async with acknowledged(db):
        await put_figures(db, municipality.code, figures, now=now)
    return len(figures)


async def put_figures(
    db: asyncpg.Connection, code: str, figures: Sequence[Figure], *, now: datetime
) -> int:
    """Store figures of the municipality with this code, within the caller's `acknowledged`.

    Each key is there once. Returns how many were new or different.
    """
    rows = [msgspec.structs.astuple(figure) for figure in figures]
    return await store_figures(db, code, rows, now)


async def count_promise(
    db: asyncpg.Connection,
    code: str,
    channel: str,
    promised_on: date,
    *,
    kept: bool,
    now: datetime,
) -> None:
    """Count one promise to call back, in the month in which it was made (a day in Amsterdam).

    `code` is the municipality's, `kept`: somebody called within two working days. As meetpunt_work,
    within the caller's `acknowledged`; which promise it was is not kept.
    """
    month = promised_on.replace(day=1)
    await count_in_share(db, code, month, channel, CALLED_BACK, holds=kept, now=now)
