"""Give each municipality of the demo its made-up responses, once."""

from collections.abc import Iterator, Sequence
from datetime import date

import asyncpg

from ingest.demo.generator import made_up_responses
from ingest.municipalities.catalogue import Catalogue
from ingest.store import NewResponse, store_responses

# As many as the service itself stores at once.
_BATCH = 256


async def fill(db: asyncpg.Connection, catalogue: Catalogue, *, today: date) -> int:
    """Store made-up responses for every municipality that has no response yet; returns how many.

    `db` is a connection of the role that the service uses, which may do no more than that. All of a
    municipality or nothing: what is interrupted halfway is begun anew at the next start.
    """
    stored = 0
    for municipality in catalogue.municipalities.values():
        if await _has_responses(db, municipality.code):
            continue
        responses = list(made_up_responses(catalogue, municipality, today=today))
        async with db.transaction():
            for batch in _batches(responses):
                await store_responses(db, batch)
        stored += len(responses)
    return stored


async def _has_responses(db: asyncpg.Connection, municipality: str) -> bool:
    found: bool = await db.fetchval(
        """/* has_responses */
        select exists (select id from meetpunt.response where municipality = $1)
        """,
        municipality,
    )
    return found


def _batches(responses: Sequence[NewResponse]) -> Iterator[Sequence[NewResponse]]:
    for start in range(0, len(responses), _BATCH):
        yield responses[start : start + _BATCH]
