"""Store the operational figures that a municipality's system tells over the API."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec

from ingest.clock import AMSTERDAM
from ingest.database.acknowledged import acknowledged
from ingest.municipalities.municipality import Municipality
from ingest.operational.figures import Figure, check_figures
from ingest.operational.messages import OperationalFigure
from ingest.operational.statements import store_figures


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
    figures = check_figures(municipality, told, now.astimezone(AMSTERDAM).date())
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
