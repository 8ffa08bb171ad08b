"""Every statement about who wants no messages, but the look when something is sent."""

from collections.abc import Sequence
from datetime import date

import asyncpg


async def note_opted_out(
    db: asyncpg.Connection, municipality: str, codes: Sequence[bytes], today: date
) -> None:
    """Write down that these want no messages of this municipality; once is enough."""
    await db.execute(
        """/* note_opted_out */
        insert into meetpunt.opted_out (municipality, code, since)
        select $1, code, $3 from unnest($2::bytea[]) as noted (code)
        order by code
        on conflict do nothing
        """,
        municipality,
        codes,
        today,
    )


async def forget_opted_out(db: asyncpg.Connection, municipality: str, code: bytes) -> bool:
    """Whoever has this code may be sent messages again; False when nothing forbade it.

    `db` is a connection as the owner: nobody else may take back what a resident asked for.
    """
    done: str = await db.execute(
        """/* forget_opted_out */
        delete from meetpunt.opted_out where municipality = $1 and code = $2
        """,
        municipality,
        code,
    )
    return done != "DELETE 0"
