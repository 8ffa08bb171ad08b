"""What made-up residents wrote, read from the view `toelichting` as its readers do.

The start page shows texts, and everybody who can open it sees them. In a real installation only
readers who were given that right apart may. So it shows the sentences of our own `comments.toml`
alone, which are public with the rest of the source: the query asks for those and no other. What a
visitor wrote is not among what it brings, however long ago that was. It is read as the dashboards
of the municipality read it; the role of all else on the page still cannot read a text.
"""

from collections.abc import Sequence
from datetime import date

import asyncpg
import msgspec

from ingest.demo.generator import dutch_comments

_SHOWN = 6


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `toelichting`. `judgement` is its group of marks, in its words, or nothing."""

    channel: str
    name: str
    month: date
    judgement: str
    text: str
    masked: tuple[str, ...]


async def read_written(reader: asyncpg.Connection) -> tuple[Written, ...]:
    """The newest of each channel, and one from which personal data was taken out.

    `reader` is one that may read texts.
    """
    rows = await reader.fetch(
        """/* written */
        select kanaal, naam, maand, coalesce(oordeel, '') as oordeel, tekst, afgeschermd
        from toelichting
        join dim_kanaal using (kanaal)
        where tekst = any ($1::text[])
        order by maand desc, volgorde, tekst
        """,
        sorted(dutch_comments()),
    )
    return chosen([_written(row) for row in rows])


def chosen(newest_first: Sequence[Written]) -> tuple[Written, ...]:
    """At most one of a channel, and one with a gap: a card is read at one look."""
    of_channel: dict[str, Written] = {}
    for each in newest_first:
        if not each.masked:
            of_channel.setdefault(each.channel, each)
    masked = [each for each in newest_first if each.masked][:1]
    return (*masked, *of_channel.values())[:_SHOWN]


def _written(row: asyncpg.Record) -> Written:
    return Written(
        channel=row["kanaal"],
        name=row["naam"],
        month=row["maand"],
        judgement=row["oordeel"],
        text=row["tekst"],
        masked=tuple(row["afgeschermd"]),
    )
