"""Find the themes of texts that appear by the files of that moment, so that all show one version.

Texts that waited came in before others of their group. Found by the files of then, the version
beside each would say which; at a quiet desk that is who wrote it. So would a theme of a new file.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import asyncpg

from ingest.reporting.batches import Released, TextGroup
from ingest.reporting.plan import Plan
from ingest.reporting.retagging import retag_stored


async def find_stored_anew(
    db: asyncpg.Connection, plan: Plan, codes: Sequence[str], days: tuple[date, date]
) -> None:
    """Of a municipality's texts that are not published yet, where one of these days is behind.

    `days` are the first and the last; the language of their response is known.
    """
    versions = plan.theme_versions(codes)
    behind = await db.fetch(_STORED_BEHIND, list(versions), list(versions.values()), *days)
    for (code,) in behind:
        await retag_stored(db, code, plan.finder(code))


async def find_waiting_anew(
    db: asyncpg.Connection,
    plan: Plan,
    released: Released,
    appearing: Mapping[TextGroup, Sequence[str]],
) -> frozenset[TextGroup]:
    """Of all texts of a group that is `released`, where one that waited has another version.

    Returns these groups. `appearing` are ids of responses whose texts did not wait: where the
    group keeps no language, nobody knows that of their texts either.
    """
    versions = plan.theme_versions({group.municipality for group in released.first})
    if not versions:
        return frozenset()
    behind = await db.fetch(_WAITING_BEHIND, list(versions), list(versions.values()))
    groups = {TextGroup(*row) for row in behind} & released.first.keys()
    for group in sorted(groups):
        finder = plan.finder(group.municipality)
        for read, write, key in (
            (_WAITING_OF_GROUP, _TAG_WAITING, tuple(group)),
            (_STORED_OF_GROUP, _TAG_STORED, (group.municipality, appearing.get(group, ()))),
        ):
            rows = await db.fetch(read, *key)
            found = [finder.find(row["text"], group.language).codes for row in rows]
            await db.execute(
                write,
                [row["at"] for row in rows],
                [";".join(codes) for codes in found],
                group.municipality,
                finder.version,
            )
    return frozenset(groups)


# Of some days alone: each piece of a long queue would read all texts of the queue otherwise.
_STORED_BEHIND = """/* stored_texts_behind */
    select code
    from unnest($1::text[], $2::text[]) as files (code, version)
    where exists (
        select from meetpunt.free_text
        where municipality = code and day between $3 and $4 and theme_version <> version
    )
    order by code
"""

_WAITING_BEHIND = """/* waiting_texts_behind */
    select distinct municipality, touchpoint, structure, invited, promised, judgement, language,
        told
    from meetpunt.waiting_text
    join unnest($1::text[], $2::text[]) as files (code, version) on code = municipality
    where theme_version <> version
"""

_WAITING_OF_GROUP = """/* waiting_texts_of_group */
    select id::text as at, text
    from meetpunt.waiting_text
    where municipality = $1 and touchpoint = $2 and structure = $3 and invited = $4
        and promised = $5 and judgement = $6 and language = $7 and told = $8
"""

_TAG_WAITING = """/* tag_waiting_texts */
    update meetpunt.waiting_text set themes = string_to_array(of_text.themes, ';'),
        theme_version = $4
    from unnest($1::text[], $2::text[]) as of_text (at, themes)
    where municipality = $3 and id = at::uuid
"""

_STORED_OF_GROUP = """/* stored_texts_of_group */
    select concat_ws(' ', day, response_id, item) as at, text
    from meetpunt.free_text
    where municipality = $1 and response_id = any ($2::text[]::uuid[])
"""

_TAG_STORED = """/* tag_stored_texts */
    update meetpunt.free_text set themes = string_to_array(of_text.themes, ';'),
        theme_version = $4
    from unnest($1::text[], $2::text[]) as of_text (at, themes)
    where municipality = $3 and day = split_part(at, ' ', 1)::date
        and response_id = split_part(at, ' ', 2)::uuid and item = split_part(at, ' ', 3)
"""
