"""Find themes of texts that are there already, by the files of now; and read texts for words."""

from collections.abc import Callable, Sequence

import asyncpg

from ingest.reporting.batches import LOW
from ingest.themes.finding import Finder

_TEXTS_AT_A_TIME = 1000


async def retag(db: asyncpg.Connection, municipality: str, finder: Finder) -> int:
    """Find the themes anew of every text that has another version; returns how many.

    As the folder. What was told of how often is left as it is. A text that is published meanwhile
    is found where it went, for the tables are gone through in the order in which a text goes. One
    that waits for others of its group is found anew when it appears, with all of them.

    Of what reports show nobody knows the language any more. A text that is not plainly of one keeps
    the themes that it has: they were found when its language was known.
    """
    return sum([await _retag(db, municipality, finder, *table) for table in (_STORED, _PUBLISHED)])


async def retag_stored(db: asyncpg.Connection, municipality: str, finder: Finder) -> int:
    """As `retag`, of texts that are not published yet."""
    return await _retag(db, municipality, finder, *_STORED)


async def _retag(
    db: asyncpg.Connection, municipality: str, finder: Finder, read: str, write: str
) -> int:
    found = 0
    while rows := await db.fetch(read, municipality, finder.version, _TEXTS_AT_A_TIME):
        await db.execute(
            write,
            [row["at"] for row in rows],
            [";".join(_themes(finder, row)) for row in rows],
            municipality,
            finder.version,
        )
        found += len(rows)
    return found


def _themes(finder: Finder, row: asyncpg.Record) -> Sequence[str]:
    found = finder.find(row["text"], row["language"])
    return found.codes if found.language else row["themes"]


async def texts_of(
    db: asyncpg.Connection, municipality: str, take: Callable[[str, bool], None]
) -> None:
    """Hand every readable text of a municipality to `take`, with whether its mark is low."""
    async with db.transaction(readonly=True):
        async for row in db.cursor(_READABLE, municipality):
            take(row["text"], row["judgement"] == LOW)


# A row is known by its key: its place changes when it is written.
_STORED = (
    """/* free_texts_to_tag */
        select concat_ws(' ', free_text.day, response_id, item) as at, text, language, themes
        from meetpunt.free_text
        join meetpunt.response
            on response.municipality = free_text.municipality and response.day = free_text.day
            and response.id = free_text.response_id
        where free_text.municipality = $1 and theme_version <> $2
        limit $3""",
    """/* tag_free_texts */
        update meetpunt.free_text set themes = string_to_array(of_text.themes, ';'),
            theme_version = $4
        from unnest($1::text[], $2::text[]) as of_text (at, themes)
        where municipality = $3 and day = split_part(at, ' ', 1)::date
            and response_id = split_part(at, ' ', 2)::uuid and item = split_part(at, ' ', 3)""",
)
_PUBLISHED = (
    """/* texts_to_tag */
        select concat_ws(' ', month, id) as at, text, '' as language, themes
        from lees.tekst
        where municipality = $1 and theme_version <> $2
        limit $3""",
    """/* tag_texts */
        update lees.tekst set themes = string_to_array(of_text.themes, ';'), theme_version = $4
        from unnest($1::text[], $2::text[]) as of_text (at, themes)
        where municipality = $3 and month = split_part(at, ' ', 1)::date
            and id = split_part(at, ' ', 2)::uuid""",
)

_READABLE = """/* texts_for_words */
    select text, judgement from lees.tekst where municipality = $1
"""
