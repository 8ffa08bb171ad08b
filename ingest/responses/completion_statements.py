"""The statement that adds the rest to a response that was left halfway."""

from datetime import date
from uuid import UUID

import asyncpg
import msgspec


class Completion(msgspec.Struct, frozen=True, kw_only=True):
    """The rest of a response that was begun on `day` or, by a retry, the day before.

    `answers` are those of both steps, since the first ones are not read back; `texts` hold only
    added ones. The columns are as in `NewResponse`, and so are `signal` and `at_once`: of the rest,
    where what was begun was no signal.
    """

    municipality: str
    day: date
    id: UUID
    receipt_id: UUID
    content_code: bytes
    answers: str
    texts: str
    touchpoint: int
    signal: str = ""
    at_once: bool = False


async def complete_response(db: asyncpg.Connection, completion: Completion) -> bool:
    """Add the rest to a response and make it complete; False when there is none that is not.

    One statement. Of several at once the first to hold the row adds; the others find it complete.
    Nothing is queued: what was begun waits to be published until it can be completed no more.
    """
    columns = msgspec.structs.astuple(completion)
    if completion.signal:
        return bool(await db.fetchval(_COMPLETE_AND_SIGNAL, *columns))
    return bool(await db.fetchval(_COMPLETE, *columns[:-3]))


_COMPLETE = """/* complete_response */
            with begun as materialized (
                select municipality, day, id
                from meetpunt.response
                where municipality = $1 and day between $2::date - 1 and $2 and id = $3
                    and not complete
                for update
            ),
            received as (
                insert into meetpunt.receipt (municipality, week, id, content_code, complete)
                select municipality, week, $4, $5, true
                from begun cross join meetpunt.weeks_to_receive() as week
            ),
            completed as (
                update meetpunt.response
                set answers = $6::text::jsonb, complete = true
                from begun
                where response.municipality = begun.municipality
                    and response.day = begun.day and response.id = begun.id
            ),
            stored_texts as (
                insert into meetpunt.free_text
                    (municipality, day, response_id, item, text, masked, themes, theme_version)
                select begun.municipality, begun.day, begun.id, t.*
                from begun cross join lateral meetpunt.texts_in($7::text::json) as t
            )
            --! signalled
            select exists (select from begun)
            """

# As in `ingest.responses.statements`: only where there is a signal.
_SIGNALLED = """,
            signalled as (
                insert into meetpunt.signal
                    (municipality, touchpoint, reason, day, half, shown_from)
                select begun.municipality, $8::integer, $9, half.day, half.half,
                    half.shown_from
                from begun cross join meetpunt.half_day_now($10::boolean) as half
            )
"""

_COMPLETE, _COMPLETE_AND_SIGNAL = (
    _COMPLETE.replace("            --! signalled\n", signalled) for signalled in ("", _SIGNALLED)
)
