"""What goes of who wanted to be called, and what the place of their rows tells meanwhile.

Each statement that destroys is a batch: of the municipality $1, at most $2 rows, of before the day
$3.
"""

from datetime import date, timedelta

import asyncpg

from ingest.callbacks.asking import DAYS

# By kind of what is destroyed; who was never called stands apart, because a promise was broken.
STATEMENTS = {
    kind: f"""/* purge_{kind} */
        with gone as (
            delete from meetpunt.callback
            where municipality = $1 and id = any (array(
                select id from meetpunt.callback
                where municipality = $1 and day < $3 and state {sign} 'nieuw'
                limit $2
            ))
            returning id
        )
        select count(*) as rows from gone"""  # noqa: S608 (our own names)
    for kind, sign in (("callback_unopened", "="), ("callback", "<>"))
}


def kept_from(today: date) -> date:
    """The first day that is kept."""
    return today - timedelta(days=DAYS)


async def mix(folder: asyncpg.Connection, municipality: str, today: date) -> int:
    """Write those of the days before `today` anew, in the order of their random ids; how many.

    A row is in the place, and has the number, of the moment at which it came: minutes after an
    answer by the same person, whose row has those of its own moment. From then on all of a day have
    one number, and an order that is of no time. Within a transaction of the caller's.
    """
    rows = await folder.fetch(
        """/* callbacks_to_mix */
        select id from meetpunt.callback
        where municipality = $1 and day < $2 and not mixed
        order by id
        for update
        """,
        municipality,
        today,
    )
    # One after the other: a statement for all would take them in the order in which they lie.
    await folder.executemany(
        """/* mix_callback */
        update meetpunt.callback set mixed = true where municipality = $1 and id = $2
        """,
        [(municipality, row["id"]) for row in rows],
    )
    return len(rows)
