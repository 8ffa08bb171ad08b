"""How long signals are kept: by whole quarters, as figures of a quarter are counted from all of it.

The statement destroys one batch. $1 is the municipality, $2 how many rows at most, $3 the first day
that is kept.
"""

from datetime import date

SIGNALS = """/* purge_signals */
        with gone as (
            delete from meetpunt.signal
            where id = any (array(
                select id from meetpunt.signal
                where municipality = $1 and day < $3
                order by day, id
                limit $2
            ))
            returning id
        )
        select count(*) as rows from gone"""


def kept_from(day: date) -> date:
    """The first day that is kept, where signals of `day` are still to be: that of its quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
