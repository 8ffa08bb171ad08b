"""Give each municipality of the demo its made-up responses, invitations and figures, once."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import asyncpg
import msgspec

from ingest.demo.generator import SEED, made_up_responses
from ingest.demo.invited import InvitedOnDay, made_up_invitations
from ingest.demo.operational import made_up_figures
from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality
from ingest.operational.storing import put_figures
from ingest.responses.statements import NewResponse, store_responses

# As many as the service itself stores at once.
_BATCH = 256


async def fill(db: asyncpg.Connection, catalogue: Catalogue, *, today: date) -> int:
    """Store made-up responses for every municipality that has no response yet; returns how many.

    Stores the number of invitations as well, and three years of figures of the work itself. `db`
    is a connection as the role of the service. All of a municipality is stored, or nothing: after
    an interruption the next start does it again.
    """
    stored = 0
    for municipality in catalogue.municipalities.values():
        await _fill_figures(db, municipality, today)
        if await _has_responses(db, municipality.code):
            continue
        responses = list(made_up_responses(catalogue, municipality, today=today))
        invited = made_up_invitations(municipality, responses, seed=SEED)
        async with db.transaction():
            for batch in _batches(responses):
                await store_responses(db, batch)
            if invited:
                await _count_invited(db, municipality.code, invited)
        stored += len(responses)
    return stored


async def _has_responses(db: asyncpg.Connection, municipality: str) -> bool:
    exists: bool = await db.fetchval(
        """/* has_responses */
        select exists (select id from meetpunt.response where municipality = $1)
        """,
        municipality,
    )
    return exists


async def _fill_figures(db: asyncpg.Connection, municipality: Municipality, today: date) -> None:
    """Figures of the work itself, where the municipality has none yet."""
    there = "select exists (select from lees.kengetal where municipality = $1)"
    if not await db.fetchval(f"/* has_figures */ {there}", municipality.code):
        figures = made_up_figures(municipality, today=today, seed=SEED)
        await put_figures(db, municipality.code, figures, now=datetime.now(UTC))


async def _count_invited(
    db: asyncpg.Connection, municipality: str, invited: Sequence[InvitedOnDay]
) -> None:
    """Count invitations of the past; there are no links to them, so nothing else is stored."""
    await db.execute(
        """/* count_invited */
        insert into meetpunt.invitation_count as c
            (municipality, day, touchpoint, product, issued)
        select $1, day, touchpoint, product, issued
        from unnest($2::date[], $3::integer[], $4::text[], $5::bigint[])
            as i (day, touchpoint, product, issued)
        on conflict (municipality, day, touchpoint, product) do update
        set issued = c.issued + excluded.issued
        """,
        municipality,
        *zip(*(msgspec.structs.astuple(each) for each in invited), strict=True),
    )


def _batches(responses: Sequence[NewResponse]) -> Iterator[Sequence[NewResponse]]:
    for start in range(0, len(responses), _BATCH):
        yield responses[start : start + _BATCH]
